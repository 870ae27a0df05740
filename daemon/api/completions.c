/* /v1/completions: what platforms posted, whose it is, and what waits for a person. */
#include "op.h"

#include "work/completion.h"
#include "work/completion_match.h"
#include "work/course.h"

#include <string.h>

struct completion_body {
    const char *id, *organisation, *source, *course, *employee, *state, *reason;
    instant_t occurred_at, created_at, updated_at;
    date_t declare_by, declared_on;
    const struct completion_said *said;
    struct list evidence;
};

struct evidence_body {
    const char *item, *sha256;
    instant_t recorded_at;
};
static const struct field evidence_fields[] = {
    FIELD(struct evidence_body, item, FIELD_ID, .kind = "itm", .flags = FIELD_READ),
    FIELD(struct evidence_body, sha256, FIELD_TEXT, .flags = FIELD_READ, .doc = "Of the record as received."),
    FIELD(struct evidence_body, recorded_at, FIELD_INSTANT, .flags = FIELD_READ),
};
static const struct field_table evidence_table =
    FIELD_TABLE("CompletionEvidence", struct evidence_body, evidence_fields, -1);

static const struct field completion_fields[] = {
    FIELD(struct completion_body, id, FIELD_ID, .kind = "cpl", .flags = FIELD_READ),
    FIELD(struct completion_body, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct completion_body, source, FIELD_ID, .kind = "src", .flags = FIELD_READ),
    FIELD(struct completion_body, course, FIELD_ID, .kind = "crs", .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct completion_body, employee, FIELD_ID, .kind = "emp", .flags = FIELD_READ | FIELD_NULL,
        .doc = "null while nobody is known for it."),
    FIELD(struct completion_body, state, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "completed, failed, undone, other, quarantined."),
    FIELD(struct completion_body, reason, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "Why it is quarantined: unknown_person, ambiguous_person, unknown_course, thin, unreadable, "
               "unassigned."),
    FIELD(struct completion_body, occurred_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct completion_body, created_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct completion_body, updated_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct completion_body, declare_by, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL,
        .doc = "By when it is declared to the Passeport de prévention; null: it does not have to be."),
    FIELD(struct completion_body, declared_on, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct completion_body, said, FIELD_OBJECT, .of = &completion_said_table, .flags = FIELD_READ,
        .doc = "What the platform said."),
    FIELD(struct completion_body, evidence, FIELD_LIST, .of = &evidence_table, .flags = FIELD_READ,
        .doc = "The records that say so; left out in lists."),
};
static const struct field_table completion_table =
    FIELD_TABLE("Completion", struct completion_body, completion_fields, -1);

static const char *const completion_states[] = {"completed", "failed", "undone", "other", "quarantined", NULL};

struct completion_query {
    struct page_params page;
    const char *employee, *source, *course;
    int state, unmatched;
};
static const struct field completion_query_fields[] = {PAGE_FIELDS(struct completion_query),
    FIELD(struct completion_query, employee, FIELD_ID, .kind = "emp", .doc = "Only this person's."),
    FIELD(struct completion_query, source, FIELD_ID, .kind = "src", .doc = "Only of this platform."),
    FIELD(struct completion_query, course, FIELD_ID, .kind = "crs", .doc = "Only of this course."),
    FIELD(struct completion_query, state, FIELD_ENUM, .names = completion_states, .doc = "Only in this state."),
    FIELD(struct completion_query, unmatched, FIELD_BOOL,
        .doc = "true: only what somebody completed and proves no action of the plan.")};
static const struct field_table completion_query_table =
    FIELD_TABLE("CompletionQuery", struct completion_query, completion_query_fields, -1);

static enum status completion_of(
    struct call *call, const struct completion_row *row, struct completion_body *ret, struct error *err)
{
    struct completion_said *said = ARENA_NEW(call->arena, struct completion_said);
    enum status status = completion_said_of_row(call->arena, row, said, err);
    *ret = (struct completion_body){.id = row->id,
        .organisation = arena_printf(call->arena, "org_%s", call->organisation),
        .source = row->source,
        .course = row->course,
        .employee = row->employee,
        .state = row->state,
        .reason = row->reason,
        .occurred_at = row->occurred_at,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .declare_by = row->declare_by,
        .declared_on = row->declared_on,
        .said = said};
    return status;
}

static enum status completion_write_one(
    const struct snapshot *snapshot, struct call *call, const struct completion_row *row, struct error *err)
{
    struct completion_body out;
    struct completion_items items;
    enum status status = completion_of(call, row, &out, err);
    if (status == ST_OK)
        status = completion_evidence(snapshot, row->id, &items, err);
    if (status != ST_OK)
        return status;
    struct evidence_body *evidence = ARENA_ARRAY(call->arena, items.count + 1, struct evidence_body);
    for (size_t i = 0; i < items.count; i++)
        evidence[i] = (struct evidence_body){.item = items.items[i].item,
            .sha256 = items.items[i].sha256,
            .recorded_at = items.items[i].recorded_at};
    out.evidence = (struct list){.items = evidence, .count = items.count};
    call_answer(call, &out, row->version);
    return ST_OK;
}

static enum status completion_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct completion_row row;
    enum status status = call_id(call, "id", "cpl", &id, err);
    if (status == ST_OK)
        status = completion_get(snapshot, id, &row, err);
    return status == ST_OK ? completion_write_one(snapshot, call, &row, err) : status;
}

const struct op completion_one = {.name = "completion_get",
    .summary = "A completion and its evidence",
    .output = &completion_table,
    .read = completion_read};

