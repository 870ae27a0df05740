/* From a need to an action to its evidence, and the plan of a year. */
#include "reviews.h"

#include "store/completion.h"
#include "store/source.h"
#include "work/plan.h"
#include "work/plan_proof.h"

#include <stdio.h>

struct planning {
    struct reviews r;
    struct people *p;
    const char *need, *action, *completion, *source;
    const char *body;
    struct action_proof proof;
    size_t matched;
    /* Of the latest answer: */
    int state;
    size_t evidence;
    int64_t version, year;
    date_t done_on, valid_until;
    const char *review;
    struct plan plan;
};

#define PLAY(s)                                                                                                \
    struct planning s = {.p = *state};                                                                         \
    (s).r = reviews_open(*state)

static char *keep(struct planning *s, const char *text)
{
    return arena_strdup(s->p->f.arena, text);
}

static enum status run(struct planning *s, txn_run run_job, const char *body)
{
    error_clear(&s->p->err);
    s->body = body;
    return store_write_now(s->p->f.store, s->p->org, "tester", run_job, s, &s->p->err);
}

/* The body with Ada's id for %1, the need's for %2, the review's for %3. */
static const char *filled(struct planning *s, struct txn *txn)
{
    const char *const ids[] = {s->r.ada, s->need, s->r.id, s->r.boss};
    const char *text = s->body;
    for (const char *at = strchr(text, '%'); at; at = strchr(text, '%'))
        text = arena_printf(txn_arena(txn), "%.*s%s%s", (int)(at - text), text, ids[at[1] - '1'], at + 2);
    return text;
}

static enum status parse(struct planning *s, struct txn *txn, const struct field_table *table,
    enum field_mode mode, void *ret, struct error *err)
{
    const char *text = filled(s, txn);
    return field_parse(table, txn_arena(txn), text, strlen(text), mode, ret, err);
}

static void remember_action(struct planning *s, const struct action *action)
{
    s->action = keep(s, action->id);
    s->state = action->state;
    s->evidence = action->evidence.count;
    s->version = action->version;
    s->done_on = action->done_on;
    s->valid_until = action->valid_until;
    s->review = keep(s, action->review);
}

static enum status job_need(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct need in, made;
    enum status status = parse(s, txn, &need_table, FIELD_MODE_CREATE, &in, err);
    if (status == ST_OK)
        status = need_create(txn, &in, &made, err);
    if (status == ST_OK) {
        s->need = keep(s, made.id);
        s->state = made.state;
    }
    return status;
}

static enum status job_need_change(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct need patch, made;
    enum status status = parse(s, txn, &need_table, FIELD_MODE_PATCH, &patch, err);
    if (status == ST_OK)
        status = need_change(txn, s->need, &patch, 0, &made, err);
    if (status == ST_OK)
        s->state = made.state;
    return status;
}

static enum status job_action(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct action in, made;
    enum status status = parse(s, txn, &action_table, FIELD_MODE_CREATE, &in, err);
    if (status == ST_OK)
        status = action_create(txn, &in, &made, err);
    if (status == ST_OK)
        remember_action(s, &made);
    return status;
}

static enum status job_action_change(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct action patch, made;
    enum status status = parse(s, txn, &action_table, FIELD_MODE_PATCH, &patch, err);
    if (status == ST_OK)
        status = action_change(txn, s->action, &patch, 0, &made, err);
    if (status == ST_OK)
        remember_action(s, &made);
    return status;
}

/* A completion of Ada's, from a source. */
static enum status job_complete(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct completion_row row = {.source = "",
        .identity = s->body,
        .employee = s->r.ada,
        .state = "completed",
        .occurred_at = txn_now(txn),
        .body = "{}"};
    enum status status = completion_add(txn, &row, err);
    s->completion = keep(s, row.id);
    return status;
}

static void complete(struct planning *s, const char *identity, date_t done_on)
{
    assert_int_equal(run(s, job_complete, identity), ST_OK);
    s->proof =
        (struct action_proof){.completion = s->completion, .sha256 = "ab", .done_on = done_on, .minutes = 420};
}

static enum status job_prove(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    return action_prove(txn, s->action, &s->proof, err);
}

static enum status job_unprove(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    return action_unprove(txn, s->action, s->completion, s->body, err);
}

