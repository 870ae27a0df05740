/* /v1/selfcheck: what the nightly check of the whole store found, and asking for one now. */
#include "ops.h"

#include "base/text.h"
#include "store/upkeep.h"

#include <string.h>

static const char *const selfcheck_states[] = {"never", "held", "failed", NULL};
enum selfcheck_state { SELFCHECK_NEVER, SELFCHECK_HELD, SELFCHECK_FAILED };
enum { SELFCHECK_WAIT_MAX = 120 };

struct selfcheck_body {
    int state;
    int running;
    instant_t last_run, last_success, next_at;
    const char *detail;
    int64_t chains, records, rows, tables, faults, ms;
};
static const struct field selfcheck_fields[] = {
    FIELD(struct selfcheck_body, state, FIELD_ENUM, .names = selfcheck_states,
        .doc = "What the latest one found: held, failed; never before the first."),
    FIELD(struct selfcheck_body, running, FIELD_BOOL, .doc = "Whether one is under way or due at once."),
    FIELD(struct selfcheck_body, last_run, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "When it began."),
    FIELD(struct selfcheck_body, last_success, FIELD_INSTANT, .flags = FIELD_NULL,
        .doc = "When the latest one began that found nothing."),
    FIELD(
        struct selfcheck_body, next_at, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "When the next one is due."),
    FIELD(struct selfcheck_body, detail, FIELD_TEXT, .flags = FIELD_NULL, .doc = "The first thing it found."),
    FIELD(struct selfcheck_body, faults, FIELD_INT, .max = INT64_MAX,
        .doc = "Chains, rows and tables that do not hold."),
    FIELD(struct selfcheck_body, chains, FIELD_INT, .max = INT64_MAX, .doc = "Audit chains verified."),
    FIELD(struct selfcheck_body, records, FIELD_INT, .max = INT64_MAX, .doc = "Their records."),
    FIELD(struct selfcheck_body, rows, FIELD_INT, .max = INT64_MAX,
        .doc = "Rows and files held against their records and hashes."),
    FIELD(struct selfcheck_body, tables, FIELD_INT, .max = INT64_MAX, .doc = "Tables checked."),
    FIELD(struct selfcheck_body, ms, FIELD_INT, .max = INT64_MAX, .doc = "How long it took, in milliseconds."),
};
static const struct field_table selfcheck_table =
    FIELD_TABLE("SelfCheck", struct selfcheck_body, selfcheck_fields, -1);

struct selfcheck_query {
    int64_t wait;
};
static const struct field selfcheck_query_fields[] = {
    FIELD(struct selfcheck_query, wait, FIELD_INT, .max = SELFCHECK_WAIT_MAX,
        .doc = "Seconds to wait for the end of one under way, none unless told."),
};
static const struct field_table selfcheck_query_table =
    FIELD_TABLE("SelfCheckQuery", struct selfcheck_query, selfcheck_query_fields, -1);

static enum status selfcheck_may(struct call *call, struct error *err)
{
    if (call->who.organisation[0])
        return error_set(err, ST_FORBIDDEN, "only a token for all organisations may look at the whole store");
    return ST_OK;
}

static enum status selfcheck_counts(
    struct call *call, const char *result, struct selfcheck_body *out, struct error *err)
{
    const struct json *counts = NULL;
    enum status status = json_parse(call->arena, result, strlen(result), &counts, err);
    out->chains = json_int(json_get(counts, "chains"));
    out->records = json_int(json_get(counts, "records"));
    out->rows = json_int(json_get(counts, "rows"));
    out->tables = json_int(json_get(counts, "tables"));
    out->faults = json_int(json_get(counts, "faults"));
    out->ms = json_int(json_get(counts, "ms"));
    return status;
}

static enum status selfcheck_show(
    const struct snapshot *snapshot, struct call *call, struct selfcheck_body *out, struct error *err)
{
    struct upkeep_row row;
    *out = (struct selfcheck_body){
        .last_run = INSTANT_NONE, .last_success = INSTANT_NONE, .next_at = INSTANT_NONE};
    enum status status = upkeep_get(snapshot, "system", SELFCHECK_NAME, &row, err);
    if (status == ST_NOT_FOUND)
        status = ST_OK;
    else if (status == ST_OK) {
        out->state = text_equal(row.state, "held")     ? SELFCHECK_HELD
                     : text_equal(row.state, "failed") ? SELFCHECK_FAILED
                                                       : SELFCHECK_NEVER;
        out->running = row.next_at != INSTANT_NONE && row.next_at <= snapshot_now(snapshot);
        out->last_run = row.last_run;
        out->last_success = row.last_success;
        out->next_at = row.next_at;
        out->detail = row.last_error;
        if (row.result)
            status = selfcheck_counts(call, row.result, out, err);
    }
    if (status == ST_OK)
        call_answer(call, out, 0);
    return status;
}

static enum status selfcheck_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct selfcheck_query *query = call->params;
    struct selfcheck_body out;
    enum status status = selfcheck_show(snapshot, call, &out, err);
    if (status == ST_OK && out.running)
        call_await_end(call, SELFCHECK_NAME, query->wait);
    return status;
}

static enum status selfcheck_ask(struct txn *txn, struct call *call, struct error *err)
{
    struct selfcheck_body out;
    enum status status = upkeep_ask(txn, SELFCHECK_NAME, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "selfcheck.asked", "org_system", NULL);
    call_location(call, "/v1/selfcheck");
    return selfcheck_show(txn_snapshot(txn), call, &out, err);
}

const struct op selfcheck_get = {.name = "selfcheck_get",
    .summary = "What the latest check of the whole store found; needs an admin token for all organisations",
    .query = &selfcheck_query_table,
    .output = &selfcheck_table,
    .any_organisation = true,
    .parse = selfcheck_may,
    .read = selfcheck_read,
    .refresh = selfcheck_read};

const struct op selfcheck_post = {.name = "selfcheck_start",
    .summary = "Begins a check of the whole store: every audit chain and every table",
    .output = &selfcheck_table,
    .created = 202,
    .any_organisation = true,
    .parse = selfcheck_may,
    .write = selfcheck_ask};
