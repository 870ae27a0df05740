/* The life of a review through its use cases: rows, duties, audit records and the outbox after each step. */
#include "reviews.h"

#define PLAY(r) struct reviews(r) = reviews_open(*state)

static enum status hold(struct reviews *r, date_t day)
{
    static const char *const themes[] = {"skills", "prospects", "training_needs", "wishes", "cpf"};
    struct review_step step = reviews_empty(REVIEW_EVENT_HOLD);
    step.date = day;
    step.themes = (struct list){themes, 5};
    return reviews_step(r, &step);
}

static enum status report(struct reviews *r, const char *reference)
{
    struct review_step step = reviews_empty(REVIEW_EVENT_REPORT);
    step.reference = reference;
    return reviews_step(r, &step);
}

static enum status copy(struct reviews *r, date_t day)
{
    struct review_step step = reviews_empty(REVIEW_EVENT_COPY);
    step.date = day;
    step.means = COPY_HAND;
    return reviews_step(r, &step);
}

static void test_from_plan_to_proof(void **state)
{
    PLAY(r);
    date_t day = date_of(2027, 1, 6);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(r.state, REVIEW_DRAFT);
    assert_string_equal(r.partstats, "employee NEEDS-ACTION; interviewer NEEDS-ACTION");
    assert_string_equal(reviews_outbox(&r), "");
    assert_string_equal(people_duties(r.p, r.ada, false), "first R2.FIRST 2027-01-11 to_plan; "
                                                          "recap R2.RECAP 2034-01-12 upcoming");

    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    assert_int_equal(r.state, REVIEW_INVITED);
    assert_int_equal(r.sequence, 0);
    assert_string_equal(r.warnings, "");
    assert_string_equal(r.duties, "first planned");
    assert_string_equal(
        reviews_outbox(&r), "invitation ada@x.example 0 queued; invitation boss@x.example 0 queued");

    people_move(r.p, day);
    assert_int_equal(hold(&r, day), ST_OK);
    assert_int_equal(r.state, REVIEW_HELD);
    assert_string_equal(r.missing, "");
    /* What has not left by now would only confuse. */
    assert_string_equal(
        reviews_outbox(&r), "invitation ada@x.example 0 superseded; invitation boss@x.example 0 superseded");
    assert_string_equal(r.duties, "first held");
    assert_int_equal(report(&r, "CR-1"), ST_OK);
    assert_string_equal(r.duties, "first reported");
    assert_int_equal(copy(&r, day), ST_OK);
    assert_int_equal(r.state, REVIEW_CLOSED);
    assert_string_equal(r.duties, "first proved");
    assert_string_equal(people_duties(r.p, r.ada, false),
        "periodic R2.PERIODIC 2031-01-06 upcoming; recap R2.RECAP 2034-01-12 upcoming");
    assert_string_equal(people_audit(r.p, r.p->org, r.id),
        "review.created review.invited review.held review.reported review.copied");
    assert_non_null(strstr(people_payload(r.p, r.id, "review.invited"), "\"state\":[\"draft\",\"invited\"]"));
    assert_true(fixture_verify(&r.p->f, r.p->org) > 5);
}

static void refuse_slot(struct reviews *r, const char *start, const char *why)
{
    char body[200];
    (void)snprintf(body, sizeof body, "{\"employee\":\"%%s\",\"start\":\"%s\",\"duration\":60}", start);
    assert_int_equal(reviews_create(r, body), ST_INVALID);
    people_expect_field(r->p, "/start");
    if (!strstr(r->p->err.fields[0].detail, why))
        fail_msg("%s is not in: %s", why, r->p->err.fields[0].detail);
}

