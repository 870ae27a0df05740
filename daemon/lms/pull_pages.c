/*
 * Platforms whose completions come in pages of records: an address with places to fill in, a mapping, a way to
 * the next page. Pure, any thread.
 */
#include "pull.h"

#include "read.h"

#include <string.h>

enum { PAGES_MAX = 100000, PAGE_SIZE_DEFAULT = 100 };

struct pages_cursor {
    int mode;
    instant_t since;
    const char *url; /* of this page, when the page before named it */
    int64_t page;    /* from 0 */
    int64_t start;   /* records before this page */
};
static const struct field cursor_fields[] = {
    FIELD(struct pages_cursor, mode, FIELD_ENUM, .names = lms_pull_mode_names),
    FIELD(struct pages_cursor, since, FIELD_INSTANT),
    FIELD(struct pages_cursor, url, FIELD_TEXT, .max = 2048),
    FIELD(struct pages_cursor, page, FIELD_INT, .max = PAGES_MAX),
    FIELD(struct pages_cursor, start, FIELD_INT, .max = PAGES_MAX * (int64_t)LMS_ITEMS_MAX),
};
static const struct field_table cursor_table = FIELD_TABLE("Cursor", struct pages_cursor, cursor_fields, -1);

static const struct lms_pull_settings *pages_settings(const struct lms_pull *pull)
{
    return pull->platform->settings ? pull->platform->settings : pull->settings;
}

static int64_t pages_or(int64_t value, int64_t otherwise)
{
    return value == FIELD_INT_NONE || value == 0 ? otherwise : value;
}

const char *pages_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since)
{
    (void)pull;
    struct pages_cursor cursor = {.mode = (int)mode, .since = since == INSTANT_NONE ? 0 : since};
    return pull_cursor(arena, &cursor_table, &cursor);
}

/* Counts that are not there begin at nothing. */
static enum status cursor_read(
    struct arena *arena, const char *text, struct pages_cursor *ret, struct error *err)
{
    enum status status = pull_cursor_read(arena, &cursor_table, text, ret, err);
    ret->page = ret->page < 0 ? 0 : ret->page;
    ret->start = ret->start < 0 ? 0 : ret->start;
    ret->since = ret->since == INSTANT_NONE ? 0 : ret->since;
    return status;
}

/* ---- the address */

static const char *pages_place(struct arena *arena, const struct lms_pull_settings *settings,
    const struct pages_cursor *cursor, const char *name, size_t length)
{
    char since[INSTANT_TEXT_MAX], day[DATE_TEXT_MAX];
    int64_t epoch = cursor->since / US_PER_SEC, number = cursor->page;
    int64_t first = settings->first_page == FIELD_INT_NONE ? 1 : settings->first_page;
    number += first;
    const struct {
        const char *name;
        const char *value;
    } places[] = {
        {"since", lms_encode(arena, instant_text(cursor->since, since))},
        {"since_day", arena_strdup(arena, date_text((date_t)(cursor->since / US_PER_DAY), day))},
        {"since_epoch", arena_printf(arena, "%lld", (long long)epoch)},
        {"page", arena_printf(arena, "%lld", (long long)number)},
        {"start", arena_printf(arena, "%lld", (long long)cursor->start)},
        {"limit", arena_printf(arena, "%lld", (long long)pages_or(settings->page_size, PAGE_SIZE_DEFAULT))},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strlen(places[i].name) == length && !strncmp(places[i].name, name, length))
            return places[i].value;
    return NULL;
}

static const char *pages_url(
    struct arena *arena, const struct lms_pull *pull, const struct pages_cursor *cursor)
{
    const struct lms_pull_settings *settings = pages_settings(pull);
    BUF_AUTO out;
    buf_init(&out, 0);
    if (cursor->url)
        return cursor->url;
    buf_text(&out, pull_base(arena, pull->url));
    for (const char *at = settings->path; *at;) {
        size_t length = *at == '{' ? strcspn(at, "}") : 0;
        const char *value =
            length && at[length] ? pages_place(arena, settings, cursor, at + 1, length - 1) : NULL;
        if (value)
            buf_text(&out, value);
        else
            buf_char(&out, *at);
        at += value ? length + 1 : 1;
    }
    return arena_strdup(arena, out.data);
}

enum status pages_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err)
{
    struct pages_cursor at;
    enum status status = cursor_read(arena, cursor, &at, err);
    if (status != ST_OK || done->count > 0)
        return status;
    ret->items = ARENA_NEW(arena, struct lms_call);
    ret->items[0] = (struct lms_call){.method = "GET",
        .url = pages_url(arena, pull, &at),
        .fields = pull->platform->fields,
        .field_count = pull->platform->field_count};
    ret->count = 1;
    return ST_OK;
}

