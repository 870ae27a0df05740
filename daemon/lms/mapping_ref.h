#pragma once
/* References: where a mapping says a value is (see lms/mapping.h). */
#include "base/json.h"
#include "lms/mapping.h"

bool ref_valid(const char *ref);
/* Whether it points outside the record: the same value for every record of a body. */
bool ref_shared(const char *ref);

struct ref_record {
    struct arena *arena;
    const struct json *root;   /* the body */
    const struct json *record; /* inside it, or the body itself */
    const struct lms_request *request;
};

/* A member of the record or of the body; NULL when it is not there, or for a header field. */
const struct json *ref_value(const struct ref_record *record, const char *ref);
/* Its text, NULL when it is absent or empty; *ret_single is false for a list or an object. */
const char *ref_text(const struct ref_record *record, const char *ref, bool *ret_single);
/* The same as a JSON Pointer into the body, for slices; NULL when the reference is none into the body. */
const char *ref_pointer(struct arena *arena, const char *ref);
