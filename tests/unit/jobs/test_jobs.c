/* The runner over a real store: what is queued leaves, what fails is tried again, nothing is looked at twice.
 */
#include "fixture.h"

#include "jobs/jobs.h"
#include "store/delivery.h"
#include "store/idempotency.h"
#include "store/operation.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct jobs_test {
    struct fixture f;
    struct mail_route route;
    struct jobs *jobs;
    char outbox[128];
    const char *recipient;
    char id[ID_MAX];
    struct delivery_row row;
    enum delivery_state wanted;
    int wanted_attempts;
    int64_t patience; /* monotonic */
    size_t answers;
    char ended[ID_MAX];
    bool drained;
};

static void on_ended(void *context, const char *id)
{
    struct jobs_test *t = context;
    (void)snprintf(t->ended, sizeof t->ended, "%s", id);
    loop_stop(t->f.loop);
}

static void start_jobs(struct jobs_test *t)
{
    struct error err = ERROR_INIT;
    t->route = (struct mail_route){.transport = MAIL_FILE, .directory = t->outbox};
    const struct jobs_options options = {.loop = t->f.loop,
        .store = t->f.store,
        .clock = t->f.clock,
        .mail = &t->route,
        .ended = on_ended,
        .context = t};
    assert_int_equal(jobs_new(&options, &t->jobs, &err), ST_OK);
}

static int set_up(void **state)
{
    static struct jobs_test t;
    t = (struct jobs_test){.recipient = "ada@x.example"};
    fixture_open(&t.f, NULL, true);
    (void)snprintf(t.outbox, sizeof t.outbox, "%s", scratch_path(&t.f.scratch, "outbox"));
    *state = &t;
    return 0;
}

static void stop(void *context)
{
    struct jobs_test *t = context;
    t->drained = true;
    loop_stop(t->f.loop);
}

static int tear_down(void **state)
{
    struct jobs_test *t = *state;
    char command[200];
    loop_on_tick(t->f.loop, NULL, NULL); /* it may stop the loop once more */
    jobs_drain(t->jobs, stop, t);
    loop_run(t->f.loop);
    assert_true(t->drained);
    jobs_free(t->jobs);
    store_drain(t->f.store, stop, t);
    loop_run(t->f.loop);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", t->outbox);
    assert_int_equal(system(command), 0);
    fixture_close(&t->f);
    return 0;
}

static enum status job_add(struct txn *txn, void *context, struct error *err)
{
    struct jobs_test *t = context;
    struct delivery_row row = {.channel = "mail",
        .kind = "invitation",
        .recipient = t->recipient,
        .message_id = "1@x.example",
        .due_at = INSTANT_NONE,
        .payload = "{\"from\":\"rh@x.example\"}",
        .content = SPAN_TEXT("To: ada@x.example\r\n\r\nHello\r\n")};
    enum status status = delivery_add(txn, &row, err);
    (void)snprintf(t->id, sizeof t->id, "%s", row.id);
    return status;
}

static enum status job_look(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct jobs_test *t = context;
    struct delivery_row row;
    enum status status = delivery_get(snapshot, t->id, &row, err);
    t->row = (struct delivery_row){.state = row.state, .attempts = row.attempts, .next_at = row.next_at};
    return status;
}

/* How long is waited for what must happen. */
#define JOBS_PATIENCE (60 * US_PER_SEC)

static bool reached(const struct jobs_test *t)
{
    return t->row.state == t->wanted && t->row.attempts == t->wanted_attempts;
}

static void tick(void *context)
{
    struct jobs_test *t = context;
    fixture_see(&t->f, job_look, t);
    if (reached(t) || clock_monotonic() > t->patience)
        loop_stop(t->f.loop);
}

/* A stop asked for twice before the loop ended also ends the next run at once. */
static void run_until(struct jobs_test *t, enum delivery_state state, int attempts)
{
    t->wanted = state;
    t->wanted_attempts = attempts;
    t->patience = clock_monotonic() + JOBS_PATIENCE;
    do
        loop_run(t->f.loop);
    while (!reached(t) && clock_monotonic() < t->patience);
    assert_int_equal(t->row.state, state);
    assert_int_equal(t->row.attempts, attempts);
}

static bool is_file(const struct jobs_test *t)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s.eml", t->outbox, t->id);
    return access(path, R_OK) == 0;
}

static void test_what_waits_at_the_start_leaves(void **state)
{
    struct jobs_test *t = *state;
    fixture_do(&t->f, job_add, t);
    start_jobs(t);
    loop_on_tick(t->f.loop, tick, t);
    run_until(t, DELIVERY_STATE_SENT, 1);
    assert_true(is_file(t));
}

static void test_a_write_wakes(void **state)
{
    struct jobs_test *t = *state;
    start_jobs(t);
    loop_on_tick(t->f.loop, tick, t);
    fixture_do(&t->f, job_add, t);
    jobs_wake(t->jobs, t->f.org);
    run_until(t, DELIVERY_STATE_SENT, 1);
    assert_int_equal(fixture_verify(&t->f, t->f.org), 1);
}

