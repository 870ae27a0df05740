/*
 * Jobs inside a transaction: what a verb may ask of them, savepoints, and the audit records they ask for. On
 * the lane's thread that runs the job.
 */
#include "internal.h"

#include "model/audit.h"

#include <string.h>

const struct snapshot *txn_snapshot(const struct txn *txn)
{
    return &txn->snapshot;
}

instant_t txn_now(const struct txn *txn)
{
    return txn->snapshot.now;
}

const char *txn_organisation(const struct txn *txn)
{
    return txn->organisation;
}

const char *txn_actor(const struct txn *txn)
{
    return txn->actor;
}

const struct keyring *txn_keyring(const struct txn *txn)
{
    return txn->keyring;
}

struct arena *txn_arena(const struct txn *txn)
{
    return txn->snapshot.arena;
}

struct arena *snapshot_arena(const struct snapshot *snapshot)
{
    return snapshot->arena;
}

instant_t snapshot_now(const struct snapshot *snapshot)
{
    return snapshot->now;
}

enum status snapshot_aside(const struct snapshot *snapshot, snapshot_run run, void *context, struct error *err)
{
    struct snapshot aside = *snapshot;
    aside.arena = arena_new(64 * 1024);
    enum status status = run(&aside, context, err);
    arena_free(aside.arena);
    return status;
}

enum status txn_enter(struct txn *txn, const char *organisation, struct error *err)
{
    struct chain_row head;
    if (strcmp(txn->organisation, "system") != 0)
        return error_set(err, ST_INTERNAL, "a job of %s cannot go on elsewhere", txn->organisation);
    if (!chain_lock(txn->snapshot.db, txn->snapshot.arena, organisation, &head))
        return row_missing(txn->snapshot.db, "organisation", organisation, err);
    txn->organisation = arena_strdup(txn->snapshot.arena, organisation);
    txn->slot = NULL;
    return ST_OK;
}

void **txn_slot(struct txn *txn)
{
    return &txn->slot;
}

/* ---- audit */

static struct audit_note *txn_note(struct audit_notes *notes, struct arena *arena)
{
    if (notes->count == notes->capacity) {
        size_t capacity = notes->capacity ? notes->capacity * 2 : 16;
        struct audit_note *items = ARENA_ARRAY(arena, capacity, struct audit_note);
        for (size_t i = 0; i < notes->count; i++)
            items[i] = notes->items[i];
        notes->items = items;
        notes->capacity = capacity;
    }
    return &notes->items[notes->count++];
}

void txn_audit(struct txn *txn, const char *verb, const char *subject, const char *payload)
{
    struct arena *arena = txn->snapshot.arena;
    const char *canonical;
    if (audit_payload_canonical(arena, payload ? payload : "{}", &canonical, NULL) != ST_OK) {
        txn->broken = ST_INTERNAL;
        return;
    }
    *txn_note(txn->notes, arena) = (struct audit_note){.at = txn->snapshot.now,
        .organisation = txn->organisation,
        .actor = arena_strdup(arena, txn->actor),
        .verb = arena_strdup(arena, verb),
        .subject = arena_strdup(arena, subject),
        .payload = canonical};
}

/* ---- savepoints */

/* A statement that failed counts even when the job did not look; what the job made of a constraint is better
 * than the constraint's own sentence. */
static enum status txn_outcome(const struct txn *txn, enum status status, struct error *err)
{
    enum db_class class = db_class(txn->snapshot.db);
    if (class != DB_OK && (class != DB_CONSTRAINT || status == ST_OK))
        return db_status(txn->snapshot.db, err);
    if (status == ST_OK && txn->broken != ST_OK)
        return error_set(err, txn->broken, "an audit payload is not JSON");
    return status;
}

enum status txn_under_savepoint(struct txn *txn, txn_run run, void *context, struct error *err)
{
    size_t noted = txn->notes->count;
    const struct txn before = *txn;
    db_savepoint(txn->snapshot.db);
    enum status status = txn_outcome(txn, run(txn, context, err), err);
    if (status == ST_OK) {
        db_release(txn->snapshot.db);
        return db_status(txn->snapshot.db, err);
    }
    db_rollback_to(txn->snapshot.db);
    txn->notes->count = noted;
    txn->broken = before.broken;
    txn->organisation = before.organisation;
    txn->slot = NULL;
    return status;
}

enum status txn_alone(struct txn *txn, txn_run run, void *context, struct error *err)
{
    enum status status = txn_outcome(txn, run(txn, context, err), err);
    enum db_class class = db_class(txn->snapshot.db);
    if (status != ST_OK && (class == DB_CONSTRAINT || class == DB_BUG))
        db_clear(txn->snapshot.db);
    return status;
}

enum status txn_try(struct txn *txn, txn_run run, void *context, struct error *err)
{
    return txn_under_savepoint(txn, run, context, err);
}