static enum status job_match(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    return action_match(txn, s->r.ada, s->body, &s->proof, &s->matched, err);
}

static enum status look(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct planning *s = context;
    struct action_row row;
    struct action shown;
    enum status status = action_get(snapshot, s->action, &row, err);
    if (status == ST_OK)
        status = action_view_of(snapshot, &row, &shown, err);
    if (status == ST_OK)
        remember_action(s, &shown);
    return status;
}

static enum status look_need(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct planning *s = context;
    struct need_row row;
    struct need shown;
    enum status status = need_get(snapshot, s->need, &row, err);
    if (status == ST_OK)
        status = need_view_of(snapshot, &row, &shown, err);
    if (status == ST_OK)
        s->state = shown.state;
    return status;
}

static int need_state(struct planning *s)
{
    fixture_see(&s->p->f, look_need, s);
    return s->state;
}

static int action_state(struct planning *s)
{
    fixture_see(&s->p->f, look, s);
    return s->state;
}

/* ---- */

static void test_from_need_to_evidence(void **state)
{
    PLAY(s);
    assert_int_equal(reviews_create(&s.r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\"}"), ST_OK);
    assert_int_equal(
        run(&s, job_need, "{\"employee\":\"%1\",\"review\":\"%3\",\"title\":\"Projects\"}"), ST_OK);
    assert_int_equal(need_state(&s), NEED_OPEN);
    assert_int_equal(
        run(&s, job_action,
            "{\"employee\":\"%1\",\"need\":\"%2\",\"year\":2027,\"title\":\"Projects 1\",\"mandatory\":"
            "\"no\",\"course\":\"PM-101\",\"state\":\"planned\",\"validity\":\"P24M\"}"),
        ST_OK);
    assert_string_equal(s.review, s.r.id);
    assert_int_equal(s.state, ACTION_PLANNED);
    assert_int_equal(need_state(&s), NEED_PLANNED);

    people_move(s.p, date_of(2027, 3, 12));
    complete(&s, "evt-1", date_of(2027, 3, 12));
    assert_int_equal(run(&s, job_match, "PM-101"), ST_OK);
    assert_int_equal(s.matched, 1);
    assert_int_equal(action_state(&s), ACTION_DONE);
    assert_int_equal(s.evidence, 1);
    assert_int_equal(s.done_on, date_of(2027, 3, 12));
    assert_int_equal(s.valid_until, date_of(2029, 3, 12));
    assert_int_equal(need_state(&s), NEED_MET);
    assert_int_equal(run(&s, job_match, "PM-101"), ST_OK);
    assert_int_equal(s.matched, 0);
    assert_string_equal(people_audit(s.p, s.p->org, s.action), "action.created action.proved");
    assert_string_equal(people_audit(s.p, s.p->org, s.need), "need.created need.planned need.met");
    assert_non_null(strstr(people_payload(s.p, s.action, "action.proved"), s.completion));

    assert_int_equal(run(&s, job_unprove, "reset on the platform"), ST_OK);
    assert_int_equal(action_state(&s), ACTION_IN_PROGRESS);
    assert_int_equal(s.evidence, 1);
    assert_int_equal(need_state(&s), NEED_PLANNED);
    assert_int_equal(run(&s, job_unprove, "again"), ST_NOT_FOUND);
    assert_int_equal(run(&s, job_prove, ""), ST_OK);
    assert_int_equal(action_state(&s), ACTION_DONE);
}

static void test_done_needs_evidence(void **state)
{
    PLAY(s);
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"year\":2026,\"title\":\"VAE\",\"nature\":\"vae\"}"), ST_OK);
    assert_int_equal(s.state, ACTION_REQUESTED);
    assert_int_equal(run(&s, job_action_change, "{\"state\":\"done\"}"), ST_CONFLICT);
    assert_non_null(strstr(s.p->err.detail, "evidence"));
    assert_int_equal(run(&s, job_action_change,
                         "{\"state\":\"done\",\"end\":\"2026-12-24\","
                         "\"certificate\":{\"reference\":\"ATT-1\"}}"),
        ST_INVALID);
    people_expect_field(s.p, "/end");
    assert_int_equal(run(&s, job_action_change,
                         "{\"state\":\"done\",\"certificate\":{\"reference\":\"ATT-1\","
                         "\"date\":\"2026-11-20\"}}"),
        ST_OK);
    assert_int_equal(s.state, ACTION_DONE);
    assert_int_equal(s.done_on, date_of(2026, 11, 20));
    assert_int_equal(run(&s, job_action_change, "{\"state\":\"in_progress\"}"), ST_INVALID);
    people_expect_field(s.p, "/reason");
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"year\":2026,\"title\":\"x\",\"state\":\"done\"}"),
        ST_CONFLICT);
}

