#pragma once
/*
 * Civil dates and periods, without zones (see base/zone.h). A date is the number of days since 1970-01-01 in
 * the proleptic Gregorian calendar, so that comparison and difference are plain arithmetic. Years 1900 to 2199
 * are accepted from outside.
 */
#include <stdbool.h>
#include <stdint.h>

typedef int32_t date_t;    /* days since 1970-01-01 */
typedef int64_t instant_t; /* microseconds since 1970-01-01T00:00:00Z */

#define DATE_NONE    INT32_MIN
#define INSTANT_NONE INT64_MIN
#define US_PER_SEC   INT64_C(1000000)
#define US_PER_DAY   (INT64_C(86400) * US_PER_SEC)

struct ymd {
    int year;
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

/* An ISO 8601 period of whole years, months, weeks (kept as days) and days; all zero = none. */
struct period {
    int years;
    int months;
    int days;
};

enum { DATE_TEXT_MAX = 11, INSTANT_TEXT_MAX = 28, PERIOD_TEXT_MAX = 24 };

/* Years 1 to 9999; DATE_NONE when there is no such day. */
date_t date_of(int year, int month, int day);
struct ymd date_ymd(date_t date); /* all zero for DATE_NONE */
int date_weekday(date_t date);    /* ISO 8601: 1 = Monday ... 7 = Sunday; 0 for DATE_NONE */
date_t date_month_end(date_t date);

/* `date + period`: years and months first, the same day number, or the last day of the month when it has no
 * such day (2024-02-29 + P1Y = 2025-02-28; 2026-12-31 + P2M = 2027-02-28), then the days. DATE_NONE stays
 * DATE_NONE, and is the answer outside years 1 to 9999. */
date_t date_add(date_t date, struct period period);
date_t date_subtract(date_t date, struct period period);
/* date_add to an existing day that is split already: several periods from one day. */
date_t date_add_to(struct ymd ymd, struct period period);
/* The same day of the civil year `year` (29 February becomes 28 in common years): birthdays. */
date_t date_in_year(date_t date, int year);

/* Exactly "YYYY-MM-DD". */
bool date_parse(const char *text, date_t *ret);
/* "dd/mm/yyyy", "d/m/yyyy", "dd-mm-yyyy", "dd.mm.yyyy" or ISO: what spreadsheets export. */
bool date_parse_loose(const char *text, date_t *ret);
/* Writes "YYYY-MM-DD", or "" for DATE_NONE; returns `out`. */
char *date_text(date_t date, char out[static DATE_TEXT_MAX]);

/* "P4Y", "P2Y6M", "P30D", "P2W" (weeks stand alone). Refuses zero, signs, fractions, times and anything over
 * 100 years. */
bool period_parse(const char *text, struct period *ret);
/* "P2Y6M"; weeks come back as days. "" for none. */
char *period_text(struct period period, char out[static PERIOD_TEXT_MAX]);
bool period_is_none(struct period period);

/* RFC 3339 with a mandatory zone ("Z" or an offset); at most nine digits of a second, those after the
 * microseconds are dropped; a leap second becomes the next second. */
bool instant_parse(const char *text, instant_t *ret);
/* "2026-11-22T10:15:30Z", with ".123456" when there are fractions, or "" for INSTANT_NONE. */
char *instant_text(instant_t instant, char out[static INSTANT_TEXT_MAX]);

/* DATES(d).text: a date as text inside one expression, for logs and messages. */
struct date_text {
    char text[DATE_TEXT_MAX];
};
struct date_text date_show(date_t date);
