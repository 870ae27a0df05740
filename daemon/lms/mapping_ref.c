/* Resolves references into a record, its body, or the header fields. Pure, any thread. */
#include "mapping_ref.h"

#include "base/text.h"
#include "read.h"

#include <string.h>

bool ref_valid(const char *ref)
{
    if (ref[0] == '#')
        return json_pointer_valid(ref + 1);
    if (ref[0] == '/')
        return json_pointer_valid(ref);
    if (ref[0] == '=')
        return ref[1] && !text_has_controls(ref, false);
    if (ref[0] != '@')
        return ref[0] && !text_has_controls(ref, false);
    return ref[1] && strspn(ref + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
                         strlen(ref + 1);
}

bool ref_shared(const char *ref)
{
    return ref[0] == '#' || ref[0] == '@' || ref[0] == '=';
}

const struct json *ref_value(const struct ref_record *record, const char *ref)
{
    switch (ref[0]) {
    case '@':
    case '=':
        return NULL;
    case '#':
        return json_pointer(record->root, ref + 1);
    case '/':
        return json_pointer(record->record, ref);
    default:
        return json_type(record->record) == JSON_OBJECT ? json_get(record->record, ref) : NULL;
    }
}

const char *ref_text(const struct ref_record *record, const char *ref, bool *ret_single)
{
    *ret_single = true;
    if (!ref)
        return NULL;
    if (ref[0] == '@')
        return value_clean(record->arena, lms_header(record->request, ref + 1, NULL));
    if (ref[0] == '=')
        return value_clean(record->arena, ref + 1);
    return value_text(record->arena, ref_value(record, ref), ret_single);
}

const char *ref_pointer(struct arena *arena, const char *ref)
{
    if (ref[0] == '#')
        return ref + 1;
    if (ref[0] == '/')
        return ref;
    if (ref[0] == '@' || ref[0] == '=')
        return NULL;
    char *out = arena_alloc(arena, strlen(ref) * 2 + 2);
    size_t used = 0;
    out[used++] = '/';
    for (; *ref; ref++) {
        bool escaped = *ref == '~' || *ref == '/';
        out[used++] = escaped ? '~' : *ref;
        if (escaped)
            out[used++] = *ref == '~' ? '0' : '1';
    }
    return out;
}