static void test_days_on_which_nobody_is_convened(void **state)
{
    PLAY(r);
    refuse_slot(&r, "2027-01-09T09:00:00Z", "no day worked");
    refuse_slot(&r, "2027-05-06T09:00:00Z", "public holiday (Ascension Day)");
    refuse_slot(&r, "2026-11-20T09:00:00Z", "future");
    assert_non_null(people_add(
        r.p, &absence_facts, r.ada, "{\"type\":\"parental\",\"start\":\"2027-02-01\",\"end\":\"2027-03-31\"}"));
    refuse_slot(&r, "2027-02-10T09:00:00Z", "the employee is away on 2027-02-10");
    assert_null(strstr(r.p->err.fields[0].detail, "parental"));
    assert_non_null(people_add(r.p, &absence_facts, r.boss, "{\"type\":\"illness\",\"start\":\"2027-04-01\"}"));
    refuse_slot(&r, "2027-04-08T09:00:00Z", "the interviewer is away");
    assert_int_equal(people_change(r.p, r.ada, "{\"exit_date\":\"2027-06-01\"}", NULL), ST_OK);
    refuse_slot(&r, "2027-06-01T09:00:00Z", "leaves");
    /* Not away: a part-time parental leave, a day after the absence. */
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"start\":\"2027-01-29T09:00:00Z\",\"duration\":60}"), ST_OK);
}

static void test_working_hours_only_warn(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(
            &r, "{\"employee\":\"%s\",\"start\":\"2027-01-06T19:00:00Z\",\"duration\":60,\"mode\":\"remote\"}"),
        ST_OK);
    assert_string_equal(r.warnings, "outside_hours no_link");
    assert_int_equal(reviews_change(&r, "{\"start\":\"2027-01-06T09:00:00Z\","
                                        "\"conference_url\":\"https://meet.example/1\"}"),
        ST_OK);
    assert_string_equal(r.warnings, "");
}

static void test_notice(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"start\":\"2026-11-27T09:00:00Z\",\"duration\":60}"), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_INVALID);
    people_expect_field(r.p, "/start");
    struct review_step step = reviews_empty(REVIEW_EVENT_INVITE);
    step.short_notice = 1;
    assert_int_equal(reviews_step(&r, &step), ST_OK);
    assert_string_equal(r.warnings, "short_notice");
    assert_int_equal(reviews_change(&r, "{\"start\":\"2026-12-16T09:00:00Z\"}"), ST_OK);
    assert_string_equal(r.warnings, "");
}

static void test_another_slot_supersedes(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    assert_int_equal(
        reviews_receive(&r, "ada@x.example", ITIP_REPLY, PARTSTAT_ACCEPTED, 0, INSTANT_NONE), ITIP_TAKEN);
    assert_string_equal(r.partstats, "employee ACCEPTED; interviewer NEEDS-ACTION");
    assert_int_equal(reviews_change(&r, "{\"start\":\"2027-01-07T09:00:00Z\"}"), ST_OK);
    assert_int_equal(r.sequence, 1);
    assert_int_equal(r.state, REVIEW_INVITED);
    assert_string_equal(r.partstats, "employee NEEDS-ACTION; interviewer NEEDS-ACTION");
    assert_string_equal(reviews_outbox(&r),
        "invitation ada@x.example 0 superseded; invitation boss@x.example 0 superseded; "
        "invitation ada@x.example 1 queued; invitation boss@x.example 1 queued");
    assert_int_equal(reviews_change(&r, "{\"location\":\"Room 2\"}"), ST_OK);
    assert_int_equal(r.sequence, 2);
    int64_t version = r.version;
    assert_int_equal(reviews_change(&r, "{\"location\":\"Room 2\"}"), ST_OK);
    assert_int_equal(r.version, version);
}

