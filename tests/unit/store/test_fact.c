/* Bitemporal facts: what was known when, corrections, withdrawals, and what they mean for the organisation. */
#include "fixture.h"

#include "store/fact.h"
#include "store/organisation.h"

#define HOUR (3600 * US_PER_SEC)

static struct fact_row fact(const char *kind, const char *subject, const char *body)
{
    return (struct fact_row){
        .kind = kind, .subject = subject, .valid_from = DATE_NONE, .valid_to = DATE_NONE, .body = body};
}

struct story {
    struct fixture *fixture;
    char subject[ID_MAX];
    char id[ID_MAX];
};

static void story_begin(struct story *story, struct fixture *f)
{
    story->fixture = f;
    id_new(story->subject, "emp", f->org, FIXTURE_NOW);
}

static enum status add(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    struct fact_row row = fact("absence", story->subject, "{\"type\":\"parental\"}");
    row.valid_from = date_of(2025, 1, 6);
    enum status status = fact_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    assert_int_equal(row.version, 1);
    assert_string_equal(row.actor, "tester");
    assert_true(row.recorded_at == txn_now(txn));
    assert_true(row.superseded_at == INSTANT_NONE);
    memcpy(story->id, row.id, strlen(row.id) + 1);
    return ST_OK;
}

static enum status correct(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    struct fact_row row = fact("ignored", "ignored", "{\"type\":\"sabbatical\"}");
    row.id = story->id;
    row.valid_from = date_of(2025, 1, 6);
    row.valid_to = date_of(2025, 6, 30);
    row.reason = "wrong type";
    assert_int_equal(fact_correct(txn, &row, 5, err), ST_PRECONDITION);
    enum status status = fact_correct(txn, &row, 1, err);
    assert_int_equal(row.version, 2);
    assert_string_equal(row.kind, "absence");
    assert_string_equal(row.subject, story->subject);
    return status;
}

static enum status withdraw(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    assert_int_equal(fact_withdraw(txn, story->id, 1, "never happened", err), ST_PRECONDITION);
    return fact_withdraw(txn, story->id, 2, "never happened", err);
}

/* What is known at the time of each step of the story; "" = nothing. */
static const char *known(struct story *story, const struct snapshot *snapshot, instant_t at)
{
    struct fact_row row;
    struct fact_list list;
    enum status status = fact_get(snapshot, story->id, at, &row, NULL);
    assert_int_equal(fact_of(snapshot, story->subject, NULL, at, &list, NULL), ST_OK);
    assert_int_equal(list.count, status == ST_OK ? 1 : 0);
    if (status != ST_OK)
        return "";
    assert_string_equal(list.items[0].body, row.body);
    assert_int_equal(list.items[0].version, row.version);
    return row.body;
}

static enum status see_story(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct story *story = context;
    struct fact_list history;
    assert_string_equal(known(story, snapshot, FIXTURE_NOW - 1), "");
    assert_string_equal(known(story, snapshot, FIXTURE_NOW), "{\"type\":\"parental\"}");
    assert_string_equal(known(story, snapshot, FIXTURE_NOW + HOUR - 1), "{\"type\":\"parental\"}");
    assert_string_equal(known(story, snapshot, FIXTURE_NOW + HOUR), "{\"type\":\"sabbatical\"}");
    assert_string_equal(known(story, snapshot, FIXTURE_NOW + 2 * HOUR - 1), "{\"type\":\"sabbatical\"}");
    assert_string_equal(known(story, snapshot, FIXTURE_NOW + 2 * HOUR), "");
    assert_string_equal(known(story, snapshot, INSTANT_NONE), "");
    enum status status = fact_history(snapshot, story->id, &history, err);
    if (status != ST_OK)
        return status;
    assert_int_equal(history.count, 3);
    assert_int_equal(history.items[0].valid_to, DATE_NONE);
    assert_true(history.items[0].superseded_at == FIXTURE_NOW + HOUR);
    assert_int_equal(history.items[1].valid_to, date_of(2025, 6, 30));
    assert_string_equal(history.items[1].reason, "wrong type");
    assert_true(history.items[2].withdrawn);
    assert_string_equal(history.items[2].reason, "never happened");
    assert_true(history.items[2].superseded_at == INSTANT_NONE);
    assert_int_equal(fact_history(snapshot, "fact_none", &history, err), ST_NOT_FOUND);
    return ST_OK;
}

