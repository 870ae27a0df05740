#pragma once
/*
 * Sources whose records of a period are to be read again, and where that stands: one period a source, by the
 * ids of the items, which sort by their arrival.
 */
#include "store/completion.h"

struct replay_row {
    const char *source;
    const char *after; /* id of the latest item that was read again, or a bound before the first */
    instant_t until;
};
/* From the first item received at `from` (INSTANT_NONE: of all) on; a period asked for before is replaced. */
enum status replay_ask(struct txn *txn, const char *source, instant_t from, instant_t until, struct error *err);
/* ST_NOT_FOUND: none is under way. */
enum status replay_next(
    const struct snapshot *snapshot, const char *organisation, struct replay_row *ret, struct error *err);
/* Whether one of the source is, as 0 or 1. */
enum status replay_of(const struct snapshot *snapshot, const char *source, int *ret, struct error *err);
enum status replay_items(const struct snapshot *snapshot, const char *organisation,
    const struct replay_row *replay, unsigned limit, struct item_list *ret, struct error *err);
/* `after` NULL: it is over. */
enum status replay_move(struct txn *txn, const char *source, const char *after, struct error *err);
/* Where a replay is under way. */
enum status replay_waiting(const struct snapshot *snapshot, struct retry_list *ret, struct error *err);
