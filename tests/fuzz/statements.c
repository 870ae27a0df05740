/* Bodies for the xAPI Statement resource; the first byte chooses the version. What is accepted is kept as a
 * statement that is accepted again, and is the same. */
#include "fuzz.h"
#include "lms/statement.h"

#include <stdlib.h>
#include <string.h>

static void check_again(
    struct arena *arena, const struct lms_statements_input *input, const struct lms_statement *one)
{
    struct lms_statements again;
    struct lms_statements_input kept = *input;
    struct error err = ERROR_INIT;
    BUF_AUTO shown;
    buf_init(&shown, 0);
    kept.body = SPAN_TEXT(one->head);
    if (lms_statements_read(arena, &kept, &again, &err) != ST_OK || again.count != 1 ||
        strcmp(again.items[0].id, one->id) != 0 || !lms_statement_same(arena, again.items[0].json, one->json))
        abort();
    struct json_writer w = json_writer(&shown);
    lms_statement_show(&w, one->json, LMS_FORMAT_IDS, NULL);
    lms_statement_show(&w, one->json, LMS_FORMAT_CANONICAL, "fr, en;q=0.5");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *arena = arena_new(0);
    const struct lms_statements_input input = {.body = {(const char *)data + 1, size - 1},
        .version = data[0] % 2 ? LMS_XAPI_1 : LMS_XAPI_2,
        .authority = "{\"mbox\":\"mailto:lms@example.org\"}"};
    struct lms_statements statements;
    struct error err = ERROR_INIT;
    if (lms_statements_read(arena, &input, &statements, &err) == ST_OK)
        for (size_t i = 0; i < statements.count && i < 4; i++)
            check_again(arena, &input, &statements.items[i]);
    arena_free(arena);
    return 0;
}
