/*
 * Makes the HTML source of a letter from its text: lines become paragraphs, lists, headings and links; tags of
 * blocks pass through where the markup around them stays balanced whatever the conditions say. Pure, at loading
 * time.
 */
#include "letter_table.h"

#include "base/buf.h"
#include "text/html.h"

#include <string.h>

enum letter_line {
    LINE_EMPTY,
    LINE_OPEN,
    LINE_ELSE,
    LINE_CLOSE,
    LINE_ITEM,
    LINE_LINK,
    LINE_HEADING,
    LINE_TEXT
};

struct letter_layout {
    struct html h;
    const struct template_source *body;
    const char *end;
    struct error *err;
    unsigned line;
    unsigned depth; /* blocks that are open */
    bool in_paragraph;
    bool in_list;
    unsigned list_depth; /* blocks that were open where the list began */
};

static const char letter_style[] =
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 sans-serif;color:#222;max-width:42em;margin:1em auto;padding:0 1em;"
    "overflow-wrap:anywhere}"
    "h2{font-size:1.2em;margin:1.2em 0 .4em}li{margin:.35em 0}a{color:#0b5394}"
    "p a{display:inline-block;padding:.45em .9em;border:1px solid;border-radius:.3em;text-decoration:none}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1b1b1b}a{color:#8ab4f8}}";

static struct span letter_next(const char *at, const char *end)
{
    const char *eol = memchr(at, '\n', (size_t)(end - at));

    return (struct span){.data = at, .size = (size_t)((eol != NULL ? eol : end) - at)};
}

static bool letter_begins(struct span line, const char *prefix)
{
    return line.size >= strlen(prefix) && memcmp(line.data, prefix, strlen(prefix)) == 0;
}

/* A tag of a block that stands alone on its line. */
static bool letter_lone_tag(struct span line)
{
    return line.size > 4 && memmem(line.data, line.size, "}}", 2) == line.data + line.size - 2;
}

static enum letter_line letter_kind(struct span line)
{
    static const struct {
        const char *prefix;
        enum letter_line kind;
    } kinds[] = {
        {"- ", LINE_ITEM},
        {"-> ", LINE_LINK},
        {"# ", LINE_HEADING},
    };

    if (line.size == 0)
        return LINE_EMPTY;
    if (letter_lone_tag(line)) {
        if (letter_begins(line, "{{#"))
            return LINE_OPEN;
        if (letter_begins(line, "{{/"))
            return LINE_CLOSE;
        if (letter_begins(line, "{{else"))
            return LINE_ELSE;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (letter_begins(line, kinds[i].prefix))
            return kinds[i].kind;
    }
    return LINE_TEXT;
}

/* Whether the block that opens at `at` holds items only, so that it may stand inside a list. */
static bool letter_block_is_items(const char *at, const char *end)
{
    unsigned depth = 0;

    while (at < end) {
        struct span line = letter_next(at, end);
        switch (letter_kind(line)) {
        case LINE_OPEN:
            depth++;
            break;
        case LINE_CLOSE:
            if (--depth == 0)
                return true;
            break;
        case LINE_ELSE:
        case LINE_ITEM:
            break;
        default:
            return false;
        }
        at = line.data + line.size + 1;
    }
    return false;
}

static void letter_put(struct letter_layout *l, const char *text, size_t size)
{
    BUF_AUTO copy;

    buf_init(&copy, 0);
    buf_add(&copy, text, size);
    html_text(&l->h, copy.data);
}

static void letter_end_paragraph(struct letter_layout *l)
{
    if (l->in_paragraph) {
        html_close(&l->h);
        html_raw(&l->h, "\n");
    }
    l->in_paragraph = false;
}

static void letter_end_list(struct letter_layout *l)
{
    letter_end_paragraph(l);
    if (l->in_list) {
        html_close(&l->h);
        html_raw(&l->h, "\n");
    }
    l->in_list = false;
}

static void letter_begin_list(struct letter_layout *l)
{
    letter_end_paragraph(l);
    if (l->in_list)
        return;
    html_open(&l->h, "ul");
    html_raw(&l->h, "\n");
    l->in_list = true;
    l->list_depth = l->depth;
}

static void letter_put_tag(struct letter_layout *l, struct span line, enum letter_line kind)
{
    letter_end_paragraph(l);
    if (kind == LINE_OPEN) {
        if (letter_block_is_items(line.data, l->end))
            letter_begin_list(l);
        else
            letter_end_list(l);
    } else if (l->in_list && l->list_depth >= l->depth) {
        letter_end_list(l);
    }
    if (kind == LINE_CLOSE)
        l->depth--;
    letter_put(l, line.data, line.size);
    html_raw(&l->h, "\n");
    if (kind == LINE_OPEN)
        l->depth++;
}

