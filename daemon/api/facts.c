/*
 * Facts of an employee: /v1/employees/{id}/absences, /events, /progressions. One set of functions; each kind is
 * a row of tables. Why somebody is away is for HR: others see only that they are.
 */
#include "work/facts.h"

#include "ops.h"
#include "team.h"

#include <string.h>

struct fact_query {
    struct page_params page;
    date_t known_on;
};
static const struct field fact_query_fields[] = {PAGE_FIELDS(struct fact_query),
    FIELD(struct fact_query, known_on, FIELD_DATE,
        .doc = "As it was known at the end of this day, before later corrections.")};
static const struct field_table fact_query_table =
    FIELD_TABLE("FactQuery", struct fact_query, fact_query_fields, -1);

struct reason_query {
    const char *reason;
};
static const struct field reason_fields[] = {
    FIELD(struct reason_query, reason, FIELD_TEXT, .max = 500, .doc = "Why it is withdrawn; kept with it.")};
static const struct field_table reason_table =
    FIELD_TABLE("ReasonQuery", struct reason_query, reason_fields, -1);

/* ---- lists */

/* Ids sort by creation and a person has few facts of a kind: the cursor is the last id. */
static size_t facts_after(const struct fact_kind *kind, const struct list *facts, const char *cursor)
{
    size_t at = 0;
    while (cursor && at < facts->count) {
        const struct fact_head *head = (const void *)((const char *)facts->items + at * kind->table->size);
        if (strcmp(head->id, cursor) > 0)
            break;
        at++;
    }
    return at;
}

static enum status facts_found(const struct snapshot *snapshot, const struct call *call,
    const struct fact_kind *kind, struct list *ret, struct error *err)
{
    const struct fact_query *query = call->params;
    struct employee_row row;
    struct duties_frame frame;
    instant_t known_at = INSTANT_NONE;
    enum status status = call_employee(snapshot, call, &row, err);
    if (status == ST_OK && query->known_on != DATE_NONE) {
        status = call_frame(snapshot, call, &frame, err);
        if (status == ST_OK)
            known_at = duties_day_end(&frame, query->known_on);
    }
    return status == ST_OK ? facts_of(snapshot, kind, row.id, known_at, ret, err) : status;
}

typedef void fact_writer(struct json_writer *w, const struct fact_kind *kind, const void *fact);

static void fact_write_whole(struct json_writer *w, const struct fact_kind *kind, const void *fact)
{
    field_write(kind->table, w, fact);
}

static void facts_answer(
    struct call *call, const struct fact_kind *kind, const struct list *facts, fact_writer *write)
{
    const struct page page = call_page(call);
    size_t limit = page.limit ? page.limit : PAGE_DEFAULT;
    size_t from = facts_after(kind, facts, page.cursor);
    size_t to = facts->count - from > limit ? from + limit : facts->count;
    const char *next = NULL;
    struct json_writer w = call_items_open(call);
    for (size_t i = from; i < to; i++) {
        const void *fact = (const char *)facts->items + i * kind->table->size;
        write(&w, kind, fact);
        if (i + 1 == to && to < facts->count)
            next = ((const struct fact_head *)fact)->id;
    }
    call_items_close(call, &w, next);
}

static enum status facts_read_all(
    const struct snapshot *snapshot, struct call *call, const struct fact_kind *kind, struct error *err)
{
    struct list facts;
    enum status status = facts_found(snapshot, call, kind, &facts, err);
    if (status == ST_OK)
        facts_answer(call, kind, &facts, fact_write_whole);
    return status;
}

/* ---- one */

