/* Every parser of what others send, against every way to spoil a body that it would read: nothing of it counts,
 * nothing crashes, and up to its ceiling it reads. */
#include "lms_bench.h"
#include "sample.h"

#include "lms/badge.h"
#include "lms/pull.h"
#include "lms/signature.h"
#include "lms/statement.h"

#include <stdlib.h>

enum { DEEP = 10000 };

/* ---- parsers: whether anything of a body counts */

static bool any_ready(const struct lms_item *items, size_t count)
{
    bool ready = false;
    for (size_t i = 0; i < count; i++)
        ready |= items[i].state == LMS_ITEM_READY;
    return ready;
}

static bool read_platform(struct arena *arena, const char *platform, const char *mapping, struct span body)
{
    struct lms_bench b = lms_bench(mapping);
    b.input.now += 30 * US_PER_DAY; /* the samples are of several weeks */
    enum status status = lms_bench_send(&b, lms_platform_find(platform), body);
    bool ready = status == ST_OK && any_ready(b.envelope.items, b.envelope.count);
    (void)arena;
    arena_free(b.arena);
    return ready;
}

static bool read_generic(struct arena *arena, struct span body)
{
    return read_platform(arena, "generic",
        "{\"user\":{\"id\":\"/data/userId\"},\"course\":{\"id\":\"/data/courseId\"},"
        "\"occurred\":{\"at\":\"/data/closedAt\"},\"always\":true}",
        body);
}

static bool read_360learning(struct arena *arena, struct span body)
{
    return read_platform(arena, "360learning", NULL, body);
}

static bool read_docebo(struct arena *arena, struct span body)
{
    return read_platform(arena, "docebo", NULL, body);
}

static bool read_learnupon(struct arena *arena, struct span body)
{
    return read_platform(arena, "learnupon", NULL, body);
}

static bool read_litmos(struct arena *arena, struct span body)
{
    return read_platform(arena, "litmos", NULL, body);
}

static bool read_canvas(struct arena *arena, struct span body)
{
    return read_platform(arena, "canvas", NULL, body);
}

static bool read_cornerstone(struct arena *arena, struct span body)
{
    return read_platform(arena, "cornerstone", NULL, body);
}

static bool read_moodle(struct arena *arena, struct span body)
{
    return read_platform(arena, "moodle", NULL, body);
}

static bool read_statements(struct arena *arena, struct span body)
{
    struct lms_statements read;
    struct error err = ERROR_INIT;
    struct lms_statements_input input = {.body = body,
        .version = LMS_XAPI_1,
        .authority = "{\"account\":{\"homePage\":\"https://e\",\"name\":\"src\"}}"};
    return lms_statements_read(arena, &input, &read, &err) == ST_OK;
}

/* One step with this as the answer to every call. */
static bool read_pull(struct arena *arena, const char *platform, const char *settings, struct span body)
{
    struct lms_bench b = lms_bench("{\"user\":{\"id\":\"/userId\"},\"course\":{\"id\":\"/courseId\"},"
                                   "\"occurred\":{\"at\":\"/completedAt\"},\"always\":true}");
    struct lms_pull_settings parsed;
    field_clear(&lms_pull_table, &parsed);
    if (field_parse(&lms_pull_table, arena, settings, strlen(settings), FIELD_MODE_CREATE, &parsed, NULL))
        fail();
    const struct lms_pull pull = {.platform = lms_pull_find(platform),
        .source = "src_1",
        .url = "https://lms.example",
        .settings = &parsed,
        .mapping = b.mapping,
        .now = BENCH_NOW};
    struct lms_exchanges none = {0};
    struct lms_calls calls;
    struct lms_page page;
    const char *cursor = lms_pull_begin(arena, &pull, LMS_PULL_SWEEP, INSTANT_NONE);
    assert_int_equal(lms_pull_ask(arena, &pull, cursor, &none, &calls, NULL), ST_OK);
    struct lms_exchange answer = {.call = calls.items[0], .status = 200, .answer = {.body = body}};
    struct lms_exchanges all = {.items = &answer, .count = 1};
    assert_int_equal(lms_pull_ask(arena, &pull, cursor, &all, &calls, NULL), ST_OK);
    assert_int_equal(lms_pull_take(arena, &pull, cursor, &all, &page, NULL), ST_OK);
    bool counts = page.state == LMS_PAGE_MORE;
    for (size_t i = 0; i < page.count; i++)
        counts |= page.items[i].item.state == LMS_ITEM_READY;
    arena_free(b.arena);
    return counts;
}

