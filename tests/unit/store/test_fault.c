/*
 * What holds when any one call to the database fails: what was acknowledged is there once with its audit record
 * and its delivery, what was not is not there at all, the chain verifies, and the next write works.
 */
#include "fault.h"
#include "fixture.h"

#include "internal.h"
#include "store/audit.h"
#include "store/delivery.h"
#include "store/employee.h"
#include "store/fact.h"

#define JOBS 3

enum { JOB_GOOD, JOB_REFUSED, JOB_PARTIAL };

/* One round: a batch of three jobs, the second of which refuses, the third of which undoes a part of itself. */
struct round {
    int number;
    enum status status[JOBS];
    unsigned runs[JOBS];
};

struct job {
    struct round *round;
    int which;
};

static struct fixture fixture;

static struct employee_row person(struct txn *txn, const struct job *job)
{
    struct arena *arena = txn_arena(txn);
    return (struct employee_row){.number = arena_printf(arena, "%d-%d", job->round->number, job->which),
        .given_name = "Ada",
        .family_name = "Byron",
        .hire_date = date_of(2020, 1, 6),
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE};
}

static enum status add_all(struct txn *txn, void *context, struct error *err)
{
    const struct job *job = context;
    struct employee_row employee = person(txn, job);
    enum status status = employee_add(txn, &employee, err);
    if (status != ST_OK)
        return status;
    struct fact_row fact = {
        .kind = "event", .subject = employee.id, .valid_from = DATE_NONE, .valid_to = DATE_NONE, .body = "{}"};
    struct delivery_row delivery = {.channel = "mail",
        .kind = "reminder",
        .employee = employee.id,
        .recipient = "ada@example.org",
        .due_at = INSTANT_NONE,
        .uid = employee.number};
    status = fact_add(txn, &fact, err);
    if (status == ST_OK)
        status = delivery_add(txn, &delivery, err);
    txn_audit(txn, "employee.created", employee.id, "{\"a\":1}");
    return status;
}

static enum status add_and_refuse(struct txn *txn, void *context, struct error *err)
{
    enum status status = add_all(txn, context, err);
    return status != ST_OK ? status : error_set(err, ST_INVALID, "refused");
}

static enum status run_job(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    job->round->runs[job->which]++;
    if (job->which == JOB_REFUSED)
        return add_and_refuse(txn, job, err);
    if (job->which == JOB_PARTIAL) {
        struct job inner = {.round = job->round, .which = JOBS};
        (void)txn_try(txn, add_and_refuse, &inner, NULL);
    }
    return add_all(txn, job, err);
}

/* ---- what is there */

struct check {
    const struct round *round;
    int which;
    int expected; /* 0 or 1 */
};

static enum status check_job(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct check *check = context;
    struct employee_row employee;
    const char *number = arena_printf(snapshot_arena(snapshot), "%d-%d", check->round->number, check->which);
    enum status status = employee_by_number(snapshot, fixture.org, number, &employee, err);
    if (check->expected == 0)
        return status == ST_NOT_FOUND ? ST_OK : error_set(err, ST_CONFLICT, "%s is there", number);
    if (status != ST_OK)
        return status;
    struct audit_list records;
    struct fact_list facts;
    struct delivery_list deliveries;
    const struct audit_filter by_subject = {.subject = employee.id};
    const struct delivery_filter by_employee = {.state = -1, .employee = employee.id};
    const struct page page = {.limit = 10};
    status = audit_list(snapshot, fixture.org, &by_subject, &page, &records, err);
    if (status == ST_OK)
        status = fact_of(snapshot, employee.id, NULL, INSTANT_NONE, &facts, err);
    if (status == ST_OK)
        status = delivery_list(snapshot, fixture.org, &by_employee, &page, &deliveries, err);
    if (status != ST_OK)
        return status;
    assert_int_equal(records.count, 1);
    assert_int_equal(facts.count, 1);
    assert_int_equal(deliveries.count, 1);
    return ST_OK;
}

static void check_round(const struct round *round)
{
    for (int which = 0; which <= JOBS; which++) {
        struct check check = {.round = round, .which = which};
        check.expected = which < JOBS && round->status[which] == ST_OK;
        fixture_see(&fixture, check_job, &check);
    }
}

/* ---- one round */

static int rounds;

/* On a fresh connection and forgetting that a job spoiled the batch before: each round makes the same calls,
 * the preparing of each statement among them. */