static void test_what_fails_is_tried_again(void **state)
{
    struct jobs_test *t = *state;
    start_jobs(t);
    loop_on_tick(t->f.loop, tick, t);
    assert_int_equal(rmdir(t->outbox), 0);
    fixture_do(&t->f, job_add, t);
    jobs_wake(t->jobs, t->f.org);
    run_until(t, DELIVERY_STATE_FAILED, 1);
    assert_true(t->row.next_at > clock_now(t->f.clock));
    assert_int_equal(mkdir(t->outbox, 0700), 0);
    clock_move(t->f.clock, t->row.next_at);
    jobs_wake(t->jobs, NULL);
    run_until(t, DELIVERY_STATE_SENT, 2);
    assert_true(is_file(t));
}

static void test_given_up_after_many_attempts(void **state)
{
    struct jobs_test *t = *state;
    start_jobs(t);
    loop_on_tick(t->f.loop, tick, t);
    assert_int_equal(rmdir(t->outbox), 0);
    fixture_do(&t->f, job_add, t);
    for (int attempt = 1; attempt < 20; attempt++) {
        jobs_wake(t->jobs, NULL);
        run_until(t, DELIVERY_STATE_FAILED, attempt);
        clock_move(t->f.clock, t->row.next_at);
    }
    jobs_wake(t->jobs, NULL);
    run_until(t, DELIVERY_STATE_DEAD, 20);
}

static void test_a_directory_that_cannot_be_made(void **state)
{
    struct jobs_test *t = *state;
    struct error err = ERROR_INIT;
    struct mail_route route = {.transport = MAIL_FILE, .directory = "/nowhere/outbox"};
    const struct jobs_options options = {
        .loop = t->f.loop, .store = t->f.store, .clock = t->f.clock, .mail = &route};
    assert_int_equal(jobs_new(&options, &t->jobs, &err), ST_INTERNAL);
    start_jobs(t);
}

static enum status operation_ask(struct txn *txn, void *context, struct error *err)
{
    struct jobs_test *t = context;
    struct operation_row row = {.kind = "no such kind", .request = "{}", .next_at = txn_now(txn)};
    enum status status = operation_add(txn, &row, err);
    (void)snprintf(t->id, sizeof t->id, "%s", row.id);
    return status;
}

static enum status operation_has_failed(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct jobs_test *t = context;
    struct operation_row row;
    enum status status = operation_load(snapshot, t->id, &row, err);
    assert_int_equal(status, ST_OK);
    assert_string_equal(row.state, "failed");
    assert_non_null(strstr(row.result, "\"problem\""));
    return status;
}

static void test_an_operation_that_nobody_knows_fails(void **state)
{
    struct jobs_test *t = *state;
    start_jobs(t);
    fixture_do(&t->f, operation_ask, t);
    jobs_wake(t->jobs, t->f.org);
    loop_run(t->f.loop);
    assert_string_equal(t->ended, t->id);
    fixture_see(&t->f, operation_has_failed, t);
}

static enum status job_keep_answer(struct txn *txn, void *context, struct error *err)
{
    const struct idempotency_row row = {.status = 201};
    (void)context;
    return idempotency_add(txn, "tok_1", "a key", &row, err);
}

static enum status job_count_answers(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct jobs_test *t = context;
    struct idempotency_ages ages;
    enum status status = idempotency_ages(snapshot, &ages, err);
    t->answers = status == ST_OK ? ages.count : 0;
    return status;
}

static void tick_answers(void *context)
{
    struct jobs_test *t = context;
    fixture_see(&t->f, job_count_answers, t);
    if (t->answers == 0 || clock_monotonic() > t->patience)
        loop_stop(t->f.loop);
}

static void test_kept_answers_are_forgotten(void **state)
{
    struct jobs_test *t = *state;
    fixture_do(&t->f, job_keep_answer, t);
    start_jobs(t);
    t->patience = clock_monotonic() + JOBS_PATIENCE;
    loop_on_tick(t->f.loop, tick_answers, t);
    clock_move(t->f.clock, FIXTURE_NOW + IDEMPOTENCY_LIFE + INT64_C(3600) * US_PER_SEC);
    jobs_wake(t->jobs, NULL);
    do
        loop_run(t->f.loop);
    while (t->answers > 0 && clock_monotonic() < t->patience);
    assert_int_equal(t->answers, 0);
}

#define JOBS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOBS_TEST(test_what_waits_at_the_start_leaves),
        JOBS_TEST(test_a_write_wakes),
        JOBS_TEST(test_what_fails_is_tried_again),
        JOBS_TEST(test_given_up_after_many_attempts),
        JOBS_TEST(test_kept_answers_are_forgotten),
        JOBS_TEST(test_an_operation_that_nobody_knows_fails),
        JOBS_TEST(test_a_directory_that_cannot_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