/* The fact of the path, which is one of the employee of the path. */
static enum status fact_found(const struct snapshot *snapshot, const struct call *call,
    const struct fact_kind *kind, void *ret, struct error *err)
{
    struct employee_row row;
    const char *id;
    enum status status = call_employee(snapshot, call, &row, err);
    if (status == ST_OK)
        status = call_id(call, "fact", "fact", &id, err);
    if (status == ST_OK)
        status = facts_get(snapshot, kind, id, ret, err);
    if (status == ST_OK && strcmp(((const struct fact_head *)ret)->employee, row.id) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no %s %s of this employee", kind->name, id);
    return status;
}

static void fact_answer(struct call *call, const void *fact)
{
    call_answer(call, fact, ((const struct fact_head *)fact)->version);
}

static enum status fact_read_one(
    const struct snapshot *snapshot, struct call *call, const struct fact_kind *kind, struct error *err)
{
    void *fact = arena_alloc(snapshot_arena(snapshot), kind->table->size);
    enum status status = fact_found(snapshot, call, kind, fact, err);
    if (status == ST_OK)
        fact_answer(call, fact);
    return status;
}

static enum status fact_make(
    struct txn *txn, struct call *call, const struct fact_kind *kind, struct error *err)
{
    struct employee_row row;
    void *fact = arena_copy(txn_arena(txn), call->in, kind->table->size);
    enum status status = call_employee(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = facts_add(txn, kind, row.id, fact, err);
    if (status != ST_OK)
        return status;
    const struct fact_head *head = fact;
    call_location(call, "/v1/employees/%s/%ss/%s", row.id, kind->name, head->id);
    fact_answer(call, fact);
    return ST_OK;
}

/* What the change is based on: ST_PRECONDITION when the fact has moved on. */
static enum status fact_expected(struct txn *txn, const struct call *call, const struct fact_kind *kind,
    struct fact_head **ret, struct error *err)
{
    void *fact = arena_alloc(txn_arena(txn), kind->table->size);
    enum status status = fact_found(txn_snapshot(txn), call, kind, fact, err);
    if (status != ST_OK)
        return status;
    *ret = fact;
    return call_if_match(call, (*ret)->version, err);
}

static enum status fact_alter(
    struct txn *txn, struct call *call, const struct fact_kind *kind, struct error *err)
{
    struct fact_head *known = NULL;
    void *fact = arena_alloc(txn_arena(txn), kind->table->size);
    enum status status = fact_expected(txn, call, kind, &known, err);
    if (status == ST_OK)
        status = facts_correct(txn, kind, known->id, call->in, known->version, fact, err);
    if (status == ST_OK)
        fact_answer(call, fact);
    return status;
}

static enum status fact_drop(
    struct txn *txn, struct call *call, const struct fact_kind *kind, struct error *err)
{
    const struct reason_query *query = call->params;
    struct fact_head *known = NULL;
    enum status status = fact_expected(txn, call, kind, &known, err);
    return status == ST_OK ? facts_withdraw(txn, kind, known->id, known->version, query->reason, err) : status;
}

/* ---- absences: others than HR see that somebody is away, never why */

struct away {
    const char *id, *organisation, *employee;
    date_t start, end;
    int is_away;
};
static const struct field away_fields[] = {
    FIELD(struct away, id, FIELD_ID, .flags = FIELD_READ, .kind = "fact"),
    FIELD(struct away, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    FIELD(struct away, employee, FIELD_ID, .flags = FIELD_READ, .kind = "emp"),
    FIELD(struct away, start, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct away, end, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL),
    FIELD_AS("away", struct away, is_away, FIELD_BOOL, .flags = FIELD_READ),
};
static const struct field_table away_table = FIELD_TABLE("Away", struct away, away_fields, -1);

static void fact_write_away(struct json_writer *w, const struct fact_kind *kind, const void *fact)
{
    const struct absence *absence = fact;
    const struct away away = {.id = absence->head.id,
        .organisation = absence->head.organisation,
        .employee = absence->head.employee,
        .start = absence->start,
        .end = absence->end,
        .is_away = 1};
    (void)kind;
    field_write(&away_table, w, &away);
}

/* Absences on which people are at work (a mandate, part time) would tell their kind by being listed. */
static void keep_away(struct arena *arena, struct list *facts)
{
    const struct absence *all = facts->items;
    struct absence *kept = ARENA_ARRAY(arena, facts->count, struct absence);
    size_t count = 0;
    for (size_t i = 0; i < facts->count; i++) {
        const struct absence_type *type = rules_absence_type(duties_rules(), all[i].type);
        if (type && type->away)
            kept[count++] = all[i];
    }
    *facts = (struct list){.items = kept, .count = count};
}

static enum status absences_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct list facts;
    enum status status = facts_found(snapshot, call, &absence_facts, &facts, err);
    if (status != ST_OK)
        return status;
    if (!call_sees_reasons(call))
        keep_away(snapshot_arena(snapshot), &facts);
    facts_answer(call, &absence_facts, &facts, call_sees_reasons(call) ? fact_write_whole : fact_write_away);
    return ST_OK;
}

/* ---- the operations */

#define FACT_READ(name, facts)                                                                                 \
    static enum status name(const struct snapshot *snapshot, struct call *call, struct error *err)             \
    {                                                                                                          \
        return fact_read_one(snapshot, call, &(facts), err);                                                   \
    }
#define FACT_WRITE(name, verb, facts)                                                                          \
    static enum status name(struct txn *txn, struct call *call, struct error *err)                             \
    {                                                                                                          \
        return verb(txn, call, &(facts), err);                                                                 \
    }

FACT_READ(absence_read, absence_facts)
FACT_WRITE(absence_make, fact_make, absence_facts)
FACT_WRITE(absence_alter, fact_alter, absence_facts)
FACT_WRITE(absence_drop, fact_drop, absence_facts)
FACT_READ(event_read, event_facts)
FACT_WRITE(event_make, fact_make, event_facts)
FACT_WRITE(event_alter, fact_alter, event_facts)
FACT_WRITE(event_drop, fact_drop, event_facts)
FACT_READ(progression_read, progression_facts)
FACT_WRITE(progression_make, fact_make, progression_facts)
FACT_WRITE(progression_alter, fact_alter, progression_facts)
FACT_WRITE(progression_drop, fact_drop, progression_facts)

static enum status events_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    return facts_read_all(snapshot, call, &event_facts, err);
}

static enum status progressions_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    return facts_read_all(snapshot, call, &progression_facts, err);
}

