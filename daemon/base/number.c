/*
 * Numbers as strangers write them, read strictly: what is not understood whole is refused. Pure, any thread.
 */
#include "base/number.h"

#include <stddef.h>
#include <string.h>

/* Reads digits without a leading zero (except "0" itself); NULL when there are none or they do not fit. */
static const char *number_digits(const char *text, int64_t *ret)
{
    int64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at - '0', &value))
            return NULL;
    }
    if (at == text || (text[0] == '0' && at - text > 1))
        return NULL;
    *ret = value;
    return at;
}

bool parse_int64(const char *text, int64_t min, int64_t max, int64_t *ret)
{
    if (!text)
        return false;
    int64_t value;
    /* The one number whose opposite does not fit. */
    if (strcmp(text, "-9223372036854775808") == 0) {
        value = INT64_MIN;
    } else {
        bool negative = text[0] == '-';
        const char *end = number_digits(text + negative, &value);
        if (!end || *end || (negative && value == 0))
            return false;
        value = negative ? -value : value;
    }
    if (value < min || value > max)
        return false;
    *ret = value;
    return true;
}

/* Length of the blank between thousands: a space, U+00A0 or U+202F, as French spreadsheets write it; else 0. */
static size_t cents_blank(const char *text)
{
    static const char *const blanks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (strncmp(text, blanks[i], strlen(blanks[i])) == 0)
            return strlen(blanks[i]);
    return 0;
}

static bool cents_group(const char *text)
{
    for (int i = 0; i < 3; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return text[3] < '0' || text[3] > '9';
}

/* Whole units, thousands apart or not; NULL when the groups are not of three digits. */
static const char *cents_units(const char *text, int64_t *ret)
{
    const char *at = number_digits(text, ret);
    if (!at || !cents_blank(at))
        return at;
    if (at - text > 3 || *ret == 0)
        return NULL;
    for (size_t blank; (blank = cents_blank(at)) > 0;) {
        at += blank;
        if (!cents_group(at))
            return NULL;
        int64_t group = (at[0] - '0') * INT64_C(100) + (at[1] - '0') * INT64_C(10) + (at[2] - '0');
        if (__builtin_mul_overflow(*ret, 1000, ret) || __builtin_add_overflow(*ret, group, ret))
            return NULL;
        at += 3;
    }
    return at;
}

bool parse_cents(const char *text, int64_t *ret)
{
    int64_t value;
    const char *at = text ? cents_units(text, &value) : NULL;
    if (!at || __builtin_mul_overflow(value, 100, &value))
        return false;
    if (*at == '.' || *at == ',') {
        at++;
        if (*at < '0' || *at > '9')
            return false;
        int64_t cents = (*at++ - '0') * INT64_C(10);
        if (*at >= '0' && *at <= '9')
            cents += *at++ - '0';
        if (__builtin_add_overflow(value, cents, &value))
            return false;
    }
    if (*at)
        return false;
    *ret = value;
    return true;
}

struct number_unit {
    const char *name;
    int64_t factor;
};

static bool number_with_unit(const char *text, const struct number_unit *units, size_t count, int64_t *ret)
{
    int64_t value;
    const char *unit = text ? number_digits(text, &value) : NULL;
    if (!unit)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(unit, units[i].name) != 0)
            continue;
        if (__builtin_mul_overflow(value, units[i].factor, &value))
            return false;
        *ret = value;
        return true;
    }
    return false;
}

bool parse_size(const char *text, int64_t *ret)
{
    static const struct number_unit units[] = {
        {"", 1}, {"KiB", INT64_C(1) << 10}, {"MiB", INT64_C(1) << 20}, {"GiB", INT64_C(1) << 30}};
    return number_with_unit(text, units, sizeof units / sizeof *units, ret);
}

bool parse_duration(const char *text, int64_t *ret)
{
    static const struct number_unit units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000},
        {"min", INT64_C(60000000)}, {"h", INT64_C(3600000000)}, {"d", INT64_C(86400000000)}};
    return number_with_unit(text, units, sizeof units / sizeof *units, ret);
}
