#pragma once
/*
 * Data of attachments of xAPI statements: once per source, however many statements name them, and as long as
 * one of these is there.
 */
#include "store/txn.h"

#include <stddef.h>

struct attachment_row {
    const char *sha2; /* SHA-2 of the data, lower-case hexadecimal */
    const char *type; /* media type as it was sent, "" = none was */
    struct span content;
};
struct attachment_list {
    struct attachment_row *items;
    size_t count;
};

/* Of the statement stored then. Data that are there already stay as they are. */
enum status attachment_add(
    struct txn *txn, const char *source, instant_t stored, const struct attachment_row *row, struct error *err);
/* Of the statement stored then, in the order of their hashes. */
enum status attachment_of(const struct snapshot *snapshot, const char *organisation, const char *source,
    instant_t stored, struct attachment_list *ret, struct error *err);
/* The statement stored then goes: with all that no other one names. */
enum status attachment_lose(struct txn *txn, const char *source, instant_t stored, struct error *err);
