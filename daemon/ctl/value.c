/* What a value on the command line may look like, a row a kind. Pure. */
#include "invocation.h"

#include "base/date.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static bool value_int(struct arena *arena, const char *text, const char **ret)
{
    int64_t number;
    *ret = text;
    (void)arena;
    return parse_int64(text, INT64_MIN, INT64_MAX, &number);
}

static bool value_bool(struct arena *arena, const char *text, const char **ret)
{
    static const char *const words[][2] = {{"yes", "true"}, {"true", "true"}, {"oui", "true"}, {"no", "false"},
        {"false", "false"}, {"non", "false"}};
    (void)arena;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i][0], text) == 0) {
            *ret = words[i][1];
            return true;
        }
    }
    return false;
}

static bool value_date(struct arena *arena, const char *text, const char **ret)
{
    date_t date;
    char iso[DATE_TEXT_MAX];
    if (!date_parse_loose(text, &date))
        return false;
    *ret = arena_strdup(arena, date_text(date, iso));
    return true;
}

static bool value_instant(struct arena *arena, const char *text, const char **ret)
{
    instant_t instant;
    char *with_t = arena_strdup(arena, text);
    char *blank = strchr(with_t, ' ');
    if (blank)
        *blank = 'T';
    *ret = with_t;
    if (instant_parse(with_t, &instant))
        return true;
    /* A local time: its zone is known later, its form now. */
    const char *seconds = strlen(with_t) == 16 ? ":00Z" : "Z";
    return instant_parse(arena_printf(arena, "%s%s", with_t, seconds), &instant);
}

static bool value_minutes(struct arena *arena, const char *text, const char **ret)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    const char *h = strchr(text, 'h');
    if (h && !parse_int64(arena_strndup(arena, text, (size_t)(h - text)), 0, 100000, &hours))
        return false;
    const char *rest = h ? h + 1 : text;
    if (h && strlen(rest) == 2 && rest[0] == '0')
        rest++;
    if ((!h || *rest) && !parse_int64(rest, 0, h ? 59 : 10000000, &minutes))
        return false;
    *ret = arena_printf(arena, "%" PRId64, hours * 60 + minutes);
    return true;
}

static bool value_cents(struct arena *arena, const char *text, const char **ret)
{
    int64_t cents;
    if (!parse_cents(text, &cents))
        return false;
    *ret = arena_printf(arena, "%" PRId64, cents);
    return true;
}

static bool value_json(struct arena *arena, const char *text, const char **ret)
{
    const struct json *value;
    *ret = text;
    return json_parse(arena, text, strlen(text), &value, NULL) == ST_OK;
}

static bool value_any(struct arena *arena, const char *text, const char **ret)
{
    (void)arena;
    *ret = text;
    return *text != '\0';
}

static const struct {
    bool (*read)(struct arena *arena, const char *text, const char **ret);
    const char *expected;
} value_kinds[VALUE_KINDS] = {
    [VALUE_TEXT] = {value_any, "a text"},
    [VALUE_INT] = {value_int, "a whole number"},
    [VALUE_SET] = {value_any, "nothing"},
    [VALUE_BOOL] = {value_bool, "yes or no"},
    [VALUE_DATE] = {value_date, "a date (2026-11-22)"},
    [VALUE_INSTANT] = {value_instant, "a date and time (2026-11-22T09:00)"},
    [VALUE_MINUTES] = {value_minutes, "minutes (45) or hours (1h30)"},
    [VALUE_CENTS] = {value_cents, "an amount in euros (1234.56)"},
    [VALUE_TEXTS] = {value_any, "words separated by commas"},
    [VALUE_FILE] = {value_any, "a file"},
    [VALUE_JSON] = {value_json, "JSON"},
    [VALUE_PERSON] = {value_any, "a payroll number"},
    [VALUE_REVIEW] = {value_any, "a review's id or a payroll number"},
};

enum status value_check(struct arena *arena, const struct parameter *parameter, const char *text,
    const char **ret, struct error *err)
{
    if (!utf8_valid(text, strlen(text)))
        return error_set(err, ST_INVALID, "%s is not UTF-8", parameter->name);
    const char *value = text;
    bool cleared = parameter->place == PLACE_BODY && strcmp(text, "-") == 0;
    if (!cleared && !value_kinds[parameter->kind].read(arena, text, &value))
        return error_set(err, ST_INVALID, "%s: \"%s\" is not %s", parameter->name, text,
            value_kinds[parameter->kind].expected);
    *ret = value;
    return ST_OK;
}
