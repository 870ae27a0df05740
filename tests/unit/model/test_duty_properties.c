/* What holds for every employee: thousands of invented lives, always the same ones. */
#include "story.h"

enum { LIVES = 3000, WALKS = 40, WALK_DAYS = 9000, MANY = 500 };

static uint64_t seed = 20261122;

/* splitmix64: the same lives on every machine. */
static uint32_t draw(uint32_t below)
{
    uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % below);
}

static bool one_in(uint32_t n)
{
    return draw(n) == 0;
}

static date_t draw_date(const char *from, const char *to)
{
    date_t low = day(from);
    return low + (date_t)draw((uint32_t)(day(to) - low + 1));
}

/* Terms are most interesting around their ends. */
static date_t draw_after(date_t date)
{
    static const int terms[] = {365, 366, 729, 730, 731, 732, 1460, 1461, 90, 1000, 2191, 2922};
    return date + terms[draw(sizeof terms / sizeof terms[0])] + (date_t)draw(3) - 1;
}

static void draw_reviews(struct story *s)
{
    date_t held = s->facts.employee.hire_date;
    for (uint32_t n = draw(6); n > 0; n--) {
        held = draw_after(held);
        struct case_review *review = story_review(s, one_in(3) ? NULL : "rev", NULL);
        review->type = one_in(10) ? REVIEW_ANNUAL : REVIEW_PROFESSIONAL;
        review->recap = one_in(5);
        review->planned = one_in(2) ? held - (date_t)draw(20) : DATE_NONE;
        review->held = one_in(8) && review->planned != DATE_NONE ? DATE_NONE : held;
        review->reported = one_in(2) ? held + 7 : DATE_NONE;
        review->copy_handed = one_in(3) ? held + 20 : DATE_NONE;
        review->refused = one_in(12) ? held + 1 : DATE_NONE;
    }
}

static void draw_absences(struct story *s)
{
    date_t start = s->facts.employee.hire_date + (date_t)draw(4000);
    for (uint32_t n = one_in(2) ? draw(6) : 0; n > 0; n--) {
        const struct rules *rules = s->facts.rules;
        struct case_absence *absence = story_absence(s, one_in(3) ? NULL : "abs",
            rules->absences[draw((uint32_t)rules->absence_count)].name, NULL, NULL);
        int days = 1 + (int)draw(one_in(3) ? 900 : 200);
        absence->start = start;
        absence->end = one_in(12) ? DATE_NONE : start + days - 1;
        absence->announced = one_in(2) ? start + (date_t)draw(80) - 60 : DATE_NONE;
        start += days + (date_t)draw(4) - 1;
    }
}

static void draw_agreements(struct story *s)
{
    static const char *const periods[] = {
        "P1Y", "P18M", "P30M", "P3Y", "P4Y", "P49M", "P6Y", "P1461D", "P1462D"};
    for (int level = AGREEMENT_COMPANY; level <= AGREEMENT_BRANCH; level++) {
        if (!one_in(4))
            continue;
        struct case_agreement *agreement =
            story_agreement(s, (enum agreement_level)level, periods[draw(sizeof periods / sizeof periods[0])]);
        agreement->valid_from = draw_date("2012-01-01", "2027-01-01");
        agreement->valid_to = one_in(2) ? agreement->valid_from + (date_t)draw(3000) : DATE_NONE;
    }
}

