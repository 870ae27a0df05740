/*
 * Reading and verifying the audit chains, and erasing payloads. Appending is in chain.c.
 */
#include "store/audit.h"

#include "audit_rows.h"
#include "model/audit.h"

#include <inttypes.h>
#include <string.h>

STATEMENT(audit_head_row, "SELECT audit_seq, audit_hash FROM organisation WHERE key = $1");
STATEMENT(audit_page,
    "SELECT " AUDIT_COLUMNS AUDIT_FROM "WHERE a.organisation = $1 AND a.seq > $2 ORDER BY a.seq LIMIT $3");
STATEMENT(audit_page_back,
    "SELECT " AUDIT_COLUMNS AUDIT_FROM "WHERE a.organisation = $1 AND a.seq < $2 ORDER BY a.seq DESC LIMIT $3");
STATEMENT(audit_page_of_subject,
    "SELECT " AUDIT_COLUMNS AUDIT_FROM
    "WHERE a.organisation = $1 AND a.subject = $4 AND a.seq > $2 ORDER BY a.seq LIMIT $3");
STATEMENT(audit_page_back_of_subject,
    "SELECT " AUDIT_COLUMNS AUDIT_FROM
    "WHERE a.organisation = $1 AND a.subject = $4 AND a.seq < $2 ORDER BY a.seq DESC LIMIT $3");
STATEMENT(audit_before_of_subject,
    "SELECT hash FROM audit WHERE organisation = $1 AND subject = $2 AND seq < $3 ORDER BY seq DESC LIMIT 1");
STATEMENT(audit_erase,
    "UPDATE audit_payload SET payload = NULL, salt = NULL, erased_at = $3 WHERE organisation = $1 "
    "AND payload IS NOT NULL AND seq IN (SELECT seq FROM audit WHERE organisation = $1 AND subject = $2)");

static struct sha256 audit_get_hash(const struct db_rows *rows, unsigned column, struct arena *arena)
{
    struct sha256 hash = {{0}};
    const char *hex = db_get_text(rows, column, arena);
    if (hex && !sha256_parse(hex, &hash))
        return (struct sha256){{0}};
    return hash;
}

void audit_fill(const struct db_rows *rows, struct arena *arena, struct audit_row *row)
{
    *row = (struct audit_row){.seq = db_get_int(rows, 0),
        .at = db_get_instant(rows, 1),
        .organisation = db_get_text(rows, 2, arena),
        .actor = db_get_text(rows, 3, arena),
        .verb = db_get_text(rows, 4, arena),
        .subject = db_get_text(rows, 5, arena),
        .subject_prev = audit_get_hash(rows, 6, arena),
        .payload_hash = audit_get_hash(rows, 7, arena),
        .prev = audit_get_hash(rows, 8, arena),
        .hash = audit_get_hash(rows, 9, arena),
        .payload = db_get_text(rows, 10, arena),
        .erased_at = db_get_instant(rows, 12)};
    struct span salt = db_get_bytes(rows, 11, arena);
    if (salt.size == sizeof row->salt)
        memcpy(row->salt, salt.data, sizeof row->salt);
}

enum status audit_head_of(const struct snapshot *snapshot, const char *organisation, int64_t *ret_seq,
    struct sha256 *ret_hash, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &audit_head_row, DB_VALUES(db_text(organisation)));
    bool found = db_next(rows);
    if (found) {
        *ret_seq = db_get_int(rows, 0);
        *ret_hash = audit_get_hash(rows, 1, snapshot->arena);
    }
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "organisation", organisation, err);
}

/* ---- lists */

static struct db_rows *audit_query(const struct snapshot *snapshot, const char *organisation,
    const struct audit_filter *filter, int64_t after, unsigned limit)
{
    const struct statement *statement = filter->newest_first ? &audit_page_back : &audit_page;
    if (filter->subject)
        statement = filter->newest_first ? &audit_page_back_of_subject : &audit_page_of_subject;
    const struct db_value values[] = {
        db_text(organisation), db_int(after), db_int(limit), db_text(filter->subject)};
    return db_query(snapshot->db, statement, values, filter->subject ? 4 : 3);
}

