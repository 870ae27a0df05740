/*
 * Campaigns and their placements.
 */
#include "store/campaign.h"

#include "internal.h"

#include <string.h>

#define CAMPAIGN_COLUMNS "id, label, state, options, cursor, actor, created_at, updated_at"
#define PLACEMENT_COLUMNS                                                                                      \
    "employee, duty, due, interviewer, first_day, last_day, state, starts_at, ends_at, review, reason, "       \
    "explanation"

STATEMENT(campaign_insert,
    "INSERT INTO campaign (organisation, id, label, state, options, cursor, actor, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $7)");
STATEMENT(campaign_progress, "UPDATE campaign SET state = $3, cursor = $4, updated_at = $5, options = $6 "
                             "WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(campaign_by_id, "SELECT " CAMPAIGN_COLUMNS " FROM campaign WHERE organisation = $1 AND id = $2");
STATEMENT(campaign_page,
    "SELECT " CAMPAIGN_COLUMNS " FROM campaign WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
STATEMENT(campaign_oldest, "SELECT " CAMPAIGN_COLUMNS " FROM campaign WHERE organisation = $1 "
                           "AND state <> 'done' ORDER BY id LIMIT 1");
STATEMENT(campaign_organisations, "SELECT DISTINCT organisation FROM campaign "
                                  "WHERE state <> 'done' AND organisation > '' "
                                  "ORDER BY organisation");

STATEMENT(placement_insert,
    "INSERT INTO placement (organisation, campaign, employee, duty, due, interviewer, first_day, last_day, "
    "state, reason, explanation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (organisation, campaign, employee) DO NOTHING");
STATEMENT(placement_write,
    "UPDATE placement SET state = $4, starts_at = $5, ends_at = $6, review = $7, reason = $8, "
    "explanation = $9 WHERE organisation = $1 AND campaign = $2 AND employee = $3 RETURNING 1");
STATEMENT(placement_of_first,
    "SELECT " PLACEMENT_COLUMNS " FROM placement WHERE organisation = $1 AND campaign = $2 AND state = $3 "
    "AND interviewer = (SELECT MIN(interviewer) FROM placement WHERE organisation = $1 AND campaign = $2 "
    "AND state = $3) ORDER BY due, employee LIMIT $4");
STATEMENT(placement_of_person,
    "SELECT " PLACEMENT_COLUMNS " FROM placement WHERE organisation = $1 AND campaign = $2 "
    "AND state = 'planned' AND (employee = $3 OR interviewer = $3) ORDER BY starts_at, employee");
STATEMENT(placement_page,
    "SELECT " PLACEMENT_COLUMNS " FROM placement WHERE organisation = $1 AND campaign = $2 AND employee > $3 "
    "AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY employee LIMIT $5");
STATEMENT(placement_give_up,
    "UPDATE placement SET state = 'discarded' WHERE organisation = $1 AND campaign = $2 "
    "AND state IN ('waiting', 'planned')");
STATEMENT(placement_count, "SELECT state, COUNT(*) FROM placement WHERE organisation = $1 AND campaign = $2 "
                           "GROUP BY state ORDER BY state");

/* ---- campaigns */

static void campaign_fill(const struct db_rows *rows, struct arena *arena, struct campaign_row *row)
{
    *row = (struct campaign_row){.id = db_get_text(rows, 0, arena),
        .label = db_get_text(rows, 1, arena),
        .state = db_get_text(rows, 2, arena),
        .options = db_get_text(rows, 3, arena),
        .cursor = db_get_text(rows, 4, arena),
        .actor = db_get_text(rows, 5, arena),
        .created_at = db_get_instant(rows, 6),
        .updated_at = db_get_instant(rows, 7)};
}

enum status campaign_add(struct txn *txn, struct campaign_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "cmp");
    row->created_at = row->updated_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &campaign_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->label), db_text(row->state),
            db_text(row->options), db_text(row->actor), db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status campaign_update(struct txn *txn, const struct campaign_row *row, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &campaign_progress,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->state), db_text(row->cursor),
            db_instant(txn->snapshot.now), db_text(row->options)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "campaign", row->id, err);
}

static enum status campaign_one(const struct snapshot *snapshot, const struct statement *statement,
    const char *organisation, const char *id, struct campaign_row *ret, struct error *err)
{
    struct db_rows *rows = id ? db_query(snapshot->db, statement, DB_VALUES(db_text(organisation), db_text(id)))
                              : db_query(snapshot->db, statement, DB_VALUES(db_text(organisation)));
    bool found = db_next(rows);
    if (found)
        campaign_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "campaign", id ? id : "that waits", err);
}

enum status campaign_get(
    const struct snapshot *snapshot, const char *id, struct campaign_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "cmp", err);
    return organisation ? campaign_one(snapshot, &campaign_by_id, organisation, id, ret, err) : ST_NOT_FOUND;
}

enum status campaign_next(
    const struct snapshot *snapshot, const char *organisation, struct campaign_row *ret, struct error *err)
{
    return campaign_one(snapshot, &campaign_oldest, organisation, NULL, ret, err);
}

