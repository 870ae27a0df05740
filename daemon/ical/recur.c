/*
 * One row for each part of a rule, one predicate for each frequency. Pure, any thread.
 */
#include "recur.h"

#include "base/number.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { RECUR_DAILY, RECUR_WEEKLY, RECUR_MONTHLY, RECUR_YEARLY, RECUR_PART_MAX = 64, RECUR_COUNT_MAX = 1000000 };

/* ---- reading */

static bool rule_frequency(struct ical_rule *rule, const char *value)
{
    static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    for (int i = RECUR_DAILY; i <= RECUR_YEARLY; i++)
        if (!strcasecmp(value, names[i])) {
            rule->frequency = i;
            return true;
        }
    return false;
}

static bool rule_number(const char *value, int64_t min, int64_t max, int *ret)
{
    int64_t number;
    if (!parse_int64(value + (*value == '+'), min, max, &number))
        return false;
    *ret = (int)number;
    return true;
}

static bool rule_interval(struct ical_rule *rule, const char *value)
{
    return rule_number(value, 1, RECUR_COUNT_MAX, &rule->interval);
}

static bool rule_count(struct ical_rule *rule, const char *value)
{
    return rule_number(value, 1, RECUR_COUNT_MAX, &rule->count);
}

static bool rule_digits(const char *text, size_t from, size_t count, int *ret)
{
    *ret = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + text[i] - '0';
    }
    return true;
}

/* "20270630T215959Z"; of "20270630", and of a time without a zone, the whole day. */
static bool rule_until(struct ical_rule *rule, const char *value)
{
    int year, month, day, hour, minute, second;
    size_t size = strlen(value);
    bool utc = size == 16 && value[15] == 'Z';
    if ((size != 8 && size != 15 && !utc) || !rule_digits(value, 0, 4, &year) ||
        !rule_digits(value, 4, 2, &month) || !rule_digits(value, 6, 2, &day))
        return false;
    date_t date = date_of(year, month, day);
    if (!utc)
        rule->until_day = date;
    if (!utc || date == DATE_NONE)
        return date != DATE_NONE;
    if (value[8] != 'T' || !rule_digits(value, 9, 2, &hour) || !rule_digits(value, 11, 2, &minute) ||
        !rule_digits(value, 13, 2, &second))
        return false;
    rule->until = date * US_PER_DAY + ((hour * 60 + minute) * 60 + second) * US_PER_SEC;
    return true;
}

static int rule_weekday(const char *name)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    for (int i = 0; i < 7; i++)
        if (!strcasecmp(name, names[i]))
            return i + 1;
    return 0;
}

static bool rule_week_start(struct ical_rule *rule, const char *value)
{
    rule->week_start = rule_weekday(value);
    return rule->week_start > 0;
}

/* "MO" or "-1FR" */
static bool rule_one_day(struct ical_rule *rule, char *value)
{
    size_t size = strlen(value);
    int weekday = size >= 2 ? rule_weekday(value + size - 2) : 0;
    int n = 0;
    if (weekday == 0)
        return false;
    if (size == 2) {
        rule->weekdays |= 1u << weekday;
        return true;
    }
    value[size - 2] = '\0';
    if (!rule_number(value, -53, 53, &n) || n == 0 || rule->ordinal_count == RECUR_ORDINALS_MAX)
        return false;
    rule->ordinals[rule->ordinal_count].n = n;
    rule->ordinals[rule->ordinal_count++].weekday = weekday;
    return true;
}

static bool rule_one_month_day(struct ical_rule *rule, char *value)
{
    int n;
    if (!rule_number(value, -31, 31, &n) || n == 0)
        return false;
    if (n > 0)
        rule->month_days |= UINT32_C(1) << n;
    else
        rule->month_days_from_end |= UINT32_C(1) << -n;
    return true;
}

static bool rule_one_month(struct ical_rule *rule, char *value)
{
    int n;
    if (!rule_number(value, 1, 12, &n))
        return false;
    rule->months |= 1u << n;
    return true;
}

static bool rule_list(
    struct ical_rule *rule, const char *value, bool (*one)(struct ical_rule *rule, char *value))
{
    char word[8];
    for (bool more = true; more;) {
        size_t size = strcspn(value, ",");
        if (size == 0 || size >= sizeof word)
            return false;
        memcpy(word, value, size);
        word[size] = '\0';
        if (!one(rule, word))
            return false;
        more = value[size] == ',';
        value += size + 1;
    }
    return true;
}

static bool rule_days(struct ical_rule *rule, const char *value)
{
    return rule_list(rule, value, rule_one_day);
}

static bool rule_month_days(struct ical_rule *rule, const char *value)
{
    return rule_list(rule, value, rule_one_month_day);
}

static bool rule_months(struct ical_rule *rule, const char *value)
{
    return rule_list(rule, value, rule_one_month);
}

