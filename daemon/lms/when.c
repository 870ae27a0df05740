/*
 * Times as platforms write them: with or without zone, seconds, separators. Strict about everything else: a
 * date read wrongly would be evidence of the wrong day. Pure, any thread.
 */
#include "read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { WHEN_YEAR_FIRST = 1900, WHEN_YEAR_LAST = 2199 };

struct when {
    const char *at; /* NULL: not in the format */
    date_t date;
    int second;
    int64_t us;
    bool time;  /* a time of the day was given */
    bool zoned; /* an offset was given */
    int offset; /* seconds east of UTC */
};

/* Reads min to max digits. */
static int when_number(struct when *when, int min, int max)
{
    int value = 0, digits = 0;
    while (when->at && digits < max && *when->at >= '0' && *when->at <= '9') {
        value = value * 10 + (*when->at++ - '0');
        digits++;
    }
    if (digits < min)
        when->at = NULL;
    return value;
}

static bool when_has(struct when *when, char c)
{
    if (!when->at || *when->at != c)
        return false;
    when->at++;
    return true;
}

static void when_want(struct when *when, char c)
{
    if (!when_has(when, c))
        when->at = NULL;
}

static void when_set_date(struct when *when, int year, int month, int day)
{
    when->date = year < WHEN_YEAR_FIRST || year > WHEN_YEAR_LAST ? DATE_NONE : date_of(year, month, day);
    if (when->date == DATE_NONE)
        when->at = NULL;
}

static void when_iso_date(struct when *when)
{
    int year = when_number(when, 4, 4);
    when_want(when, '-');
    int month = when_number(when, 2, 2);
    when_want(when, '-');
    int day = when_number(when, 2, 2);
    when_set_date(when, year, month, day);
}

/* Day and month, or month and day, then the year, with one separator. */
static void when_slashed_date(struct when *when, bool month_first)
{
    int first = when_number(when, 1, 2);
    char separator = when->at ? *when->at : '\0';
    if (separator != '/' && separator != '-' && separator != '.')
        when->at = NULL;
    when_want(when, separator);
    int second = when_number(when, 1, 2);
    when_want(when, separator);
    int year = when_number(when, 4, 4);
    when_set_date(when, year, month_first ? first : second, month_first ? second : first);
}

static void when_fraction(struct when *when)
{
    int64_t unit = 100000;
    int digits = 0;
    for (; when->at && *when->at >= '0' && *when->at <= '9' && digits < 9; when->at++, digits++) {
        when->us += unit * (*when->at - '0');
        unit /= 10;
    }
    if (!digits)
        when->at = NULL;
}

/* "AM" and "PM" after a time of twelve hours. */
static int when_half_day(struct when *when, int hour)
{
    const char *at = when->at;
    if (!at)
        return hour;
    at += strspn(at, " ");
    bool morning = !strncasecmp(at, "AM", 2), evening = !strncasecmp(at, "PM", 2);
    if (!morning && !evening)
        return hour;
    when->at = hour >= 1 && hour <= 12 ? at + 2 : NULL;
    return hour % 12 + (evening ? 12 : 0);
}

static void when_time(struct when *when, bool half_days)
{
    int hour = when_number(when, half_days ? 1 : 2, 2);
    when_want(when, ':');
    int minute = when_number(when, 2, 2);
    int second = when_has(when, ':') ? when_number(when, 2, 2) : 0;
    if (when_has(when, '.'))
        when_fraction(when);
    if (half_days)
        hour = when_half_day(when, hour);
    if (hour > 23 || minute > 59 || second > 59)
        when->at = NULL;
    when->second = hour * 3600 + minute * 60 + second;
    when->time = true;
}

/* "Z", "UTC", "+01:00", "+0100", "+01", with a blank before or not. */
static void when_zone(struct when *when)
{
    if (!when->at || !*when->at)
        return;
    when->at += strspn(when->at, " ");
    char sign = *when->at;
    when->zoned = true;
    if (sign == 'Z' || sign == 'z') {
        when->at++;
    } else if (!strncasecmp(when->at, "UTC", 3) || !strncasecmp(when->at, "GMT", 3)) {
        when->at += 3;
    } else if (sign == '+' || sign == '-') {
        when->at++;
        int hours = when_number(when, 2, 2);
        bool minutes = when_has(when, ':') || (when->at && *when->at);
        int rest = minutes ? when_number(when, 2, 2) : 0;
        if (hours > 23 || rest > 59)
            when->at = NULL;
        when->offset = (hours * 3600 + rest * 60) * (sign == '-' ? -1 : 1);
    } else {
        when->at = NULL;
    }
}

static bool when_written(
    const char *text, enum lms_time_format format, const struct zone *zone, struct value_time *ret)
{
    struct when when = {.at = text, .date = DATE_NONE};
    if (format == LMS_TIME_DMY || format == LMS_TIME_MDY)
        when_slashed_date(&when, format == LMS_TIME_MDY);
    else
        when_iso_date(&when);
    if (when.at && *when.at) {
        if (!when_has(&when, ' ') && !when_has(&when, 'T'))
            when_want(&when, 't');
        when_time(&when, format == LMS_TIME_MDY);
        when_zone(&when);
    }
    if (!when.at || *when.at)
        return false;
    instant_t local = when.date * US_PER_DAY + when.second * US_PER_SEC;
    bool utc = when.zoned || !zone;
    ret->at = (utc ? local - when.offset * US_PER_SEC : zone_instant(zone, when.date, when.second)) + when.us;
    ret->day_only = !when.time;
    return true;
}

static bool when_epoch(const char *text, double unit, struct value_time *ret)
{
    double value = value_number(text);
    double us = floor(value * unit);
    if (!isfinite(value) || value < 0 || us > 7.3e15)
        return false;
    *ret = (struct value_time){.at = (instant_t)us};
    return true;
}

bool value_time(const char *text, enum lms_time_format format, const struct zone *zone, struct value_time *ret)
{
    switch (format) {
    case LMS_TIME_EPOCH_S:
        return when_epoch(text, 1e6, ret);
    case LMS_TIME_EPOCH_MS:
        return when_epoch(text, 1e3, ret);
    case LMS_TIME_ARRIVAL:
        return false;
    default:
        return when_written(text, format, zone, ret);
    }
}