#define FACT_LIST(operation, text, shown, reader)                                                              \
    {                                                                                                          \
        .name = (operation), .summary = (text), .query = &fact_query_table, .output = &(shown), .list = true,  \
        .read = (reader)                                                                                       \
    }
#define FACT_ONE(operation, text, shown, reader)                                                               \
    {                                                                                                          \
        .name = (operation), .summary = (text), .output = &(shown), .read = (reader)                           \
    }
#define FACT_POST(operation, text, shown, writer)                                                              \
    {                                                                                                          \
        .name = (operation), .summary = (text), .input = &(shown), .output = &(shown), .created = 201,         \
        .write = (writer)                                                                                      \
    }
#define FACT_PATCH(operation, text, shown, writer)                                                             \
    {                                                                                                          \
        .name = (operation), .summary = (text), .input = &(shown), .mode = FIELD_MODE_PATCH,                   \
        .output = &(shown), .write = (writer)                                                                  \
    }
#define FACT_DELETE(operation, text, writer)                                                                   \
    {                                                                                                          \
        .name = (operation), .summary = (text), .query = &reason_table, .created = 204, .write = (writer)      \
    }

const struct op absences_list =
    FACT_LIST("absences_list", "Absences of an employee; others than HR see that somebody is away, never why",
        absence_table, absences_read);
const struct op absence_one = FACT_ONE("absence_one", "One absence", absence_table, absence_read);
const struct op absence_post = FACT_POST("absence_add", "Records an absence", absence_table, absence_make);
const struct op absence_patch = FACT_PATCH(
    "absence_correct", "Corrects an absence; what was known before is kept", absence_table, absence_alter);
const struct op absence_delete =
    FACT_DELETE("absence_withdraw", "Withdraws an absence, with its reason", absence_drop);

const struct op events_list =
    FACT_LIST("events_list", "Events of an employee: mid-career visits", event_table, events_read);
const struct op event_one = FACT_ONE("event_one", "One event", event_table, event_read);
const struct op event_post =
    FACT_POST("event_add", "Records an event; only its date is kept", event_table, event_make);
const struct op event_patch =
    FACT_PATCH("event_correct", "Corrects an event; what was known before is kept", event_table, event_alter);
const struct op event_delete = FACT_DELETE("event_withdraw", "Withdraws an event, with its reason", event_drop);

const struct op progressions_list =
    FACT_LIST("progressions_list", "Pay and career steps of an employee", progression_table, progressions_read);
const struct op progression_one =
    FACT_ONE("progression_one", "One progression", progression_table, progression_read);
const struct op progression_post =
    FACT_POST("progression_add", "Records a pay or career step", progression_table, progression_make);
const struct op progression_patch = FACT_PATCH("progression_correct",
    "Corrects a progression; what was known before is kept", progression_table, progression_alter);
const struct op progression_delete =
    FACT_DELETE("progression_withdraw", "Withdraws a progression, with its reason", progression_drop);