static void test_answers(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    assert_int_equal(
        reviews_receive(&r, "ada@x.example", ITIP_REPLY, PARTSTAT_ACCEPTED, 0, INSTANT_NONE), ITIP_TAKEN);
    assert_int_equal(r.state, REVIEW_INVITED);
    assert_int_equal(
        reviews_receive(&r, "boss@x.example", ITIP_REPLY, PARTSTAT_ACCEPTED, 0, INSTANT_NONE), ITIP_TAKEN);
    assert_int_equal(r.state, REVIEW_ACCEPTED);
    const char *answered = people_payload(r.p, r.id, "review.answered");
    assert_non_null(strstr(answered, "\"partstat\":\"ACCEPTED\",\"role\":\"interviewer\""));
    assert_int_equal(
        reviews_receive(&r, "eve@x.example", ITIP_REPLY, PARTSTAT_DECLINED, 0, INSTANT_NONE), ITIP_STRANGER);
    assert_int_equal(r.state, REVIEW_ACCEPTED);

    instant_t other = zone_instant(zone_load("Europe/Paris", NULL), date_of(2027, 1, 12), 10 * 3600);
    assert_int_equal(
        reviews_receive(&r, "ada@x.example", ITIP_COUNTER, PARTSTAT_TENTATIVE, 0, other), ITIP_TAKEN);
    assert_int_equal(r.state, REVIEW_COUNTERED);
    assert_int_equal(reviews_counter(&r, false), ST_OK);
    assert_int_not_equal(r.state, REVIEW_COUNTERED);
    assert_int_equal(reviews_counter(&r, true), ST_CONFLICT);
    people_move(r.p, date_of(2026, 11, 23));
    assert_int_equal(
        reviews_receive(&r, "ada@x.example", ITIP_COUNTER, PARTSTAT_TENTATIVE, 0, other), ITIP_TAKEN);
    assert_int_equal(reviews_counter(&r, true), ST_OK);
    assert_int_equal(r.state, REVIEW_INVITED);
    assert_int_equal(r.sequence, 1);
    assert_non_null(strstr(people_audit(r.p, r.p->org, r.id), "review.counter_refused"));
}

static void test_held_elsewhere_sends_nothing(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\",\"report\":{\"reference\":\"CR-9\"},"
                           "\"copy\":{\"date\":\"2026-11-21\",\"means\":\"hand\"}}"),
        ST_OK);
    assert_int_equal(r.state, REVIEW_CLOSED);
    assert_string_equal(r.duties, "first proved");
    assert_string_equal(r.warnings, "themes_missing");
    assert_string_equal(reviews_outbox(&r), "");
    assert_string_equal(people_audit(r.p, r.p->org, r.id), "review.recorded");
    assert_int_equal(reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-23\"}"), ST_INVALID);
    people_expect_field(r.p, "/held");
    assert_int_equal(reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2025-11-23\"}"), ST_INVALID);
    people_expect_field(r.p, "/held");
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\",\"copy\":{\"date\":\"2026-11-21\"}}"),
        ST_INVALID);
    people_expect_field(r.p, "/report");
}

static void test_annual_reviews_satisfy_nothing(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"type\":\"annual\",\"held\":\"2026-11-20\"}"), ST_OK);
    assert_string_equal(r.duties, "");
    assert_string_equal(r.missing, "");
    assert_non_null(strstr(people_duties(r.p, r.ada, false), "first R2.FIRST 2027-01-11 to_plan"));
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"type\":\"annual\",\"recap\":true}"), ST_INVALID);
    people_expect_field(r.p, "/recap");
}

static void test_corrections_need_a_reason(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\"}"), ST_OK);
    assert_int_equal(reviews_change(&r, "{\"held\":\"2026-11-19\"}"), ST_INVALID);
    people_expect_field(r.p, "/reason");
    assert_int_equal(reviews_change(&r, "{\"held\":\"2026-11-19\",\"reason\":\"typing error\"}"), ST_OK);
    assert_int_equal(r.state, REVIEW_HELD);
    assert_non_null(strstr(people_duties(r.p, r.ada, false), "periodic R2.PERIODIC 2030-11-19"));
    assert_int_equal(reviews_change(&r, "{\"held\":null,\"reason\":\"never took place\"}"), ST_OK);
    assert_int_equal(r.state, REVIEW_DRAFT);
    assert_non_null(strstr(people_duties(r.p, r.ada, false), "first R2.FIRST 2027-01-11 to_plan"));
    assert_non_null(strstr(people_payload(r.p, r.id, "review.corrected"), "\"reason\":\"never took place\""));
    assert_int_equal(reviews_change(&r, "{\"themes\":[\"skills\"]}"), ST_CONFLICT);
}

