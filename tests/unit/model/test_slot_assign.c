/* Times for many reviews at once: nobody twice, weeks even, room made where it can be, reasons where not. */
#include "model/slot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 500, MANAGERS = 40 };

static const struct slot_hours hours[] = {{1, 540, 750}, {1, 840, 1050}, {2, 540, 750}, {2, 840, 1050},
    {3, 540, 750}, {3, 840, 1050}, {4, 540, 750}, {4, 840, 1050}, {5, 540, 750}, {5, 840, 1050}};

static struct slot_search rules(int per_week)
{
    const struct zone *zone = zone_load("Europe/Paris", NULL);
    return (struct slot_search){.zone = zone,
        .hours = hours,
        .hours_count = sizeof hours / sizeof hours[0],
        .now = zone_instant(zone, date_of(2027, 1, 1), 0),
        .minutes = 60,
        .step = 30,
        .per_week = per_week};
}

static bool same_time(const struct slot_assigned *a, const struct slot_assigned *b)
{
    return a->slot.start < b->slot.end && b->slot.start < a->slot.end;
}

static bool share(const struct slot_task *a, const struct slot_task *b)
{
    return a->employee == b->employee || a->employee == b->interviewer || a->interviewer == b->employee ||
           a->interviewer == b->interviewer;
}

/* What must be true of any answer. */
static void assert_sound(
    const struct slot_search *s, const struct slot_task *tasks, const struct slot_assigned *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (found[i].slot.start == INSTANT_NONE)
            continue;
        date_t day = zone_date(s->zone, found[i].slot.start);
        unsigned week = 0;
        assert_in_range(day, tasks[i].from, tasks[i].to);
        for (size_t k = 0; k < count; k++) {
            bool other = k != i && found[k].slot.start != INSTANT_NONE;
            assert_false(other && share(&tasks[i], &tasks[k]) && same_time(&found[i], &found[k]));
            date_t there = other ? zone_date(s->zone, found[k].slot.start) : DATE_NONE;
            week += other && tasks[k].interviewer == tasks[i].interviewer &&
                    (there - 4) / 7 == (day - 4) / 7; /* 5 January 1970 was a Monday */
        }
        assert_true(s->per_week == 0 || week < (unsigned)s->per_week);
        for (size_t b = 0; b < tasks[i].busy_count; b++)
            assert_false(
                tasks[i].busy[b].start < found[i].slot.end && found[i].slot.start < tasks[i].busy[b].end);
    }
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Managers are people too: each is the employee of the first one, who has nobody. */
static void fill(struct slot_task *tasks, struct slot_busy *busy, const struct slot_search *s, uint32_t seed)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        date_t from = date_of(2027, 1, 4) + (date_t)(next(&seed) % 20);
        instant_t away = zone_instant(s->zone, from + (date_t)(next(&seed) % 30), 0);
        busy[i] = (struct slot_busy){away, away + (next(&seed) % 9) * US_PER_DAY, SLOT_EMPLOYEE_AWAY};
        tasks[i] = (struct slot_task){.employee = i,
            .interviewer = i == 0 ? (size_t)PEOPLE : (i < MANAGERS ? 0 : i % MANAGERS),
            .from = from,
            .to = from + 20 + (date_t)(next(&seed) % 70),
            .busy = &busy[i],
            .busy_count = 1};
    }
}

static void test_five_hundred_for_forty(void **state)
{
    (void)state;
    static struct slot_task tasks[PEOPLE];
    static struct slot_busy busy[PEOPLE];
    static struct slot_assigned found[PEOPLE], again[PEOPLE];
    struct slot_search s = rules(5);
    struct arena *arena = arena_new(0);
    size_t placed = 0;
    fill(tasks, busy, &s, 7);
    slots_assign(&s, tasks, PEOPLE, arena, found);
    for (size_t i = 0; i < PEOPLE; i++)
        placed += found[i].slot.start != INSTANT_NONE;
    assert_int_equal(placed, PEOPLE);
    assert_sound(&s, tasks, found, PEOPLE);
    slots_assign(&s, tasks, PEOPLE, arena, again);
    assert_memory_equal(found, again, sizeof found);
    arena_free(arena);
}

/* Twelve at two a week fill six weeks; the load never differs by more than one before. */
static void test_weeks_are_even(void **state)
{
    (void)state;
    struct slot_task tasks[12];
    struct slot_assigned found[12];
    struct slot_search s = rules(2);
    struct arena *arena = arena_new(0);
    unsigned weeks[6] = {0};
    for (size_t i = 0; i < 12; i++)
        tasks[i] = (struct slot_task){
            .employee = i, .interviewer = 100, .from = date_of(2027, 1, 4), .to = date_of(2027, 1, 4) + 41};
    slots_assign(&s, tasks, 12, arena, found);
    assert_sound(&s, tasks, found, 12);
    for (size_t i = 0; i < 12; i++)
        weeks[(zone_date(s.zone, found[i].slot.start) - date_of(2027, 1, 4)) / 7]++;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(weeks[i], 2);
    arena_free(arena);
}

