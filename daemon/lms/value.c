/*
 * Scalars as platforms write them: texts with stray blanks, numbers as text with a comma, durations in several
 * units. Pure, any thread.
 */
#include "read.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_DIGITS_MAX = 30, VALUE_MINUTES_MAX = 10000 * 60 };

const char *value_clean(struct arena *arena, const char *text)
{
    if (!text)
        return NULL;
    char *out = arena_alloc(arena, LMS_TEXT_MAX + 1);
    text += strspn(text, " \t\r\n");
    (void)text_copy(out, LMS_TEXT_MAX + 1, text);
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
    size_t size = strlen(out);
    while (size && out[size - 1] == ' ')
        out[--size] = '\0';
    return size ? out : NULL;
}

static const char *value_written(struct arena *arena, const struct json *value)
{
    BUF_AUTO text;
    buf_init(&text, LMS_TEXT_MAX);
    json_write(&text, value);
    return arena_strdup(arena, text.data);
}

const char *value_text(struct arena *arena, const struct json *value, bool *ret_single)
{
    enum json_type type = json_type(value);
    *ret_single = type != JSON_ARRAY && type != JSON_OBJECT;
    if (!*ret_single || type == JSON_NULL)
        return NULL;
    return type == JSON_TEXT ? value_clean(arena, json_text(value)) : value_written(arena, value);
}

/* "-12.5", "12,5", "1e3": what JSON writes and what people type; strtod alone would take "inf" and "0x10". */
double value_number(const char *text)
{
    char plain[VALUE_DIGITS_MAX + 1];
    size_t size = text ? strlen(text) : 0;
    if (!size || size > VALUE_DIGITS_MAX || strspn(text, "0123456789+-.,eE") != size)
        return (double)NAN;
    for (size_t i = 0; i <= size; i++)
        plain[i] = (char)(text[i] == ',' ? '.' : text[i]);
    char *end;
    double value = strtod(plain, &end);
    return end == plain + size && isfinite(value) ? value : (double)NAN;
}

/* One component of an ISO 8601 duration: its number when `unit` ends it. */
static bool value_component(const char **at, char unit, double *ret)
{
    size_t digits = strspn(*at, "0123456789.,");
    if (!digits || (*at)[digits] != unit || digits > VALUE_DIGITS_MAX)
        return false;
    char text[VALUE_DIGITS_MAX + 1];
    memcpy(text, *at, digits);
    text[digits] = '\0';
    *ret = value_number(text);
    *at += digits + 1;
    return isfinite(*ret);
}

/* "P1DT2H30M15S" in minutes; months and years are no length. */
static double value_iso_minutes(const char *text)
{
    static const struct {
        char unit;
        bool time;
        double minutes;
    } units[] = {
        {'W', false, 7 * 1440.0}, {'D', false, 1440}, {'H', true, 60}, {'M', true, 1}, {'S', true, 1 / 60.0}};
    if (*text++ != 'P' || !*text)
        return (double)NAN;
    double total = 0;
    bool time = false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        double part;
        if (*text == 'T' && !time && units[i].time) {
            time = true;
            text++;
        }
        if (units[i].time == time && value_component(&text, units[i].unit, &part))
            total += part * units[i].minutes;
    }
    return *text || text[-1] == 'T' ? (double)NAN : total;
}

int64_t value_minutes(const char *text, enum lms_duration_unit unit)
{
    static const double minutes[] = {
        [LMS_UNIT_HOURS] = 60, [LMS_UNIT_MINUTES] = 1, [LMS_UNIT_SECONDS] = 1 / 60.0};
    double value = unit == LMS_UNIT_ISO ? value_iso_minutes(text) : value_number(text) * minutes[unit];
    return isfinite(value) && value >= 0 && value <= VALUE_MINUTES_MAX ? (int64_t)llround(value)
                                                                       : FIELD_INT_NONE;
}