static void run_round(struct round *round)
{
    struct store_job jobs[JOBS];
    struct store_job *batch[JOBS];
    struct job contexts[JOBS];
    *round = (struct round){.number = ++rounds};
    for (int i = 0; i < JOBS; i++) {
        contexts[i] = (struct job){.round = round, .which = i};
        jobs[i] = (struct store_job){
            .write = run_job, .organisation = fixture.org, .actor = "tester", .context = &contexts[i]};
        batch[i] = &jobs[i];
    }
    fixture.store->writer.careful = 0;
    batch_run(&fixture.store->writer, batch, JOBS);
    fault_stop();
    assert_true(store_reconnect(&fixture.store->writer));
    for (int i = 0; i < JOBS; i++)
        round->status[i] = jobs[i].status;
}

/* Every answer this kind of fault may give to a job that would have gone well. */
static bool allowed(enum fault_kind kind, enum status status)
{
    switch (kind) {
    case FAULT_CONSTRAINT:
        return status == ST_OK || status == ST_CONFLICT || status == ST_INTERNAL;
    case FAULT_FULL:
        return status == ST_FULL;
    case FAULT_CORRUPT:
        return status == ST_INTERNAL;
    case FAULT_BUG:
        return status == ST_OK || status == ST_INTERNAL;
    default:
        return status == ST_OK;
    }
}

static void check_answers(enum fault_kind kind, unsigned call, const struct round *round)
{
    static const int good[] = {JOB_GOOD, JOB_PARTIAL};
    for (size_t i = 0; i < 2; i++)
        if (!allowed(kind, round->status[good[i]]))
            fail_msg("%s at call %u: job %d was answered %s", fault_kind_names[kind], call, good[i],
                status_name(round->status[good[i]]));
    assert_int_not_equal(round->status[JOB_REFUSED], ST_OK);
}

/* Fails call 1, 2, 3 ... of a round until a round does not have that many. */
static unsigned fail_every_call(enum fault_kind kind)
{
    unsigned commits = 0;
    for (unsigned call = 1;; call++) {
        struct round round, after;
        fault_set(kind, call);
        run_round(&round);
        bool fired = fault_fired();
        commits += fault_hit_commit();
        if (!fired) {
            assert_true(call > 50);
            return commits;
        }
        check_answers(kind, call, &round);
        check_round(&round);
        run_round(&after);
        assert_int_equal(after.status[JOB_GOOD], ST_OK);
        assert_int_equal(after.status[JOB_REFUSED], ST_INVALID);
        assert_int_equal(after.status[JOB_PARTIAL], ST_OK);
        check_round(&after);
        (void)fixture_verify(&fixture, fixture.org);
    }
}

