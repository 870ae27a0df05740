/*
 * Doubles as ECMAScript writes them (ECMA-262 Number::toString, required by RFC 8785): the fewest digits that
 * read back as the same double, the nearest of them. Pure, any thread, whatever the locale.
 */
#include "json_tree.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REAL_DIGITS_MAX = 17, REAL_EXPONENT_FIXED = 21, REAL_ZEROS_FIXED = 6 };

/* digits * 10^exponent */
struct real_decimal {
    uint64_t digits;
    int exponent;
};

static bool real_reads_back(struct real_decimal decimal, double value)
{
    char text[JSON_NUMBER_MAX];
    (void)snprintf(text, sizeof(text), "%" PRIu64 "e%d", decimal.digits, decimal.exponent);
    return strtod(text, NULL) == value;
}

static struct real_decimal real_round(double value, int count)
{
    char text[JSON_NUMBER_MAX];
    (void)snprintf(text, sizeof(text), "%.*e", count - 1, value);
    struct real_decimal decimal = {0, 0};
    char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9')
            decimal.digits = decimal.digits * 10 + (uint64_t)(*at - '0');
    }
    decimal.exponent = (int)strtol(at + 1, NULL, 10) - (count - 1);
    return decimal;
}

static struct real_decimal real_shortest(double value)
{
    /* up to DBL_DIG digits survive the way through a double and back, except among the subnormal ones */
    int binary_exponent = 0;
    bool power_of_two = frexp(value, &binary_exponent) == 0.5;
    struct real_decimal decimal = {0, 0};
    for (int count = value < DBL_MIN ? 1 : DBL_DIG; count <= REAL_DIGITS_MAX; count++) {
        decimal = real_round(value, count);
        if (real_reads_back(decimal, value))
            break;
        /* doubles are closer together below a power of two than above: its neighbour above may do */
        struct real_decimal above = {decimal.digits + 1, decimal.exponent};
        if (power_of_two && real_reads_back(above, value)) {
            decimal = above;
            break;
        }
    }
    while (decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    return decimal;
}

size_t json_real_text(double value, char out[static JSON_NUMBER_MAX])
{
    if (value == 0)
        return (size_t)snprintf(out, JSON_NUMBER_MAX, "0");
    const char *sign = value < 0 ? "-" : "";
    struct real_decimal decimal = real_shortest(fabs(value));
    char digits[JSON_NUMBER_MAX];
    int count = snprintf(digits, sizeof(digits), "%" PRIu64, decimal.digits);
    int point = count + decimal.exponent; /* digits before the point */
    int length = 0;
    if (count <= point && point <= REAL_EXPONENT_FIXED)
        length =
            snprintf(out, JSON_NUMBER_MAX, "%s%s%.*s", sign, digits, point - count, "00000000000000000000");
    else if (0 < point && point <= REAL_EXPONENT_FIXED)
        length = snprintf(out, JSON_NUMBER_MAX, "%s%.*s.%s", sign, point, digits, digits + point);
    else if (-REAL_ZEROS_FIXED < point && point <= 0)
        length = snprintf(out, JSON_NUMBER_MAX, "%s0.%.*s%s", sign, -point, "000000", digits);
    else
        length = snprintf(
            out, JSON_NUMBER_MAX, "%s%c%s%se%+d", sign, digits[0], count > 1 ? "." : "", digits + 1, point - 1);
    return (size_t)length;
}
