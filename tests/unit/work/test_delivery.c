/* What leaves about a review, as rows of the outbox: invitations, notices, the ends of a sender's claim. */
#include "people.h"

#include "store/delivery.h"
#include "store/review.h"
#include "work/delivery.h"

#include <stdio.h>

struct outbox_test {
    struct people p;
    const char *employee, *manager;
    const char *review;
    struct invitation_message message;
    unsigned notices;
    const char *delivery;
    struct delivery_row rows[20];
    size_t count;
    struct delivery_end end;
    struct attendee_list attendees;
};

/* ---- jobs */

static enum status job_plan(struct txn *txn, void *context, struct error *err)
{
    struct outbox_test *t = context;
    instant_t start = date_of(2027, 1, 6) * US_PER_DAY + 9 * (3600 * US_PER_SEC);
    struct review_row row = {.employee = t->employee,
        .type = "professional",
        .interviewer = t->manager,
        .day = date_of(2027, 1, 6),
        .starts_at = start,
        .ends_at = start + (3600 * US_PER_SEC),
        .mode = "onsite",
        .location = "Lyon, salle Saône",
        .state = "invited",
        .held_on = DATE_NONE,
        .reported_on = DATE_NONE,
        .copied_on = DATE_NONE,
        .uid = "review-1@rhone.example",
        .sequence = 0,
        .time_sequence = 0,
        .dtstamp = txn_now(txn),
        .shown = true,
        .body = "{}"};
    enum status status = review_add(txn, &row, err);
    const struct attendee_row people[] = {{.email = "camille.roche@rhone.example",
                                              .name = "Camille Roche",
                                              .employee = t->employee,
                                              .role = "employee",
                                              .partstat = "NEEDS-ACTION",
                                              .sent = -1,
                                              .answer_sequence = -1,
                                              .refreshed_at = INSTANT_NONE,
                                              .answer_dtstamp = INSTANT_NONE,
                                              .answer_start = INSTANT_NONE,
                                              .answer_end = INSTANT_NONE},
        {.email = "karim.benali@rhone.example",
            .name = "Karim Benali",
            .employee = t->manager,
            .role = "interviewer",
            .partstat = "ACCEPTED",
            .sent = -1,
            .answer_sequence = -1,
            .refreshed_at = INSTANT_NONE,
            .answer_dtstamp = INSTANT_NONE,
            .answer_start = INSTANT_NONE,
            .answer_end = INSTANT_NONE}};
    t->review = arena_strdup(t->p.f.arena, row.id);
    return status == ST_OK ? attendee_replace(txn, row.id, people, 2, err) : status;
}

static enum status job_invite(struct txn *txn, void *context, struct error *err)
{
    struct outbox_test *t = context;
    return delivery_invitation(txn, t->review, &t->message, err);
}

static enum status job_notify(struct txn *txn, void *context, struct error *err)
{
    struct outbox_test *t = context;
    return delivery_notices(txn, t->review, t->notices, err);
}

static enum status job_settle(struct txn *txn, void *context, struct error *err)
{
    struct outbox_test *t = context;
    struct delivery_list claimed;
    enum status status =
        delivery_claim(txn, "mail", "sender", txn_now(txn) + 60 * US_PER_SEC, 10, &claimed, err);
    for (size_t i = 0; status == ST_OK && i < claimed.count; i++) {
        t->end.id = claimed.items[i].id;
        status = delivery_settle(txn, "sender", &t->end, err);
    }
    return status;
}

static enum status job_read(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct outbox_test *t = context;
    struct delivery_list list;
    struct delivery_filter filter = {.state = -1};
    struct page page = {0};
    enum status status = delivery_list(snapshot, t->p.org, &filter, &page, &list, err);
    struct arena *arena = t->p.f.arena;
    t->count = status == ST_OK ? list.count : 0;
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct delivery_row row;
        status = delivery_get(snapshot, list.items[list.count - 1 - i].id, &row, err);
        t->rows[i] = (struct delivery_row){.id = arena_strdup(arena, row.id),
            .kind = arena_strdup(arena, row.kind),
            .recipient = arena_strdup(arena, row.recipient),
            .uid = arena_strdup(arena, row.uid),
            .message_id = arena_strdup(arena, row.message_id),
            .payload = arena_strdup(arena, row.payload),
            .state = row.state,
            .sequence = row.sequence,
            .content = {arena_strndup(arena, row.content.data, row.content.size), row.content.size}};
    }
    return status == ST_OK && t->review ? attendee_list(snapshot, t->review, &t->attendees, err) : status;
}

