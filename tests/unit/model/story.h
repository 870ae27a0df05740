#pragma once
/* One employee's story, told in lines: facts in, duties out. */
#include "model/duty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STORY_FACTS = 12 };

struct story {
    struct arena *arena;
    struct duty_case facts;
    struct case_review reviews[STORY_FACTS];
    struct case_absence absences[STORY_FACTS];
    struct case_event events[STORY_FACTS];
    struct case_agreement agreements[STORY_FACTS];
    struct duties duties;
};

static inline date_t day(const char *text)
{
    date_t date = DATE_NONE;
    if (text)
        assert_true(date_parse(text, &date));
    return date;
}

static inline int story_setup(void **state)
{
    struct story *s = calloc(1, sizeof *s);
    struct error err = ERROR_INIT;
    const struct rules *rules = NULL;
    s->arena = arena_new(0);
    assert_int_equal(rules_default(s->arena, &rules, &err), ST_OK);
    s->facts = duty_case_init(rules, day("2026-11-22"));
    s->facts.reviews = s->reviews;
    s->facts.absences = s->absences;
    s->facts.events = s->events;
    s->facts.agreements = s->agreements;
    *state = s;
    return 0;
}

static inline int story_teardown(void **state)
{
    struct story *s = *state;
    arena_free(s->arena);
    free(s);
    return 0;
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_setup, story_teardown)

static inline struct case_review *story_review(struct story *s, const char *id, const char *held)
{
    struct case_review *review = &s->reviews[s->facts.review_count++];
    *review = (struct case_review){.id = id,
        .type = REVIEW_PROFESSIONAL,
        .held = day(held),
        .planned = DATE_NONE,
        .reported = DATE_NONE,
        .copy_handed = DATE_NONE,
        .refused = DATE_NONE};
    return review;
}

static inline struct case_review *story_recap(struct story *s, const char *id, const char *held)
{
    struct case_review *review = story_review(s, id, held);
    review->recap = 1;
    return review;
}

static inline struct case_absence *story_absence(
    struct story *s, const char *id, const char *type, const char *start, const char *end)
{
    struct case_absence *absence = &s->absences[s->facts.absence_count++];
    *absence = (struct case_absence){
        .id = id, .type = type, .start = day(start), .end = day(end), .announced = DATE_NONE};
    return absence;
}

static inline void story_visit(struct story *s, const char *id, const char *date)
{
    s->events[s->facts.event_count++] =
        (struct case_event){.id = id, .type = EVENT_MIDCAREER_VISIT, .date = day(date)};
}

static inline struct case_agreement *story_agreement(
    struct story *s, enum agreement_level level, const char *period)
{
    struct case_agreement *agreement = &s->agreements[s->facts.agreement_count++];
    *agreement = (struct case_agreement){
        .level = (int)level, .valid_from = day("2015-01-01"), .valid_to = DATE_NONE, .reference = "accord"};
    assert_true(period_parse(period, &agreement->period));
    return agreement;
}

/* Computes the duties as seen on that day. */
static inline const struct duties *story_on(struct story *s, const char *as_of)
{
    s->facts.as_of = day(as_of);
    duties_compute(s->arena, &s->facts, &s->duties);
    return &s->duties;
}

static inline const struct duty *story_find(const struct duty *duties, size_t count, const char *rule)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(duties[i].rule->id, rule) == 0)
            return &duties[i];
    return NULL;
}

static inline const struct duty *story_open(const struct story *s, const char *rule)
{
    return story_find(s->duties.open, s->duties.open_count, rule);
}

static inline const struct duty *story_closed(const struct story *s, const char *rule)
{
    return story_find(s->duties.history, s->duties.history_count, rule);
}

#define assert_date(date, expected)                                                                            \
    do {                                                                                                       \
        struct date_text shown = date_show(date);                                                              \
        assert_string_equal(shown.text, (expected));                                                           \
    } while (0)
#define assert_state(duty, expected)                                                                           \
    assert_string_equal(duty_state_name((enum duty_state)(duty)->state), (expected))