static void draw_life(struct story *s)
{
    struct duty_case empty = duty_case_init(s->facts.rules, draw_date("2013-06-01", "2036-01-01"));
    s->facts.review_count = s->facts.absence_count = s->facts.event_count = s->facts.agreement_count = 0;
    s->facts.as_of = empty.as_of;
    s->facts.employee = empty.employee;
    s->facts.policies = empty.policies;
    struct case_employee *employee = &s->facts.employee;
    employee->hire_date = draw_date("2008-01-01", "2029-01-01");
    employee->seniority_date = one_in(5) ? employee->hire_date - (date_t)draw(3000) : DATE_NONE;
    employee->birth_date = one_in(4) ? DATE_NONE : employee->hire_date - 6000 - (date_t)draw(14000);
    employee->contract_end = one_in(6) ? employee->hire_date + (date_t)draw(600) : DATE_NONE;
    employee->exit_date = one_in(20) ? employee->hire_date + (date_t)draw(6000) : DATE_NONE;
    s->facts.policies.periodic_anchor = one_in(4) ? PERIODIC_HIRE_ANNIVERSARY : PERIODIC_LAST_HELD;
    s->facts.policies.first_transition = one_in(4) ? TRANSITION_LENIENT : TRANSITION_STRICT;
    draw_reviews(s);
    draw_absences(s);
    draw_agreements(s);
    for (uint32_t n = one_in(3) ? draw(3) : 0; n > 0; n--) {
        story_visit(s, one_in(2) ? NULL : "visit", NULL);
        s->events[s->facts.event_count - 1].date = employee->hire_date + (date_t)draw(7000);
    }
}

static void check_duty(const struct duty *duty)
{
    assert_true(duty->due != DATE_NONE);
    assert_true(duty->due <= duty->limit);
    assert_true(duty->rule->family == duty->family);
    assert_true(duty->state >= 0 && duty->state < DUTY_STATE_COUNT && duty->state != DUTY_UNKNOWN);
    assert_true(duty->opens == DATE_NONE || duty->opens <= duty->due);
    assert_true(!duty->tolerated || duty->state != DUTY_HELD_LATE);
    assert_true(duty->shifted == DATE_NONE || duty->shifted == duty->due + duty->excluded_days);
    for (unsigned i = 0; i < duty->reading_count; i++)
        assert_true(duty->readings[i].date != DATE_NONE);
}

static void dates_are_in_order(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < LIVES; i++) {
        draw_life(s);
        assert_int_equal(duty_case_check(&s->facts, NULL), ST_OK);
        duties_compute(s->arena, &s->facts, &s->duties);
        unsigned families = 0;
        for (size_t k = 0; k < s->duties.open_count; k++) {
            const struct duty *duty = &s->duties.open[k];
            check_duty(duty);
            assert_true(duty->state != DUTY_OVERDUE || duty->due < s->facts.as_of);
            assert_true(k == 0 || s->duties.open[k - 1].due <= duty->due);
            bool several = duty->family == DUTY_RETURN || duty->family == DUTY_BEFORE_LEAVE;
            assert_true(several || !(families >> duty->family & 1U));
            families |= 1U << duty->family;
        }
        assert_false((families >> DUTY_FIRST & 1U) && (families >> DUTY_PERIODIC & 1U));
        for (size_t k = 0; k < s->duties.history_count; k++) {
            check_duty(&s->duties.history[k]);
            assert_true(s->duties.history[k].satisfied_on <= s->facts.as_of);
        }
        assert_true(s->duties.next_check == DATE_NONE || s->duties.next_check > s->facts.as_of);
    }
}

#define SHUFFLE(items, count)                                                                                  \
    for (size_t n = (count); n > 1; n--) {                                                                     \
        size_t k = draw((uint32_t)n);                                                                          \
        __typeof__((items)[0]) held = (items)[n - 1];                                                          \
        (items)[n - 1] = (items)[k];                                                                           \
        (items)[k] = held;                                                                                     \
    }

static void assert_same_dates(const struct duty *a, size_t a_count, const struct duty *b, size_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        assert_ptr_equal(a[i].rule, b[i].rule);
        assert_int_equal(a[i].due, b[i].due);
        assert_int_equal(a[i].limit, b[i].limit);
        assert_int_equal(a[i].state, b[i].state);
        assert_int_equal(a[i].anchor, b[i].anchor);
        assert_int_equal(a[i].conflict, b[i].conflict);
        assert_int_equal(a[i].excluded_days, b[i].excluded_days);
    }
}

