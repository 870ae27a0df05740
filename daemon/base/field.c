/*
 * Field tables over structs alone: what "none" is, equality, merging a patch (RFC 7396), which fields were
 * given. Pure, any thread that owns the structs.
 */
#include "base/field.h"

#include "field_internal.h"

#include <string.h>

size_t field_size(const struct field *field)
{
    static const size_t sizes[] = {
        [FIELD_TEXT] = sizeof(const char *),
        [FIELD_LINES] = sizeof(const char *),
        [FIELD_EMAIL] = sizeof(const char *),
        [FIELD_URL] = sizeof(const char *),
        [FIELD_ID] = sizeof(const char *),
        [FIELD_DATE] = sizeof(date_t),
        [FIELD_INSTANT] = sizeof(instant_t),
        [FIELD_PERIOD] = sizeof(struct period),
        [FIELD_INT] = sizeof(int64_t),
        [FIELD_BOOL] = sizeof(int),
        [FIELD_ENUM] = sizeof(int),
        [FIELD_OBJECT] = sizeof(const void *),
        [FIELD_LIST] = sizeof(struct list),
        [FIELD_TEXTS] = sizeof(struct list),
        [FIELD_JSON] = sizeof(const struct json *),
    };
    return sizes[field->type];
}

void field_set_none(const struct field *field, void *place)
{
    memset(place, 0, field_size(field));
    switch (field->type) {
    case FIELD_DATE:
        *(date_t *)place = DATE_NONE;
        break;
    case FIELD_INSTANT:
        *(instant_t *)place = INSTANT_NONE;
        break;
    case FIELD_INT:
        *(int64_t *)place = FIELD_INT_NONE;
        break;
    case FIELD_BOOL:
    case FIELD_ENUM:
        *(int *)place = FIELD_UNSET;
        break;
    default: /* NULL, or a zeroed struct */
        break;
    }
}

bool field_is_none(const struct field *field, const void *value)
{
    switch (field->type) {
    case FIELD_DATE:
        return *(const date_t *)value == DATE_NONE;
    case FIELD_INSTANT:
        return *(const instant_t *)value == INSTANT_NONE;
    case FIELD_PERIOD:
        return period_is_none(*(const struct period *)value);
    case FIELD_INT:
        return *(const int64_t *)value == FIELD_INT_NONE;
    case FIELD_BOOL:
    case FIELD_ENUM:
        return *(const int *)value < 0;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return ((const struct list *)value)->items == NULL;
    default:
        return field_pointer(value) == NULL;
    }
}

void field_clear(const struct field_table *table, void *out)
{
    memset(out, 0, table->size);
    for (size_t i = 0; i < table->count; i++)
        field_set_none(&table->fields[i], field_place(&table->fields[i], out));
}

/* A struct without `given` gives everything. */
struct given field_marks(const struct field_table *table, const void *in)
{
    struct given given = {.present = UINT64_MAX, .cleared = 0};
    if (table->given_at >= 0)
        memcpy(&given, (const char *)in + table->given_at, sizeof(given));
    return given;
}

bool field_given(const struct field_table *table, const void *in, const char *name)
{
    uint64_t present = field_marks(table, in).present;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].name, name) == 0)
            return (present >> i & 1) != 0;
    }
    return false;
}

static bool field_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool field_same_list(const struct field *field, const struct list *a, const struct list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        bool same =
            field->type == FIELD_TEXTS
                ? field_same_text(((const char *const *)a->items)[i], ((const char *const *)b->items)[i])
                : field_equal(field->of, (const char *)a->items + i * field->of->size,
                      (const char *)b->items + i * field->of->size);
        if (!same)
            return false;
    }
    return true;
}

static bool field_same(const struct field *field, const void *a, const void *b)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_EMAIL:
    case FIELD_URL:
    case FIELD_ID:
        return field_same_text(*(const char *const *)a, *(const char *const *)b);
    case FIELD_OBJECT: {
        const void *left = field_pointer(a);
        const void *right = field_pointer(b);
        return left == right || (left && right && field_equal(field->of, left, right));
    }
    case FIELD_LIST:
    case FIELD_TEXTS:
        return field_same_list(field, a, b);
    case FIELD_JSON:
        return json_equal(*(const struct json *const *)a, *(const struct json *const *)b);
    case FIELD_BOOL:
    case FIELD_ENUM:
        return (field_is_none(field, a) && field_is_none(field, b)) || *(const int *)a == *(const int *)b;
    default: /* numbers without padding */
        return memcmp(a, b, field_size(field)) == 0;
    }
}

bool field_equal(const struct field_table *table, const void *a, const void *b)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (!field_same(field, field_value(field, a), field_value(field, b)))
            return false;
    }
    return true;
}

/* Whether a patch of the object is merged into the one that is there, instead of replacing it. */
static bool field_is_merged(const struct field *field)
{
    return field->type == FIELD_OBJECT && field->of->given_at >= 0;
}

/* Gives a nested patch what it does not say itself, from `old` (NULL = nothing): afterwards it is the merged
 * object. Its marks stay, so that doing it again on other data starts afresh. */
static void field_complete(const struct field_table *table, void *patch, const void *old)
{
    struct given given = field_marks(table, patch);
    if (patch == old) /* merged onto the same target before */
        return;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        void *place = field_place(field, patch);
        const void *before = old ? field_value(field, old) : NULL;
        if (!(given.present >> i & 1)) {
            if (before)
                memcpy(place, before, field_size(field));
            else
                field_set_none(field, place);
        } else if (field_is_merged(field) && !field_is_none(field, place)) {
            field_complete(field->of, field_pointer(place), before ? field_pointer(before) : NULL);
        }
    }
}

bool field_merge(const struct field_table *table, void *target, const void *patch)
{
    struct given given = field_marks(table, patch);
    bool changed = false;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        void *place = field_place(field, target);
        const void *value = field_value(field, patch);
        if (!(given.present >> i & 1))
            continue;
        if (field_is_merged(field) && !field_is_none(field, value))
            field_complete(field->of, field_pointer(value), field_pointer(place));
        if (field_same(field, place, value))
            continue;
        memcpy(place, value, field_size(field));
        changed = true;
    }
    return changed;
}