static void test_what_was_covered_may_be_completed(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\",\"themes\":[\"skills\"]}"), ST_OK);
    assert_string_equal(r.missing, "prospects training_needs wishes cpf");
    assert_int_equal(
        reviews_change(&r, "{\"themes\":[\"skills\",\"prospects\",\"training_needs\",\"wishes\",\"cpf\"]}"),
        ST_OK);
    assert_string_equal(r.missing, "");
    assert_int_equal(reviews_change(&r, "{\"themes\":[\"salary\"]}"), ST_INVALID);
    people_expect_field(r.p, "/themes/0");
    assert_int_equal(reviews_change(&r, "{\"recap\":true}"), ST_INVALID);
    people_expect_field(r.p, "/reason");
    assert_int_equal(reviews_change(&r, "{\"recap\":true,\"reason\":\"it was the recap too\"}"), ST_OK);
    assert_int_equal(r.state, REVIEW_HELD);
}

static void test_what_a_state_does_not_allow(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(report(&r, "CR-1"), ST_CONFLICT);
    assert_non_null(strstr(r.p->err.detail, "the review is draft"));
    assert_non_null(strstr(r.p->err.detail, "invite"));
    assert_int_equal(hold(&r, DATE_NONE), ST_INVALID);
    people_expect_field(r.p, "/date");
    assert_int_equal(hold(&r, date_of(2026, 11, 23)), ST_INVALID);
    people_expect_field(r.p, "/date");
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_CANCEL), ST_OK);
    assert_int_equal(r.state, REVIEW_CANCELLED);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_CONFLICT);
    assert_int_equal(reviews_change(&r, "{\"start\":\"2027-01-07T09:00:00Z\"}"), ST_CONFLICT);
}

static void test_cancelling_takes_back_what_was_sent(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_CANCEL), ST_OK);
    /* Nobody has heard of it yet: nothing is sent at all. */
    assert_string_equal(
        reviews_outbox(&r), "invitation ada@x.example 0 superseded; invitation boss@x.example 0 superseded");
    assert_non_null(strstr(people_duties(r.p, r.ada, false), "first R2.FIRST 2027-01-11 to_plan"));
}

static void test_absence_and_reconvening(void **state)
{
    PLAY(r);
    assert_int_equal(
        reviews_create(&r, "{\"employee\":\"%s\",\"start\":\"2026-12-15T09:00:00Z\",\"duration\":60}"), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_ABSENCE), ST_CONFLICT);
    people_move(r.p, date_of(2026, 12, 15));
    struct review_step step = reviews_empty(REVIEW_EVENT_ABSENCE);
    step.reason = "ill that day";
    assert_int_equal(reviews_step(&r, &step), ST_OK);
    assert_int_equal(r.state, REVIEW_NO_SHOW);
    assert_non_null(strstr(people_duties(r.p, r.ada, false), "first R2.FIRST 2027-01-11 to_plan"));
    assert_int_equal(reviews_change(&r, "{\"start\":\"2027-01-06T09:00:00Z\"}"), ST_OK);
    assert_int_equal(r.state, REVIEW_INVITED);
    assert_int_equal(r.sequence, 1);
    assert_string_equal(r.duties, "first planned");
    assert_non_null(strstr(people_audit(r.p, r.p->org, r.id), "review.missed review.reconvened"));
}

static void test_a_refusal_keeps_its_proof(void **state)
{
    PLAY(r);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    struct review_step step = reviews_empty(REVIEW_EVENT_REFUSE);
    step.date = date_of(2026, 11, 22);
    step.proof = "letter of 22 November";
    assert_int_equal(reviews_step(&r, &step), ST_OK);
    assert_int_equal(r.state, REVIEW_REFUSED);
    assert_non_null(strstr(people_payload(r.p, r.id, "review.refused"), "letter of 22 November"));
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_CANCEL), ST_CONFLICT);
}

