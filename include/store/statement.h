#pragma once
/*
 * xAPI statements as kept for the platforms that ask for them again. A platform sees its own only. Each has an
 * instant of its own at which it was stored, later than all before it: lists are in that order.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>

struct statement_row {
    const char *source;
    const char *id; /* lower-case UUID */
    instant_t stored;
    const char *refers;    /* id of the statement that is its object, NULL: another object */
    bool voids;            /* what it refers to */
    const char *voided_by; /* NULL: it counts */
    const char *body;      /* JSON object */
};
struct statement_list {
    struct statement_row *items;
    size_t count;
};

/* The first instant that is free for the statements of a source: now, or after the latest. */
enum status statement_clock(struct txn *txn, const char *source, instant_t *ret, struct error *err);
/* Adds it unless its id is taken: then *ret_new is false. */
enum status statement_add(struct txn *txn, const struct statement_row *row, bool *ret_new, struct error *err);
/* That a filter finds it by a key; saying it twice changes nothing. */
enum status statement_find_by(
    struct txn *txn, const char *source, instant_t stored, const char *key, struct error *err);
enum status statement_void(
    struct txn *txn, const char *source, const char *id, const char *by, struct error *err);

/* Takes one away, and a key that filters found it by. */
enum status statement_remove(struct txn *txn, const char *source, const char *id, struct error *err);
enum status statement_lose(
    struct txn *txn, const char *source, instant_t stored, const char *key, struct error *err);

/* Of all sources, voided ones too, at most `limit`: those stored before, and those under a key. */
enum status statement_older(const struct snapshot *snapshot, const char *organisation, instant_t before,
    unsigned limit, struct statement_list *ret, struct error *err);
enum status statement_under(const struct snapshot *snapshot, const char *organisation, const char *key,
    unsigned limit, struct statement_list *ret, struct error *err);

enum status statement_get(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *id, struct statement_row *ret, struct error *err);
/* Those that refer to this one, at most `limit`, oldest first. */
enum status statement_referring(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *id, unsigned limit, struct statement_list *ret, struct error *err);

enum { STATEMENT_FILTER_KEYS = 4 };
struct statement_filter {
    const char *keys[STATEMENT_FILTER_KEYS]; /* all of them, the rarest first; NULL at the end */
    instant_t since, until;                  /* stored after, stored until; INSTANT_NONE = no end */
    bool ascending;                          /* else from the newest */
    unsigned limit;
};
/* Without those that are voided. */
enum status statement_find(const struct snapshot *snapshot, const char *organisation, const char *source,
    const struct statement_filter *filter, struct statement_list *ret, struct error *err);