static void test_leaving_the_plan_needs_a_reason(void **state)
{
    PLAY(s);
    assert_int_equal(run(&s, job_need, "{\"employee\":\"%1\",\"title\":\"Projects\"}"), ST_OK);
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"need\":\"%2\",\"year\":2027,\"title\":\"P\"}"), ST_OK);
    assert_int_equal(run(&s, job_need_change, "{\"state\":\"refused\",\"reason\":\"x\"}"), ST_CONFLICT);
    assert_int_equal(run(&s, job_action_change, "{\"state\":\"cancelled\"}"), ST_INVALID);
    people_expect_field(s.p, "/reason");
    assert_int_equal(run(&s, job_action_change, "{\"state\":\"cancelled\",\"reason\":\"no budget\"}"), ST_OK);
    assert_int_equal(need_state(&s), NEED_OPEN);
    assert_int_equal(run(&s, job_action_change, "{\"state\":\"planned\"}"), ST_CONFLICT);
    complete(&s, "evt-2", date_of(2026, 11, 22));
    assert_int_equal(run(&s, job_prove, ""), ST_CONFLICT);
    assert_int_equal(run(&s, job_need_change, "{\"state\":\"refused\",\"reason\":\"x\"}"), ST_OK);
    assert_string_equal(
        people_audit(s.p, s.p->org, s.need), "need.created need.planned need.reopened need.changed");
}

static void test_what_belongs_to_others_is_refused(void **state)
{
    PLAY(s);
    assert_int_equal(run(&s, job_need, "{\"employee\":\"%4\",\"title\":\"Projects\"}"), ST_OK);
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"need\":\"%2\",\"year\":2027,\"title\":\"P\"}"), ST_INVALID);
    people_expect_field(s.p, "/need");
    assert_int_equal(
        run(&s, job_need, "{\"employee\":\"emp_0000000000_00000000000000000000000000\",\"title\":\"P\"}"),
        ST_INVALID);
    people_expect_field(s.p, "/employee");
    assert_int_equal(reviews_create(&s.r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\"}"), ST_OK);
    assert_int_equal(run(&s, job_need, "{\"employee\":\"%4\",\"review\":\"%3\",\"title\":\"P\"}"), ST_INVALID);
    people_expect_field(s.p, "/review");
    assert_int_equal(run(&s, job_action, "{\"employee\":\"%4\",\"year\":2027,\"title\":\"P\"}"), ST_OK);
    complete(&s, "evt-3", date_of(2027, 1, 1));
    assert_int_equal(run(&s, job_prove, ""), ST_NOT_FOUND);
}

static void test_the_action_whose_period_began_last_is_proved(void **state)
{
    PLAY(s);
    const char *const bodies[] = {
        "{\"employee\":\"%1\",\"year\":2027,\"title\":\"First aid\",\"course\":\"SST\"}",
        "{\"employee\":\"%1\",\"year\":2029,\"title\":\"First aid again\",\"course\":\"SST\"}"};
    assert_int_equal(run(&s, job_action, bodies[0]), ST_OK);
    const char *first = s.action;
    assert_int_equal(run(&s, job_action, bodies[1]), ST_OK);
    const char *second = s.action;
    people_move(s.p, date_of(2028, 11, 2));
    complete(&s, "evt-4", date_of(2026, 5, 2));
    assert_int_equal(run(&s, job_match, "SST"), ST_OK);
    assert_int_equal(s.matched, 0);
    complete(&s, "evt-5", date_of(2028, 5, 2));
    assert_int_equal(run(&s, job_match, "SST"), ST_OK);
    s.action = first;
    assert_int_equal(action_state(&s), ACTION_DONE);
    complete(&s, "evt-6", date_of(2028, 11, 2));
    assert_int_equal(run(&s, job_match, "SST"), ST_OK);
    s.action = second;
    assert_int_equal(action_state(&s), ACTION_DONE);
}

