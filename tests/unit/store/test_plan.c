/* Needs, actions, plans and evidence at rest, and the trace of an employee. */
#include "fixture.h"

#include "store/employee.h"
#include "store/plan.h"
#include "store/review.h"
#include "store/trace.h"

struct story {
    struct fixture *f;
    const char *employee, *other;
};

static const char *add_employee(struct story *story, struct txn *txn, const char *number, struct error *err)
{
    struct employee_row row = {.number = number,
        .given_name = "Ada",
        .family_name = "Byron",
        .manager = story->employee,
        .hire_date = date_of(2020, 1, 6),
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE};
    assert_int_equal(employee_add(txn, &row, err), ST_OK);
    return arena_strdup(story->f->arena, row.id);
}

static enum status begin(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    story->employee = add_employee(story, txn, "1", err);
    story->other = add_employee(story, txn, "2", err);
    return ST_OK;
}

static struct story told(void **state)
{
    struct story story = {.f = *state};
    fixture_do(story.f, begin, &story);
    return story;
}

static struct need_row need_of(const char *employee)
{
    return (struct need_row){.employee = employee, .state = "open", .body = "{}"};
}

static struct action_row action_of(const char *employee, int64_t year)
{
    return (struct action_row){.employee = employee,
        .year = year,
        .state = "planned",
        .nature = "training",
        .mandatory = "no",
        .starts_on = DATE_NONE,
        .ends_on = DATE_NONE,
        .valid_until = DATE_NONE,
        .minutes_planned = 420,
        .cost = 100000,
        .body = "{}"};
}

static enum status use_needs(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct need_row one = need_of(story->employee), two = need_of(story->other), found;
    assert_int_equal(need_add(txn, &one, err), ST_OK);
    assert_int_equal(need_add(txn, &two, err), ST_OK);
    two.state = "met";
    two.body = "{\"title\":\"x\"}";
    assert_int_equal(need_update(txn, &two, 1, err), ST_OK);
    assert_int_equal(need_update(txn, &two, 1, err), ST_PRECONDITION);
    assert_int_equal(need_get(snapshot, two.id, &found, err), ST_OK);
    assert_string_equal(found.state, "met");
    assert_int_equal(found.version, 2);

    struct need_list list;
    struct need_filter filter = {.manager = story->employee};
    assert_int_equal(need_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].id, two.id);
    filter = (struct need_filter){.state = "open"};
    assert_int_equal(need_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    filter = (struct need_filter){0};
    assert_int_equal(
        need_list(snapshot, story->f->org, &filter, &(struct page){.limit = 1}, &list, err), ST_OK);
    assert_non_null(list.next);
    struct page next = {.limit = 1, .cursor = list.next};
    assert_int_equal(need_list(snapshot, story->f->org, &filter, &next, &list, err), ST_OK);
    assert_string_equal(list.items[0].id, two.id);
    assert_null(list.next);
    return ST_OK;
}

static void test_needs(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, use_needs, &story);
}

static enum status need_of_nobody(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    struct need_row row = need_of("emp_0000000000_00000000000000000000000000");
    return need_add(txn, &row, err);
}

static void test_an_employee_is_needed(void **state)
{
    struct story story = told(state);
    struct error err = ERROR_INIT;
    assert_int_equal(fixture_write(story.f, need_of_nobody, NULL, &err), ST_CONFLICT);
    assert_string_equal(err.fields[0].pointer, "/employee");
}