static bool read_pages(struct arena *arena, struct span body)
{
    return read_pull(arena, "generic", "{\"path\":\"/list\"}", body);
}

static bool read_moodle_answer(struct arena *arena, struct span body)
{
    return read_pull(arena, "moodle", "{}", body);
}

static bool read_token(struct arena *arena, struct span body)
{
    int64_t life;
    const char *problem;
    return lms_pull_token(arena, body, &life, &problem) != NULL;
}

static bool read_keys(struct arena *arena, struct span body)
{
    (void)arena;
    return !lms_jwks_wrong(body);
}

static bool read_badge(struct arena *arena, struct span body)
{
    static const char *const address[] = {"ada@x.example"};
    const struct list addresses = {.items = address, .count = 1};
    struct lms_badge_documents docs = {.urls = {"https://x.example/a"}, .bodies = {body}};
    enum lms_badge_part part;
    struct lms_badge badge;
    return !lms_badge_next(arena, &docs, &part) && part == LMS_BADGE_PARTS &&
           !lms_badge_wrong(arena, &docs, &addresses, BENCH_NOW, &badge);
}

#define ROWS                                                                                                   \
    "[{\"userId\":\"u\",\"courseId\":\"c\",\"completedAt\":\"2026-11-18T10:26:40Z\"},{\"userId\":\"v\"}]"
#define TOLD "{\"access_token\":\"t\",\"expires_in\":60}"

static const struct parser {
    const char *name;
    bool (*counts)(struct arena *arena, struct span body);
    const char *sample, *text; /* a body that counts */
    size_t ceiling;            /* bytes; 0: the caller's matter */
} parsers[] = {
    {"generic", read_generic, "platforms/360learning", NULL, LMS_CONTENT_MAX},
    {"360learning", read_360learning, "platforms/360learning", NULL, LMS_CONTENT_MAX},
    {"docebo", read_docebo, "platforms/docebo_one", NULL, LMS_CONTENT_MAX},
    {"learnupon", read_learnupon, "platforms/learnupon", NULL, LMS_CONTENT_MAX},
    {"litmos", read_litmos, "platforms/litmos", NULL, LMS_CONTENT_MAX},
    {"canvas", read_canvas, "platforms/canvas", NULL, LMS_CONTENT_MAX},
    {"cornerstone", read_cornerstone, "platforms/cornerstone", NULL, LMS_CONTENT_MAX},
    {"moodle", read_moodle, "xapi/logstore_xapi_001", NULL, LMS_CONTENT_MAX},
    {"statements", read_statements, "xapi/logstore_xapi_002", NULL, 0},
    {"pages", read_pages, NULL, ROWS, LMS_CONTENT_MAX},
    {"answers of Moodle", read_moodle_answer, "moodle/site_info", NULL, 0},
    {"token", read_token, NULL, TOLD, 64 * 1024},
    {"keys", read_keys, "../lms/jwt/jwks", NULL, LMS_JWKS_MAX},
    {"badge", read_badge, "badges/assertion", NULL, LMS_BADGE_MAX},
};

static struct span body_of(struct arena *arena, const struct parser *parser)
{
    return parser->text ? SPAN_TEXT(parser->text)
                        : sample(arena, arena_printf(arena, "samples/%s.json", parser->sample));
}

/* ---- ways to spoil a body */

/* A member before all others of the first object. */
static struct span with_member(struct arena *arena, struct span body, struct span member)
{
    size_t at = (size_t)((const char *)memchr(body.data, '{', body.size) - body.data) + 1;
    char *made = arena_alloc(arena, body.size + member.size);
    memcpy(made, body.data, at);
    memcpy(made + at, member.data, member.size);
    memcpy(made + at + member.size, body.data + at, body.size - at);
    return (struct span){made, body.size + member.size};
}

