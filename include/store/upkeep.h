#pragma once
/* Where the recurring work of an organisation, or of the whole store ("system"), stands: one row a job. */
#include "store/txn.h"

#include <stddef.h>

struct upkeep_row {
    const char *name;
    const char *state;  /* how the last run ended, in a word; "" = there was none */
    instant_t next_at;  /* when it is due again */
    instant_t last_run; /* when it began */
    instant_t last_success;
    const char *cursor;     /* how far it is, NULL: at its beginning */
    const char *last_error; /* NULL: none */
    const char *result;     /* JSON, may be NULL */
};

/* ST_NOT_FOUND while it has neither run nor been asked for. */
enum status upkeep_get(const struct snapshot *snapshot, const char *organisation, const char *name,
    struct upkeep_row *ret, struct error *err);
/* Writes the whole row of the job's organisation. */
enum status upkeep_put(struct txn *txn, const struct upkeep_row *row, struct error *err);
/* How far it is, and when it goes on. */
enum status upkeep_move(struct txn *txn, const char *name, const char *cursor, struct error *err);
/* A run has ended well now: the next is due in the night. */
enum status upkeep_done(struct txn *txn, const char *name, struct error *err);
/* The first night's hour after an instant, when nobody works in France, whatever the season. */
instant_t upkeep_night(instant_t after);
/* Each organisation, "system" too, and when its job of that name is due; INSTANT_NONE: it never ran. */
struct upkeep_watch {
    const char *organisation;
    instant_t next_at;
};
struct upkeep_watches {
    struct upkeep_watch *items;
    size_t count;
};
enum status upkeep_watches(
    const struct snapshot *snapshot, const char *name, struct upkeep_watches *ret, struct error *err);
/* Makes it due now. */
enum status upkeep_ask(struct txn *txn, const char *name, struct error *err);

/* The jobs that requests ask for, by name. */
#define SELFCHECK_NAME "selfcheck"
#define RETENTION_NAME "retention"
