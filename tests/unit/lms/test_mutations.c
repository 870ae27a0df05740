/* Every platform reads thousands of damaged bodies: nothing crashes, nothing is lost, the same body gives the
 * same identities. */
#include "lms_bench.h"
#include "sample.h"

#include <stdio.h>

static const char *const names[] = {"platforms/360learning", "platforms/docebo_batch", "platforms/learnupon",
    "platforms/litmos", "platforms/canvas", "xapi/logstore_xapi_001"};

static uint32_t roll(uint32_t *dice, uint32_t sides)
{
    *dice = *dice * 1664525u + 1013904223u;
    return (*dice >> 8) % sides;
}

/* Changes some bytes, or takes or repeats a piece. */
static struct span damaged(struct arena *arena, struct span body, uint32_t *dice)
{
    static const char bytes[] = "{}[]\",:\\/0123456789-+.eEtrufalsn \n\t\xff\xc3\xed\x80u";
    struct span cut = {body.data, body.size};
    char *copy = arena_alloc(arena, body.size * 2 + 1);
    if (roll(dice, 4) == 0)
        cut.size = roll(dice, (uint32_t)body.size);
    memcpy(copy, cut.data, cut.size);
    if (roll(dice, 4) == 0) {
        size_t piece = roll(dice, (uint32_t)body.size);
        memcpy(copy + cut.size, body.data + piece, body.size - piece);
        cut.size += body.size - piece;
    }
    for (uint32_t changes = roll(dice, 4); cut.size && changes; changes--)
        copy[roll(dice, (uint32_t)cut.size)] = bytes[roll(dice, sizeof bytes - 1)];
    return (struct span){copy, cut.size};
}

static void read_twice(struct lms_bench *b, const struct lms_platform *platform, struct span body)
{
    assert_int_equal(lms_bench_send(b, platform, body), ST_OK);
    struct lms_envelope first = b->envelope;
    assert_int_equal(lms_bench_send(b, platform, body), ST_OK);
    assert_int_equal(b->envelope.count, first.count);
    for (size_t i = 0; i < first.count; i++)
        assert_string_equal(first.items[i].identity, b->envelope.items[i].identity);
    if (first.count == 0)
        assert_true(memchr(body.data, '[', body.size) != NULL);
}

static void test_damaged_bodies(void **state)
{
    (void)state;
    uint32_t dice = 20261118;
    for (size_t name = 0; name < sizeof names / sizeof names[0]; name++)
        for (size_t row = 0; row < lms_platform_count; row++)
            for (int round = 0; round < 150; round++) {
                struct lms_bench b =
                    lms_bench("{\"items\": [\"/data\", \"/payloads\"], \"event_id\": \"@X-Id\","
                              " \"user\": {\"id\": \"/userId\"}, \"course\": {\"id\": \"/courseId\"},"
                              " \"occurred\": {\"at\": \"/closedAt\"}, \"always\": true}");
                struct span body = sample(b.arena, arena_printf(b.arena, "samples/%s.json", names[name]));
                read_twice(&b, &lms_platforms[row], damaged(b.arena, body, &dice));
                arena_free(b.arena);
            }
}

static void test_damaged_forms(void **state)
{
    (void)state;
    static const char form[] =
        "user%5Bemail%5D=bob%40example.org&course=S%C3%A9curit%C3%A9+incendie&t=1795000000&a=%&b";
    uint32_t dice = 7;
    for (int round = 0; round < 500; round++) {
        struct lms_bench b = lms_bench("{\"format\": \"form\", \"user\": {\"email\": \"user[email]\"},"
                                       " \"course\": {\"title\": \"course\"}, \"always\": true,"
                                       " \"occurred\": {\"at\": \"t\", \"format\": \"epoch_s\"}}");
        struct span body = damaged(b.arena, SPAN_TEXT(form), &dice);
        assert_int_equal(lms_bench_send(&b, NULL, body), ST_OK);
        assert_int_equal(b.envelope.count, 1);
        assert_int_equal(b.envelope.items[0].raw.size, body.size);
        arena_free(b.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_bodies),
        cmocka_unit_test(test_damaged_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
