/* Personal links: who gets one, what it opens, how it ends, what is stored of it. */
#include "reviews.h"

#include "work/link.h"

#include <stdlib.h>

struct link_test {
    struct people p;
    struct reviews r;
    struct link_row row;
    const char *url, *secret;
    struct link_row found;
    int64_t count;
};

static struct link_test *set(void **state)
{
    return *state;
}

static int set_up(void **state)
{
    struct link_test *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    people_open(&t->p, date_of(2026, 11, 22),
        "{\"name\":\"Essai\",\"organiser\":{\"name\":\"RH\",\"email\":\"rh@x.example\"}}");
    t->r = reviews_open(&t->p);
    assert_int_equal(reviews_create(&t->r, REVIEWS_PLANNED), ST_OK);
    link_begin("https://rh.example");
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct link_test *t = *state;
    people_close(&t->p);
    free(t);
    return 0;
}

static enum status run_now(struct link_test *t, txn_run run)
{
    t->p.err = (struct error)ERROR_INIT;
    return store_write_now(t->p.f.store, t->p.org, "tester", run, t, &t->p.err);
}

static enum status job_grant(struct txn *txn, void *context, struct error *err)
{
    struct link_test *t = context;
    struct link_row row = t->row;
    enum status status = link_grant(txn, &row, &t->url, err);
    if (status != ST_OK)
        return status;
    t->url = arena_strdup(t->p.f.arena, t->url);
    t->secret = strrchr(t->url, '/') + 1;
    t->found = (struct link_row){.id = arena_strdup(t->p.f.arena, row.id), .expires_at = row.expires_at};
    return ST_OK;
}

static enum status job_find(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct link_test *t = context;
    enum status status = link_of_secret(snapshot, t->secret, &t->found, err);
    if (status != ST_OK)
        return status;
    t->found.id = arena_strdup(t->p.f.arena, t->found.id);
    t->found.person = arena_strdup(t->p.f.arena, t->found.person);
    t->found.employee = arena_strdup(t->p.f.arena, t->found.employee);
    return ST_OK;
}

static enum status job_withdraw(struct txn *txn, void *context, struct error *err)
{
    struct link_test *t = context;
    return link_withdraw(txn, t->found.id, err);
}

static enum status job_withdraw_all(struct txn *txn, void *context, struct error *err)
{
    struct link_test *t = context;
    return link_withdraw_all(txn, t->r.ada, err);
}

static enum status grant(struct link_test *t, enum link_kind kind, const char *person, const char *review)
{
    t->row = (struct link_row){
        .kind = link_kind_names[kind], .person = person, .review = review, .expires_at = INSTANT_NONE};
    return run_now(t, job_grant);
}

static enum status find(struct link_test *t)
{
    struct error err = ERROR_INIT;
    return store_read_now(t->p.f.store, job_find, t, &err);
}

static void test_it_opens_until_it_expires(void **state)
{
    struct link_test *t = set(state);
    instant_t expires = 0;
    assert_int_equal(grant(t, LINK_EMPLOYEE, t->r.ada, NULL), ST_OK);
    assert_int_equal(strncmp(t->url, "https://rh.example/me/", 22), 0);
    assert_true(link_genuine(t->p.f.keyring, t->secret, &expires));
    assert_int_equal(expires, t->found.expires_at);
    assert_int_equal(find(t), ST_OK);
    assert_string_equal(t->found.person, t->r.ada);
    people_move(&t->p, date_of(2027, 2, 19));
    assert_int_equal(find(t), ST_OK);
    people_move(&t->p, date_of(2027, 2, 21));
    assert_int_equal(find(t), ST_NOT_FOUND);
}

static void test_forged_ones(void **state)
{
    struct link_test *t = set(state);
    instant_t expires = 0;
    assert_int_equal(grant(t, LINK_EMPLOYEE, t->r.ada, NULL), ST_OK);
    char forged[LINK_SECRET_LENGTH + 1];
    for (size_t i = 0; i < LINK_SECRET_LENGTH; i++) {
        memcpy(forged, t->secret, sizeof forged);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        assert_false(link_genuine(t->p.f.keyring, forged, &expires));
    }
    assert_false(link_genuine(t->p.f.keyring, "", &expires));
    assert_false(
        link_genuine(t->p.f.keyring, "../../../../etc/passwd/../../../../etc/passwd/../../../..", &expires));
    assert_false(link_genuine(NULL, t->secret, &expires));
    t->secret = forged;
    assert_int_equal(find(t), ST_NOT_FOUND);
}

static void test_taken_back(void **state)
{
    struct link_test *t = set(state);
    assert_int_equal(grant(t, LINK_EMPLOYEE, t->r.ada, NULL), ST_OK);
    assert_int_equal(run_now(t, job_withdraw), ST_OK);
    assert_int_equal(find(t), ST_NOT_FOUND);
    assert_string_equal(people_audit(&t->p, t->p.org, t->found.id), "link.issued link.revoked");
    assert_int_equal(grant(t, LINK_EMPLOYEE, t->r.ada, NULL), ST_OK);
    assert_int_equal(run_now(t, job_withdraw_all), ST_OK);
    assert_int_equal(find(t), ST_NOT_FOUND);
}

static void test_an_interviewer_who_no_longer_is(void **state)
{
    struct link_test *t = set(state);
    assert_int_equal(grant(t, LINK_INTERVIEWER, t->r.boss, t->r.id), ST_OK);
    assert_int_equal(find(t), ST_OK);
    assert_string_equal(t->found.employee, t->r.ada);
    assert_int_equal(reviews_change(&t->r, "{\"interviewer\":null}"), ST_OK);
    assert_int_equal(find(t), ST_NOT_FOUND);
}

static void test_what_cannot_be_asked_for(void **state)
{
    struct link_test *t = set(state);
    assert_int_equal(grant(t, LINK_INTERVIEWER, t->r.boss, NULL), ST_INVALID);
    people_expect_field(&t->p, "/review");
    assert_int_equal(grant(t, LINK_INTERVIEWER, t->r.ada, t->r.id), ST_INVALID);
    people_expect_field(&t->p, "/person");
    assert_int_equal(grant(t, LINK_EMPLOYEE, t->r.ada, t->r.id), ST_INVALID);
    people_expect_field(&t->p, "/review");
    t->row = (struct link_row){.kind = "employee", .person = t->r.ada, .expires_at = FIXTURE_NOW - 1};
    assert_int_equal(run_now(t, job_grant), ST_INVALID);
    people_expect_field(&t->p, "/expires_at");
}

static void test_letters_carry_one_each(void **state)
{
    struct link_test *t = set(state);
    assert_int_equal(reviews_event(&t->r, REVIEW_EVENT_INVITE), ST_OK);
    assert_non_null(strstr(reviews_outbox(&t->r), "invitation ada@x.example 0 queued"));
    assert_int_equal(run_now(t, job_withdraw_all), ST_OK);
    assert_non_null(strstr(people_audit(&t->p, t->p.org, t->r.ada), "link.revoked"));
}

#define LINK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINK_TEST(test_it_opens_until_it_expires),
        LINK_TEST(test_forged_ones),
        LINK_TEST(test_taken_back),
        LINK_TEST(test_an_interviewer_who_no_longer_is),
        LINK_TEST(test_what_cannot_be_asked_for),
        LINK_TEST(test_letters_carry_one_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
