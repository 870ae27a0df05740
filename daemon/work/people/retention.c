/* What has outlived its term, emptied and erased in slices. On a lane. */
#include "work/retention.h"

#include "internal.h"
#include "people/forget.h"
#include "store/employee.h"
#include "store/statement.h"
#include "store/upkeep.h"

#include <string.h>

enum { RETENTION_ROWS = 200, RETENTION_PEOPLE = 2 };

static const struct field person_fields[] = {
    FIELD(struct retention_person, id, FIELD_ID, .kind = "emp", .doc = "Who."),
    FIELD(struct retention_person, number, FIELD_TEXT, .doc = "Payroll number."),
    FIELD(struct retention_person, exit_date, FIELD_DATE, .doc = "When they left."),
};
static const struct field_table person_table =
    FIELD_TABLE("RetentionPerson", struct retention_person, person_fields, -1);

static const struct field retention_fields[] = {
    FIELD(
        struct retention, mails, FIELD_INT, .max = INT64_MAX, .doc = "Mails whose contents are to be emptied."),
    FIELD(struct retention, records, FIELD_INT, .max = INT64_MAX,
        .doc = "Records of platforms whose raw bodies are to be emptied."),
    FIELD(struct retention, replies, FIELD_INT, .max = INT64_MAX, .doc = "Answers whose raw bodies are."),
    FIELD(struct retention, statements, FIELD_INT, .max = INT64_MAX, .doc = "xAPI statements to be deleted."),
    FIELD(struct retention, people, FIELD_INT, .max = INT64_MAX, .doc = "People to be erased."),
    FIELD(struct retention, departed, FIELD_LIST, .max = RETENTION_SHOWN, .of = &person_table,
        .doc = "The first of them, who left first."),
    FIELD(struct retention, last_run, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "When it was last done."),
    FIELD(struct retention, next_at, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "When it is due again."),
    FIELD(struct retention, running, FIELD_BOOL, .doc = "Whether it is under way or due at once."),
};
const struct field_table retention_table = FIELD_TABLE("Retention", struct retention, retention_fields, -1);

static struct retention_limits retention_limits(instant_t now, const struct retention_terms *terms)
{
    return (struct retention_limits){.mail = terms->mail > 0 ? now - terms->mail : INSTANT_NONE,
        .raw = terms->raw > 0 ? now - terms->raw : INSTANT_NONE,
        .departed = terms->departed > 0 ? (date_t)((now - terms->departed) / US_PER_DAY) : DATE_NONE};
}

/* ---- what there is */

enum status retention_view(const struct snapshot *snapshot, const char *organisation,
    const struct retention_terms *terms, struct retention *ret, struct error *err)
{
    struct retention_limits limits = retention_limits(snapshot_now(snapshot), terms);
    struct retention_counts counts;
    struct departed_list list = {0};
    struct upkeep_row row = {.next_at = INSTANT_NONE, .last_run = INSTANT_NONE};
    enum status status = upkeep_get(snapshot, organisation, RETENTION_NAME, &row, err);
    if (status == ST_OK || status == ST_NOT_FOUND)
        status = retention_count(snapshot, organisation, &limits, &counts, err);
    if (status == ST_OK && limits.departed != DATE_NONE)
        status = retention_departed(snapshot, organisation, limits.departed, RETENTION_SHOWN, &list, err);
    if (status != ST_OK)
        return status;
    struct retention_person *people =
        ARENA_ARRAY(snapshot_arena(snapshot), list.count + 1, struct retention_person);
    for (size_t i = 0; i < list.count; i++)
        people[i] = (struct retention_person){
            .id = list.items[i].id, .number = list.items[i].number, .exit_date = list.items[i].exit_date};
    *ret = (struct retention){.mails = counts.mails,
        .records = counts.records,
        .replies = counts.replies,
        .statements = counts.statements,
        .people = counts.people,
        .departed = {.items = people, .count = list.count},
        .last_run = row.last_run,
        .next_at = row.next_at,
        .running = row.next_at != INSTANT_NONE && row.next_at <= snapshot_now(snapshot)};
    return ST_OK;
}

enum status retention_ask(struct txn *txn, struct error *err)
{
    enum status status = upkeep_ask(txn, RETENTION_NAME, err);
    if (status == ST_OK)
        txn_audit(txn, "retention.asked", arena_printf(txn_arena(txn), "org_%s", txn_organisation(txn)), NULL);
    return status;
}

/* ---- doing it */

static enum status retention_erase(struct txn *txn, const char *id, struct error *err)
{
    enum status status = statements_forget_person(txn, id, err);
    if (status == ST_OK)
        status = person_erase(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "employee.erased", id, NULL);
    return status;
}

static enum status retention_people(
    struct txn *txn, const struct retention_limits *limits, struct retention_counts *counts, struct error *err)
{
    struct departed_list list = {0};
    enum status status = ST_OK;
    if (limits->departed != DATE_NONE)
        status = retention_departed(
            txn_snapshot(txn), txn_organisation(txn), limits->departed, RETENTION_PEOPLE, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        status = retention_erase(txn, list.items[i].id, err);
    counts->people = (int64_t)list.count;
    return status;
}

static enum status retention_statements(
    struct txn *txn, const struct retention_limits *limits, struct retention_counts *counts, struct error *err)
{
    struct statement_list list = {0};
    enum status status = ST_OK;
    if (limits->raw != INSTANT_NONE)
        status = statement_older(
            txn_snapshot(txn), txn_organisation(txn), limits->raw, FORGET_STATEMENTS, &list, err);
    if (status == ST_OK)
        status = statements_forget(txn, &list, err);
    counts->statements = (int64_t)list.count;
    return status;
}

enum status retention_tick(
    struct txn *txn, const struct retention_terms *terms, unsigned *ret_done, struct error *err)
{
    struct retention_limits limits = retention_limits(txn_now(txn), terms);
    struct retention_counts counts = {0};
    enum status status = retention_people(txn, &limits, &counts, err);
    if (status == ST_OK)
        status = retention_statements(txn, &limits, &counts, err);
    if (status == ST_OK)
        status = retention_empty(txn, &limits, RETENTION_ROWS, &counts, err);
    *ret_done = (unsigned)(counts.people + counts.statements + counts.mails + counts.replies + counts.records +
                           counts.refusals);
    return status == ST_OK && *ret_done == 0 ? upkeep_done(txn, RETENTION_NAME, err) : status;
}
