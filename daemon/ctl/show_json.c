/*
 * JSON on standard output: as compact as it came for programs, indented for people, with nothing in it that a
 * terminal would obey.
 */
#include "internal.h"

#include "display.h"

#include <stdio.h>
#include <string.h>

static void json_break(struct buf *out, unsigned depth)
{
    buf_char(out, '\n');
    display_pad(out, 2 * (size_t)depth);
}

struct json_indent {
    struct buf *out;
    unsigned depth;
    size_t index;
};

static void json_indent_value(struct buf *out, const struct json *value, unsigned depth);

static enum status json_indent_member(void *context, const char *key, const struct json *value)
{
    struct json_indent *indent = context;
    struct json_writer w = json_writer(indent->out);
    buf_text(indent->out, indent->index++ > 0 ? "," : "");
    json_break(indent->out, indent->depth);
    jw_text(&w, key);
    buf_text(indent->out, ": ");
    json_indent_value(indent->out, value, indent->depth);
    return ST_OK;
}

static void json_indent_value(struct buf *out, const struct json *value, unsigned depth)
{
    bool object = json_type(value) == JSON_OBJECT;
    if ((!object && json_type(value) != JSON_ARRAY) || json_count(value) == 0) {
        json_write(out, value);
        return;
    }
    struct json_indent indent = {.out = out, .depth = depth + 1};
    buf_char(out, object ? '{' : '[');
    if (object)
        (void)json_each(value, json_indent_member, &indent);
    for (size_t i = 0; !object && i < json_count(value); i++) {
        buf_text(out, i > 0 ? "," : "");
        json_break(out, depth + 1);
        json_indent_value(out, json_at(value, i), depth + 1);
    }
    json_break(out, depth);
    buf_char(out, object ? '}' : ']');
}

void show_json_add(const struct ctl *ctl, struct buf *out, const struct json *value, unsigned depth)
{
    if (ctl->terminal)
        json_indent_value(out, value, depth);
    else
        json_write(out, value);
}

enum ctl_exit show_text(struct ctl *ctl, const char *text, size_t size)
{
    if (!ctl->terminal)
        return ctl_put(ctl, text, size);
    BUF_AUTO safe;
    buf_init(&safe, 0);
    display_escape_lines(&safe, text, size);
    return ctl_put(ctl, safe.data, safe.size);
}

enum ctl_exit show_json(struct ctl *ctl, const struct json *value)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    show_json_add(ctl, &out, value, 0);
    buf_char(&out, '\n');
    return show_text(ctl, out.data, out.size);
}

static enum ctl_exit show_save(struct ctl *ctl, const char *path, struct span bytes)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return ctl_fail(ctl, CTL_MISUSED, "cannot open %s: %m", path);
    bool written = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    if (fclose(file) != 0 || !written)
        return ctl_fail(ctl, CTL_MISUSED, "cannot write %s: %m", path);
    return CTL_DONE;
}

enum ctl_exit show_body(struct ctl *ctl, const struct answer *answer)
{
    const char *path = ctl_text(ctl, "--output");
    if (path && strcmp(path, "-") != 0)
        return show_save(ctl, path, answer->body);
    bool ended = answer->body.size == 0 || answer->body.data[answer->body.size - 1] == '\n';
    enum ctl_exit code = show_text(ctl, answer->body.data, answer->body.size);
    return code == CTL_DONE && ctl->terminal && !ended ? ctl_put(ctl, "\n", 1) : code;
}

/* ---- answers passed on as they come */

struct download {
    struct ctl *ctl;
    FILE *file;          /* NULL = standard output */
    enum ctl_exit wrong; /* CTL_DONE while it can be written */
};

static bool download_take(void *context, const char *bytes, size_t size)
{
    struct download *download = context;
    if (!download->file)
        download->wrong = show_text(download->ctl, bytes, size);
    else if (fwrite(bytes, 1, size, download->file) != size)
        download->wrong = CTL_MISUSED;
    return download->wrong == CTL_DONE;
}

enum ctl_exit show_download(struct ctl *ctl, const struct request *request)
{
    const char *path = ctl_text(ctl, "--output");
    bool saves = path && strcmp(path, "-") != 0;
    struct download download = {.ctl = ctl, .file = saves ? fopen(path, "we") : NULL};
    struct request sent = *request;
    struct answer answer;
    if (saves && !download.file)
        return ctl_fail(ctl, CTL_MISUSED, "cannot open %s: %m", path);
    sent.take = download_take;
    sent.context = &download;
    enum ctl_exit code = ctl_send(ctl, ctl->arena, &sent, &answer, NULL);
    bool closed = !download.file || fclose(download.file) == 0;
    if (saves && (code != CTL_DONE || !closed))
        (void)remove(path); /* a part is not the whole */
    if (saves && (!closed || download.wrong != CTL_DONE))
        return ctl_fail(ctl, CTL_MISUSED, "cannot write %s: %m", path);
    return download.wrong != CTL_DONE ? download.wrong : code;
}
