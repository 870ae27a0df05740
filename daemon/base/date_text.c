/*
 * Dates, periods and instants as text: ISO 8601 and RFC 3339 in, the same out, and what spreadsheets export.
 * Pure, any thread.
 */
#include "base/date.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2199, PERIOD_YEARS_MAX = 100, FRACTION_DIGITS = 6, FRACTION_MAX = 9 };

/* Reads exactly `count` digits. */
static const char *date_digits(const char *at, int count, int *ret)
{
    int value = 0;
    for (int i = 0; i < count; i++, at++) {
        if (*at < '0' || *at > '9')
            return NULL;
        value = value * 10 + (*at - '0');
    }
    *ret = value;
    return at;
}

static const char *date_sign(const char *at, char sign)
{
    return at && *at == sign ? at + 1 : NULL;
}

static bool date_accept(int year, int month, int day, date_t *ret)
{
    date_t date = year < YEAR_FIRST || year > YEAR_LAST ? DATE_NONE : date_of(year, month, day);
    if (date == DATE_NONE)
        return false;
    *ret = date;
    return true;
}

static const char *date_read(const char *text, date_t *ret)
{
    int year, month, day;
    const char *at = date_digits(text, 4, &year);
    at = date_sign(at, '-');
    at = at ? date_digits(at, 2, &month) : NULL;
    at = date_sign(at, '-');
    at = at ? date_digits(at, 2, &day) : NULL;
    return at && date_accept(year, month, day, ret) ? at : NULL;
}

bool date_parse(const char *text, date_t *ret)
{
    date_t date;
    const char *end = text ? date_read(text, &date) : NULL;
    if (!end || *end)
        return false;
    *ret = date;
    return true;
}

/* One or two digits. */
static const char *date_short(const char *at, int *ret)
{
    const char *one = date_digits(at, 1, ret);
    const char *two = one ? date_digits(at, 2, ret) : NULL;
    return two ? two : one;
}

bool date_parse_loose(const char *text, date_t *ret)
{
    int day, month, year;
    if (!text)
        return false;
    if (date_parse(text, ret))
        return true;
    const char *at = date_short(text, &day);
    char separator = at ? *at : '\0';
    if (separator != '/' && separator != '-' && separator != '.')
        return false;
    at = date_sign(date_short(at + 1, &month), separator);
    at = at ? date_digits(at, 4, &year) : NULL;
    return at && !*at && date_accept(year, month, day, ret);
}