static bool rule_narrows(struct ical_rule *rule, const char *value)
{
    (void)value;
    rule->loose = true;
    return true;
}

static const struct rule_part {
    const char *name;
    bool (*read)(struct ical_rule *rule, const char *value);
} rule_parts[] = {
    {"FREQ", rule_frequency},
    {"INTERVAL", rule_interval},
    {"COUNT", rule_count},
    {"UNTIL", rule_until},
    {"WKST", rule_week_start},
    {"BYDAY", rule_days},
    {"BYMONTHDAY", rule_month_days},
    {"BYMONTH", rule_months},
    {"BYSETPOS", rule_narrows},
    {"BYWEEKNO", rule_narrows},
    {"BYYEARDAY", rule_narrows},
};

static bool rule_read_part(struct ical_rule *rule, const char *text, size_t size)
{
    char part[256];
    if (size >= sizeof part)
        return false;
    memcpy(part, text, size);
    part[size] = '\0';
    char *equals = strchr(part, '=');
    if (!equals)
        return false;
    *equals = '\0';
    for (size_t i = 0; i < sizeof rule_parts / sizeof rule_parts[0]; i++)
        if (!strcasecmp(part, rule_parts[i].name))
            return rule_parts[i].read(rule, equals + 1);
    return false;
}

bool ical_rule_read(const char *text, struct ical_rule *ret)
{
    *ret = (struct ical_rule){
        .frequency = -1, .interval = 1, .until = INSTANT_NONE, .until_day = DATE_NONE, .week_start = 1};
    for (bool more = *text != '\0'; more;) {
        size_t size = strcspn(text, ";");
        if (size > 0 && !rule_read_part(ret, text, size))
            return false;
        more = text[size] == ';';
        text += size + more;
    }
    return ret->frequency >= 0;
}

/* ---- one day */

static bool rule_is_on_ordinal(const struct ical_rule *rule, date_t day, date_t first, date_t last)
{
    bool on = false;
    for (int i = 0; i < rule->ordinal_count; i++) {
        int n = rule->ordinals[i].n;
        int nth = n > 0 ? (day - first) / 7 + 1 : -((last - day) / 7 + 1);
        on |= date_weekday(day) == rule->ordinals[i].weekday && nth == n;
    }
    return on;
}

static bool rule_is_on_month_day(const struct ical_rule *rule, date_t day)
{
    int own = date_ymd(day).day;
    int from_end = date_month_end(day) - day + 1;
    return ((rule->month_days >> own) & 1) || ((rule->month_days_from_end >> from_end) & 1);
}

/* What BYMONTH, BYMONTHDAY and BYDAY say of a day, whatever the frequency; ordinals count in [first, last]. */
static bool rule_fits(const struct ical_rule *rule, date_t day, date_t first, date_t last)
{
    bool by_day = rule->weekdays != 0 || rule->ordinal_count > 0;
    bool by_month_day = rule->month_days != 0 || rule->month_days_from_end != 0;
    if (rule->months && !((rule->months >> date_ymd(day).month) & 1))
        return false;
    if (by_month_day && !rule_is_on_month_day(rule, day))
        return false;
    return !by_day || ((rule->weekdays >> date_weekday(day)) & 1) || rule_is_on_ordinal(rule, day, first, last);
}

static date_t rule_week(const struct ical_rule *rule, date_t day)
{
    return day - (date_weekday(day) - rule->week_start + 7) % 7;
}

static bool rule_has_days(const struct ical_rule *rule)
{
    return rule->weekdays || rule->ordinal_count || rule->month_days || rule->month_days_from_end ||
           rule->loose;
}

bool ical_rule_meets(const struct ical_rule *rule, date_t start, date_t day)
{
    struct ymd was = date_ymd(start);
    struct ymd is = date_ymd(day);
    int months = (is.year - was.year) * 12 + is.month - was.month;
    date_t month = day - is.day + 1;
    bool year = rule->frequency == RECUR_YEARLY && !rule->months;
    date_t first = year ? date_of(is.year, 1, 1) : month;
    date_t last = year ? date_of(is.year, 12, 31) : date_month_end(day);
    if (day < start || !rule_fits(rule, day, first, last))
        return false;
    switch (rule->frequency) {
    case RECUR_DAILY:
        return (day - start) % rule->interval == 0;
    case RECUR_WEEKLY:
        return (rule_week(rule, day) - rule_week(rule, start)) / 7 % rule->interval == 0 &&
               (rule_has_days(rule) || date_weekday(day) == date_weekday(start));
    case RECUR_MONTHLY:
        return months % rule->interval == 0 && (rule_has_days(rule) || is.day == was.day);
    default:
        return (is.year - was.year) % rule->interval == 0 && (rule_has_days(rule) || is.day == was.day) &&
               (rule->months || rule_has_days(rule) || is.month == was.month);
    }
}
