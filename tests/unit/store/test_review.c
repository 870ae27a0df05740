/* Rows of reviews, the people invited, and documents: what is written is read back, lists page by day. */
#include "fixture.h"

#include "store/employee.h"
#include "store/review.h"

#define DAY date_of(2027, 1, 6)

struct story {
    struct fixture *f;
    const char *employee, *review;
};

static struct review_row review_on(const char *employee, date_t day, const char *uid)
{
    return (struct review_row){.employee = employee,
        .type = "professional",
        .day = day,
        .starts_at = INSTANT_NONE,
        .ends_at = INSTANT_NONE,
        .state = "draft",
        .held_on = DATE_NONE,
        .reported_on = DATE_NONE,
        .copied_on = DATE_NONE,
        .uid = uid,
        .sequence = -1,
        .time_sequence = -1,
        .dtstamp = INSTANT_NONE,
        .body = "{}"};
}

static enum status add_employee(struct txn *txn, const char **ret, struct error *err)
{
    struct employee_row row = {.number = "7",
        .given_name = "Ada",
        .family_name = "Byron",
        .hire_date = date_of(2020, 1, 6),
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE};
    enum status status = employee_add(txn, &row, err);
    *ret = row.id;
    return status;
}

static enum status begin(struct txn *txn, void *context, struct error *err)
{
    struct story *story = context;
    const char *employee;
    enum status status = add_employee(txn, &employee, err);
    struct review_row row = review_on(employee, DAY, "review-1@example.org");
    if (status == ST_OK)
        status = review_add(txn, &row, err);
    story->employee = arena_strdup(story->f->arena, employee);
    story->review = arena_strdup(story->f->arena, row.id);
    return status;
}

static struct story told(void **state)
{
    struct story story = {.f = *state};
    fixture_do(story.f, begin, &story);
    return story;
}

static enum status change_all(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    struct review_row row;
    assert_int_equal(review_get(txn_snapshot(txn), story->review, &row, err), ST_OK);
    assert_int_equal(row.version, 1);
    assert_int_equal(row.created_at, FIXTURE_NOW);
    row.recap = true;
    row.interviewer = story->employee;
    row.day = DAY + 1;
    row.starts_at = FIXTURE_NOW + US_PER_DAY;
    row.ends_at = FIXTURE_NOW + 2 * US_PER_DAY;
    row.mode = "remote";
    row.conference_url = "https://meet.example.org/1";
    row.state = "held";
    row.held_on = DAY + 1;
    row.reported_on = DAY + 2;
    row.sequence = 3;
    row.time_sequence = 2;
    row.dtstamp = FIXTURE_NOW;
    row.shown = true;
    row.body = "{\"a\":1}";
    assert_int_equal(review_update(txn, &row, 1, err), ST_OK);
    assert_int_equal(row.version, 2);
    assert_int_equal(review_update(txn, &row, 1, err), ST_PRECONDITION);
    return ST_OK;
}

static enum status read_back(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct story *story = context;
    struct review_row row;
    assert_int_equal(review_get(snapshot, story->review, &row, err), ST_OK);
    assert_string_equal(row.employee, story->employee);
    assert_string_equal(row.interviewer, story->employee);
    assert_true(row.recap && row.shown);
    assert_int_equal(row.day, DAY + 1);
    assert_int_equal(row.starts_at, FIXTURE_NOW + US_PER_DAY);
    assert_string_equal(row.mode, "remote");
    assert_null(row.location);
    assert_string_equal(row.state, "held");
    assert_int_equal(row.held_on, DAY + 1);
    assert_int_equal(row.reported_on, DAY + 2);
    assert_int_equal(row.copied_on, DATE_NONE);
    assert_int_equal(row.sequence, 3);
    assert_int_equal(row.time_sequence, 2);
    assert_int_equal(row.dtstamp, FIXTURE_NOW);
    assert_string_equal(row.uid, "review-1@example.org");
    assert_string_equal(row.body, "{\"a\":1}");
    return ST_OK;
}

static void test_all_members_are_kept(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, change_all, &story);
    fixture_see(story.f, read_back, &story);
}

static enum status refuse_strangers(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    struct review_row row;
    assert_int_equal(
        review_get(txn_snapshot(txn), "rev_0000000000_00000000000000000000000000", &row, err), ST_NOT_FOUND);
    assert_int_equal(review_get(txn_snapshot(txn), story->employee, &row, err), ST_NOT_FOUND);
    row = review_on("emp_0000000000_00000000000000000000000000", DAY, "review-2@example.org");
    assert_int_equal(review_add(txn, &row, err), ST_CONFLICT);
    assert_string_equal(err->fields[0].pointer, "/employee");
    return ST_OK;
}

static void test_strangers_are_refused(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, refuse_strangers, &story);
}

static enum status add_several(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    for (int i = 0; i < 5; i++) {
        const char *uid = arena_printf(txn_arena(txn), "review-day-%d@example.org", i);
        struct review_row row = review_on(story->employee, i < 2 ? DATE_NONE : DAY + 10 - i, uid);
        row.type = i == 4 ? "annual" : "professional";
        assert_int_equal(review_add(txn, &row, err), ST_OK);
    }
    return ST_OK;
}

