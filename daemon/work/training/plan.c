/*
 * The plan of a year: what is said about it, and the sums of its actions. On a lane.
 */
#include "internal.h"
#include "plan_work.h"
#include "work/changes.h"

#include <inttypes.h>
#include <string.h>

static enum status plan_of_row(struct arena *arena, const char *organisation, const struct plan_row *row,
    struct plan *ret, struct error *err)
{
    struct plan plan;
    field_clear(&plan_table, &plan);
    if (field_parse(&plan_body_table, arena, row->body, strlen(row->body), FIELD_MODE_STORED, &plan, NULL) !=
        ST_OK)
        return error_set(err, ST_INTERNAL, "the plan of %" PRId64 " cannot be read", row->year);
    plan.year = row->year;
    plan.organisation = arena_printf(arena, "org_%s", organisation);
    plan.created_at = row->created_at;
    plan.updated_at = row->updated_at;
    plan.version = row->version;
    *ret = plan;
    return ST_OK;
}

/* An empty one when nothing was said about the year. */
static enum status plan_load(const struct snapshot *snapshot, const char *organisation, int64_t year,
    struct plan *ret, struct error *err)
{
    struct plan_row row;
    struct error missing = ERROR_INIT;
    enum status status = plan_get(snapshot, organisation, year, &row, &missing);
    if (status == ST_NOT_FOUND) {
        row = (struct plan_row){
            .year = year, .body = "{}", .created_at = INSTANT_NONE, .updated_at = INSTANT_NONE};
        status = ST_OK;
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    return plan_of_row(snapshot_arena(snapshot), organisation, &row, ret, err);
}

/* ---- sums */

static void total_add(struct plan_total *total, const struct action_sum *sum)
{
    total->actions += sum->actions;
    total->minutes_planned += sum->minutes_planned;
    total->minutes_done += sum->minutes_done;
    total->cost += sum->cost;
    total->granted += sum->granted;
    total->received += sum->received;
}

static enum status plan_sum(
    const struct snapshot *snapshot, const char *organisation, struct plan *plan, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct action_sums sums;
    struct plan_total *total = ARENA_NEW(arena, struct plan_total);
    enum status status = action_sums(snapshot, organisation, plan->year, &sums, err);
    if (status == ST_OK)
        status = action_people(snapshot, organisation, plan->year, &total->employees, err);
    if (status != ST_OK)
        return status;
    struct plan_total *totals = ARENA_ARRAY(arena, sums.count, struct plan_total);
    for (size_t i = 0; i < sums.count; i++) {
        const struct action_sum *sum = &sums.items[i];
        totals[i] = (struct plan_total){.state = sum->state,
            .nature = sum->nature,
            .mandatory = sum->mandatory,
            .employees = sum->employees};
        total_add(&totals[i], sum);
        total_add(total, sum);
    }
    plan->total = total;
    plan->totals = (struct list){.items = totals, .count = sums.count};
    return ST_OK;
}

enum status plan_view(const struct snapshot *snapshot, const char *organisation, int64_t year, struct plan *ret,
    struct error *err)
{
    enum status status = plan_load(snapshot, organisation, year, ret, err);
    return status == ST_OK ? plan_sum(snapshot, organisation, ret, err) : status;
}

enum status plan_check_orientation(struct txn *txn, int64_t year, const char *orientation, struct error *err)
{
    struct plan plan;
    if (!orientation)
        return ST_OK;
    enum status status = plan_load(txn_snapshot(txn), txn_organisation(txn), year, &plan, err);
    if (status != ST_OK || plan.orientations.count == 0)
        return status;
    const struct plan_orientation *named = plan.orientations.items;
    for (size_t i = 0; i < plan.orientations.count; i++)
        if (strcmp(named[i].name, orientation) == 0)
            return ST_OK;
    return error_field(err, "/orientation", "is none of those that the plan of %" PRId64 " names", year);
}

/* ---- writing */

static enum status plan_check(const struct plan *plan, struct error *err)
{
    const struct plan_orientation *named = plan->orientations.items;
    for (size_t i = 0; i < plan->orientations.count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(named[i].name, named[k].name) == 0)
                return error_field(err, "/orientations", "names \"%s\" twice", named[i].name);
    return ST_OK;
}

static enum status plan_store(
    struct txn *txn, const struct plan *before, const struct plan *after, struct plan *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct plan_row row = {.year = after->year, .body = plan_body(arena, &plan_body_table, after)};
    enum status status = plan_check(after, err);
    if (status == ST_OK)
        status = plan_write(txn, &row, before->version, err);
    if (status != ST_OK)
        return status;
    const char *subject = arena_printf(arena, "org_%s", txn_organisation(txn));
    const char *cause = arena_printf(arena, "plan of %" PRId64, after->year);
    txn_audit(txn, before->version ? "plan.changed" : "plan.created", subject,
        changes_payload(arena, &plan_audit_table, before, after, NULL, cause));
    return plan_view(txn_snapshot(txn), txn_organisation(txn), after->year, ret, err);
}

enum status plan_create(struct txn *txn, const struct plan *in, struct plan *ret, struct error *err)
{
    struct plan before;
    enum status status = plan_load(txn_snapshot(txn), txn_organisation(txn), in->year, &before, err);
    if (status != ST_OK)
        return status;
    if (before.version > 0)
        return error_set(err, ST_CONFLICT, "there is a plan of %" PRId64 " already: change it", in->year);
    return plan_store(txn, &before, in, ret, err);
}

enum status plan_change(struct txn *txn, int64_t year, const struct plan *patch, int64_t expected,
    struct plan *ret, struct error *err)
{
    struct plan before;
    enum status status = plan_load(txn_snapshot(txn), txn_organisation(txn), year, &before, err);
    if (status == ST_OK)
        status = work_expect(before.version, expected, err);
    if (status != ST_OK)
        return status;
    struct plan after = before;
    (void)field_merge(&plan_table, &after, patch);
    if (before.version > 0 && field_equal(&plan_audit_table, &before, &after))
        return plan_view(txn_snapshot(txn), txn_organisation(txn), year, ret, err);
    return plan_store(txn, &before, &after, ret, err);
}
