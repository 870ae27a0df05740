/*
 * The head row of each organisation, which every write transaction locks first, and appending to its audit
 * chain at the end of one. On the write lane's thread.
 */
#include "internal.h"

#include "model/audit.h"

#include <string.h>

/* Writing is what locks a row on every database. */
STATEMENT(chain_lock_head,
    "UPDATE organisation SET data_version = data_version + 1 WHERE key = $1 RETURNING audit_seq, audit_hash");
STATEMENT(chain_move_head, "UPDATE organisation SET audit_seq = $2, audit_hash = $3 WHERE key = $1");
STATEMENT(chain_subject_last,
    "SELECT hash FROM audit WHERE organisation = $1 AND subject = $2 ORDER BY seq DESC LIMIT 1");
STATEMENT(chain_add,
    "INSERT INTO audit (organisation, seq, at, actor, verb, subject, subject_prev, payload_hash, prev, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
STATEMENT(
    chain_add_payload, "INSERT INTO audit_payload (organisation, seq, salt, payload) VALUES ($1, $2, $3, $4)");

bool chain_lock(struct db_conn *db, struct arena *arena, const char *organisation, struct chain_row *ret)
{
    struct db_rows *rows = db_query(db, &chain_lock_head, DB_VALUES(db_text(organisation)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct chain_row){.seq = db_get_int(rows, 0), .hash = db_get_text(rows, 1, arena)};
    while (db_next(rows))
        ;
    db_done(rows);
    return found && db_class(db) == DB_OK;
}

static struct sha256 chain_subject_prev(
    struct db_conn *db, struct arena *arena, const char *organisation, const char *subject)
{
    struct sha256 hash = {{0}};
    struct db_rows *rows =
        db_query(db, &chain_subject_last, DB_VALUES(db_text(organisation), db_text(subject)));
    const char *hex = db_next(rows) ? db_get_text(rows, 0, arena) : NULL;
    if (hex)
        (void)sha256_parse(hex, &hash);
    db_done(rows);
    return hash;
}

static const char *chain_hex(struct arena *arena, const struct sha256 *hash)
{
    return audit_hash_is_none(hash) ? NULL : sha256_hex(hash, arena_alloc(arena, SHA256_HEX));
}

static void chain_append_note(struct db_conn *db, struct arena *arena, const char *organisation,
    struct audit_head *head, const struct audit_note *note)
{
    uint8_t salt[AUDIT_SALT_SIZE];
    random_bytes(salt, sizeof salt);
    struct audit_record record = {.organisation = organisation,
        .at = note->at,
        .actor = note->actor,
        .verb = note->verb,
        .subject = note->subject,
        .subject_prev = chain_subject_prev(db, arena, organisation, note->subject),
        .payload_hash = audit_payload_hash(salt, note->payload)};
    struct sha256 hash = audit_append(head, &record);
    db_exec(db, &chain_add,
        DB_VALUES(db_text(organisation), db_int(record.seq), db_int(record.at), db_text(record.actor),
            db_text(record.verb), db_text(record.subject), db_text(chain_hex(arena, &record.subject_prev)),
            db_text(chain_hex(arena, &record.payload_hash)), db_text(chain_hex(arena, &record.prev)),
            db_text(chain_hex(arena, &hash))));
    db_exec(db, &chain_add_payload,
        DB_VALUES(
            db_text(organisation), db_int(record.seq), db_bytes(salt, sizeof salt), db_text(note->payload)));
}

void chain_append(struct db_conn *db, struct arena *arena, const char *organisation,
    const struct chain_row *head, const struct audit_notes *notes)
{
    struct audit_head moved = {.seq = head->seq};
    (void)sha256_parse(head->hash, &moved.hash);
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->items[i].organisation, organisation) == 0)
            chain_append_note(db, arena, organisation, &moved, &notes->items[i]);
    if (moved.seq == head->seq)
        return;
    db_exec(db, &chain_move_head,
        DB_VALUES(db_text(organisation), db_int(moved.seq), db_text(chain_hex(arena, &moved.hash))));
}
