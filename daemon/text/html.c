/* The HTML writer: keeps the stack of open elements and escapes what it is given. Pure, any thread. */
#include "text/html.h"

#include "base/text.h"

#include <string.h>

struct html html_writer(struct buf *out)
{
    return (struct html){.out = out};
}

static void html_escape_n(struct buf *out, const char *text, size_t size)
{
    for (const char *end = text + size; text < end; text++) {
        switch (*text) {
        case '&':
            buf_text(out, "&amp;");
            break;
        case '<':
            buf_text(out, "&lt;");
            break;
        case '>':
            buf_text(out, "&gt;");
            break;
        case '"':
            buf_text(out, "&quot;");
            break;
        case '\'':
            buf_text(out, "&#39;");
            break;
        default:
            if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
                buf_char(out, *text);
            break;
        }
    }
}

void html_escape(struct buf *out, const char *text)
{
    html_escape_n(out, text, strlen(text));
}

static void html_end_tag(struct html *h)
{
    if (h->in_tag)
        buf_char(h->out, '>');
    h->in_tag = false;
}

void html_open(struct html *h, const char *tag)
{
    html_end_tag(h);
    if (h->depth == HTML_DEPTH_MAX) {
        h->out->failed = true;
        return;
    }
    h->open[h->depth++] = tag;
    buf_char(h->out, '<');
    buf_text(h->out, tag);
    h->in_tag = true;
}

void html_close(struct html *h)
{
    html_end_tag(h);
    if (h->depth == 0) {
        h->out->failed = true;
        return;
    }
    buf_text(h->out, "</");
    buf_text(h->out, h->open[--h->depth]);
    buf_char(h->out, '>');
}

void html_void(struct html *h, const char *tag)
{
    html_end_tag(h);
    buf_char(h->out, '<');
    buf_text(h->out, tag);
    h->in_tag = true;
}

void html_attr(struct html *h, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (!h->in_tag) {
        h->out->failed = true;
        return;
    }
    buf_char(h->out, ' ');
    buf_text(h->out, name);
    buf_text(h->out, "=\"");
    html_escape(h->out, value);
    buf_char(h->out, '"');
}

static bool html_link_allowed(const char *url)
{
    if (url[0] == '/')
        return url[1] != '/' && url[1] != '\\' && !text_has_controls(url, false);
    if (strncmp(url, "mailto:", 7) == 0)
        return email_valid(url + 7);
    return url_valid(url);
}

void html_link_attr(struct html *h, const char *name, const char *url)
{
    if (url != NULL && html_link_allowed(url))
        html_attr(h, name, url);
}

void html_text(struct html *h, const char *text)
{
    html_end_tag(h);
    if (text != NULL)
        html_escape(h->out, text);
}

void html_lines(struct html *h, const char *text)
{
    html_end_tag(h);
    while (text != NULL && *text != '\0') {
        size_t size = strcspn(text, "\n");
        html_escape_n(h->out, text, size);
        text += size;
        if (*text == '\n') {
            buf_text(h->out, "<br>\n");
            text++;
        }
    }
}

void html_element(struct html *h, const char *tag, const char *text)
{
    html_open(h, tag);
    html_text(h, text);
    html_close(h);
}

void html_finish(struct html *h)
{
    html_end_tag(h);
    while (h->depth > 0)
        html_close(h);
}

void html_document(struct html *h, const char *language, const char *title, const char *style)
{
    html_raw(h, "<!DOCTYPE html>\n");
    html_open(h, "html");
    html_attr(h, "lang", language);
    html_open(h, "head");
    html_void(h, "meta");
    html_attr(h, "charset", "utf-8");
    html_void(h, "meta");
    html_attr(h, "name", "viewport");
    html_attr(h, "content", "width=device-width, initial-scale=1");
    html_element(h, "title", title);
    if (style != NULL) {
        html_open(h, "style");
        html_constant(h, style, strlen(style));
        html_close(h);
    }
    html_close(h);
    html_raw(h, "\n");
    html_open(h, "body");
}

void html_constant(struct html *h, const char *literal, size_t size)
{
    html_end_tag(h);
    buf_add(h->out, literal, size);
}
