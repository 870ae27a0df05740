/* What a platform answers when it is asked: the first byte chooses the platform and the call, the second the
 * cursor. */
#include "lms/pull.h"
#include "fuzz.h"

#include <string.h>

static const char *const names[] = {"moodle", "360learning", "generic"};
static const char *const cursors[] = {"{\"mode\":\"recent\"}", "{\"mode\":\"sweep\",\"phase\":\"site\"}",
    "{\"mode\":\"recent\",\"phase\":\"report\"}", "{\"mode\":\"sweep\",\"phase\":\"courses\"}",
    "{\"mode\":\"sweep\",\"phase\":\"course\",\"courses\":[\"2\",\"3\"]}",
    "{\"mode\":\"sweep\",\"phase\":\"badges\"}"};

static void answer(struct arena *arena, uint8_t which, uint8_t where, struct span body)
{
    struct lms_pull_settings settings;
    static const struct lms_mapping_user user = {.id = "/id"};
    static const struct lms_mapping_course course = {.id = "/course"};
    static const struct lms_mapping_time occurred = {"/at", LMS_TIME_ISO, NULL};
    static const struct lms_mapping mapping = {
        .format = LMS_FORMAT_JSON, .user = &user, .course = &course, .occurred = &occurred, .always = 1};
    field_clear(&lms_pull_table, &settings);
    settings.path = "/list?since={since}&page={page}";
    settings.paging = which % 5;
    settings.next = "/next";
    settings.report = 1;
    const struct lms_pull pull = {.platform = lms_pull_find(names[which % 3]),
        .source = "src_1",
        .url = "https://lms.example",
        .settings = &settings,
        .mapping = &mapping,
        .now = INT64_C(1795000000) * US_PER_SEC};
    char *line = arena_strndup(arena, body.data, strnlen(body.data, body.size));
    const struct lms_header link = {"Link", line};
    const struct lms_exchange exchange = {
        .call = {.url = "https://lms.example/list", .what = where % 11, .course = 2, .user = 3},
        .status = 200,
        .answer = {.headers = &link, .header_count = 1, .body = body}};
    const struct lms_exchanges done = {&exchange, 1};
    struct lms_calls calls;
    struct lms_page page;
    const char *cursor = cursors[where % (sizeof cursors / sizeof cursors[0])];
    if (lms_pull_ask(arena, &pull, cursor, &done, &calls, NULL) == ST_OK)
        (void)!lms_pull_take(arena, &pull, cursor, &done, &page, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t life;
    const char *problem;
    if (size < 2)
        return 0;
    struct arena *arena = arena_new(0);
    const struct span body = {arena_copy(arena, data + 2, size - 2), size - 2};
    answer(arena, data[0], data[1], body);
    (void)lms_pull_token(arena, body, &life, &problem);
    arena_free(arena);
    return 0;
}
