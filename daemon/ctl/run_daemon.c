/* Commands about the server that are more than a request: its state, the verdict on the chain, any request. */
#include "internal.h"

#include "base/text.h"

#include <string.h>

enum { API_BODY_MAX = 64 * 1024 * 1024 };

/* ---- status */

static void status_add(struct table *table, const char *name, const char *value)
{
    const char *cells[] = {name, value};
    if (value && *value)
        table_row(table, cells);
}

static enum ctl_exit status_organisations(struct ctl *ctl, struct table *table)
{
    const struct json *list = NULL;
    enum ctl_exit code = ctl_get(ctl, ctl->arena, "/v1/organisations?limit=50", &list);
    const struct json *items = json_get(list, "items");
    for (size_t i = 0; code == CTL_DONE && i < json_count(items); i++) {
        const struct json *item = json_at(items, i);
        const char *name = json_text(json_get(item, "name"));
        const char *id = json_text(json_get(item, "id"));
        const char *deliveries = json_text(json_get(item, "deliveries"));
        status_add(table, "organisation",
            arena_printf(ctl->arena, "%s (%s), deliveries %s", name ? name : "?", id ? id : "?",
                deliveries ? deliveries : "?"));
    }
    if (code == CTL_DONE && json_get(list, "next"))
        status_add(table, "organisation", "... and more: `organisation list`");
    return code;
}

/* Only a token for all organisations may ask: NULL for others, and no failure. */
static const struct json *status_verdict(struct ctl *ctl)
{
    const struct request request = {.method = "GET", .target = "/v1/selfcheck"};
    struct answer answer;
    const struct json *verdict = NULL;
    if (client_send(ctl->client, ctl->arena, &request, &answer, NULL) != ST_OK || answer.status != 200 ||
        json_parse(ctl->arena, answer.body.data, answer.body.size, &verdict, NULL) != ST_OK)
        return NULL;
    return verdict;
}

static void status_selfcheck(struct ctl *ctl, struct table *table)
{
    static const struct column at = {.pointer = "/last_run", .cell = CELL_INSTANT};
    const struct json *verdict = status_verdict(ctl);
    const char *state = json_text(json_get(verdict, "state"));
    const char *detail = json_text(json_get(verdict, "detail"));
    if (!state)
        return;
    const char *when = cell_text(ctl, ctl->arena, verdict, &at);
    if (text_equal(state, "never"))
        status_add(table, "store", "not checked yet: every night, or by `selfcheck`");
    else
        status_add(table, "store",
            detail ? arena_printf(ctl->arena, "DOES NOT HOLD, checked %s: %s", when, detail)
                   : arena_printf(ctl->arena, "holds, checked %s", when));
}

/* Whether requests are served; why not is the server's own sentence. */
static enum ctl_exit status_ready(struct ctl *ctl, const char **ret)
{
    const struct json *ready = NULL;
    enum ctl_exit code = ctl_get(ctl, ctl->arena, "/readyz", &ready);
    *ret = code == CTL_DONE ? json_text(json_get(ready, "status")) : "not ready";
    return code;
}

enum ctl_exit run_status(struct ctl *ctl)
{
    static const struct table_column columns[] = {{.heading = ""}, {.heading = ""}};
    static const struct column time = {.pointer = "/time", .cell = CELL_INSTANT};
    const struct table_style style = {.terminal = ctl->terminal};
    struct table *table = table_new(ctl->arena, columns, 2, &style);
    const struct json *health = NULL;
    const char *ready = NULL;
    enum ctl_exit code = ctl_get(ctl, ctl->arena, "/healthz", &health);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--json"))
        return show_json(ctl, health);
    code = status_ready(ctl, &ready);
    status_add(table, "server", ctl->settings.url);
    status_add(table, "status", ready);
    status_add(table, "version", json_text(json_get(health, "version")));
    const char *clock = json_text(json_get(health, "clock"));
    if (clock && strcmp(clock, "set") == 0)
        status_add(table, "clock", "set by a file: not today's time");
    if (code == CTL_DONE && ctl->settings.token)
        status_selfcheck(ctl, table);
    if (code == CTL_DONE && ctl->settings.token)
        code = status_organisations(ctl, table);
    status_add(table, "time", cell_text(ctl, ctl->arena, health, &time));
    enum ctl_exit shown = show_flush(ctl, table);
    return code == CTL_DONE ? shown : code;
}