/* Forty interviewers with four reviews in four weeks each: no day and no hour is everybody's. */
static void test_not_everybody_meets_on_monday_at_nine(void **state)
{
    (void)state;
    enum { COUNT = 160 };
    static struct slot_task tasks[COUNT];
    static struct slot_assigned found[COUNT];
    struct slot_search s = rules(5);
    struct arena *arena = arena_new(0);
    unsigned days[8] = {0};
    unsigned at_once = 0;
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = (struct slot_task){.employee = 1000 + i,
            .interviewer = i % 40,
            .from = date_of(2027, 1, 4),
            .to = date_of(2027, 1, 4) + 27};
    slots_assign(&s, tasks, COUNT, arena, found);
    assert_sound(&s, tasks, found, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        unsigned together = 0;
        days[date_weekday(zone_date(s.zone, found[i].slot.start))]++;
        for (size_t k = 0; k < COUNT; k++)
            together += same_time(&found[i], &found[k]);
        at_once = together > at_once ? together : at_once;
    }
    for (int day = 1; day <= 5; day++)
        assert_in_range(days[day], COUNT / 5 - 8, COUNT / 5 + 8);
    assert_true(at_once <= 4);
    arena_free(arena);
}

/* The first takes the only morning of the second, who can be there at no other time. */
static void test_room_is_made(void **state)
{
    (void)state;
    struct slot_search s = rules(0);
    struct arena *arena = arena_new(0);
    date_t day = date_of(2027, 1, 5);
    struct slot_busy afternoon = {
        zone_instant(s.zone, day, 10 * 3600), zone_instant(s.zone, day + 1, 0), SLOT_EMPLOYEE_BUSY};
    struct slot_task tasks[] = {{.employee = 1, .interviewer = 0, .from = day, .to = day},
        {.employee = 2, .interviewer = 0, .from = day, .to = day, .busy = &afternoon, .busy_count = 1}};
    struct slot_assigned found[2];
    slots_assign(&s, tasks, 1, arena, found);
    assert_true(found[0].slot.start == zone_instant(s.zone, day, 9 * 3600));
    slots_assign(&s, tasks, 2, arena, found);
    assert_sound(&s, tasks, found, 2);
    assert_true(found[1].slot.start == zone_instant(s.zone, day, 9 * 3600));
    assert_true(found[0].slot.start != INSTANT_NONE);
    /* One a week: who comes later finds it full. */
    s.per_week = 1;
    slots_assign(&s, tasks, 2, arena, found);
    assert_true(found[0].slot.start != INSTANT_NONE);
    assert_true(found[1].slot.start == INSTANT_NONE);
    assert_int_equal(slot_tally_main(&found[1].tally), SLOT_EMPLOYEE_BUSY);
    assert_int_equal(found[1].tally.count[SLOT_INTERVIEWER_REVIEW], 1);
    arena_free(arena);
}

static void test_nobody_is_there(void **state)
{
    (void)state;
    struct slot_search s = rules(0);
    struct arena *arena = arena_new(0);
    struct slot_busy away = {zone_instant(s.zone, date_of(2027, 1, 1), 0),
        zone_instant(s.zone, date_of(2027, 6, 1), 0), SLOT_INTERVIEWER_AWAY};
    struct slot_task tasks[] = {{.employee = 1,
                                    .interviewer = 9,
                                    .from = date_of(2027, 1, 4),
                                    .to = date_of(2027, 2, 1),
                                    .busy = &away,
                                    .busy_count = 1},
        {.employee = 2, .interviewer = 9, .from = date_of(2027, 2, 1), .to = date_of(2027, 1, 1)}};
    struct slot_assigned found[2];
    slots_assign(&s, tasks, 2, arena, found);
    assert_int_equal(slot_tally_main(&found[0].tally), SLOT_INTERVIEWER_AWAY);
    assert_int_equal(slot_tally_main(&found[1].tally), SLOT_FREE);
    assert_true(found[1].slot.start == INSTANT_NONE);
    slots_assign(&s, tasks, 0, arena, found);
    arena_free(arena);
}

/* Any crowd gets a sound answer. */
static void test_sound_when_crowded(void **state)
{
    (void)state;
    static struct slot_task tasks[PEOPLE];
    static struct slot_busy busy[PEOPLE];
    static struct slot_assigned found[PEOPLE];
    for (uint32_t seed = 1; seed < 6; seed++) {
        struct slot_search s = rules((int)(seed % 3) + 1);
        struct arena *arena = arena_new(0);
        fill(tasks, busy, &s, seed);
        slots_assign(&s, tasks, 200, arena, found);
        assert_sound(&s, tasks, found, 200);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_five_hundred_for_forty),
        cmocka_unit_test(test_weeks_are_even), cmocka_unit_test(test_not_everybody_meets_on_monday_at_nine),
        cmocka_unit_test(test_room_is_made), cmocka_unit_test(test_nobody_is_there),
        cmocka_unit_test(test_sound_when_crowded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