enum status audit_list(const struct snapshot *snapshot, const char *organisation,
    const struct audit_filter *filter, const struct page *page, struct audit_list *ret, struct error *err)
{
    int64_t after = filter->after;
    if (after == 0 && filter->newest_first)
        after = INT64_MAX;
    enum status status = cursor_read_int(snapshot->arena, page, after, &after, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct audit_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = audit_query(snapshot, organisation, filter, after, limit + 1);
    while (db_next(rows))
        audit_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct audit_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct audit_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make_int(snapshot->arena, items[limit - 1].seq);
    return db_status(snapshot->db, err);
}

/* ---- verifying */

static enum status audit_check_subject(
    const struct snapshot *snapshot, const struct audit_row *row, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &audit_before_of_subject,
        DB_VALUES(db_text(row->organisation), db_text(row->subject), db_int(row->seq)));
    struct sha256 before = {{0}};
    if (db_next(rows))
        before = audit_get_hash(rows, 0, snapshot->arena);
    db_done(rows);
    if (memcmp(&before, &row->subject_prev, sizeof before) == 0)
        return db_status(snapshot->db, err);
    return error_set(err, ST_CONFLICT, "audit record %" PRId64 " does not continue the record of %s before it",
        row->seq, row->subject);
}

static enum status audit_check_payload(
    const struct audit_row *row, struct audit_verification *state, struct error *err)
{
    if (row->erased_at != INSTANT_NONE) {
        state->erased++;
        return ST_OK;
    }
    struct sha256 hash = {{0}};
    if (row->payload)
        hash = audit_payload_hash(row->salt, row->payload);
    if (memcmp(&hash, &row->payload_hash, sizeof hash) != 0)
        return error_set(
            err, ST_CONFLICT, "the payload of audit record %" PRId64 " was changed or is missing", row->seq);
    state->payloads++;
    return ST_OK;
}

static enum status audit_verify_row(const struct snapshot *snapshot, const struct audit_row *row,
    struct audit_verification *state, struct error *err)
{
    const struct audit_record record = {.seq = row->seq,
        .organisation = row->organisation,
        .at = row->at,
        .actor = row->actor,
        .verb = row->verb,
        .subject = row->subject,
        .subject_prev = row->subject_prev,
        .payload_hash = row->payload_hash,
        .prev = row->prev};
    struct audit_head head = {.seq = state->seq, .hash = state->hash};
    enum status status = audit_follow(&head, &record, &row->hash, err);
    if (status == ST_OK)
        status = audit_check_subject(snapshot, row, err);
    if (status == ST_OK)
        status = audit_check_payload(row, state, err);
    if (status == ST_OK) {
        state->seq = head.seq;
        state->hash = head.hash;
    }
    return status;
}

/* At the end of the records: is it the end that the organisation's row tells? */
static enum status audit_check_head(const struct snapshot *snapshot, const char *organisation,
    struct audit_verification *state, struct error *err)
{
    int64_t seq;
    struct sha256 hash;
    enum status status = audit_head_of(snapshot, organisation, &seq, &hash, err);
    if (status != ST_OK)
        return status;
    if (seq != state->seq)
        return error_set(err, ST_CONFLICT, "the chain ends at record %" PRId64 ", %" PRId64 " were written",
            state->seq, seq);
    if (memcmp(&hash, &state->hash, sizeof hash) != 0)
        return error_set(
            err, ST_CONFLICT, "audit record %" PRId64 " is not the one that was written last", seq);
    state->finished = true;
    return ST_OK;
}

enum status audit_verify(const struct snapshot *snapshot, const char *organisation,
    struct audit_verification *state, unsigned limit, struct error *err)
{
    const struct audit_filter all = {.newest_first = false};
    struct row_array array = ROW_ARRAY(snapshot->arena, struct audit_row);
    struct db_rows *rows = audit_query(snapshot, organisation, &all, state->seq, limit);
    while (db_next(rows))
        audit_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    const struct audit_row *items = array.items;
    enum status status = db_status(snapshot->db, err);
    for (size_t i = 0; i < array.count && status == ST_OK; i++)
        status = audit_verify_row(snapshot, &items[i], state, err);
    if (status == ST_OK && array.count < limit)
        status = audit_check_head(snapshot, organisation, state, err);
    return status;
}

enum status audit_erase_subject(struct txn *txn, const char *subject, int64_t *ret, struct error *err)
{
    int64_t erased = db_exec(txn->snapshot.db, &audit_erase,
        DB_VALUES(db_text(txn->organisation), db_text(subject), db_instant(txn->snapshot.now)));
    enum status status = db_status(txn->snapshot.db, err);
    if (status == ST_OK && ret)
        *ret = erased;
    return status;
}