static int set_up(void **state)
{
    (void)state;
    fault_set(FAULT_NONE, 0);
    fixture_open(&fixture, &fault_driver, false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fault_set(FAULT_NONE, 0);
    fixture_close(&fixture);
    return 0;
}

static void test_without_a_fault_all_is_there(void **state)
{
    struct round round;
    (void)state;
    run_round(&round);
    assert_int_equal(round.status[JOB_GOOD], ST_OK);
    assert_int_equal(round.status[JOB_REFUSED], ST_INVALID);
    assert_int_equal(round.status[JOB_PARTIAL], ST_OK);
    check_round(&round);
    assert_int_equal(fixture_verify(&fixture, fixture.org), 2);
}

static void test_a_constraint_fails_one_job(void **state)
{
    (void)state;
    fail_every_call(FAULT_CONSTRAINT);
}

static void test_a_retry_runs_again(void **state)
{
    (void)state;
    fail_every_call(FAULT_RETRY);
}

static void test_a_lost_connection_is_opened_again(void **state)
{
    (void)state;
    fail_every_call(FAULT_GONE);
}

static void test_a_full_disk_refuses_the_batch(void **state)
{
    (void)state;
    fail_every_call(FAULT_FULL);
    assert_true(store_ready(fixture.store));
}

static void test_damage_refuses_the_batch(void **state)
{
    (void)state;
    fail_every_call(FAULT_CORRUPT);
    assert_false(store_ready(fixture.store));
}

static void test_a_bug_fails_one_job(void **state)
{
    (void)state;
    fail_every_call(FAULT_BUG);
    assert_true(store_ready(fixture.store));
}

static void test_a_commit_that_was_lost_is_repeated(void **state)
{
    (void)state;
    assert_int_equal(fail_every_call(FAULT_COMMIT_LOST), 1);
}

static void test_a_commit_whose_answer_was_lost_is_found(void **state)
{
    (void)state;
    assert_int_equal(fail_every_call(FAULT_ANSWER_LOST), 1);
}

/* ---- the single cases, by name */

static unsigned commit_call(void)
{
    struct round round;
    for (unsigned call = 1;; call++) {
        fault_set(FAULT_COMMIT_LOST, call);
        run_round(&round);
        if (fault_hit_commit())
            return call;
    }
}

/* Once more than that for the batch which the refusing job spoils. */
static void test_jobs_run_once_when_only_the_answer_was_lost(void **state)
{
    struct round round;
    (void)state;
    unsigned call = commit_call();
    fault_set(FAULT_ANSWER_LOST, call);
    run_round(&round);
    assert_true(fault_hit_commit());
    assert_int_equal(round.runs[JOB_GOOD], 1 + 1);
    fault_set(FAULT_COMMIT_LOST, call);
    run_round(&round);
    assert_true(fault_hit_commit());
    assert_int_equal(round.runs[JOB_GOOD], 1 + 2);
}

static void test_a_full_disk_is_told_until_a_write_works(void **state)
{
    struct round round;
    (void)state;
    fault_set(FAULT_FULL, 1);
    run_round(&round);
    assert_int_equal(round.status[JOB_GOOD], ST_FULL);
    assert_int_equal(round.status[JOB_REFUSED], ST_FULL);
    assert_false(store_ready(fixture.store));
    fault_set(FAULT_NONE, 0);
    check_round(&round); /* reads go on */
    run_round(&round);
    assert_int_equal(round.status[JOB_GOOD], ST_OK);
    assert_true(store_ready(fixture.store));
}

/* Reads: the answer is right or says that it cannot be given. */
static void test_reads_survive_every_fault(void **state)
{
    struct round round;
    (void)state;
    run_round(&round);
    for (int kind = FAULT_CONSTRAINT; kind < FAULT_KIND_COUNT; kind++)
        for (unsigned call = 1;; call++) {
            struct check check = {.round = &round, .which = JOB_GOOD, .expected = 1};
            fault_set((enum fault_kind)kind, call);
            enum status status = store_read_now(fixture.store, check_job, &check, NULL);
            if (!fault_fired()) {
                assert_int_equal(status, ST_OK);
                break;
            }
            if (kind == FAULT_RETRY || kind == FAULT_GONE || kind >= FAULT_COMMIT_LOST)
                assert_int_equal(status, ST_OK);
            else
                assert_int_not_equal(status, ST_OK);
        }
}

static void test_opening_fails_cleanly_at_every_call(void **state)
{
    char path[160];
    (void)state;
    snprintf(path, sizeof path, "%s/another", fixture.scratch.folder);
    const struct store_options options = {.path = path, .driver = &fault_driver, .clock = fixture.clock};
    for (unsigned call = 1;; call++) {
        struct store *store = NULL;
        struct error err = ERROR_INIT;
        fault_set(FAULT_FULL, call);
        enum status status = store_open(NULL, &options, &store, &err);
        if (!fault_fired()) {
            assert_int_equal(status, ST_OK);
            store_free(store);
            return;
        }
        assert_int_equal(status, ST_FULL);
        assert_null(store);
        assert_true(err.detail[0] != '\0');
    }
}

#define FAULT_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_without_a_fault_all_is_there),
        FAULT_TEST(test_a_constraint_fails_one_job),
        FAULT_TEST(test_a_retry_runs_again),
        FAULT_TEST(test_a_lost_connection_is_opened_again),
        FAULT_TEST(test_a_full_disk_refuses_the_batch),
        FAULT_TEST(test_damage_refuses_the_batch),
        FAULT_TEST(test_a_bug_fails_one_job),
        FAULT_TEST(test_a_commit_that_was_lost_is_repeated),
        FAULT_TEST(test_a_commit_whose_answer_was_lost_is_found),
        FAULT_TEST(test_jobs_run_once_when_only_the_answer_was_lost),
        FAULT_TEST(test_a_full_disk_is_told_until_a_write_works),
        FAULT_TEST(test_reads_survive_every_fault),
        FAULT_TEST(test_opening_fails_cleanly_at_every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
