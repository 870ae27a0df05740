#pragma once
/* What the files of the xAPI Statement resource share. */
#include "hooks.h"

#include "lms/statement.h"
#include "store/statement.h"

/* After the credentials: whether the source takes statements and the version is one of ours. ST_INVALID. */
enum status statements_enter(struct call *call, enum lms_xapi_version *ret, struct error *err);
/* Who says so: the source, as an agent of this daemon. */
const char *statements_authority(const struct call *call, const char *source);

/* ---- statements_attached.c */
struct attachment_row;
struct attached {
    struct attachment_row *items;
    size_t count, room;
    size_t bytes;
};
/* Adds what belongs to the statement and is not there yet. */
enum status attached_gather(const struct snapshot *snapshot, const struct call *call,
    const struct statement_row *row, struct attached *attached, struct error *err);
/* Makes the answer, JSON so far, the first part of multipart/mixed. */
void attached_wrap(struct call *call, const struct attached *attached);