static char *date_put(char *out, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

char *date_text(date_t date, char out[static DATE_TEXT_MAX])
{
    struct ymd ymd = date_ymd(date);
    out[0] = '\0';
    if (date == DATE_NONE || ymd.year < 0 || ymd.year > 9999)
        return out;
    char *at = date_put(out, ymd.year, 4);
    *at++ = '-';
    at = date_put(at, ymd.month, 2);
    *at++ = '-';
    *date_put(at, ymd.day, 2) = '\0';
    return out;
}

struct date_text date_show(date_t date)
{
    struct date_text shown = {""};
    date_text(date, shown.text);
    return shown;
}

/* One number of a period: "12M" when `letter` is 'M'. Stays where it is when there is no such part. */
static const char *period_part(const char *at, char letter, int *ret)
{
    int value = 0;
    const char *digit = at;
    while (*digit >= '0' && *digit <= '9' && digit - at < 6)
        value = value * 10 + (*digit++ - '0');
    bool padded = at[0] == '0' && digit - at > 1;
    if (digit == at || *digit != letter || padded)
        return at;
    *ret = value;
    return digit + 1;
}

bool period_parse(const char *text, struct period *ret)
{
    struct period period = {0};
    int weeks = 0;
    if (!text || text[0] != 'P')
        return false;
    const char *at = period_part(text + 1, 'W', &weeks);
    if (at == text + 1) {
        at = period_part(at, 'Y', &period.years);
        at = period_part(at, 'M', &period.months);
        at = period_part(at, 'D', &period.days);
    }
    period.days += weeks * 7;
    int64_t months = period.years * INT64_C(12) + period.months;
    /* 100 Gregorian years are 36524.25 days on average: months and days together may not pass them. */
    bool too_long =
        months * 36525 + period.days * INT64_C(12) * PERIOD_YEARS_MAX > INT64_C(12) * PERIOD_YEARS_MAX * 36525;
    if (*at || too_long || period_is_none(period))
        return false;
    *ret = period;
    return true;
}

char *period_text(struct period period, char out[static PERIOD_TEXT_MAX])
{
    char text[48] = "P";
    const struct {
        int value;
        char letter;
    } parts[] = {{period.years, 'Y'}, {period.months, 'M'}, {period.days, 'D'}};
    size_t length = 1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%d%c", parts[i].value, parts[i].letter);
    if (length == 1 || length >= PERIOD_TEXT_MAX)
        length = 0;
    memcpy(out, text, length);
    out[length] = '\0';
    return out;
}

/* ".123" as microseconds; further digits are dropped. */
static const char *instant_fraction(const char *at, int *ret_us)
{
    int us = 0, digits = 0;
    if (*at != '.') {
        *ret_us = 0;
        return at;
    }
    for (at++; *at >= '0' && *at <= '9'; at++) {
        if (++digits > FRACTION_MAX)
            return NULL;
        if (digits <= FRACTION_DIGITS)
            us = us * 10 + (*at - '0');
    }
    if (!digits)
        return NULL;
    for (; digits < FRACTION_DIGITS; digits++)
        us *= 10;
    *ret_us = us;
    return at;
}

/* "Z", "+02:00": seconds east of UTC. */
static const char *instant_offset(const char *at, int *ret)
{
    int hours, minutes;
    if (*at == 'Z' || *at == 'z') {
        *ret = 0;
        return at + 1;
    }
    if (*at != '+' && *at != '-')
        return NULL;
    int sign = *at == '-' ? -1 : 1;
    at = date_sign(date_digits(at + 1, 2, &hours), ':');
    at = at ? date_digits(at, 2, &minutes) : NULL;
    if (!at || hours > 23 || minutes > 59)
        return NULL;
    *ret = sign * (hours * 3600 + minutes * 60);
    return at;
}

/* "10:15:30", the second up to 60. */
static const char *instant_time(const char *at, int *ret_seconds, bool *ret_leap)
{
    int hour, minute, second;
    at = date_sign(date_digits(at, 2, &hour), ':');
    at = at ? date_sign(date_digits(at, 2, &minute), ':') : NULL;
    at = at ? date_digits(at, 2, &second) : NULL;
    if (!at || hour > 23 || minute > 59 || second > 60)
        return NULL;
    *ret_seconds = hour * 3600 + minute * 60 + second;
    *ret_leap = second == 60;
    return at;
}

bool instant_parse(const char *text, instant_t *ret)
{
    date_t date;
    int seconds, us, offset;
    bool leap;
    const char *at = text ? date_read(text, &date) : NULL;
    if (!at || (*at != 'T' && *at != 't'))
        return false;
    at = instant_time(at + 1, &seconds, &leap);
    at = at ? instant_fraction(at, &us) : NULL;
    at = at ? instant_offset(at, &offset) : NULL;
    if (!at || *at)
        return false;
    int64_t since = date * INT64_C(86400) + seconds - offset;
    /* Leap seconds exist only before midnight UTC. */
    if (leap && since % 86400 != 0)
        return false;
    *ret = since * US_PER_SEC + us;
    return true;
}

char *instant_text(instant_t instant, char out[static INSTANT_TEXT_MAX])
{
    int64_t rest = instant % US_PER_DAY;
    int64_t day = instant / US_PER_DAY - (rest < 0);
    rest += rest < 0 ? US_PER_DAY : 0;
    out[0] = '\0';
    if (instant == INSTANT_NONE || day < INT32_MIN || day > INT32_MAX || !*date_text((date_t)day, out))
        return out;
    int seconds = (int)(rest / US_PER_SEC);
    int us = (int)(rest % US_PER_SEC);
    char *at = out + DATE_TEXT_MAX - 1;
    *at++ = 'T';
    at = date_put(at, seconds / 3600, 2);
    *at++ = ':';
    at = date_put(at, seconds / 60 % 60, 2);
    *at++ = ':';
    at = date_put(at, seconds % 60, 2);
    if (us) {
        *at++ = '.';
        at = date_put(at, us, FRACTION_DIGITS);
    }
    *at++ = 'Z';
    *at = '\0';
    return out;
}
