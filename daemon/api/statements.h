#pragma once
/* What the files of the xAPI Statement resource share. */
#include "hooks.h"

#include "lms/statement.h"

/* After the credentials: whether the source takes statements and the version is one of ours. ST_INVALID. */
enum status statements_enter(struct call *call, enum lms_xapi_version *ret, struct error *err);
/* Who says so: the source, as an agent of this daemon. */
const char *statements_authority(const struct call *call, const char *source);