static enum status job_sent(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct outbox_test *t = context;
    enum status status = attendee_list(snapshot, t->review, &t->attendees, err);
    if (status == ST_OK && t->attendees.items[0].sent != 0)
        return error_set(err, ST_CONFLICT, "sent is %d", (int)t->attendees.items[0].sent);
    return status;
}

static enum status run(struct outbox_test *t, txn_run job)
{
    error_clear(&t->p.err);
    return store_write_now(t->p.f.store, t->p.org, "tester", job, t, &t->p.err);
}

static void look(struct outbox_test *t)
{
    assert_int_equal(store_read_now(t->p.f.store, job_read, t, &t->p.err), ST_OK);
}

static enum status invite(struct outbox_test *t, int method, const char *email, int sequence)
{
    t->message = (struct invitation_message){.method = method,
        .email = email,
        .sequence = sequence,
        .dtstamp = clock_now(t->p.f.clock),
        .drops = true};
    t->message.dtstamp -= t->message.dtstamp % US_PER_SEC;
    return run(t, job_invite);
}

/* ---- a story */

static int set_up(void **state)
{
    static struct outbox_test t;
    t = (struct outbox_test){0};
    people_open(&t.p, date_of(2026, 11, 22),
        "{\"name\":\"Ateliers du Rhône\",\"organiser\":{\"name\":\"Ressources humaines\","
        "\"email\":\"rh@rhone.example\"}}");
    t.manager = people_hire(&t.p, "{\"number\":\"1\",\"given_name\":\"Karim\",\"family_name\":\"Benali\","
                                  "\"email\":\"karim.benali@rhone.example\",\"hire_date\":\"2015-01-01\"}");
    t.employee = people_hire(&t.p, "{\"number\":\"2\",\"given_name\":\"Camille\",\"family_name\":\"Roche\","
                                   "\"email\":\"camille.roche@rhone.example\",\"hire_date\":\"2025-01-11\"}");
    assert_non_null(t.employee);
    assert_int_equal(run(&t, job_plan), ST_OK);
    *state = &t;
    return 0;
}

static int tear_down(void **state)
{
    struct outbox_test *t = *state;
    people_close(&t->p);
    return 0;
}

static bool says(const struct delivery_row *row, const char *text)
{
    return strstr(row->content.data, text) != NULL;
}

static void test_invitation_is_a_message_in_the_row(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    look(t);
    assert_int_equal(t->count, 1);
    const struct delivery_row *row = &t->rows[0];
    assert_string_equal(row->kind, "invitation");
    assert_int_equal(row->state, DELIVERY_STATE_QUEUED);
    assert_string_equal(row->recipient, "camille.roche@rhone.example");
    assert_string_equal(row->uid, "review-1@rhone.example");
    assert_true(says(row, "To: Camille Roche <camille.roche@rhone.example>\r\n"));
    assert_true(says(row, "From: Ressources humaines <rh@rhone.example>\r\n"));
    assert_true(says(row, "method=REQUEST"));
    assert_true(says(row, row->message_id));
    assert_non_null(strstr(row->payload, "\"from\":\"rh@rhone.example\""));
}

static void test_newer_version_replaces_one_that_has_not_left(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    assert_int_equal(invite(t, ITIP_REQUEST, "karim.benali@rhone.example", 0), ST_OK);
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 1), ST_OK);
    look(t);
    assert_int_equal(t->count, 3);
    assert_int_equal(t->rows[0].state, DELIVERY_STATE_SUPERSEDED);
    assert_int_equal(t->rows[1].state, DELIVERY_STATE_QUEUED);
    assert_int_equal(t->rows[2].state, DELIVERY_STATE_QUEUED);
    assert_true(says(&t->rows[2], "Subject:"));
    /* Cancelled before it left: nobody hears of it. */
    assert_int_equal(invite(t, ITIP_NONE, "camille.roche@rhone.example", 2), ST_OK);
    look(t);
    assert_int_equal(t->count, 3);
    assert_int_equal(t->rows[2].state, DELIVERY_STATE_SUPERSEDED);
}