static struct span nested(struct arena *arena, struct span body, const char *open, const char *close)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_text(&out, "\"x\":");
    for (int i = 0; i < DEEP; i++)
        buf_text(&out, open);
    buf_text(&out, "1");
    for (int i = 0; i < DEEP; i++)
        buf_text(&out, close);
    buf_char(&out, ',');
    return with_member(arena, body, (struct span){out.data, out.size});
}

static struct span deep_lists(struct arena *arena, struct span body)
{
    return nested(arena, body, "[", "]");
}

static struct span deep_objects(struct arena *arena, struct span body)
{
    return nested(arena, body, "{\"x\":", "}");
}

static struct span never_closed(struct arena *arena, struct span body)
{
    return nested(arena, body, "[", "");
}

static struct span half(struct arena *arena, struct span body)
{
    (void)arena;
    return (struct span){body.data, body.size / 2};
}

static struct span something_behind(struct arena *arena, struct span body)
{
    char *made = arena_alloc(arena, body.size + 2);
    memcpy(made, body.data, body.size);
    memcpy(made + body.size, "{}", 2);
    return (struct span){made, body.size + 2};
}

static struct span in_utf16(struct arena *arena, struct span body)
{
    char *made = arena_alloc(arena, 2 * body.size);
    for (size_t i = 0; i < body.size; i++)
        memcpy(made + 2 * i, (const char[]){body.data[i], 0}, 2);
    return (struct span){made, 2 * body.size};
}

static struct span empty(struct arena *arena, struct span body)
{
    (void)body;
    return (struct span){arena_alloc(arena, 1), 0};
}

#define MEMBER(text) .member = {(text), sizeof(text) - 1}
static const struct spoiling {
    const char *name;
    struct span (*spoil)(struct arena *arena, struct span body); /* NULL: by the member */
    struct span member;
} spoilings[] = {
    {"lists 10 000 deep", deep_lists, {0}},
    {"objects 10 000 deep", deep_objects, {0}},
    {"lists that never close", never_closed, {0}},
    {"half of it", half, {0}},
    {"something behind", something_behind, {0}},
    {"UTF-16", in_utf16, {0}},
    {"nothing", empty, {0}},
    {"a key twice", NULL, MEMBER("\"x\":1,\"x\":1,")},
    {"a key twice, one escaped", NULL, MEMBER("\"x\":1,\"\\u0078\":1,")},
    {"a byte that is no UTF-8", NULL, MEMBER("\"x\":\"\xff\",")},
    {"UTF-8 longer than need be", NULL, MEMBER("\"x\":\"\xc0\xaf\",")},
    {"a surrogate in UTF-8", NULL, MEMBER("\"x\":\"\xed\xa0\x80\",")},
    {"half of a pair", NULL, MEMBER("\"x\":\"\\ud800\",")},
    {"U+0000", NULL, MEMBER("\"x\":\"\\u0000\",")},
    {"U+0000 in a key", NULL, MEMBER("\"x\\u0000\":1,")},
    {"a bare NUL", NULL, MEMBER("\"x\":\"\0\",")},
    {"a number past all", NULL, MEMBER("\"x\":1e999,")},
    {"no number", NULL, MEMBER("\"x\":NaN,")},
    {"a comment", NULL, MEMBER("/* x */")},
};

static void what_is_spoilt_does_not_count(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof parsers / sizeof parsers[0]; p++)
        for (size_t s = 0; s < sizeof spoilings / sizeof spoilings[0]; s++) {
            struct arena *arena = arena_new(0);
            struct span body = body_of(arena, &parsers[p]);
            if (!parsers[p].counts(arena, body))
                fail_msg("%s: its sample does not count", parsers[p].name);
            const struct spoiling *by = &spoilings[s];
            struct span spoilt = by->spoil ? by->spoil(arena, body) : with_member(arena, body, by->member);
            if (parsers[p].counts(arena, spoilt))
                fail_msg("%s: reads a body with %s", parsers[p].name, by->name);
            arena_free(arena);
        }
}

/* Blanks make up the size. */
static struct span padded(struct arena *arena, struct span body, size_t size)
{
    char *made = arena_alloc(arena, size);
    memset(made, ' ', size);
    memcpy(made, body.data, body.size);
    return (struct span){made, size};
}

