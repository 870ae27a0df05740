#pragma once
/* What waits in quarantine is looked at again when what it waits for appears. On a write lane. */
#include "store/txn.h"

/* A key of a person appeared: a little of what waits for it is looked at at once, the rest by completion_retry.
 */
enum status completion_key_appears(struct txn *txn, const char *kind, const char *value, struct error *err);
/* Looks at some of those that are to be looked at again; *ret says how many there were. */
enum status completion_retry(struct txn *txn, unsigned limit, unsigned *ret, struct error *err);

/* The records of a source received in the period (INSTANT_NONE: no end) are read again by the mapping it has
 * now, by and by. ST_CONFLICT: nothing was posted by it. */
enum status source_replay(struct txn *txn, const char *id, instant_t from, instant_t until, struct error *err);
/* Some of the records that are to be read again; *ret says how many there were. */
enum status source_replay_tick(struct txn *txn, unsigned limit, unsigned *ret, struct error *err);