static void the_order_of_facts_changes_nothing(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < LIVES / 3; i++) {
        draw_life(s);
        struct duties before;
        duties_compute(s->arena, &s->facts, &before);
        SHUFFLE(s->reviews, s->facts.review_count)
        SHUFFLE(s->absences, s->facts.absence_count)
        SHUFFLE(s->events, s->facts.event_count)
        SHUFFLE(s->agreements, s->facts.agreement_count)
        duties_compute(s->arena, &s->facts, &s->duties);
        assert_int_equal(before.next_check, s->duties.next_check);
        assert_same_dates(before.open, before.open_count, s->duties.open, s->duties.open_count);
        assert_same_dates(before.history, before.history_count, s->duties.history, s->duties.history_count);
    }
}

static bool same_dates(const struct duty *a, size_t a_count, const struct duty *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = a[i].rule == b[i].rule && a[i].due == b[i].due && a[i].limit == b[i].limit &&
               a[i].state == b[i].state && a[i].excluded_days == b[i].excluded_days;
    return same;
}

static void another_employment_changes_nothing(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < LIVES / 3; i++) {
        draw_life(s);
        struct duties before;
        duties_compute(s->arena, &s->facts, &before);
        date_t first = case_first_day(&s->facts.employee);
        struct case_review *review = story_review(s, "old", NULL);
        review->held = first - 1 - (date_t)draw(3000);
        review->recap = one_in(3);
        struct case_absence *absence = story_absence(
            s, "old", s->facts.rules->absences[draw((uint32_t)s->facts.rules->absence_count)].name, NULL, NULL);
        absence->end = first - 1 - (date_t)draw(400);
        absence->start = absence->end - (date_t)draw(400);
        duties_compute(s->arena, &s->facts, &s->duties);
        bool same =
            before.next_check == s->duties.next_check &&
            same_dates(before.open, before.open_count, s->duties.open, s->duties.open_count) &&
            same_dates(before.history, before.history_count, s->duties.history, s->duties.history_count);
        if (!same)
            print_error("life %d: first day %s, a review on %s, %s from %s to %s, seen on %s\n", i,
                date_show(first).text, date_show(review->held).text, absence->type,
                date_show(absence->start).text, date_show(absence->end).text, date_show(s->facts.as_of).text);
        assert_true(same);
    }
}

static const struct duty *next_review(const struct duties *duties)
{
    for (size_t i = 0; i < duties->open_count; i++)
        if (duties->open[i].family == DUTY_FIRST || duties->open[i].family == DUTY_PERIODIC)
            return &duties->open[i];
    return NULL;
}

static void a_review_held_on_time_never_brings_the_next_one_forward(void **state)
{
    struct story *s = *state;
    const date_t law = day("2014-03-07");
    int tried = 0;
    for (int i = 0; i < LIVES; i++) {
        draw_life(s);
        s->facts.agreement_count = 0;
        s->facts.policies.periodic_anchor = PERIODIC_LAST_HELD;
        struct duties before;
        duties_compute(s->arena, &s->facts, &before);
        const struct duty *open = next_review(&before);
        date_t last = open ? (s->facts.as_of < open->due ? s->facts.as_of : open->due) : DATE_NONE;
        /* Before the law of 2014 nothing was due, and nothing could be held on time. */
        date_t first = open && open->anchor > law ? open->anchor : law;
        if (!open || s->facts.review_count == STORY_FACTS || last <= first)
            continue;
        story_review(s, "new", NULL)->held = last - (date_t)draw((uint32_t)(last - first));
        duties_compute(s->arena, &s->facts, &s->duties);
        assert_true(next_review(&s->duties)->due >= open->due);
        tried++;
    }
    assert_true(tried > LIVES / 2);
}

