/* Lists, read and written page by page: no more than a page is in memory. */
#include "internal.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum { PAGE_LIMIT = 500, PAGES_MAX = 20000, CURSOR_MAX = 4096 };

struct list_run {
    struct ctl *ctl;
    const struct view *view;
    struct table *table;
    const struct request *request; /* of the first page */
    struct arena *page;
    const char *cursor; /* of the page to come; NULL at the end */
    size_t left;        /* items still wanted */
    size_t items, pages;
    bool json;
};

static const char *list_target(const struct list_run *run)
{
    BUF_AUTO target;
    buf_init(&target, 0);
    buf_text(&target, run->request->target);
    size_t limit = run->left < PAGE_LIMIT ? run->left : PAGE_LIMIT;
    target_add(&target, "limit", arena_printf(run->page, "%zu", limit));
    if (run->cursor)
        target_add(&target, "cursor", run->cursor);
    return arena_strndup(run->page, target.data, target.size);
}

/* ---- as JSON: one document of all pages */

struct list_json {
    const struct ctl *ctl;
    struct buf *out;
};

/* Members beside the items: how many are being recomputed. */
static enum status list_member(void *context, const char *key, const struct json *value)
{
    struct list_json *json = context;
    struct json_writer w = json_writer(json->out);
    if (strcmp(key, "items") == 0 || strcmp(key, "next") == 0)
        return ST_OK;
    jw_text(&w, key);
    buf_char(json->out, ':');
    show_json_add(json->ctl, json->out, value, 0);
    buf_char(json->out, ',');
    return ST_OK;
}

static enum ctl_exit list_put_json(struct list_run *run, const struct json *page)
{
    const struct json *items = json_get(page, "items");
    const char *line = run->ctl->terminal ? "\n  " : "";
    BUF_AUTO out;
    buf_init(&out, 0);
    if (run->pages == 0) {
        buf_char(&out, '{');
        (void)json_each(page, list_member, &(struct list_json){.ctl = run->ctl, .out = &out});
        buf_text(&out, "\"items\":[");
    }
    for (size_t i = 0; i < json_count(items) && i < run->left; i++) {
        buf_text(&out, run->items + i > 0 ? "," : "");
        buf_text(&out, line);
        show_json_add(run->ctl, &out, json_at(items, i), 1);
    }
    return show_text(run->ctl, out.data, out.size);
}

/* ---- as rows */

static enum ctl_exit list_put_rows(struct list_run *run, const struct json *page)
{
    const struct json *items = json_get(page, "items");
    for (size_t i = 0; i < json_count(items) && i < run->left; i++)
        show_row(run->ctl, run->page, run->table, run->view, json_at(items, i));
    int64_t recomputing = json_int(json_get(page, "recomputing"));
    if (run->pages == 0 && recomputing > 0)
        ctl_warn(run->ctl, "the duties of %lld people are being brought up to date", (long long)recomputing);
    return show_flush(run->ctl, run->table);
}

static enum ctl_exit list_page(struct list_run *run)
{
    struct ctl *ctl = run->ctl;
    const struct json *page = NULL;
    enum ctl_exit code = ctl_get(ctl, run->page, list_target(run), &page);
    if (code != CTL_DONE)
        return code;
    const struct json *items = json_get(page, "items");
    if (json_type(items) != JSON_ARRAY)
        return ctl_fail(ctl, CTL_BROKEN, "the answer of %s is not a list", ctl->settings.url);
    code = run->json ? list_put_json(run, page) : list_put_rows(run, page);
    size_t count = json_count(items);
    run->items += count;
    run->left -= count < run->left ? count : run->left;
    run->pages++;
    const char *next = json_text(json_get(page, "next"));
    bool endless =
        next && (run->pages == PAGES_MAX || strlen(next) > CURSOR_MAX || text_equal(next, run->cursor));
    if (code == CTL_DONE && endless)
        return ctl_fail(ctl, CTL_BROKEN, "the list of %s does not end", ctl->settings.url);
    run->cursor = next && run->left > 0 ? arena_strdup(ctl->arena, next) : NULL;
    return code;
}

enum ctl_exit show_list(struct ctl *ctl, const struct request *request)
{
    const char *limit = ctl_text(ctl, "--limit");
    int64_t wanted = INT64_MAX;
    if (limit && !parse_int64(limit, 1, INT64_MAX, &wanted))
        return ctl_fail(ctl, CTL_MISUSED, "--limit: expected a number from 1");
    struct list_run run = {.ctl = ctl,
        .request = request,
        .view = show_view(ctl, ctl->command->view),
        .left = (size_t)wanted,
        .json = ctl_has(ctl, "--json"),
        .page = arena_new(0)};
    enum ctl_exit code = CTL_DONE;
    run.table = show_table(ctl, run.view);
    do {
        code = list_page(&run);
        arena_reset(run.page);
    } while (code == CTL_DONE && run.cursor);
    arena_free(run.page);
    if (code == CTL_DONE && run.json)
        code = show_text(ctl, ctl->terminal ? "\n]}\n" : "]}\n", ctl->terminal ? 4 : 3);
    if (code == CTL_DONE && !run.json && run.items == 0 && ctl->terminal && ctl->command->view->none)
        ctl_warn(ctl, "%s", ctl->command->view->none);
    return code;
}
