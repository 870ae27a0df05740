/*
 * What an organisation must be beyond its fields one by one, and what it is where nothing is said. Pure.
 */
#include "internal.h"

#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { SIREN_DIGITS = 9, MINUTES_PER_DAY = 24 * 60, REVIEWS_PER_WEEK = 5 };

/* Luhn: every second digit from the right is doubled, the digits of the sum add up to a multiple of ten. */
static bool siren_valid(const char *siren)
{
    int sum = 0;
    if (strlen(siren) != SIREN_DIGITS || strspn(siren, "0123456789") != SIREN_DIGITS)
        return false;
    for (int i = 0; i < SIREN_DIGITS; i++) {
        int digit = siren[i] - '0';
        int weighted = i % 2 == 1 ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
}

int time_of_day(const char *text)
{
    if (!text || strlen(text) != 5 || text[2] != ':')
        return -1;
    for (int i = 0; i < 5; i++)
        if (i != 2 && (text[i] < '0' || text[i] > '9'))
            return -1;
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int minute = (text[3] - '0') * 10 + text[4] - '0';
    return minute > 59 || hour * 60 + minute > MINUTES_PER_DAY ? -1 : hour * 60 + minute;
}

static void check_hours_overlap(const struct list *hours, size_t i, struct error *err)
{
    const struct working_hours *all = hours->items;
    for (size_t k = 0; k < i; k++) {
        bool before = time_of_day(all[i].end) <= time_of_day(all[k].start);
        bool after = time_of_day(all[i].start) >= time_of_day(all[k].end);
        if (all[i].weekday == all[k].weekday && !before && !after) {
            char pointer[64];
            (void)snprintf(pointer, sizeof pointer, "/working_hours/%zu/start", i);
            (void)error_field(err, pointer, "overlaps the hours of entry %zu", k);
            return;
        }
    }
}

static void check_hours(const struct list *hours, struct error *err)
{
    const struct working_hours *all = hours->items;
    for (size_t i = 0; i < hours->count; i++) {
        char pointer[64];
        int start = time_of_day(all[i].start);
        int end = time_of_day(all[i].end);
        (void)snprintf(pointer, sizeof pointer, "/working_hours/%zu/%s", i, start < 0 ? "start" : "end");
        if (start < 0 || end < 0)
            (void)error_field(err, pointer, "expected a time of day such as \"09:00\"");
        else if (end <= start)
            (void)error_field(err, pointer, "is not after the start");
        else
            check_hours_overlap(hours, i, err);
    }
}

static void check_headcounts(const struct list *headcounts, struct error *err)
{
    const struct headcount *all = headcounts->items;
    for (size_t i = 0; i < headcounts->count; i++)
        for (size_t k = 0; k < i; k++)
            if (all[i].year == all[k].year) {
                char pointer[64];
                (void)snprintf(pointer, sizeof pointer, "/headcounts/%zu/year", i);
                (void)error_field(err, pointer, "is given twice");
                break;
            }
}

/* By the rules' own check, in their shape of a case. */
static void check_agreements(struct arena *arena, const struct organisation *organisation, struct error *err)
{
    struct error found = ERROR_INIT;
    date_t some_day = date_of(2026, 1, 1);
    struct duty_case facts = duty_case_init(duties_rules(), some_day);
    facts.employee.hire_date = some_day;
    facts.agreements = organisation_agreements(arena, organisation);
    facts.agreement_count = organisation->agreements.count;
    if (duty_case_check(&facts, &found) == ST_OK)
        return;
    work_strip(&found, "/organisation");
    for (unsigned i = 0; i < found.count; i++)
        (void)error_field(err, found.fields[i].pointer, "%s", found.fields[i].detail);
}

enum status organisation_check(struct arena *arena, const struct organisation *organisation, struct error *err)
{
    struct error found = ERROR_INIT;
    if (organisation->siren && !siren_valid(organisation->siren))
        (void)error_field(&found, "/siren", "expected nine digits whose last one checks the others");
    if (!zone_load(organisation->zone, NULL))
        (void)error_field(&found, "/zone", "expected the name of a time zone such as \"Europe/Paris\"");
    check_hours(&organisation->working_hours, &found);
    check_headcounts(&organisation->headcounts, &found);
    check_agreements(arena, organisation, &found);
    if (found.count == 0)
        return ST_OK;
    if (err)
        *err = found;
    return ST_INVALID;
}

static const struct working_hours default_hours[] = {
    {1, "09:00", "12:30"},
    {1, "14:00", "17:30"},
    {2, "09:00", "12:30"},
    {2, "14:00", "17:30"},
    {3, "09:00", "12:30"},
    {3, "14:00", "17:30"},
    {4, "09:00", "12:30"},
    {4, "14:00", "17:30"},
    {5, "09:00", "12:30"},
    {5, "14:00", "17:30"},
};

static int or_default(int value, int otherwise)
{
    return value == FIELD_UNSET ? otherwise : value;
}

static const struct organisation_policies *complete_policies(
    struct arena *arena, const struct organisation_policies *given)
{
    const struct duty_policies otherwise = DUTY_POLICIES_DEFAULT;
    struct organisation_policies *policies = ARENA_NEW(arena, struct organisation_policies);
    field_clear(&policies_table, policies);
    if (given)
        *policies = *given;
    policies->periodic_anchor = or_default(policies->periodic_anchor, otherwise.periodic_anchor);
    policies->first_reading = or_default(policies->first_reading, otherwise.first_transition);
    policies->title_older = or_default(policies->title_older, 0);
    policies->letters = or_default(policies->letters, LETTERS_WORKING_HOURS);
    if (policies->planning_horizon_days == FIELD_INT_NONE)
        policies->planning_horizon_days = otherwise.planning_horizon;
    if (policies->notice_days == FIELD_INT_NONE)
        policies->notice_days = otherwise.notice_days;
    if (policies->reviews_per_week == FIELD_INT_NONE)
        policies->reviews_per_week = REVIEWS_PER_WEEK;
    return policies;
}

/* Written once, before there are lanes. */
static struct organisation_defaults defaults = {.locale = LANG_FR, .zone = "Europe/Paris"};

void organisation_begin(const struct organisation_defaults *configured)
{
    defaults = *configured;
}

void organisation_complete(struct arena *arena, struct organisation *organisation)
{
    organisation->locale = or_default(organisation->locale, (int)defaults.locale);
    organisation->holidays = or_default(organisation->holidays, HOLIDAYS_METROPOLE);
    organisation->deliveries = or_default(organisation->deliveries, DELIVERY_LIVE);
    organisation->policies = complete_policies(arena, organisation->policies);
    if (!organisation->zone)
        organisation->zone = defaults.zone;
    if (!organisation->working_hours.items)
        organisation->working_hours =
            (struct list){default_hours, sizeof default_hours / sizeof default_hours[0]};
}

struct duty_policies organisation_duty_policies(const struct organisation *organisation)
{
    const struct organisation_policies *policies = organisation->policies;
    return (struct duty_policies){.periodic_anchor = policies->periodic_anchor,
        .first_transition = policies->first_reading,
        .return_period = policies->return_period,
        .planning_horizon = (int)policies->planning_horizon_days,
        .notice_days = (int)policies->notice_days};
}

const struct case_agreement *organisation_agreements(
    struct arena *arena, const struct organisation *organisation)
{
    const struct agreement *from = organisation->agreements.items;
    size_t count = organisation->agreements.count;
    struct case_agreement *agreements = ARENA_ARRAY(arena, count, struct case_agreement);
    for (size_t i = 0; i < count; i++)
        agreements[i] = from[i].terms;
    return agreements;
}

const struct zone *organisation_zone(const struct organisation *organisation)
{
    const struct zone *zone = zone_load(organisation->zone, NULL);
    return zone ? zone : zone_load("Europe/Paris", NULL);
}

struct workweek organisation_week(const struct organisation *organisation)
{
    const struct working_hours *hours = organisation->working_hours.items;
    struct workweek week = {.holidays = organisation->holidays};
    for (size_t i = 0; i < organisation->working_hours.count; i++)
        week.weekdays |= 1u << hours[i].weekday;
    return organisation->working_hours.count ? week : WORKWEEK_DEFAULT;
}

struct workweek organisation_letter_week(const struct organisation *organisation)
{
    bool any = organisation->policies->letters == LETTERS_ANY_TIME;
    return any ? WORKWEEK_NONE : organisation_week(organisation);
}

instant_t organisation_letters_from(const struct organisation *organisation, date_t day)
{
    const struct working_hours *hours = organisation->working_hours.items;
    if (organisation->policies->letters == LETTERS_ANY_TIME)
        return zone_instant(organisation_zone(organisation), day, 0);
    const struct workweek week = organisation_week(organisation);
    int first = organisation->working_hours.count ? 24 * 60 : 9 * 60;
    day = workday_from(&week, day);
    for (size_t i = 0; i < organisation->working_hours.count; i++)
        if (hours[i].weekday == date_weekday(day) && time_of_day(hours[i].start) < first)
            first = time_of_day(hours[i].start);
    return zone_instant(organisation_zone(organisation), day, first * 60);
}

date_t organisation_today(const struct organisation *organisation, instant_t now)
{
    return zone_date(organisation_zone(organisation), now);
}
