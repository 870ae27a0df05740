/*
 * The civil calendar: days since 1970-01-01 to year, month, day and back, and the law's "date + period".
 * Reading and writing them as text is date_text.c. Pure, any thread.
 */
#include "base/date.h"

enum {
    DAYS_PER_ERA = 146097,      /* 400 years */
    DAYS_BEFORE_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
    YEAR_MIN = 1,
    YEAR_MAX = 9999,
};

static bool date_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int date_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && date_is_leap(year) ? 29 : days[month - 1];
}

static date_t date_days(int year, int month, int day)
{
    /* Years from March on, so that the leap day is the last of its year. */
    int from_march = (month + 9) % 12;
    int y = year - (month <= 2);
    int era = y / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * from_march + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_EPOCH;
}

date_t date_of(int year, int month, int day)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > date_month_days(year, month))
        return DATE_NONE;
    return date_days(year, month, day);
}

struct ymd date_ymd(date_t date)
{
    if (date == DATE_NONE)
        return (struct ymd){0};
    int64_t z = (int64_t)date + DAYS_BEFORE_EPOCH;
    int64_t era = (z >= 0 ? z : z - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
    int day_of_era = (int)(z - era * DAYS_PER_ERA);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int from_march = (5 * day_of_year + 2) / 153;
    int month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (struct ymd){
        .year = (int)(era * 400) + year_of_era + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * from_march + 2) / 5 + 1,
    };
}

int date_weekday(date_t date)
{
    /* 1970-01-01 was a Thursday. */
    int64_t since_monday = ((int64_t)date + 3) % 7;
    return date == DATE_NONE ? 0 : (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

/* The day of that month, or its last one when it is shorter. */
static date_t date_clamped(int64_t year, int month, int day)
{
    if (year < YEAR_MIN || year > YEAR_MAX)
        return DATE_NONE;
    int last = date_month_days(year, month);
    return date_days((int)year, month, day < last ? day : last);
}

date_t date_month_end(date_t date)
{
    struct ymd ymd = date_ymd(date);
    return date == DATE_NONE ? DATE_NONE : date_clamped(ymd.year, ymd.month, 31);
}

static date_t date_shift(struct ymd ymd, struct period period, int sign)
{
    int64_t months =
        ymd.year * INT64_C(12) + ymd.month - 1 + sign * (period.years * INT64_C(12) + period.months);
    if (months < YEAR_MIN * INT64_C(12))
        return DATE_NONE;
    date_t same_day = date_clamped(months / 12, (int)(months % 12) + 1, ymd.day);
    if (same_day == DATE_NONE)
        return DATE_NONE;
    int64_t shifted = (int64_t)same_day + sign * (int64_t)period.days;
    if (shifted < date_of(YEAR_MIN, 1, 1) || shifted > date_of(YEAR_MAX, 12, 31))
        return DATE_NONE;
    return (date_t)shifted;
}

date_t date_add(date_t date, struct period period)
{
    return date == DATE_NONE ? DATE_NONE : date_shift(date_ymd(date), period, 1);
}

date_t date_add_to(struct ymd ymd, struct period period)
{
    return date_shift(ymd, period, 1);
}

date_t date_subtract(date_t date, struct period period)
{
    return date == DATE_NONE ? DATE_NONE : date_shift(date_ymd(date), period, -1);
}

date_t date_in_year(date_t date, int year)
{
    struct ymd ymd = date_ymd(date);
    return date == DATE_NONE ? DATE_NONE : date_clamped(year, ymd.month, ymd.day);
}

bool period_is_none(struct period period)
{
    return !period.years && !period.months && !period.days;
}