static enum status too_late(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    struct fact_row row = fact("absence", story->subject, "{}");
    row.id = story->id;
    assert_int_equal(fact_correct(txn, &row, 0, err), ST_NOT_FOUND);
    assert_int_equal(fact_withdraw(txn, story->id, 0, NULL, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_each_instant_knows_its_version(void **state)
{
    struct fixture *f = *state;
    struct story story;
    story_begin(&story, f);
    fixture_do(f, add, &story);
    clock_move(f->clock, FIXTURE_NOW + HOUR);
    fixture_do(f, correct, &story);
    clock_move(f->clock, FIXTURE_NOW + 2 * HOUR);
    fixture_do(f, withdraw, &story);
    fixture_see(f, see_story, &story);
    fixture_do(f, too_late, &story);
}

static enum status at_once(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    enum status status = add(txn, story, err);
    if (status == ST_OK)
        status = correct(txn, story, err);
    assert_string_equal(known(story, txn_snapshot(txn), txn_now(txn)), "{\"type\":\"sabbatical\"}");
    return status;
}

/* Two versions of one instant: only the later one was ever known. */
static void test_a_correction_in_the_same_instant(void **state)
{
    struct story story;
    story_begin(&story, *state);
    fixture_do(*state, at_once, &story);
}

static enum status raise_versions(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    struct organisation_row row;
    struct fact_row agreement = fact("agreement", story->fixture->org_id, "{}");
    struct fact_row absence = fact("absence", story->subject, "{}");
    const struct snapshot *snapshot = txn_snapshot(txn);
    assert_int_equal(fact_add(txn, &absence, err), ST_OK);
    assert_int_equal(organisation_get(snapshot, story->fixture->org, &row, err), ST_OK);
    assert_int_equal(row.facts_version, 1);
    assert_int_equal(fact_add(txn, &agreement, err), ST_OK);
    assert_int_equal(fact_correct(txn, &agreement, 1, err), ST_OK);
    assert_int_equal(fact_withdraw(txn, agreement.id, 2, "lapsed", err), ST_OK);
    assert_int_equal(organisation_get(snapshot, story->fixture->org, &row, err), ST_OK);
    assert_int_equal(row.facts_version, 4);
    assert_int_equal(row.version, 1);
    return ST_OK;
}

static void test_facts_of_the_organisation_raise_its_version(void **state)
{
    struct story story;
    story_begin(&story, *state);
    fixture_do(*state, raise_versions, &story);
}

static enum status foreign(struct txn *txn, void *context, struct error *err)
{
    const char *other = context;
    struct fact_row row = fact("absence", id_make(txn_arena(txn), "emp", other, txn_now(txn)), "{}");
    assert_int_equal(fact_add(txn, &row, err), ST_NOT_FOUND);
    row.subject = "nobody";
    assert_int_equal(fact_add(txn, &row, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_a_subject_of_another_organisation_is_not_found(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, foreign, (void *)fixture_organisation(f, "Autre"));
}

static enum status add_kinds(struct txn *txn, void *context, struct error *err)
{
    static const char *const kinds[] = {"terms", "absence", "event", "absence", "absence"};
    struct story *story = context;
    for (size_t i = 0; i < 5; i++) {
        const char *body = arena_printf(txn_arena(txn), "{\"n\":%zu}", i);
        struct fact_row row = fact(kinds[i], story->subject, body);
        if (i == 4)
            row.subject = id_make(txn_arena(txn), "emp", story->fixture->org, txn_now(txn));
        enum status status = fact_add(txn, &row, err);
        if (status != ST_OK)
            return status;
    }
    return ST_OK;
}

static enum status see_kinds(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct story *story = context;
    struct fact_list list;
    assert_int_equal(fact_of(snapshot, story->subject, NULL, INSTANT_NONE, &list, err), ST_OK);
    assert_int_equal(list.count, 4);
    assert_string_equal(list.items[0].body, "{\"n\":1}");
    assert_string_equal(list.items[1].body, "{\"n\":3}");
    assert_string_equal(list.items[2].kind, "event");
    assert_string_equal(list.items[3].kind, "terms");
    assert_int_equal(fact_of(snapshot, story->subject, "absence", INSTANT_NONE, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(fact_of(snapshot, story->subject, "review", INSTANT_NONE, &list, err), ST_OK);
    assert_int_equal(list.count, 0);
    struct page page = {.limit = 2};
    assert_int_equal(
        fact_list(snapshot, story->fixture->org, "absence", INSTANT_NONE, &page, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].body, "{\"n\":1}");
    page.cursor = list.next;
    assert_int_equal(
        fact_list(snapshot, story->fixture->org, "absence", INSTANT_NONE, &page, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].body, "{\"n\":4}");
    assert_null(list.next);
    return ST_OK;
}

static void test_facts_are_listed_by_kind_and_order_of_recording(void **state)
{
    struct story story;
    story_begin(&story, *state);
    fixture_do(*state, add_kinds, &story);
    fixture_see(*state, see_kinds, &story);
}

static enum status erase(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    int64_t erased = 0;
    struct fact_list list;
    assert_int_equal(fact_erase_subject(txn, story->subject, &erased, err), ST_OK);
    assert_int_equal(erased, 4);
    assert_int_equal(fact_of(txn_snapshot(txn), story->subject, NULL, INSTANT_NONE, &list, err), ST_OK);
    assert_int_equal(list.count, 0);
    return fact_list(
        txn_snapshot(txn), story->fixture->org, "absence", INSTANT_NONE, &(struct page){0}, &list, err);
}

static void test_erasing_takes_one_subject_only(void **state)
{
    struct story story;
    story_begin(&story, *state);
    fixture_do(*state, add_kinds, &story);
    fixture_do(*state, erase, &story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_each_instant_knows_its_version),
        STORE_TEST(test_a_correction_in_the_same_instant),
        STORE_TEST(test_facts_of_the_organisation_raise_its_version),
        STORE_TEST(test_a_subject_of_another_organisation_is_not_found),
        STORE_TEST(test_facts_are_listed_by_kind_and_order_of_recording),
        STORE_TEST(test_erasing_takes_one_subject_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
