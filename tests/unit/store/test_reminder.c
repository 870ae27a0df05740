/* Reminders that went out, lines that wait, and whom to look at again. */
#include "fixture.h"

#include "store/reminder.h"

struct reminder_test {
    struct fixture f;
    struct reminder_row row;
    date_t day;
    char employee[ID_MAX];
    struct reminder_list list;
    struct reminder_watch watch;
    size_t watches, due, written;
};

static enum status job_hire(struct txn *txn, void *context, struct error *err)
{
    struct reminder_test *t = context;
    struct employee_row row = {.number = "1",
        .given_name = "Ada",
        .family_name = "Byron",
        .contract = "permanent",
        .hire_date = date_of(2024, 3, 1),
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE,
        .external_ids = "{}"};
    enum status status = employee_add(txn, &row, err);
    (void)snprintf(t->employee, sizeof t->employee, "%s", row.id ? row.id : "");
    return status;
}

static int set_up(void **state)
{
    static struct reminder_test t;
    t = (struct reminder_test){0};
    fixture_open(&t.f, NULL, false);
    fixture_do(&t.f, job_hire, &t);
    *state = &t;
    return 0;
}

static int tear_down(void **state)
{
    struct reminder_test *t = *state;
    fixture_close(&t->f);
    return 0;
}

static enum status job_put(struct txn *txn, void *context, struct error *err)
{
    const struct reminder_test *t = context;
    return reminder_put(txn, &t->row, err);
}

static enum status job_forget(struct txn *txn, void *context, struct error *err)
{
    const struct reminder_test *t = context;
    return reminder_forget(txn, t->row.subject, t->day, err);
}

static enum status job_look_on(struct txn *txn, void *context, struct error *err)
{
    const struct reminder_test *t = context;
    return reminder_look_on(txn, t->employee, t->day, err);
}

static enum status job_look_now(struct txn *txn, void *context, struct error *err)
{
    const struct reminder_test *t = context;
    return reminder_look_now(txn, t->employee, err);
}

static enum status job_computed(struct txn *txn, void *context, struct error *err)
{
    const struct reminder_test *t = context;
    return employee_computed(txn, t->employee, DATE_NONE, err);
}

static enum status job_read(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct reminder_test *t = context;
    struct reminder_watch_list watches;
    struct employee_ids due;
    struct reminder_list lines;
    enum status status = reminder_of(snapshot, t->row.subject, &t->list, err);
    if (status == ST_OK)
        status = reminder_waiting(snapshot, t->f.org, 10, &lines, err);
    if (status == ST_OK)
        status = reminder_watches(snapshot, &watches, err);
    if (status == ST_OK)
        status = reminder_due(snapshot, t->f.org, date_of(2026, 11, 22), 10, &due, err);
    if (status != ST_OK)
        return status;
    t->due = due.count;
    t->written = lines.count;
    t->watches = watches.count;
    t->watch = watches.count ? watches.items[0] : (struct reminder_watch){0};
    return ST_OK;
}

static char *subject(struct reminder_test *t)
{
    return id_derive(t->f.arena, "duty", t->f.org, "", "a duty");
}

static void put(struct reminder_test *t, const char *rung, date_t on, const char *state)
{
    bool waits = strcmp(state, "waiting") == 0;
    t->row = (struct reminder_row){.subject = subject(t),
        .rung = rung,
        .on = on,
        .state = state,
        .not_before = waits ? FIXTURE_NOW + US_PER_DAY : INSTANT_NONE};
    fixture_do(&t->f, job_put, t);
    fixture_see(&t->f, job_read, t);
}

static void test_a_rung_is_remembered_with_its_day(void **state)
{
    struct reminder_test *t = *state;
    put(t, "plan", date_of(2026, 11, 1), "waiting");
    assert_int_equal(t->list.count, 1);
    assert_true(t->watch.lines_at == FIXTURE_NOW + US_PER_DAY);
    assert_int_equal(t->written, 0);
    clock_move(t->f.clock, FIXTURE_NOW + US_PER_DAY);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->written, 1);
    put(t, "plan", date_of(2026, 11, 1), "sent");
    assert_int_equal(t->list.count, 1);
    assert_true(t->watch.lines_at == INSTANT_NONE);
    assert_int_equal(t->written, 0);
    put(t, "plan", date_of(2026, 12, 1), "sent");
    assert_int_equal(t->list.count, 2);
}

static void test_what_is_forgotten(void **state)
{
    struct reminder_test *t = *state;
    put(t, "nearing", date_of(2026, 11, 1), "sent");
    put(t, "tomorrow", date_of(2026, 11, 22), "sent");
    put(t, ".set", date_of(2026, 11, 23), "mark");
    t->day = date_of(2026, 11, 22);
    fixture_do(&t->f, job_forget, t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->list.count, 2); /* the older one and the mark */
}

static void test_whom_to_look_at(void **state)
{
    struct reminder_test *t = *state;
    t->row.subject = subject(t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->due, 1); /* a newcomer, at once */
    t->day = date_of(2026, 12, 24);
    fixture_do(&t->f, job_look_on, t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->due, 0);
    assert_int_equal(t->watch.next, date_of(2026, 12, 24));
    fixture_do(&t->f, job_look_now, t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->due, 1);
    t->day = DATE_NONE;
    fixture_do(&t->f, job_look_on, t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->watch.next, DATE_NONE);
    fixture_do(&t->f, job_computed, t);
    fixture_see(&t->f, job_read, t);
    assert_int_equal(t->due, 1);
}

static void test_nobody_else_is_looked_at(void **state)
{
    struct reminder_test *t = *state;
    struct error err = ERROR_INIT;
    (void)snprintf(t->employee, sizeof t->employee, "emp_%s_00000000000000000000000000", t->f.org);
    assert_int_equal(fixture_write(&t->f, job_look_now, t, &err), ST_NOT_FOUND);
}

#define REMINDER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REMINDER_TEST(test_a_rung_is_remembered_with_its_day),
        REMINDER_TEST(test_what_is_forgotten),
        REMINDER_TEST(test_whom_to_look_at),
        REMINDER_TEST(test_nobody_else_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