enum status campaign_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct campaign_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct campaign_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &campaign_page, DB_VALUES(db_text(organisation), db_text(before), db_int(limit + 1)));
    while (db_next(rows))
        campaign_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct campaign_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct campaign_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status campaign_watches(
    const struct snapshot *snapshot, struct campaign_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(snapshot->db, &campaign_organisations, DB_NO_VALUES);
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct campaign_watch_list){.organisations = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* ---- placements */

static void placement_fill(const struct db_rows *rows, struct arena *arena, struct placement_row *row)
{
    *row = (struct placement_row){.employee = db_get_text(rows, 0, arena),
        .duty = db_get_text(rows, 1, arena),
        .due = db_get_date(rows, 2),
        .interviewer = db_get_text(rows, 3, arena),
        .from = db_get_date(rows, 4),
        .to = db_get_date(rows, 5),
        .state = db_get_text(rows, 6, arena),
        .starts_at = db_get_instant(rows, 7),
        .ends_at = db_get_instant(rows, 8),
        .review = db_get_text(rows, 9, arena),
        .reason = db_get_text(rows, 10, arena),
        .explanation = db_get_text(rows, 11, arena)};
}

static struct row_array placement_rows(const struct snapshot *snapshot, struct db_rows *rows)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct placement_row);
    while (db_next(rows))
        placement_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    return array;
}

enum status placement_add(
    struct txn *txn, const char *campaign, const struct placement_row *row, struct error *err)
{
    db_exec(txn->snapshot.db, &placement_insert,
        DB_VALUES(db_text(txn->organisation), db_text(campaign), db_text(row->employee), db_text(row->duty),
            db_date(row->due), db_text(row->interviewer), db_date(row->from), db_date(row->to),
            db_text(row->state), db_text(row->reason), db_text(row->explanation)));
    return db_status(txn->snapshot.db, err);
}

enum status placement_update(
    struct txn *txn, const char *campaign, const struct placement_row *row, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &placement_write,
        DB_VALUES(db_text(txn->organisation), db_text(campaign), db_text(row->employee), db_text(row->state),
            db_instant(row->starts_at), db_instant(row->ends_at), db_text(row->review), db_text(row->reason),
            db_text(row->explanation)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "placement", row->employee, err);
}

enum status placement_of_one_interviewer(const struct snapshot *snapshot, const char *campaign,
    const char *state, unsigned limit, struct placement_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, campaign, "cmp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = placement_rows(
        snapshot, db_query(snapshot->db, &placement_of_first,
                      DB_VALUES(db_text(organisation), db_text(campaign), db_text(state), db_int(limit))));
    *ret = (struct placement_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status placement_times(const struct snapshot *snapshot, const char *campaign, const char *person,
    struct placement_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, campaign, "cmp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array =
        placement_rows(snapshot, db_query(snapshot->db, &placement_of_person,
                                     DB_VALUES(db_text(organisation), db_text(campaign), db_text(person))));
    *ret = (struct placement_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status placement_list(const struct snapshot *snapshot, const char *campaign, const char *state,
    const struct page *page, struct placement_list *ret, struct error *err)
{
    const char *after;
    const char *organisation = row_organisation(snapshot, campaign, "cmp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    unsigned limit = page_limit(page);
    struct row_array array =
        placement_rows(snapshot, db_query(snapshot->db, &placement_page,
                                     DB_VALUES(db_text(organisation), db_text(campaign), db_text(after),
                                         db_text(state), db_int(limit + 1))));
    struct placement_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct placement_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].employee, 1);
    return db_status(snapshot->db, err);
}

enum status placement_after(const struct snapshot *snapshot, const char *campaign, const char *state,
    const char *after, unsigned limit, struct placement_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, campaign, "cmp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array =
        placement_rows(snapshot, db_query(snapshot->db, &placement_page,
                                     DB_VALUES(db_text(organisation), db_text(campaign),
                                         db_text(after ? after : ""), db_text(state), db_int(limit))));
    *ret = (struct placement_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status placement_discard_waiting(struct txn *txn, const char *campaign, struct error *err)
{
    db_exec(txn->snapshot.db, &placement_give_up, DB_VALUES(db_text(txn->organisation), db_text(campaign)));
    return db_status(txn->snapshot.db, err);
}

enum status placement_counts(
    const struct snapshot *snapshot, const char *campaign, struct placement_counts *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, campaign, "cmp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct placement_counts counts = {0};
    struct {
        const char *state;
        int64_t *count;
    } const places[] = {{"waiting", &counts.waiting}, {"planned", &counts.planned},
        {"created", &counts.created}, {"refused", &counts.refused}, {"invited", &counts.invited},
        {"discarded", &counts.discarded}};
    struct db_rows *rows =
        db_query(snapshot->db, &placement_count, DB_VALUES(db_text(organisation), db_text(campaign)));
    while (db_next(rows))
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
            if (!strcmp(places[i].state, db_get_text(rows, 0, snapshot->arena)))
                *places[i].count = db_get_int(rows, 1);
    db_done(rows);
    *ret = counts;
    return db_status(snapshot->db, err);
}
