/*
 * Work that the server does in its own time: asking a platform for completions, trying the connection,
 * verifying a badge. The server is asked how far it is until the operation has ended; it holds each such
 * question a while. And what it does in slices, each of which is asked for.
 */
#include "internal.h"

#include "base/text.h"
#include "display.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct following {
    struct ctl *ctl;
    const char *source;
    bool bar; /* standard error is a terminal */
    struct arena *page;
    const struct json *operation; /* as it is */
};

static void follow_progress(struct following *following)
{
    const struct json *source = NULL;
    BUF_AUTO target;
    buf_init(&target, 0);
    if (!following->bar)
        return;
    buf_text(&target, "/v1/sources/");
    target_escape(&target, following->source);
    if (ctl_get(following->ctl, following->page, target.data, &source) != CTL_DONE)
        return;
    const struct json *progress = json_pointer(source, "/sync/progress");
    const char *unit = json_text(json_get(progress, "unit"));
    int64_t total = json_int(json_get(progress, "total"));
    fprintf(stderr, "\r%lld", (long long)json_int(json_get(progress, "done")));
    if (total > 0)
        fprintf(stderr, " of %lld", (long long)total);
    fprintf(stderr, " %s, %lld new completions   ",
        unit ? display_escape(following->page, unit, false) : "steps",
        (long long)json_int(json_get(progress, "completions")));
    (void)fflush(stderr);
}

static enum ctl_exit follow_ask(struct following *following, const char *id)
{
    BUF_AUTO target;
    buf_init(&target, 0);
    arena_reset(following->page);
    buf_text(&target, "/v1/operations/");
    target_escape(&target, id);
    buf_text(&target, following->bar ? "?wait=1" : "?wait=30");
    return ctl_get(following->ctl, following->page, target.data, &following->operation);
}

static enum ctl_exit follow_end(struct following *following)
{
    struct ctl *ctl = following->ctl;
    const struct json *result = json_get(following->operation, "result");
    const char *problem = json_text(json_get(result, "problem"));
    enum ctl_exit code = ctl_has(ctl, "--json") ? show_json(ctl, following->operation) : CTL_DONE;
    if (text_equal(json_text(json_get(following->operation, "state")), "failed"))
        return ctl_fail(
            ctl, CTL_REFUSED, "%s", problem ? display_escape(ctl->arena, problem, false) : "it failed");
    return code == CTL_DONE && !ctl_has(ctl, "--json") ? show_record(ctl, result) : code;
}

static enum ctl_exit follow(struct ctl *ctl, const struct json *begun)
{
    struct following following = {.ctl = ctl,
        .source = ctl_has(ctl, "ID") ? ctl_text(ctl, "ID") : NULL,
        .bar = ctl_has(ctl, "ID") && isatty(STDERR_FILENO) == 1,
        .page = arena_new(0),
        .operation = begun};
    const char *id = json_text(json_get(begun, "id"));
    enum ctl_exit code =
        id ? CTL_DONE : ctl_fail(ctl, CTL_BROKEN, "the answer of %s is no operation", ctl->settings.url);
    while (code == CTL_DONE && text_equal(json_text(json_get(following.operation, "state")), "running")) {
        code = follow_ask(&following, id);
        if (code == CTL_DONE)
            follow_progress(&following);
    }
    if (following.bar)
        fprintf(stderr, "\r%*s\r", 70, "");
    if (code == CTL_DONE)
        code = follow_end(&following);
    arena_free(following.page);
    return code;
}

enum ctl_exit run_operation(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *begun = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &begun);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "FILE"))
        return ctl_has(ctl, "--json") ? show_json(ctl, begun) : show_record(ctl, begun);
    return follow(ctl, begun);
}

/* ---- identities */

struct moved {
    int64_t keys, completions, ambiguous;
};

static enum ctl_exit moved_show(struct ctl *ctl, const struct json *last, const struct moved *moved)
{
    const struct json *sum = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "employee", json_text(json_get(last, "employee")));
    jw_member_int(&w, "keys", moved->keys);
    jw_member_int(&w, "completions", moved->completions);
    jw_member_int(&w, "ambiguous", moved->ambiguous);
    jw_close(&w, '}');
    if (json_parse(ctl->arena, text.data, text.size, &sum, NULL) != ST_OK)
        return CTL_BROKEN;
    return ctl_has(ctl, "--json") ? show_json(ctl, sum) : show_record(ctl, sum);
}

/* As many requests as it takes: each moves some and says whether there are more. */
enum ctl_exit run_moving(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    struct moved moved = {0};
    const struct json *last = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    request.key = NULL; /* the same order again is meant */
    do {
        code = code == CTL_DONE ? ctl_send(ctl, ctl->arena, &request, &answer, &last) : code;
        if (code != CTL_DONE)
            return code;
        moved.keys += json_int(json_get(last, "keys"));
        moved.completions += json_int(json_get(last, "completions"));
        moved.ambiguous += json_int(json_get(last, "ambiguous"));
    } while (json_type(json_get(last, "more")) == JSON_TRUE);
    return moved_show(ctl, last, &moved);
}