static void test_sent_is_noted_with_the_attendee(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    t->end = (struct delivery_end){.outcome = DELIVERY_SENT};
    assert_int_equal(run(t, job_settle), ST_OK);
    look(t);
    assert_int_equal(t->rows[0].state, DELIVERY_STATE_SENT);
    assert_int_equal(store_read_now(t->p.f.store, job_sent, t, &t->p.err), ST_OK);
    assert_string_equal(people_audit(&t->p, t->p.org, t->rows[0].id), "delivery.sent");
    /* What follows tells of a change. */
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 1), ST_OK);
    look(t);
    assert_true(says(&t->rows[1], "Modification"));
    assert_int_equal(invite(t, ITIP_CANCEL, "camille.roche@rhone.example", 2), ST_OK);
    look(t);
    assert_int_equal(t->rows[1].content.size, 0);
    assert_string_equal(t->rows[2].kind, "cancellation");
    assert_true(says(&t->rows[2], "method=CANCEL"));
}

static void test_given_up_is_audited(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    t->end = (struct delivery_end){.outcome = DELIVERY_GIVEN_UP, .why = "550 no such mailbox"};
    assert_int_equal(run(t, job_settle), ST_OK);
    look(t);
    assert_int_equal(t->rows[0].state, DELIVERY_STATE_DEAD);
    assert_non_null(strstr(people_payload(&t->p, t->rows[0].id, "delivery.abandoned"), "550 no such mailbox"));
}

static void test_tried_again_later(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    t->end = (struct delivery_end){
        .outcome = DELIVERY_RETRY, .why = "451 later", .next_at = clock_now(t->p.f.clock) + 60 * US_PER_SEC};
    assert_int_equal(run(t, job_settle), ST_OK);
    look(t);
    assert_int_equal(t->rows[0].state, DELIVERY_STATE_FAILED);
    assert_string_equal(people_audit(&t->p, t->p.org, t->rows[0].id), "");
}

static void test_held_and_off(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(people_organisation_change(&t->p, "{\"deliveries\":\"held\"}"), ST_OK);
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_OK);
    look(t);
    assert_int_equal(t->rows[0].state, DELIVERY_STATE_HELD);
    assert_int_equal(people_organisation_change(&t->p, "{\"deliveries\":\"off\"}"), ST_OK);
    assert_int_equal(invite(t, ITIP_REQUEST, "karim.benali@rhone.example", 0), ST_OK);
    look(t);
    assert_int_equal(t->count, 1);
}

static void test_no_mailbox_to_write_from(void **state)
{
    struct outbox_test *t = *state;
    assert_int_equal(people_organisation_change(&t->p, "{\"organiser\":null}"), ST_OK);
    assert_int_equal(invite(t, ITIP_REQUEST, "camille.roche@rhone.example", 0), ST_CONFLICT);
    t->notices = REVIEW_NOTICE_HR;
    assert_int_equal(run(t, job_notify), ST_OK);
    look(t);
    assert_int_equal(t->count, 0);
}

static void test_notices(void **state)
{
    struct outbox_test *t = *state;
    t->notices = REVIEW_NOTICE_SLOT | REVIEW_NOTICE_HR | REVIEW_NOTICE_INTERVIEWER;
    assert_int_equal(run(t, job_notify), ST_OK);
    look(t);
    assert_int_equal(t->count, 3);
    assert_string_equal(t->rows[0].kind, "proposal");
    assert_string_equal(t->rows[0].recipient, "camille.roche@rhone.example");
    assert_string_equal(t->rows[1].kind, "decision");
    assert_string_equal(t->rows[1].recipient, "rh@rhone.example");
    assert_string_equal(t->rows[2].recipient, "karim.benali@rhone.example");
    assert_null(t->rows[1].uid);
}

#define OUTBOX_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(test_invitation_is_a_message_in_the_row),
        OUTBOX_TEST(test_newer_version_replaces_one_that_has_not_left),
        OUTBOX_TEST(test_sent_is_noted_with_the_attendee),
        OUTBOX_TEST(test_given_up_is_audited),
        OUTBOX_TEST(test_tried_again_later),
        OUTBOX_TEST(test_held_and_off),
        OUTBOX_TEST(test_no_mailbox_to_write_from),
        OUTBOX_TEST(test_notices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
