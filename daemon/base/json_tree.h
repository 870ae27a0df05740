#pragma once
/* The value tree behind base/json.h: built by json_read.c in an arena, immutable afterwards. */
#include "base/json.h"

#include <stddef.h>
#include <stdint.h>

struct json_member;

struct json {
    enum json_type type;
    uint32_t count; /* elements or members */
    union {
        int64_t integer;
        double real;
        const char *text;
        struct json *items;
        struct {
            struct json_member *members; /* in the order of the text */
            uint32_t *order;             /* their indexes, ascending by key */
        } object;
    } as;
};

struct json_member {
    const char *key;
    struct json value;
};

enum { JSON_NUMBER_MAX = 32 };

/* RFC 8785 section 3.2.3: the order of UTF-16 code units, for UTF-8 texts. */
int json_key_compare(const char *a, const char *b);
/* The shortest text that reads back as `value`, as ECMAScript writes it; returns its length. Finite only. */
size_t json_real_text(double value, char out[static JSON_NUMBER_MAX]);
