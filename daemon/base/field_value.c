/*
 * The scalar types of field tables: reading each from its text, and the sentence that says what was expected.
 * JSON, query parameters and CSV cells all come through here. Any thread.
 */
#include "base/id.h"
#include "base/number.h"
#include "base/text.h"
#include "field_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t field_min(const struct field *field)
{
    bool text = field->type == FIELD_TEXT || field->type == FIELD_LINES;
    if (text && (field->flags & FIELD_REQUIRED) && field->min == 0)
        return 1;
    if (field->type == FIELD_INT && field->min == 0 && field->max == 0)
        return FIELD_INT_NONE + 1;
    return field->min;
}

int64_t field_max(const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
        return field->max ? field->max : 200;
    case FIELD_LINES:
        return field->max ? field->max : 4000;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return field->max ? field->max : FIELD_ITEMS;
    default:
        return field->max < field->min || (field->min == 0 && field->max == 0) ? INT64_MAX : field->max;
    }
}

static void field_expect_int(const struct field *field, char why[static FIELD_WHY_MAX])
{
    int64_t min = field_min(field);
    int64_t max = field_max(field);
    if (max < INT64_MAX)
        (void)snprintf(why, FIELD_WHY_MAX, "expected an integer from %" PRId64 " to %" PRId64, min, max);
    else if (min > FIELD_INT_NONE + 1)
        (void)snprintf(why, FIELD_WHY_MAX, "expected an integer of at least %" PRId64, min);
    else
        (void)snprintf(why, FIELD_WHY_MAX, "expected an integer");
}

/* As many names as fit, and an ellipsis for the others. */
static void field_expect_enum(const struct field *field, char why[static FIELD_WHY_MAX])
{
    size_t length = (size_t)snprintf(why, FIELD_WHY_MAX, "expected one of: ");
    const char *comma = "";
    for (const char *const *name = field->names; *name; name++, comma = ", ") {
        if (length + strlen(*name) + sizeof(", , ...") > FIELD_WHY_MAX) {
            (void)snprintf(why + length, FIELD_WHY_MAX - length, "%s...", comma);
            return;
        }
        length += (size_t)snprintf(why + length, FIELD_WHY_MAX - length, "%s%s", comma, *name);
    }
}

void field_expect(const struct field *field, char why[static FIELD_WHY_MAX])
{
    static const char *const sentences[] = {
        [FIELD_EMAIL] = "expected an e-mail address",
        [FIELD_URL] = "expected an http or https URL",
        [FIELD_DATE] = "expected a date YYYY-MM-DD",
        [FIELD_INSTANT] = "expected an instant with its zone, such as 2026-11-22T10:15:30Z",
        [FIELD_PERIOD] = "expected a period such as P4Y, P6M or P30D",
        [FIELD_BOOL] = "expected true or false",
        [FIELD_OBJECT] = "expected an object",
        [FIELD_LIST] = "expected a list of objects",
        [FIELD_TEXTS] = "expected a list of texts",
        [FIELD_JSON] = "expected JSON",
    };
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
        (void)snprintf(
            why, FIELD_WHY_MAX, "expected a text of at most %" PRId64 " characters", field_max(field));
        break;
    case FIELD_ID:
        (void)snprintf(why, FIELD_WHY_MAX, "expected an id%s%s%s", field->kind ? " beginning with " : "",
            field->kind ? field->kind : "", field->kind ? "_" : "");
        break;
    case FIELD_INT:
        field_expect_int(field, why);
        break;
    case FIELD_ENUM:
        field_expect_enum(field, why);
        break;
    default:
        (void)snprintf(why, FIELD_WHY_MAX, "%s", sentences[field->type]);
    }
}

/* Whether the characters of `text` may stand there, and their number is within bounds. */
static bool field_check_text(
    const char *text, bool lines, int64_t min, int64_t max, char why[static FIELD_WHY_MAX])
{
    if (!utf8_valid(text, strlen(text))) {
        (void)snprintf(why, FIELD_WHY_MAX, "not valid UTF-8");
        return false;
    }
    if (text_has_controls(text, lines)) {
        (void)snprintf(why, FIELD_WHY_MAX, "%s are not accepted",
            lines ? "control characters" : "line breaks and control characters");
        return false;
    }
    int64_t length = (int64_t)utf8_length(text);
    if (length > max) {
        (void)snprintf(
            why, FIELD_WHY_MAX, "expected at most %" PRId64 " characters, not %" PRId64, max, length);
        return false;
    }
    if (min > 0 && text[strspn(text, " \t\r\n")] == '\0') {
        (void)snprintf(why, FIELD_WHY_MAX, "must not be empty");
        return false;
    }
    if (length < min) {
        (void)snprintf(why, FIELD_WHY_MAX, "expected at least %" PRId64 " characters", min);
        return false;
    }
    return true;
}

static bool field_scan_enum(const struct field *field, const char *text, int *ret)
{
    for (int i = 0; field->names[i]; i++) {
        if (strcmp(field->names[i], text) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static bool field_scan_bool(const char *text, int *ret)
{
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0)
        return false;
    *ret = yes;
    return true;
}

static bool field_keep_text(bool valid, struct arena *arena, const char *text, const char **ret)
{
    if (valid)
        *ret = arena_strdup(arena, text);
    return valid;
}

bool field_scan_item(struct arena *arena, const char *text, const char **ret, char why[static FIELD_WHY_MAX])
{
    return field_keep_text(field_check_text(text, false, 0, FIELD_ITEM_LENGTH, why), arena, text, ret);
}

bool field_scan(const struct field *field, struct arena *arena, const char *text, void *place,
    char why[static FIELD_WHY_MAX])
{
    bool lines = field->type == FIELD_LINES;
    field_expect(field, why);
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
        return field_keep_text(
            field_check_text(text, lines, field_min(field), field_max(field), why), arena, text, place);
    case FIELD_EMAIL:
        return field_keep_text(email_valid(text), arena, text, place);
    case FIELD_URL:
        return field_keep_text(url_valid(text), arena, text, place);
    case FIELD_ID:
        return field_keep_text(id_valid(text, field->kind), arena, text, place);
    case FIELD_DATE:
        return date_parse(text, place);
    case FIELD_INSTANT:
        return instant_parse(text, place);
    case FIELD_PERIOD:
        return period_parse(text, place);
    case FIELD_INT:
        return parse_int64(text, field_min(field), field_max(field), place);
    case FIELD_BOOL:
        return field_scan_bool(text, place);
    case FIELD_ENUM:
        return field_scan_enum(field, text, place);
    default:
        (void)snprintf(why, FIELD_WHY_MAX, "cannot be given as a text");
        return false;
    }
}