static void letter_put_element(struct letter_layout *l, const char *tag, struct span line, size_t skip)
{
    html_open(&l->h, tag);
    letter_put(l, line.data + skip, line.size - skip);
    html_close(&l->h);
    html_raw(&l->h, "\n");
}

/* `- item{{#if url}} : {{url}}{{/if}}` -> the item inside the link that it may have. */
static void letter_put_item(struct letter_layout *l, struct span line)
{
    static const char condition[] = "{{#if url}}", end[] = "{{url}}{{/if}}";
    const char *from = memmem(line.data, line.size, condition, sizeof(condition) - 1);
    bool ends =
        line.size > sizeof(end) && memcmp(line.data + line.size - (sizeof(end) - 1), end, sizeof(end) - 1) == 0;

    letter_begin_list(l);
    if (from == NULL || !ends) {
        letter_put_element(l, "li", line, 2);
        return;
    }
    html_open(&l->h, "li");
    html_raw(&l->h, "{{#if url}}<a href=\"{{url}}\">{{/if}}");
    letter_put(l, line.data + 2, (size_t)(from - line.data - 2));
    html_raw(&l->h, "{{#if url}}</a>{{/if}}");
    html_close(&l->h);
    html_raw(&l->h, "\n");
}

static void letter_put_text(struct letter_layout *l, struct span line)
{
    if (l->in_list)
        letter_end_list(l);
    if (l->in_paragraph) {
        html_raw(&l->h, "<br>\n");
    } else {
        html_open(&l->h, "p");
        l->in_paragraph = true;
    }
    letter_put(l, line.data, line.size);
}

/* `-> label: {{slot}}`; without a value there is no link. */
static enum status letter_put_link(struct letter_layout *l, struct span line)
{
    const char *slot = memmem(line.data, line.size, "{{", 2);
    const char *label_end = slot;

    letter_end_list(l);
    while (label_end != NULL && label_end > line.data + 3 && strchr(" :", label_end[-1]) != NULL)
        label_end--;
    if (label_end == NULL || label_end <= line.data + 3 || !letter_lone_tag(line))
        return error_set(
            l->err, ST_INVALID, "%s line %u: \"-> label: {{slot}}\" was expected", l->body->name, l->line);
    BUF_AUTO name;
    buf_init(&name, 0);
    buf_add(&name, slot + 2, (size_t)(line.data + line.size - slot - 4));
    BUF_AUTO tag;
    buf_init(&tag, 0);
    buf_printf(&tag, "{{#if %s}}", name.data);
    html_text(&l->h, tag.data);
    html_open(&l->h, "p");
    html_open(&l->h, "a");
    buf_reset(&tag);
    buf_printf(&tag, "{{%s}}", name.data);
    html_attr(&l->h, "href", tag.data);
    letter_put(l, line.data + 3, (size_t)(label_end - line.data - 3));
    html_close(&l->h);
    html_close(&l->h);
    html_raw(&l->h, "{{/if}}\n");
    return ST_OK;
}

static enum status letter_put_line(struct letter_layout *l, struct span line)
{
    enum letter_line kind = letter_kind(line);

    switch (kind) {
    case LINE_EMPTY:
        letter_end_list(l);
        break;
    case LINE_OPEN:
    case LINE_ELSE:
    case LINE_CLOSE:
        letter_put_tag(l, line, kind);
        break;
    case LINE_ITEM:
        letter_put_item(l, line);
        break;
    case LINE_LINK:
        return letter_put_link(l, line);
    case LINE_HEADING:
        letter_end_list(l);
        letter_put_element(l, "h2", line, 2);
        break;
    case LINE_TEXT:
        letter_put_text(l, line);
        break;
    }
    return ST_OK;
}

enum status letter_html(struct arena *arena, const struct template_source *body, enum lang lang,
    const char **ret, struct error *err)
{
    BUF_AUTO out;
    buf_init(&out, TEMPLATE_SIZE_MAX);
    struct letter_layout l = {.h = html_writer(&out), .body = body, .end = body->text + body->size, .err = err};
    enum status status = ST_OK;

    l.line = body->line;
    html_document(&l.h, lang == LANG_EN ? "en" : "fr", "{{title}}", letter_style);
    html_raw(&l.h, "\n");
    for (const char *at = body->text; status == ST_OK && at < l.end; l.line++) {
        struct span line = letter_next(at, l.end);
        status = letter_put_line(&l, line);
        at = line.data + line.size + 1;
    }
    if (status != ST_OK)
        return status;
    letter_end_list(&l);
    html_finish(&l.h);
    if (out.failed)
        return error_set(err, ST_TOO_LARGE, "%s: longer than %d bytes as HTML", body->name, TEMPLATE_SIZE_MAX);
    *ret = arena_strndup(arena, out.data, out.size);
    return ST_OK;
}