static void test_another_interviewer(void **state)
{
    PLAY(r);
    const char *other = people_hire(r.p, "{\"number\":\"3\",\"given_name\":\"Alan\",\"family_name\":\"Turing\","
                                         "\"email\":\"alan@x.example\",\"hire_date\":\"2020-01-06\"}");
    char patch[100];
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_OK);
    (void)snprintf(patch, sizeof patch, "{\"interviewer\":\"%s\"}", other);
    assert_int_equal(reviews_change(&r, patch), ST_OK);
    assert_int_equal(r.sequence, 1);
    assert_non_null(strstr(reviews_outbox(&r), "invitation alan@x.example 1 queued"));
    (void)snprintf(patch, sizeof patch, "{\"interviewer\":\"%s\"}", r.ada);
    assert_int_equal(reviews_change(&r, patch), ST_INVALID);
    people_expect_field(r.p, "/interviewer");
    assert_int_equal(reviews_change(&r, "{\"interviewer\":null}"), ST_OK);
    assert_string_equal(r.warnings, "no_interviewer");
}

static void test_people_without_an_address(void **state)
{
    PLAY(r);
    assert_int_equal(people_change(r.p, r.ada, "{\"email\":null}", NULL), ST_OK);
    assert_int_equal(reviews_create(&r, REVIEWS_PLANNED), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_INVALID);
    people_expect_field(r.p, "/employee");
    assert_int_equal(people_change(r.p, r.ada, "{\"email\":\"BOSS@x.example\"}", NULL), ST_OK);
    assert_int_equal(reviews_event(&r, REVIEW_EVENT_INVITE), ST_INVALID);
    people_expect_field(r.p, "/interviewer");
}

static void test_imports_repeat_without_harm(void **state)
{
    PLAY(r);
    enum outcome outcome;
    struct review_record record = {.employee = r.ada, .held = date_of(2026, 6, 2), .copy_handed = DATE_NONE};
    assert_int_equal(reviews_record(&r, &record, &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_CREATED);
    const char *id = r.id;
    record.report_reference = "CR-1";
    record.copy_handed = date_of(2026, 6, 5);
    assert_int_equal(reviews_record(&r, &record, &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_UPDATED);
    assert_string_equal(r.id, id);
    assert_int_equal(r.state, REVIEW_CLOSED);
    assert_int_equal(reviews_record(&r, &record, &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_UNCHANGED);
    assert_string_equal(reviews_outbox(&r), "");
    record.held = date_of(2027, 6, 2);
    assert_int_equal(reviews_record(&r, &record, &outcome), ST_INVALID);
    people_expect_field(r.p, "/held");
}

static void test_documents(void **state)
{
    PLAY(r);
    int64_t number;
    assert_int_equal(reviews_create(&r, "{\"employee\":\"%s\",\"held\":\"2026-11-20\"}"), ST_OK);
    assert_int_equal(reviews_document(&r, "%PDF-1.4 a", 10, &number), ST_OK);
    assert_int_equal(number, 1);
    assert_int_equal(reviews_document(&r, "%PDF-1.4 a", 10, &number), ST_OK);
    assert_int_equal(number, 1);
    assert_int_equal(reviews_document(&r, "%PDF-1.4 b", 10, &number), ST_OK);
    assert_int_equal(number, 2);
    assert_int_equal(reviews_document(&r, "PK\003\004", 4, &number), ST_INVALID);
    assert_int_equal(reviews_document(&r, "", 0, &number), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PEOPLE_TEST(test_from_plan_to_proof),
        PEOPLE_TEST(test_days_on_which_nobody_is_convened), PEOPLE_TEST(test_working_hours_only_warn),
        PEOPLE_TEST(test_notice), PEOPLE_TEST(test_another_slot_supersedes), PEOPLE_TEST(test_answers),
        PEOPLE_TEST(test_held_elsewhere_sends_nothing), PEOPLE_TEST(test_annual_reviews_satisfy_nothing),
        PEOPLE_TEST(test_corrections_need_a_reason), PEOPLE_TEST(test_what_was_covered_may_be_completed),
        PEOPLE_TEST(test_what_a_state_does_not_allow), PEOPLE_TEST(test_cancelling_takes_back_what_was_sent),
        PEOPLE_TEST(test_absence_and_reconvening), PEOPLE_TEST(test_a_refusal_keeps_its_proof),
        PEOPLE_TEST(test_another_interviewer), PEOPLE_TEST(test_people_without_an_address),
        PEOPLE_TEST(test_imports_repeat_without_harm), PEOPLE_TEST(test_documents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
