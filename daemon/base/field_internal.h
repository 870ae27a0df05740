#pragma once
/* What the sources of field tables share: places in a struct, paths into the input, complaints. */
#include "base/field.h"

#include <stdbool.h>
#include <string.h>

enum { FIELD_WHY_MAX = 200, FIELD_ITEM_LENGTH = 200, FIELD_ITEMS = 1000 };

/* Where a value stands in the input: a member by name, or an element when `name` is NULL. */
struct field_path {
    const struct field_path *up;
    const char *name;
    size_t index;
};

struct field_reader {
    struct arena *arena;
    struct error *err;
    unsigned wrong; /* complaints so far */
};

void field_complain(struct field_reader *reader, const struct field_path *path, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* ST_INVALID after a complaint; `detail` of the error then tells the only one or how many there are. */
enum status field_verdict(const struct field_reader *reader);

static inline void *field_place(const struct field *field, void *out)
{
    return (char *)out + field->at;
}

static inline const void *field_value(const struct field *field, const void *in)
{
    return (const char *)in + field->at;
}

/* The pointer a FIELD_OBJECT (or any other pointer member) holds, whatever it points to. */
static inline void *field_pointer(const void *value)
{
    void *pointer = NULL;
    memcpy(&pointer, value, sizeof(pointer));
    return pointer;
}

size_t field_size(const struct field *field);
bool field_is_none(const struct field *field, const void *value);
void field_set_none(const struct field *field, void *place);
struct given field_marks(const struct field_table *table, const void *in);

/* Whether a request of that mode may hold the field (everything may be stored). */
bool field_accepted(const struct field *field, enum field_mode mode);
/* The bounds of FIELD_INT, of the length of texts and lists, with their defaults. */
int64_t field_min(const struct field *field);
int64_t field_max(const struct field *field);

/* What the field takes, as a sentence: "expected a date YYYY-MM-DD". */
void field_expect(const struct field *field, char why[static FIELD_WHY_MAX]);
/* Reads a scalar from its text; false leaves the reason in `why` and the place as it was. */
bool field_scan(const struct field *field, struct arena *arena, const char *text, void *place,
    char why[static FIELD_WHY_MAX]);
/* One text of FIELD_TEXTS. */
bool field_scan_item(struct arena *arena, const char *text, const char **ret, char why[static FIELD_WHY_MAX]);
