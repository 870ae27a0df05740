/* What has outlived its term, emptied and erased in slices. On a lane. */
#include "work/retention.h"

#include "base/json.h"
#include "internal.h"
#include "lms/completion.h"
#include "lms/statement.h"
#include "store/attachment.h"
#include "store/employee.h"
#include "store/source.h"
#include "store/statement.h"
#include "store/upkeep.h"

#include <string.h>

enum { RETENTION_ROWS = 200, RETENTION_STATEMENTS = 50, RETENTION_PEOPLE = 2 };

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

/* ---- statements */

/* With all the keys that filters found them by. */
static enum status statements_forget(struct txn *txn, const struct statement_list *list, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < list->count; i++) {
        const struct statement_row *row = &list->items[i];
        const struct lms_statement_key *keys = NULL;
        const struct json *json = NULL;
        size_t count = 0;
        if (json_parse(arena, row->body, strlen(row->body), &json, NULL) == ST_OK)
            count = lms_statement_keys(arena, json, &keys);
        for (size_t k = 0; status == ST_OK && k < count; k++)
            status = statement_lose(txn, row->source, row->stored, keys[k].text, err);
        if (status == ST_OK)
            status = attachment_lose(txn, row->source, row->stored, err);
        if (status == ST_OK)
            status = statement_remove(txn, row->source, row->id, err);
    }
    return status;
}

/* An agent as statements name it, from how an alias does; NULL: no agent is named like that. */
static const struct json *statement_agent(
    struct arena *arena, const char *kind, const char *value, struct error *err)
{
    static const struct {
        enum lms_key_kind kind;
        const char *member, *before;
    } simple[] = {{LMS_KEY_EMAIL, "mbox", "mailto:"}, {LMS_KEY_EMAIL_SHA1, "mbox_sha1sum", ""},
        {LMS_KEY_OPENID, "openid", ""}};
    const char *space = strchr(value, ' ');
    const struct json *agent = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++)
        if (!strcmp(kind, lms_key_names[simple[i].kind]))
            jw_member(&w, simple[i].member, arena_printf(arena, "%s%s", simple[i].before, value));
    if (!strcmp(kind, lms_key_names[LMS_KEY_ACCOUNT]) && space) {
        jw_key(&w, "account");
        jw_open(&w, '{');
        jw_member(&w, "homePage", arena_strndup(arena, value, (size_t)(space - value)));
        jw_member(&w, "name", space + 1);
        jw_close(&w, '}');
    }
    jw_close(&w, '}');
    return json_parse(arena, text.data, text.size, &agent, err) == ST_OK ? agent : NULL;
}

/* What any platform has said of whom it knows by this key. */
static enum status statements_forget_key(
    struct txn *txn, const char *kind, const char *value, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const struct json *agent = statement_agent(arena, kind, value, err);
    const char *name = agent ? lms_agent_key(arena, agent) : NULL;
    enum status status = agent ? ST_OK : err->status;
    if (!name)
        return status;
    struct lms_statement_key key = lms_statement_key(LMS_BY_AGENT_RELATED, name);
    for (size_t found = 1; status == ST_OK && found > 0;) {
        struct statement_list list;
        status = statement_under(
            txn_snapshot(txn), txn_organisation(txn), key.text, RETENTION_STATEMENTS, &list, err);
        if (status == ST_OK)
            status = statements_forget(txn, &list, err);
        found = status == ST_OK ? list.count : 0;
    }
    return status;
}

/* A key that went from one to another tells nothing of whom a statement is. */
static enum status alias_is_theirs(const struct snapshot *snapshot, const char *organisation,
    const struct alias_row *alias, bool *ret, struct error *err)
{
    const struct alias_filter filter = {.value = alias->value};
    const struct page page = {.limit = PAGE_MAX};
    struct alias_list list;
    enum status status = alias_list(snapshot, organisation, &filter, &page, &list, err);
    *ret = status == ST_OK && !list.next;
    for (size_t i = 0; *ret && i < list.count; i++)
        *ret = strcmp(list.items[i].kind, alias->kind) != 0 ||
               strcmp(list.items[i].employee, alias->employee) == 0;
    return status;
}

static enum status statements_forget_alias(struct txn *txn, const struct alias_row *alias, struct error *err)
{
    bool theirs;
    enum status status = alias_is_theirs(txn_snapshot(txn), txn_organisation(txn), alias, &theirs, err);
    return status == ST_OK && theirs ? statements_forget_key(txn, alias->kind, alias->value, err) : status;
}

static enum status statements_forget_aliases(struct txn *txn, const char *employee, struct error *err)
{
    const struct alias_filter filter = {.employee = employee};
    struct page page = {.limit = PAGE_MAX};
    struct alias_list list;
    enum status status;
    do {
        status = alias_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            status = statements_forget_alias(txn, &list.items[i], err);
        page.cursor = list.next;
    } while (status == ST_OK && list.next);
    return status;
}

/* Platforms write an address as it was entered, or in small letters. */
static enum status statements_forget_person(
    struct txn *txn, const struct employee_row *person, struct error *err)
{
    const char *kind = lms_key_names[LMS_KEY_EMAIL];
    enum status status = statements_forget_aliases(txn, person->id, err);
    if (status != ST_OK || !person->email)
        return status;
    status = statements_forget_key(txn, kind, person->email, err);
    return status == ST_OK ? statements_forget_key(txn, kind, work_address(txn_arena(txn), person->email), err)
                           : status;
}

/* ---- doing it */

static enum status retention_erase(struct txn *txn, const char *id, struct error *err)
{
    struct employee_row row;
    enum status status = employee_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = statements_forget_person(txn, &row, err);
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
            txn_snapshot(txn), txn_organisation(txn), limits->raw, RETENTION_STATEMENTS, &list, err);
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
