/*
 * The formats of single values in a statement. Pure, any thread.
 */
#include "base/text.h"
#include "base/zone.h"
#include "read.h"
#include "statement_check.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool xapi_hex(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdefABCDEF") == size && !text[size];
}

bool lms_is_uuid(const char *text)
{
    static const int dashes[] = {8, 13, 18, 23};
    if (strlen(text) != 36)
        return false;
    for (int i = 0, next = 0; i < 36; i++) {
        bool dash = next < 4 && dashes[next] == i;
        next += dash;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

bool lms_is_iri(const char *text)
{
    const char *colon = strchr(text, ':');
    if (!colon || !isalpha((unsigned char)*text) || !colon[1])
        return false;
    for (const char *c = text; c < colon; c++)
        if (!isalnum((unsigned char)*c) && !strchr("+-.", *c))
            return false;
    for (const char *c = colon; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F || strchr("<>\"{}|\\^`", *c))
            return false;
    return true;
}

/* "-00", "-0000", "-00:00": the offset is not known, which is not an offset (RFC 3339 4.3, xAPI-Data 4.5). */
static bool xapi_minus_zero(const char *text)
{
    const char *time = strpbrk(text, "Tt ");
    const char *minus = time ? strrchr(time, '-') : NULL;
    return minus && strspn(minus, "-0:") == strlen(minus);
}

bool lms_is_timestamp(const char *text, instant_t *ret)
{
    struct value_time time;
    if (strlen(text) > 40 || xapi_minus_zero(text) || !value_time(text, LMS_TIME_ISO, NULL, &time) ||
        time.day_only)
        return false;
    *ret = time.at;
    return true;
}

/* "12", or "1.5" when it is the last component. */
static bool duration_number(const char **at, bool *ret_fraction)
{
    const char *start = *at;
    *at += strspn(*at, "0123456789");
    if (*at == start)
        return false;
    *ret_fraction = **at == '.' || **at == ',';
    if (!*ret_fraction)
        return true;
    size_t digits = strspn(*at + 1, "0123456789");
    *at += digits + 1;
    return digits > 0;
}

/* Components in the order of `units`, each at most once; only the last of all may have a fraction. */
static void duration_components(const char **at, const char *units, bool *fraction)
{
    for (; *units && !*fraction; units++) {
        const char *next = *at;
        bool part;
        if (!duration_number(&next, &part) || *next != *units)
            continue;
        *at = next + 1;
        *fraction = part;
    }
}

bool xapi_is_duration(const char *text)
{
    bool fraction = false;
    if (*text++ != 'P')
        return false;
    const char *start = text, *week = text;
    if (duration_number(&week, &fraction) && *week == 'W')
        return !week[1];
    fraction = false;
    duration_components(&text, "YMD", &fraction);
    if (*text == 'T') {
        start = ++text;
        duration_components(&text, "HMS", &fraction);
    }
    return text > start && !*text;
}

bool xapi_is_tag(const char *text)
{
    size_t subtags = 0;
    do {
        size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        bool alpha = true;
        for (size_t i = 0; i < size; i++)
            alpha &= isalpha((unsigned char)text[i]) != 0;
        bool single = size == 1 && strchr("xXiI", *text) && text[1] == '-';
        if (size < 1 || size > 8 || (!subtags && !alpha) || (!subtags && size == 1 && !single))
            return false;
        subtags++;
        text += size;
    } while (*text == '-' && *++text);
    return !*text && text[-1] != '-';
}

bool xapi_is_mailto(const char *text)
{
    return !strncmp(text, "mailto:", 7) && email_valid(text + 7);
}

bool xapi_is_sha1(const char *text)
{
    return xapi_hex(text, 40);
}

bool xapi_is_sha2(const char *text)
{
    static const size_t sizes[] = {56, 64, 96, 128};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (xapi_hex(text, sizes[i]))
            return true;
    return false;
}

bool xapi_is_media_type(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash && slash > text && slash[1] && !strpbrk(text, "\r\n\t");
}

enum lms_xapi_version lms_xapi_version(const char *text)
{
    bool first = text && !strncmp(text, "1.0", 3), second = text && !strncmp(text, "2.0", 3);
    if (!first && !second)
        return LMS_XAPI_NONE;
    const char *rest = text + 3;
    bool patch = !*rest || (*rest == '.' && rest[1] && strspn(rest + 1, "0123456789") == strlen(rest + 1));
    return !patch ? LMS_XAPI_NONE : first ? LMS_XAPI_1 : LMS_XAPI_2;
}

const char *lms_xapi_version_text(enum lms_xapi_version version)
{
    return version == LMS_XAPI_1 ? "1.0.3" : "2.0.0";
}

bool xapi_is_version(const char *text)
{
    return strlen(text) > 3 && lms_xapi_version(text) != LMS_XAPI_NONE;
}