static enum status use_actions(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct action_row one = action_of(story->employee, 2027), two = action_of(story->other, 2027);
    struct action_row three = action_of(story->employee, 2028), found;
    one.course = "PM-101";
    two.course = "PM-101";
    two.source = "src_x";
    three.course = "PM-101";
    three.source = "src_x";
    assert_int_equal(action_add(txn, &one, err), ST_OK);
    assert_int_equal(action_add(txn, &two, err), ST_OK);
    assert_int_equal(action_add(txn, &three, err), ST_OK);
    three.state = "done";
    three.minutes_done = 400;
    three.ends_on = date_of(2028, 3, 2);
    assert_int_equal(action_update(txn, &three, 1, err), ST_OK);
    assert_int_equal(action_get(snapshot, three.id, &found, err), ST_OK);
    assert_int_equal(found.minutes_done, 400);
    assert_int_equal(found.ends_on, date_of(2028, 3, 2));
    assert_string_equal(found.source, "src_x");

    struct action_list list;
    struct action_filter filter = {.year = 2027};
    assert_int_equal(action_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(action_of_course(snapshot, story->employee, "src_x", "PM-101", &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(action_of_course(snapshot, story->employee, "src_y", "PM-101", &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].id, one.id);

    struct action_sums sums;
    int64_t people = 0;
    assert_int_equal(action_sums(snapshot, story->f->org, 2027, &sums, err), ST_OK);
    assert_int_equal(sums.count, 1);
    assert_int_equal(sums.items[0].actions, 2);
    assert_int_equal(sums.items[0].minutes_planned, 840);
    assert_int_equal(sums.items[0].cost, 200000);
    assert_int_equal(action_people(snapshot, story->f->org, 2027, &people, err), ST_OK);
    assert_int_equal(people, 2);
    return ST_OK;
}

static void test_actions(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, use_actions, &story);
}

static enum status use_plans(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct plan_row plan = {.year = 2027, .body = "{}"}, found;
    assert_int_equal(plan_get(snapshot, story->f->org, 2027, &found, err), ST_NOT_FOUND);
    assert_int_equal(plan_write(txn, &plan, 0, err), ST_OK);
    assert_int_equal(plan_write(txn, &plan, 0, err), ST_PRECONDITION);
    plan.body = "{\"budget\":1}";
    assert_int_equal(plan_write(txn, &plan, 1, err), ST_OK);
    assert_int_equal(plan_write(txn, &plan, 1, err), ST_PRECONDITION);
    assert_int_equal(plan_get(snapshot, story->f->org, 2027, &found, err), ST_OK);
    assert_int_equal(found.version, 2);
    assert_string_equal(found.body, "{\"budget\":1}");
    struct plan_list list;
    assert_int_equal(plan_list(snapshot, story->f->org, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    return ST_OK;
}

static void test_plans(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, use_plans, &story);
}

static enum status evidence_of_nothing(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    struct action_row action = action_of(story->employee, 2027);
    bool new;
    assert_int_equal(action_add(txn, &action, err), ST_OK);
    struct evidence_row row = {
        .action = action.id, .completion = "cpl_0000000000_00000000000000000000000000", .sha256 = "aa"};
    return evidence_add(txn, &row, &new, err);
}

static void test_evidence_needs_a_completion(void **state)
{
    struct story story = told(state);
    struct error err = ERROR_INIT;
    assert_int_equal(fixture_write(story.f, evidence_of_nothing, &story, &err), ST_NOT_FOUND);
}

static enum status leave_traces(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    struct need_row need = need_of(story->employee), foreign = need_of(story->other);
    struct action_row action = action_of(story->employee, 2027);
    assert_int_equal(need_add(txn, &need, err), ST_OK);
    assert_int_equal(need_add(txn, &foreign, err), ST_OK);
    assert_int_equal(action_add(txn, &action, err), ST_OK);
    txn_audit(txn, "employee.created", story->employee, NULL);
    txn_audit(txn, "need.created", foreign.id, NULL);
    txn_audit(txn, "need.created", need.id, "{\"a\":1}");
    txn_audit(txn, "action.created", action.id, NULL);
    return ST_OK;
}

static enum status follow_traces(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct story *story = context;
    struct audit_list list;
    assert_int_equal(trace_list(snapshot, story->employee, &(struct page){.limit = 2}, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].verb, "employee.created");
    assert_string_equal(list.items[1].payload, "{\"a\":1}");
    assert_int_equal(list.items[1].seq, 3);
    struct page next = {.cursor = list.next};
    assert_int_equal(trace_list(snapshot, story->employee, &next, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].verb, "action.created");
    assert_null(list.next);
    return ST_OK;
}

static void test_trace(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, leave_traces, &story);
    fixture_see(story.f, follow_traces, &story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {STORE_TEST(test_needs), STORE_TEST(test_an_employee_is_needed),
        STORE_TEST(test_actions), STORE_TEST(test_plans), STORE_TEST(test_evidence_needs_a_completion),
        STORE_TEST(test_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