static enum status completions_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct completion_query *query = call->params;
    struct completion_filter filter = {.employee = query->employee,
        .source = query->source,
        .course = query->course,
        .unmatched = query->unmatched == 1,
        .state = query->state == FIELD_UNSET ? NULL : completion_states[query->state]};
    struct page page = call_page(call);
    struct completion_list list;
    enum status status = completion_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct completion_body out;
        status = completion_of(call, &list.items[i], &out, err);
        if (status != ST_OK)
            return status;
        field_write(&completion_table, &w, &out);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op completions_list = {.name = "completions_list",
    .summary = "Completions, those in quarantine too",
    .query = &completion_query_table,
    .output = &completion_table,
    .list = true,
    .read = completions_read};

struct assign_body {
    const char *employee;
    int alias;
    struct given given;
};
static const struct field assign_fields[] = {
    FIELD(struct assign_body, employee, FIELD_ID, .kind = "emp",
        .doc = "Whose it is; null takes an assignment back."),
    FIELD(struct assign_body, alias, FIELD_BOOL,
        .doc = "true: the platform's keys mean this person from now on."),
};
static const struct field_table assign_table =
    FIELD_TABLE("Assignment", struct assign_body, assign_fields, offsetof(struct assign_body, given));

static enum status assign_parse(struct call *call, struct error *err)
{
    if (field_given(&assign_table, call->in, "employee"))
        return ST_OK;
    return error_field(err, "/employee", "expected the id of an employee, or null to take an assignment back");
}

static enum status assign_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct assign_body *in = call->in;
    const char *id = NULL;
    struct completion_row row;
    enum status status = call_id(call, "id", "cpl", &id, err);
    if (status == ST_OK)
        status = completion_assign(txn, id, in->employee, in->alias == 1, &row, err);
    return status == ST_OK ? completion_write_one(txn_snapshot(txn), call, &row, err) : status;
}

const struct op completion_give = {.name = "completion_assign",
    .summary = "Says whose completion it is, by hand",
    .input = &assign_table,
    .output = &completion_table,
    .parse = assign_parse,
    .write = assign_write};

/* ---- which action it proves */

static enum status propose_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct list proposals = {0};
    enum status status = call_id(call, "id", "cpl", &id, err);
    if (status == ST_OK)
        status = completion_proposals(snapshot, id, &proposals, err);
    if (status != ST_OK)
        return status;
    const struct match_proposal *items = proposals.items;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < proposals.count; i++)
        field_write(&match_proposal_table, &w, &items[i]);
    call_items_close(call, &w, NULL);
    return ST_OK;
}

const struct op completion_propose = {.name = "completion_proposals",
    .summary = "Actions of the plan that a completion may prove, the best first",
    .output = &match_proposal_table,
    .list = true,
    .read = propose_read};

struct match_body {
    const char *action, *reason;
    struct given given;
};
static const struct field match_fields[] = {
    FIELD(struct match_body, action, FIELD_ID, .kind = "act",
        .doc = "The action it proves; null takes the proof back, which stays on record."),
    FIELD(struct match_body, reason, FIELD_TEXT, .max = 500, .doc = "Why it is taken back."),
};
static const struct field_table match_table =
    FIELD_TABLE("Match", struct match_body, match_fields, offsetof(struct match_body, given));

static enum status match_parse(struct call *call, struct error *err)
{
    if (field_given(&match_table, call->in, "action"))
        return ST_OK;
    return error_field(err, "/action", "expected the id of an action, or null to take a proof back");
}

static enum status match_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct match_body *in = call->in;
    const char *id = NULL;
    struct completion_row row;
    enum status status = call_id(call, "id", "cpl", &id, err);
    if (status == ST_OK)
        status = completion_match(txn, id, in->action, in->reason, &row, err);
    return status == ST_OK ? completion_write_one(txn_snapshot(txn), call, &row, err) : status;
}

const struct op completion_match_op = {.name = "completion_match",
    .summary = "Says which action a completion proves, by hand",
    .input = &match_table,
    .output = &completion_table,
    .parse = match_parse,
    .write = match_write};

/* ---- declared to the Passeport de prévention */

struct declare_body {
    date_t declared_on;
    struct given given;
};
static const struct field declare_fields[] = {
    FIELD(struct declare_body, declared_on, FIELD_DATE, .doc = "The day it was declared; null: it was not."),
};
static const struct field_table declare_table =
    FIELD_TABLE("Declare", struct declare_body, declare_fields, offsetof(struct declare_body, given));

static enum status declare_parse(struct call *call, struct error *err)
{
    const struct declare_body *in = call->in;
    if (!field_given(&declare_table, in, "declared_on"))
        return error_field(err, "/declared_on", "expected the day it was declared, or null");
    if (in->declared_on != DATE_NONE && in->declared_on > call->today)
        return error_field(err, "/declared_on", "expected a day that has come");
    return ST_OK;
}

static enum status declare_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct declare_body *in = call->in;
    const char *id = NULL;
    struct completion_row row;
    enum status status = call_id(call, "id", "cpl", &id, err);
    if (status == ST_OK)
        status = completion_declare(txn, id, in->declared_on, &row, err);
    return status == ST_OK ? completion_write_one(txn_snapshot(txn), call, &row, err) : status;
}

const struct op completion_declare_op = {.name = "completion_declare",
    .summary = "Says that a safety training was declared to the Passeport de prévention",
    .input = &declare_table,
    .output = &completion_table,
    .parse = declare_parse,
    .write = declare_write};