/* ---- the answer */

static const struct lms_mapping *pages_mapping(const struct lms_pull *pull)
{
    const struct lms_pull_settings *settings = pages_settings(pull);
    return settings->mapping ? settings->mapping : pull->mapping;
}

static void pages_refuse(struct lms_page *page, const char *problem)
{
    page->state = LMS_PAGE_REFUSED;
    page->problem = problem;
}

/* A link that leads to another host is not followed: whoever wrote it may not be the platform. */
static void pages_follow(struct arena *arena, const struct lms_exchange *exchange, const char *reference,
    struct pages_cursor *next, struct lms_page *page)
{
    if (!reference)
        return;
    next->url = lms_link_resolve(arena, exchange->call.url, reference);
    if (next->url && !strcmp(next->url, exchange->call.url))
        pages_refuse(page, "the next page is the page itself");
    else if (next->url)
        page->state = LMS_PAGE_MORE;
    else
        pages_refuse(page, arena_printf(arena, "the next page is not on the same host: %.120s", reference));
}

static const char *pages_named(struct arena *arena, const struct lms_exchange *exchange, const char *pointer)
{
    const struct json *root;
    struct span body = exchange->answer.body;
    if (json_parse(arena, body.data, body.size, &root, NULL) != ST_OK)
        return NULL;
    const char *next = json_text(json_pointer(root, pointer));
    return next && *next ? next : NULL;
}

static void pages_go_on(struct arena *arena, const struct lms_pull *pull, const struct pages_cursor *at,
    const struct lms_exchange *exchange, struct lms_page *page)
{
    const struct lms_pull_settings *settings = pages_settings(pull);
    struct pages_cursor next = {
        .mode = at->mode, .since = at->since, .page = at->page + 1, .start = at->start + (int64_t)page->count};
    bool full = (int64_t)page->count >= pages_or(settings->page_size, PAGE_SIZE_DEFAULT);
    page->done = next.page;
    switch (settings->paging == FIELD_UNSET ? LMS_PAGING_LINK : settings->paging) {
    case LMS_PAGING_LINK:
        pages_follow(arena, exchange, lms_link_find(arena, &exchange->answer, "next"), &next, page);
        break;
    case LMS_PAGING_NEXT:
        pages_follow(arena, exchange, pages_named(arena, exchange, settings->next), &next, page);
        break;
    case LMS_PAGING_PAGE:
        page->state = full ? LMS_PAGE_MORE : LMS_PAGE_END;
        break;
    case LMS_PAGING_START:
        page->state = page->count > 0 ? LMS_PAGE_MORE : LMS_PAGE_END;
        break;
    default:
        break;
    }
    if (page->state == LMS_PAGE_MORE && next.page >= PAGES_MAX)
        pages_refuse(page, "the pages do not end");
    if (page->state == LMS_PAGE_MORE)
        page->cursor = pull_cursor(arena, &cursor_table, &next);
}

/* An error with a status of success is an object where a list is expected; so is half a page. */
static bool pages_is_list(const struct lms_exchange *exchange, const struct lms_envelope *envelope)
{
    struct span body = slice_trim(slice_without_mark(exchange->answer.body));
    return envelope->count != 1 || envelope->items[0].raw.size < body.size;
}

enum status pages_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err)
{
    const struct lms_exchange *exchange = done->items;
    struct pages_cursor at;
    struct lms_envelope envelope = {0};
    enum status status = cursor_read(arena, cursor, &at, err);
    if (status != ST_OK || pull_status_says(arena, exchange, ret))
        return status;
    struct lms_input input = {.source = pull->source,
        .request = &exchange->answer,
        .content = exchange->answer.body,
        .now = pull->now};
    struct error why = ERROR_INIT;
    if (lms_mapping_apply(arena, pages_mapping(pull), &input, &envelope, &why)) {
        pages_refuse(ret, arena_strdup(arena, why.detail));
        return ST_OK;
    }
    if (!pages_is_list(exchange, &envelope)) {
        ret->state = LMS_PAGE_LATER;
        ret->problem = "the page holds no list of records";
        return ST_OK;
    }
    ret->items = ARENA_ARRAY(arena, envelope.count, struct lms_pulled);
    ret->count = envelope.count;
    for (size_t i = 0; i < envelope.count; i++)
        ret->items[i].item = envelope.items[i];
    ret->about = arena_printf(arena, "{\"records\":%zu}", envelope.count);
    pages_go_on(arena, pull, &at, exchange, ret);
    return ST_OK;
}

enum status pages_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err)
{
    return lms_mapping_apply_alone(arena, pages_mapping(pull),
        &(struct lms_input){.source = pull->source,
            .request = &(struct lms_request){.body = raw},
            .content = raw,
            .now = pull->now},
        ret, err);
}