/* ---- the store */

/* The server holds each question a while; the first answer may come before it has begun. */
enum ctl_exit run_selfcheck(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *verdict = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &verdict);
    while (code == CTL_DONE && json_type(json_get(verdict, "running")) == JSON_TRUE)
        code = ctl_get(ctl, ctl->arena, "/v1/selfcheck?wait=30", &verdict);
    if (code == CTL_DONE)
        code = show_value(ctl, verdict);
    const char *detail = json_text(json_get(verdict, "detail"));
    if (code == CTL_DONE && detail)
        code = ctl_fail(ctl, CTL_REFUSED, "the store does not hold: %s", detail);
    return code;
}

enum ctl_exit run_retention(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *found = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (ctl_has(ctl, "--dry-run"))
        request = (struct request){.method = "GET", .target = request.target};
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &found);
    if (code != CTL_DONE || ctl_has(ctl, "--json"))
        return code == CTL_DONE ? show_json(ctl, found) : code;
    code = show_record(ctl, found);
    if (code == CTL_DONE && !ctl_has(ctl, "--dry-run"))
        ctl_warn(ctl, "it is under way: `retention --dry-run` tells what is left");
    return code;
}

/* ---- the audit chain */

enum ctl_exit run_audit_verify(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *verdict = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &verdict);
    if (code == CTL_DONE)
        code = show_value(ctl, verdict);
    if (code != CTL_DONE || json_type(json_get(verdict, "valid")) == JSON_TRUE)
        return code;
    const char *detail = json_text(json_get(verdict, "detail"));
    return ctl_fail(ctl, CTL_REFUSED, "the chain is broken: %s", detail ? detail : "no reason is given");
}

/* ---- any request */

static enum ctl_exit api_body(struct ctl *ctl, const char *text, struct request *request)
{
    BUF_AUTO content;
    buf_init(&content, 0);
    enum ctl_exit code = CTL_DONE;
    if (strcmp(text, "-") == 0)
        code = ctl_read_file(ctl, "-", API_BODY_MAX, &content);
    else if (text[0] == '@')
        code = ctl_read_file(ctl, text + 1, API_BODY_MAX, &content);
    else
        buf_text(&content, text);
    const char *type = ctl_text(ctl, "--type");
    request->type = type ? type : "application/json";
    request->body = span_keep(ctl->arena, &content);
    return code;
}

static bool api_method_is_known(const char *method)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i], method) == 0)
            return true;
    return false;
}

/* A target as it stands in a request line. */
static bool api_target_is_plain(const char *target)
{
    if (target[0] != '/')
        return false;
    for (const unsigned char *c = (const unsigned char *)target; *c; c++)
        if (*c <= 0x20 || *c >= 0x7F || *c == '#')
            return false;
    return true;
}

/* What goes into a header field. */
static bool api_type_is_plain(const char *type)
{
    for (const unsigned char *c = (const unsigned char *)type; c && *c; c++)
        if (*c < 0x20 || *c >= 0x7F)
            return false;
    return true;
}

enum ctl_exit run_api(struct ctl *ctl)
{
    struct request request = {.method = ctl_text(ctl, "METHOD"), .target = ctl_text(ctl, "PATH")};
    struct answer answer;
    const char *body = ctl_text(ctl, "BODY");
    request.accept = ctl_text(ctl, "--accept");
    if (!api_method_is_known(request.method))
        return ctl_fail(ctl, CTL_MISUSED, "METHOD: expected GET, HEAD, POST, PUT, PATCH or DELETE");
    if (!api_target_is_plain(request.target))
        return ctl_fail(
            ctl, CTL_MISUSED, "PATH: expected a path like /v1/duties?state=overdue, percent-encoded");
    if (!api_type_is_plain(ctl_text(ctl, "--type")) || !api_type_is_plain(request.accept))
        return ctl_fail(ctl, CTL_MISUSED, "a media type is visible ASCII");
    enum ctl_exit code = body ? api_body(ctl, body, &request) : CTL_DONE;
    if (strcmp(request.method, "POST") == 0)
        request.key = request_key(ctl->arena);
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, NULL);
    return code == CTL_DONE ? show_body(ctl, &answer) : code;
}
