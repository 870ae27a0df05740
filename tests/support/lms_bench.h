#pragma once
/* A body through a mapping or a platform, for the tests of lms. */
#include "lms/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BENCH_NOW (INT64_C(1795000000) * US_PER_SEC + 2 * US_PER_DAY)

struct lms_bench {
    struct arena *arena;
    const struct lms_mapping *mapping;
    struct lms_header headers[4];
    struct lms_request request;
    struct lms_input input;
    struct lms_envelope envelope;
    struct error err;
};

/* With a mapping as text, or NULL. */
static inline struct lms_bench lms_bench(const char *mapping)
{
    struct lms_bench b = {.arena = arena_new(0), .input = {.source = "src_1", .now = BENCH_NOW}};
    if (!mapping)
        return b;
    struct lms_mapping *parsed = ARENA_NEW(b.arena, struct lms_mapping);
    if (field_parse(&lms_mapping_table, b.arena, mapping, strlen(mapping), FIELD_MODE_CREATE, parsed, &b.err) ||
        lms_mapping_check(parsed, &b.err))
        fail_msg("%s %s %s", b.err.detail, b.err.fields[0].pointer, b.err.fields[0].detail);
    b.mapping = parsed;
    return b;
}

static inline void lms_bench_header(struct lms_bench *b, const char *name, const char *value)
{
    assert_true(b->request.header_count < 4);
    b->headers[b->request.header_count++] = (struct lms_header){name, value};
}

/* The body is copied to where its end is guarded. */
static inline enum status lms_bench_send(
    struct lms_bench *b, const struct lms_platform *platform, struct span body)
{
    error_clear(&b->err);
    b->request.headers = b->headers;
    b->request.body = (struct span){arena_copy(b->arena, body.data, body.size), body.size};
    b->input.request = &b->request;
    b->input.content = b->request.body;
    enum status status = platform ? lms_parse(b->arena, platform, b->mapping, &b->input, &b->envelope, &b->err)
                                  : lms_mapping_apply(b->arena, b->mapping, &b->input, &b->envelope, &b->err);
    for (size_t i = 0; !status && i < b->envelope.count; i++) {
        const struct lms_item *item = &b->envelope.items[i];
        assert_non_null(item->identity);
        assert_true(item->raw.size <= body.size);
        struct sha256 hash = sha256(item->raw.data, item->raw.size);
        assert_memory_equal(&hash, &item->hash, sizeof hash);
        assert_true(item->state == LMS_ITEM_READY || item->problem);
    }
    return status;
}

static inline const struct lms_item *lms_bench_one(struct lms_bench *b, const char *body)
{
    assert_int_equal(lms_bench_send(b, NULL, SPAN_TEXT(body)), ST_OK);
    assert_int_equal(b->envelope.count, 1);
    return &b->envelope.items[0];
}

static inline const char *lms_bench_key(const struct lms_item *item, enum lms_key_kind kind)
{
    for (size_t i = 0; i < item->completion.key_count; i++)
        if (item->completion.keys[i].kind == (int)kind)
            return item->completion.keys[i].value;
    return NULL;
}

static inline void lms_bench_time(instant_t instant, const char *expected)
{
    char text[INSTANT_TEXT_MAX];
    assert_string_equal(instant_text(instant, text), expected);
}
