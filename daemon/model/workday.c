/*
 * Working days: the public holidays as a table of fixed days and of days counted from Easter. Pure, any thread.
 */
#include "model/workday.h"

#include <stddef.h>

const char *const holiday_calendar_names[] = {"metropole", "alsace_moselle", NULL};

struct holiday {
    int month;  /* 0: counted from Easter */
    int day;    /* of the month, or days after Easter Sunday */
    int since;  /* first year */
    bool local; /* Alsace and Moselle only */
    const char *names[LANG_COUNT];
};

/* 8 May is a holiday again by the law of 2 October 1981. Good Friday: where there is a Protestant church. */
static const struct holiday holidays[] = {
    {1, 1, 0, false, {"jour de l'an", "New Year's Day"}},
    {0, -2, 0, true, {"vendredi saint", "Good Friday"}},
    {0, 1, 0, false, {"lundi de Pâques", "Easter Monday"}},
    {5, 1, 0, false, {"fête du Travail", "Labour Day"}},
    {5, 8, 1982, false, {"Victoire 1945", "Victory in Europe Day"}},
    {0, 39, 0, false, {"Ascension", "Ascension Day"}},
    {0, 50, 0, false, {"lundi de Pentecôte", "Whit Monday"}},
    {7, 14, 0, false, {"fête nationale", "Bastille Day"}},
    {8, 15, 0, false, {"Assomption", "Assumption Day"}},
    {11, 1, 0, false, {"Toussaint", "All Saints' Day"}},
    {11, 11, 0, false, {"Armistice 1918", "Armistice Day"}},
    {12, 25, 0, false, {"Noël", "Christmas Day"}},
    {12, 26, 0, true, {"Saint-Étienne", "Saint Stephen's Day"}},
};

date_t easter_sunday(int year)
{
    if (year < 1583 || year > 9999)
        return DATE_NONE;
    /* The Gregorian computus: golden number, century corrections, epact, then the Sunday after the full moon.
     */
    int golden = year % 19;
    int century = year / 100;
    int leap_drop = century - century / 4;
    int moon_shift = (8 * century + 13) / 25;
    int epact = (leap_drop - moon_shift + 19 * golden + 15) % 30;
    if (epact == 29 || (epact == 28 && golden > 10))
        epact--;
    date_t moon = date_of(year, 3, 21) + epact;
    return moon + 7 - date_weekday(moon) % 7;
}

static bool holiday_is(const struct holiday *holiday, const struct ymd *ymd, date_t day)
{
    if (ymd->year < holiday->since)
        return false;
    if (holiday->month)
        return holiday->month == ymd->month && holiday->day == ymd->day;
    date_t easter = easter_sunday(ymd->year);
    return easter != DATE_NONE && day == easter + holiday->day;
}

const char *holiday_name(enum holiday_calendar calendar, date_t day, enum lang lang)
{
    struct ymd ymd = date_ymd(day);
    for (size_t i = 0; day != DATE_NONE && i < sizeof holidays / sizeof holidays[0]; i++)
        if ((!holidays[i].local || calendar == HOLIDAYS_ALSACE_MOSELLE) && holiday_is(&holidays[i], &ymd, day))
            return holidays[i].names[lang];
    return NULL;
}

enum workday_reason workday(const struct workweek *week, date_t day)
{
    if (!(week->weekdays & (1u << date_weekday(day))))
        return WORKDAY_WEEKEND;
    return holiday_name((enum holiday_calendar)week->holidays, day, LANG_FR) ? WORKDAY_HOLIDAY : WORKDAY_YES;
}

date_t workday_from(const struct workweek *week, date_t day)
{
    if (day == DATE_NONE || !(week->weekdays & 0xfe))
        return DATE_NONE;
    while (workday(week, day) != WORKDAY_YES)
        day++;
    return day;
}

date_t workday_until(const struct workweek *week, date_t day)
{
    if (day == DATE_NONE || !(week->weekdays & 0xfe))
        return day;
    while (workday(week, day) != WORKDAY_YES)
        day--;
    return day;
}

int workday_count(const struct workweek *week, date_t from, date_t to)
{
    int count = 0;
    for (date_t day = from; day < to; day++)
        count += workday(week, day) == WORKDAY_YES;
    return count;
}