static void test_wrong_figures_are_refused(void **state)
{
    PLAY(s);
    assert_int_equal(
        run(&s, job_action,
            "{\"employee\":\"%1\",\"year\":2027,\"title\":\"P\",\"planned_start\":\"2027-03-02\","
            "\"planned_end\":\"2027-03-01\",\"provider\":{\"name\":\"X\",\"siret\":\"73282932000075\"}}"),
        ST_INVALID);
    assert_int_equal(s.p->err.count, 2);
    people_expect_field(s.p, "/planned_end");
    assert_int_equal(run(&s, job_action,
                         "{\"employee\":\"%1\",\"year\":2027,\"title\":\"P\",\"cost\":{\"teaching\":120000},"
                         "\"provider\":{\"name\":\"X\",\"siret\":\"73282932000074\"}}"),
        ST_OK);
    assert_int_equal(run(&s, job_action_change, "{\"cost\":{\"wages\":30000}}"), ST_OK);
    assert_int_equal(run(&s, job_action_change, "{\"minutes_done\":60,\"minutes_outside\":90}"), ST_INVALID);
    people_expect_field(s.p, "/minutes_outside");
    int64_t version = s.version;
    assert_int_equal(run(&s, job_action_change, "{\"cost\":{\"wages\":30000}}"), ST_OK);
    assert_int_equal(s.version, version);
}

static enum status job_plan(struct txn *txn, void *context, struct error *err)
{
    struct planning *s = context;
    struct plan patch;
    enum status status = parse(s, txn, &plan_table, FIELD_MODE_PATCH, &patch, err);
    return status == ST_OK ? plan_change(txn, s->year, &patch, 0, &s->plan, err) : status;
}

static enum status look_plan(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct planning *s = context;
    enum status status = plan_view(snapshot, s->p->org, s->year, &s->plan, err);
    if (status == ST_OK)
        s->plan.total = arena_copy(s->p->f.arena, s->plan.total, sizeof *s->plan.total);
    return status;
}

static void test_the_plan_of_a_year(void **state)
{
    PLAY(s);
    s.year = 2027;
    fixture_see(&s.p->f, look_plan, &s);
    assert_int_equal(s.plan.version, 0);
    assert_int_equal(s.plan.total->actions, 0);
    assert_int_equal(
        run(&s, job_plan, "{\"orientations\":[{\"name\":\"digital\"},{\"name\":\"digital\"}]}"), ST_INVALID);
    people_expect_field(s.p, "/orientations");
    assert_int_equal(
        run(&s, job_plan, "{\"budget\":1000000,\"orientations\":[{\"name\":\"digital\"}]}"), ST_OK);
    assert_int_equal(s.plan.version, 1);
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"year\":2027,\"title\":\"P\",\"orientation\":\"other\"}"),
        ST_INVALID);
    people_expect_field(s.p, "/orientation");
    assert_int_equal(
        run(&s, job_action,
            "{\"employee\":\"%1\",\"year\":2027,\"title\":\"P\",\"orientation\":\"digital\","
            "\"minutes_planned\":420,\"granted\":5000,\"cost\":{\"teaching\":120000,\"wages\":30000}}"),
        ST_OK);
    assert_int_equal(
        run(&s, job_action, "{\"employee\":\"%1\",\"year\":2028,\"title\":\"P\",\"orientation\":\"other\"}"),
        ST_OK);
    fixture_see(&s.p->f, look_plan, &s);
    assert_int_equal(s.plan.total->actions, 1);
    assert_int_equal(s.plan.total->employees, 1);
    assert_int_equal(s.plan.total->minutes_planned, 420);
    assert_int_equal(s.plan.total->cost, 150000);
    assert_int_equal(s.plan.total->granted, 5000);
    assert_int_equal(s.plan.totals.count, 1);
    assert_non_null(strstr(people_audit(s.p, s.p->org, s.p->org_id), "plan.created"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {PEOPLE_TEST(test_from_need_to_evidence),
        PEOPLE_TEST(test_done_needs_evidence), PEOPLE_TEST(test_leaving_the_plan_needs_a_reason),
        PEOPLE_TEST(test_what_belongs_to_others_is_refused),
        PEOPLE_TEST(test_the_action_whose_period_began_last_is_proved),
        PEOPLE_TEST(test_wrong_figures_are_refused), PEOPLE_TEST(test_the_plan_of_a_year)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