/* Day after day for a quarter of a century: the answer changes on the announced days, and on no other. */
static void nothing_changes_before_the_announced_day(void **state)
{
    struct story *s = *state;
    struct arena *arenas[] = {arena_new(1 << 16), arena_new(1 << 16)};
    int changes = 0;
    int idle = 0;
    for (int walk = 0; walk < WALKS; walk++) {
        draw_life(s);
        s->facts.as_of = day("2013-01-01");
        struct duties now;
        struct duties next;
        size_t used = 0;
        duties_compute(arenas[used], &s->facts, &now);
        date_t announced = duty_next_change(&s->facts);
        for (int i = 0; i < WALK_DAYS; i++) {
            s->facts.as_of++;
            arena_reset(arenas[!used]);
            duties_compute(arenas[!used], &s->facts, &next);
            bool changed = !duties_equal(&now, &next);
            assert_int_equal(changed, s->facts.as_of == announced);
            assert_true(!changed || now.next_check == s->facts.as_of);
            idle += !changed && now.next_check == s->facts.as_of;
            if (changed)
                announced = duty_next_change(&s->facts);
            changes += changed;
            now = next;
            used = !used;
        }
    }
    assert_true(changes > WALKS * 10);
    assert_true(idle < changes / 4);
    arena_free(arenas[0]);
    arena_free(arenas[1]);
}

static void hundreds_of_facts_are_fine(void **state)
{
    struct story *s = *state;
    static struct case_review reviews[MANY];
    static struct case_absence absences[MANY];
    s->facts.employee.hire_date = day("2010-01-04");
    for (int i = 0; i < MANY; i++) {
        story_review(s, NULL, "2015-01-01");
        reviews[i] = s->reviews[--s->facts.review_count];
        reviews[i].held += (MANY - i) * 9;
        story_absence(s, NULL, i % 3 ? "carer" : "sabbatical", "2015-01-01", "2015-01-09");
        absences[i] = s->absences[--s->facts.absence_count];
        absences[i].start += (MANY - i) * 7;
        absences[i].end += (MANY - i) * 7 + i % 5 * 40;
    }
    s->facts.reviews = reviews;
    s->facts.review_count = MANY;
    s->facts.absences = absences;
    s->facts.absence_count = MANY;
    story_on(s, "2026-11-22");
    assert_true(s->duties.history_count > MANY);
    for (size_t i = 0; i < s->duties.open_count; i++)
        check_duty(&s->duties.open[i]);
}

/* Nobody checked these: the engine neither crashes nor counts them. */
static void impossible_facts_do_no_harm(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    struct duties alone = *story_on(s, "2026-11-22");
    story_absence(s, "unknown", "holiday", "2024-01-01", "2024-12-31");
    story_absence(s, "typeless", NULL, "2024-01-01", "2024-12-31");
    story_absence(s, "backwards", "sabbatical", "2024-12-31", "2024-01-01");
    story_absence(s, "dateless", "sabbatical", NULL, NULL);
    story_review(s, NULL, NULL);
    story_visit(s, NULL, NULL);
    story_agreement(s, AGREEMENT_COMPANY, "P3Y")->period = (struct period){0};
    assert_true(duties_equal(&alone, story_on(s, "2026-11-22")));
    s->facts.employee.hire_date = day("1900-01-01");
    s->facts.employee.birth_date = day("2199-12-31");
    s->facts.employee.contract_end = day("1900-01-01");
    story_review(s, NULL, "1900-01-01");
    story_agreement(s, AGREEMENT_BRANCH, "P100Y");
    story_on(s, "2199-12-31");
    story_on(s, "1900-01-01");
    assert_int_equal(s->duties.open_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(dates_are_in_order),
        STORY(the_order_of_facts_changes_nothing),
        STORY(another_employment_changes_nothing),
        STORY(a_review_held_on_time_never_brings_the_next_one_forward),
        STORY(nothing_changes_before_the_announced_day),
        STORY(hundreds_of_facts_are_fine),
        STORY(impossible_facts_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
