/*
 * The footer of a zone file: a POSIX TZ string, and the changes it makes every year. Pure, any thread.
 */
#include "zone_data.h"

#include <string.h>

enum { RULE_TIME_DEFAULT = 2 * 3600, RULE_HOURS_MAX = 167, OFFSET_HOURS_MAX = 24 };

static const char *zone_number(const char *at, int min, int max, int *ret)
{
    int value = 0;
    const char *digit = at;
    for (; *digit >= '0' && *digit <= '9' && digit - at < 3; digit++)
        value = value * 10 + (*digit - '0');
    if (digit == at || value < min || value > max)
        return NULL;
    *ret = value;
    return digit;
}

/* "<-03>" or three letters and more; the text itself is not kept. */
static const char *zone_abbreviation(const char *at)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char quoted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    bool quotes = *at == '<';
    at += quotes;
    size_t length = strspn(at, quotes ? quoted : letters);
    if (length < 3)
        return NULL;
    at += length;
    if (quotes && *at != '>')
        return NULL;
    return at + quotes;
}

/* "[+-]h[:m[:s]]" as seconds. */
static const char *zone_clock(const char *at, int hours_max, int32_t *ret)
{
    int parts[3] = {0, 0, 0};
    int sign = *at == '-' ? -1 : 1;
    if (*at == '-' || *at == '+')
        at++;
    at = zone_number(at, 0, hours_max, &parts[0]);
    for (int i = 1; at && i < 3 && *at == ':'; i++)
        at = zone_number(at + 1, 0, 59, &parts[i]);
    if (at)
        *ret = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    return at;
}

static const char *zone_month_rule(const char *at, struct zone_rule *ret)
{
    ret->kind = ZONE_RULE_MONTH;
    at = zone_number(at, 1, 12, &ret->month);
    at = at && *at == '.' ? zone_number(at + 1, 1, 5, &ret->week) : NULL;
    return at && *at == '.' ? zone_number(at + 1, 0, 6, &ret->day) : NULL;
}

/* ",M3.5.0/2", ",J60" or ",59". */
static const char *zone_rule_parse(const char *at, struct zone_rule *ret)
{
    if (*at != ',')
        return NULL;
    at++;
    if (*at == 'M') {
        at = zone_month_rule(at + 1, ret);
    } else {
        ret->kind = *at == 'J' ? ZONE_RULE_JULIAN : ZONE_RULE_DAY;
        at = *at == 'J' ? zone_number(at + 1, 1, 365, &ret->day) : zone_number(at, 0, 365, &ret->day);
    }
    ret->time = RULE_TIME_DEFAULT;
    return at && *at == '/' ? zone_clock(at + 1, RULE_HOURS_MAX, &ret->time) : at;
}

/* POSIX counts hours west of Greenwich. */
static const char *zone_name_and_offset(const char *at, struct zone_type *ret)
{
    int32_t west;
    at = zone_abbreviation(at);
    at = at ? zone_clock(at, OFFSET_HOURS_MAX, &west) : NULL;
    if (at)
        ret->offset = -west;
    return at;
}

static const char *zone_summer(const char *at, struct zone_tail *tail)
{
    const char *offset = zone_abbreviation(at);
    tail->changes = true;
    tail->summer = (struct zone_type){.offset = tail->standard.offset + 3600, .dst = true};
    at = offset && *offset == ',' ? offset : zone_name_and_offset(at, &tail->summer);
    at = at ? zone_rule_parse(at, &tail->start) : NULL;
    return at ? zone_rule_parse(at, &tail->end) : NULL;
}

bool zone_tail_parse(const char *text, struct zone_tail *ret)
{
    struct zone_tail tail = {.present = *text != '\0'};
    const char *at = text;
    if (tail.present) {
        at = zone_name_and_offset(at, &tail.standard);
        if (at && *at)
            at = zone_summer(at, &tail);
    }
    if (!at || *at)
        return false;
    *ret = tail;
    return true;
}

static date_t zone_rule_date(const struct zone_rule *rule, int year)
{
    date_t new_year = date_of(year, 1, 1);
    if (rule->kind == ZONE_RULE_DAY)
        return new_year + rule->day;
    if (rule->kind == ZONE_RULE_JULIAN) {
        bool leap = date_of(year, 2, 29) != DATE_NONE;
        return new_year + rule->day - 1 + (leap && rule->day >= 60);
    }
    date_t first = date_of(year, rule->month, 1);
    int to_weekday = (rule->day - date_weekday(first) + 7) % 7;
    date_t date = first + to_weekday + (rule->week - 1) * 7;
    return date > date_month_end(first) ? date - 7 : date;
}

static int64_t zone_rule_second(const struct zone_rule *rule, int year, int32_t offset_before)
{
    return zone_rule_date(rule, year) * INT64_C(86400) + rule->time - offset_before;
}

struct zone_span zone_tail_span(const struct zone_tail *tail, int64_t second)
{
    struct zone_span span = {.begin = INT64_MIN, .end = INT64_MAX, .type = tail->standard};
    int64_t day = second / 86400;
    if (!tail->changes || day < date_of(3, 1, 1) || day > date_of(9997, 1, 1))
        return span;
    int year = date_ymd((date_t)day).year;
    /* The local year may be the one before or after, and a change may leave its year by up to a week. */
    for (int y = year - 2; y <= year + 2; y++) {
        const struct zone_change changes[2] = {
            {zone_rule_second(&tail->start, y, tail->standard.offset), tail->summer},
            {zone_rule_second(&tail->end, y, tail->summer.offset), tail->standard},
        };
        /* Of two at once the later one in the calendar holds: summer time all year ends as it begins. */
        for (int i = 0; i < 2; i++) {
            if (changes[i].at <= second && changes[i].at >= span.begin) {
                span.begin = changes[i].at;
                span.type = changes[i].type;
            } else if (changes[i].at > second && changes[i].at < span.end) {
                span.end = changes[i].at;
            }
        }
    }
    return span;
}