static void a_body_at_the_ceiling_is_read(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof parsers / sizeof parsers[0]; p++) {
        const struct parser *parser = &parsers[p];
        struct arena *arena = arena_new(0);
        struct span body = body_of(arena, parser);
        if (parser->ceiling && !parser->counts(arena, padded(arena, body, parser->ceiling)))
            fail_msg("%s: does not read what it may", parser->name);
        if (parser->ceiling && parser->counts(arena, padded(arena, body, parser->ceiling + 1)))
            fail_msg("%s: reads past its ceiling", parser->name);
        arena_free(arena);
    }
}

/* ---- forms: whatever stands beside the fields that are read, these count or do not */

#define FORM "userId=u&courseId=c&completedAt=2026-11-18T10%3A26%3A40Z"

static bool read_form(struct span body)
{
    struct lms_bench b =
        lms_bench("{\"format\":\"form\",\"user\":{\"id\":\"userId\"},\"course\":{\"id\":\"courseId\"},"
                  "\"occurred\":{\"at\":\"completedAt\"},\"always\":true}");
    enum status status = lms_bench_send(&b, lms_platform_find("generic"), body);
    bool ready = status == ST_OK && any_ready(b.envelope.items, b.envelope.count);
    arena_free(b.arena);
    return ready;
}

#define TEXT(text)                                                                                             \
    {                                                                                                          \
        (text), sizeof(text) - 1                                                                               \
    }
static const struct beside {
    const char *name;
    struct span before, repeated; /* the latter `times` times, behind it */
    unsigned times;
    bool counts;
} besides[] = {
    {"nothing", {0}, {0}, 0, true},
    {"a name with brackets 10 000 deep", TEXT("x"), TEXT("[a]"), DEEP, true},
    {"empty fields", {0}, TEXT("&"), DEEP, true},
    {"fields without names", {0}, TEXT("=&"), 900, true},
    {"one name very often", {0}, TEXT("x=1&"), 990, true},
    {"more fields than there may be", {0}, TEXT("x=1&"), 1001, false},
    {"escapes that are none", TEXT("x=%zz%1%&y=%"), {0}, 0, true},
    {"bytes that are no UTF-8", TEXT("x=\xff\xc0\xaf&y=%ff%ed%a0%80"), {0}, 0, true},
    {"U+0000", TEXT("x%00=%00&y=\0"), {0}, 0, true},
    {"JSON", TEXT("{\"a\":[1]}"), {0}, 0, true},
    {"another user", TEXT("userId=v"), {0}, 0, false},
    {"another date", TEXT("completedAt=2020-01-01"), {0}, 0, false},
};

static struct span form_beside(struct arena *arena, const struct beside *beside)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_add(&out, beside->before.data, beside->before.size);
    for (unsigned i = 0; i < beside->times; i++)
        buf_add(&out, beside->repeated.data, beside->repeated.size);
    buf_text(&out, "&" FORM);
    return (struct span){arena_copy(arena, out.data, out.size), out.size};
}

static void a_form_is_read_beside_anything(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++) {
        struct arena *arena = arena_new(0);
        if (read_form(form_beside(arena, &besides[i])) != besides[i].counts)
            fail_msg("a form with %s", besides[i].name);
        arena_free(arena);
    }
}

static void a_spoilt_form_does_not_count(void **state)
{
    (void)state;
    static const struct span bodies[] = {TEXT(""), TEXT("&"), TEXT("userId=u&courseId=c&comple"),
        TEXT("userId&courseId&completedAt"), TEXT("userId=&courseId=c&completedAt=2026-11-18T10%3A26%3A40Z"),
        TEXT("userId=u&courseId=c&completedAt=%00"), TEXT("userId=u&courseId=c&completedAt=\xff"),
        TEXT("u\0s\0e\0r\0I\0d\0=\0u\0"), TEXT("userId=u;courseId=c;completedAt=2026-11-18")};
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        if (read_form(bodies[i]))
            fail_msg("reads form %zu", i);
    struct span full = padded(arena, SPAN_TEXT(FORM "&x="), LMS_CONTENT_MAX + 1);
    assert_true(read_form((struct span){full.data, LMS_CONTENT_MAX}));
    assert_false(read_form(full));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_spoilt_does_not_count),
        cmocka_unit_test(a_body_at_the_ceiling_is_read),
        cmocka_unit_test(a_form_is_read_beside_anything),
        cmocka_unit_test(a_spoilt_form_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