static enum status page_through(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct story *story = context;
    struct review_filter filter = {.employee = story->employee, .from = DATE_NONE, .to = DATE_NONE};
    struct page page = {.limit = 2};
    date_t last = DATE_NONE;
    size_t found = 0;
    do {
        struct review_list list;
        assert_int_equal(review_list(snapshot, story->f->org, &filter, &page, &list, err), ST_OK);
        for (size_t i = 0; i < list.count; i++) {
            assert_true(list.items[i].day >= last);
            last = list.items[i].day;
        }
        found += list.count;
        page.cursor = list.next;
    } while (page.cursor);
    assert_int_equal(found, 6);
    assert_int_equal(last, DAY + 8);
    return ST_OK;
}

static enum status filter_them(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct story *story = context;
    struct review_list list;
    struct review_filter filter = {.from = DAY + 6, .to = DAY + 7};
    assert_int_equal(review_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    filter = (struct review_filter){.type = "annual", .from = DATE_NONE, .to = DATE_NONE};
    assert_int_equal(review_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    filter = (struct review_filter){.manager = story->employee, .from = DATE_NONE, .to = DATE_NONE};
    assert_int_equal(review_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 0);
    filter = (struct review_filter){.from = DATE_NONE, .to = DAY};
    assert_int_equal(review_list(snapshot, story->f->org, &filter, &(struct page){0}, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(
        review_list(snapshot, story->f->org, &filter, &(struct page){.cursor = "x"}, &list, err), ST_INVALID);
    assert_int_equal(review_of(snapshot, story->employee, &list, err), ST_OK);
    assert_int_equal(list.count, 6);
    return ST_OK;
}

static void test_lists(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, add_several, &story);
    fixture_see(story.f, page_through, &story);
    fixture_see(story.f, filter_them, &story);
}

static struct attendee_row attendee(const char *email, const char *role)
{
    return (struct attendee_row){.email = email,
        .name = "Somebody",
        .role = role,
        .partstat = "NEEDS-ACTION",
        .sent = -1,
        .refreshed_at = INSTANT_NONE,
        .answer_sequence = -1,
        .answer_dtstamp = INSTANT_NONE,
        .answer_start = INSTANT_NONE,
        .answer_end = INSTANT_NONE};
}

static enum status invite(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    struct attendee_row rows[] = {
        attendee("boss@example.org", "interviewer"), attendee("ada@example.org", "employee")};
    rows[1].partstat = "ACCEPTED";
    rows[1].countered = true;
    rows[1].answer_method = "COUNTER";
    rows[1].answer_sequence = 2;
    rows[1].answer_start = FIXTURE_NOW;
    assert_int_equal(attendee_replace(txn, story->review, rows, 2, err), ST_OK);
    assert_int_equal(attendee_mark_sent(txn, story->review, "ada@example.org", 4, err), ST_OK);
    assert_int_equal(attendee_mark_sent(txn, story->review, "ada@example.org", 3, err), ST_OK);
    assert_int_equal(attendee_mark_sent(txn, story->review, "nobody@example.org", 3, err), ST_OK);

    struct attendee_list list;
    assert_int_equal(attendee_list(txn_snapshot(txn), story->review, &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].email, "ada@example.org");
    assert_int_equal(list.items[0].sent, 4);
    assert_true(list.items[0].countered);
    assert_string_equal(list.items[0].answer_method, "COUNTER");
    assert_int_equal(list.items[0].answer_start, FIXTURE_NOW);
    assert_int_equal(list.items[1].sent, -1);

    assert_int_equal(attendee_replace(txn, story->review, rows, 1, err), ST_OK);
    assert_int_equal(attendee_list(txn_snapshot(txn), story->review, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    return ST_OK;
}

static void test_attendees(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, invite, &story);
}

static enum status upload(struct txn *txn, void *context, struct error *err)
{
    const struct story *story = context;
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct document_row first = {.review = story->review,
        .kind = "report",
        .media_type = "application/pdf",
        .sha256 = "aa",
        .size = 5,
        .content = {"%PDF-", 5}};
    struct document_row second = first, other = first, found;
    second.sha256 = "bb";
    other.kind = "copy";
    assert_int_equal(document_add(txn, &first, err), ST_OK);
    assert_int_equal(document_add(txn, &second, err), ST_OK);
    assert_int_equal(document_add(txn, &other, err), ST_OK);
    assert_int_equal(second.number, 2);
    assert_int_equal(other.number, 1);

    assert_int_equal(document_get(snapshot, story->review, "report", 0, &found, err), ST_OK);
    assert_string_equal(found.sha256, "bb");
    assert_memory_equal(found.content.data, "%PDF-", 5);
    assert_int_equal(document_get(snapshot, story->review, "report", 1, &found, err), ST_OK);
    assert_string_equal(found.sha256, "aa");
    assert_int_equal(document_get(snapshot, story->review, "recap", 0, &found, err), ST_NOT_FOUND);
    struct document_list list;
    assert_int_equal(document_list(snapshot, story->review, &list, err), ST_OK);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].kind, "copy");
    return ST_OK;
}

static void test_documents(void **state)
{
    struct story story = told(state);
    fixture_do(story.f, upload, &story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {STORE_TEST(test_all_members_are_kept),
        STORE_TEST(test_strangers_are_refused), STORE_TEST(test_lists), STORE_TEST(test_attendees),
        STORE_TEST(test_documents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
