/* Requests from the tables: path, query and body out of what was given, and how they are sent. */
#include "internal.h"

#include "base/secret.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { BODY_FILE_MAX = 4 * 1024 * 1024, UPLOAD_MAX = 64 * 1024 * 1024 };

/* ---- targets */

void target_escape(struct buf *target, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     strchr("-._~", *c) != NULL;
        if (plain)
            buf_char(target, (char)*c);
        else
            buf_printf(target, "%%%02X", *c);
    }
}

void target_add(struct buf *target, const char *name, const char *value)
{
    buf_char(target, strchr(target->data, '?') ? '&' : '?');
    target_escape(target, name);
    buf_char(target, '=');
    target_escape(target, value);
}

const char *request_key(struct arena *arena)
{
    return secret_token(arena, "ctl-", 16);
}

/* ---- values */

/* What is sent for a value: names become ids, local times instants. */
static enum ctl_exit request_value(
    struct ctl *ctl, const struct parameter *parameter, const char *text, const char **ret)
{
    switch (parameter->kind) {
    case VALUE_PERSON:
        return resolve_person(ctl, text, ret);
    case VALUE_REVIEW:
        return resolve_review(ctl, text, ret);
    case VALUE_INSTANT:
        return resolve_instant(ctl, text, ret);
    case VALUE_SET:
        *ret = parameter->fixed ? parameter->fixed : "true";
        return CTL_DONE;
    default:
        *ret = text;
        return CTL_DONE;
    }
}

/* The value of a parameter, NULL when there is none to send. */
static enum ctl_exit request_given(struct ctl *ctl, const struct parameter *parameter, const char **ret)
{
    const char *text = *parameter->name ? ctl_text(ctl, parameter->name) : parameter->fixed;
    *ret = NULL;
    if (!text)
        return CTL_DONE;
    if (!*parameter->name || strcmp(text, "-") == 0) {
        *ret = text;
        return CTL_DONE;
    }
    return request_value(ctl, parameter, text, ret);
}

/* ---- path and query */

static const struct parameter *request_parameter(
    const struct command *command, enum place place, const char *name, size_t length)
{
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        if (parameter->place == place && strncmp(parameter->to, name, length) == 0 && !parameter->to[length])
            return parameter;
    }
    return NULL;
}

/* The value for {name} in a path; {organisation} needs no parameter. */
static enum ctl_exit request_path_value(struct ctl *ctl, const char *name, size_t length, const char **ret)
{
    const struct parameter *parameter = request_parameter(ctl->command, PLACE_PATH, name, length);
    return parameter ? request_given(ctl, parameter, ret) : resolve_organisation(ctl, ret);
}

static enum ctl_exit request_path(struct ctl *ctl, const char *path, struct buf *target)
{
    enum ctl_exit code = CTL_DONE;
    while (*path && code == CTL_DONE) {
        if (*path != '{') {
            buf_char(target, *path++);
            continue;
        }
        size_t length = strcspn(path + 1, "}");
        const char *value = NULL;
        code = request_path_value(ctl, path + 1, length, &value);
        if (code == CTL_DONE)
            target_escape(target, value ? value : "");
        path += length + 2;
    }
    return code;
}

static enum ctl_exit request_query(struct ctl *ctl, struct buf *target)
{
    const char *organisation = NULL;
    enum ctl_exit code = ctl->command->unbound ? CTL_DONE : resolve_configured(ctl, &organisation);
    if (organisation)
        target_add(target, "organisation", organisation);
    for (size_t i = 0; code == CTL_DONE && i < ctl->command->parameter_count; i++) {
        const struct parameter *parameter = &ctl->command->parameters[i];
        const char *value = NULL;
        if (parameter->place == PLACE_QUERY)
            code = request_given(ctl, parameter, &value);
        if (value)
            target_add(target, parameter->to, value);
    }
    return code;
}

/* ---- body */

struct body {
    struct ctl *ctl;
    struct json_writer writer;
    char open[64]; /* the object that is open inside, "" for none */
};

/* Every text given for a list, split at commas. */
static void body_texts(struct body *body, const struct parameter *parameter)
{
    const struct invocation *invocation = &body->ctl->invocation;
    jw_open(&body->writer, '[');
    for (size_t i = 0; i < invocation->count; i++) {
        if (invocation->given[i].parameter != parameter)
            continue;
        for (const char *text = invocation->given[i].text; *text;) {
            size_t length = strcspn(text, ",");
            if (length > 0)
                jw_text_n(&body->writer, text, length);
            text += length + (text[length] == ',');
        }
    }
    jw_close(&body->writer, ']');
}

static void body_value(struct body *body, const struct parameter *parameter, const char *value)
{
    /* "-" clears a member, as in imports. */
    if (strcmp(value, "-") == 0) {
        jw_null(&body->writer);
        return;
    }
    switch (parameter->kind) {
    case VALUE_TEXTS:
        body_texts(body, parameter);
        break;
    case VALUE_SET:
        if (parameter->fixed)
            jw_text(&body->writer, value);
        else
            jw_bool(&body->writer, true);
        break;
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_MINUTES:
    case VALUE_CENTS:
    case VALUE_JSON:
        jw_raw(&body->writer, value);
        break;
    default:
        jw_text(&body->writer, value);
    }
}

/* Opens and closes the object that holds the member: "/organiser/email" is in "organiser". */
static const char *body_enter(struct body *body, const char *pointer)
{
    const char *member = pointer + 1;
    size_t length = strcspn(member, "/");
    bool nested = member[length] == '/';
    bool same = nested && strlen(body->open) == length && strncmp(body->open, member, length) == 0;
    if (*body->open && !same) {
        jw_close(&body->writer, '}');
        body->open[0] = '\0';
    }
    if (nested && !same) {
        (void)snprintf(body->open, sizeof(body->open), "%.*s", (int)length, member);
        jw_key(&body->writer, body->open);
        jw_open(&body->writer, '{');
    }
    return nested ? member + length + 1 : member;
}

static enum ctl_exit body_parameters(struct body *body, unsigned *ret_count)
{
    struct ctl *ctl = body->ctl;
    enum ctl_exit code = CTL_DONE;
    for (size_t i = 0; code == CTL_DONE && i < ctl->command->parameter_count; i++) {
        const struct parameter *parameter = &ctl->command->parameters[i];
        const char *value = NULL;
        if (parameter->place == PLACE_BODY)
            code = request_given(ctl, parameter, &value);
        if (!value)
            continue;
        jw_key(&body->writer, body_enter(body, parameter->to));
        body_value(body, parameter, value);
        ++*ret_count;
    }
    if (*body->open)
        jw_close(&body->writer, '}');
    return code;
}

struct body_file {
    struct body *body;
    const struct command *command;
};

/* Members of the file come first, unless a flag says otherwise. */
static enum status body_member(void *context, const char *key, const struct json *value)
{
    struct body_file *file = context;
    size_t length = strlen(key);
    for (size_t i = 0; i < file->command->parameter_count; i++) {
        const struct parameter *parameter = &file->command->parameters[i];
        if (parameter->place == PLACE_BODY && strncmp(parameter->to + 1, key, length) == 0 &&
            (parameter->to[1 + length] == '\0' || parameter->to[1 + length] == '/') &&
            ctl_has(file->body->ctl, parameter->name))
            return ST_OK;
    }
    jw_key(&file->body->writer, key);
    jw_value(&file->body->writer, value);
    return ST_OK;
}

static enum ctl_exit body_file(struct body *body, const char *path)
{
    struct ctl *ctl = body->ctl;
    struct body_file file = {.body = body, .command = ctl->command};
    struct error err = ERROR_INIT;
    const struct json *value = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    enum ctl_exit code = ctl_read_file(ctl, path, BODY_FILE_MAX, &text);
    if (code != CTL_DONE)
        return code;
    if (json_parse(ctl->arena, text.data, text.size, &value, &err) != ST_OK)
        return ctl_fail(ctl, CTL_MISUSED, "%s: %s", path, err.detail);
    if (json_type(value) != JSON_OBJECT)
        return ctl_fail(ctl, CTL_MISUSED, "%s holds no JSON object", path);
    return json_each(value, body_member, &file) == ST_OK ? CTL_DONE : CTL_BROKEN;
}

static enum ctl_exit request_upload(struct ctl *ctl, struct request *request)
{
    BUF_AUTO content;
    buf_init(&content, 0);
    if (!ctl_has(ctl, "FILE"))
        return CTL_DONE;
    enum ctl_exit code = ctl_read_file(ctl, ctl_text(ctl, "FILE"), UPLOAD_MAX, &content);
    request->body = span_keep(ctl->arena, &content);
    request->type = ctl->command->consumes;
    return code;
}

static enum ctl_exit request_body(struct ctl *ctl, struct request *request)
{
    unsigned count = 0;
    struct buf text;
    buf_init(&text, 0);
    struct body body = {.ctl = ctl, .writer = json_writer(&text)};
    const char *path = ctl_text(ctl, "--body");
    jw_open(&body.writer, '{');
    enum ctl_exit code = path ? body_file(&body, path) : CTL_DONE;
    if (code == CTL_DONE)
        code = body_parameters(&body, &count);
    jw_close(&body.writer, '}');
    if (code == CTL_DONE && count == 0 && !path && strcmp(request->method, "PATCH") == 0)
        code = ctl_fail(ctl, CTL_MISUSED, "%s: nothing to set is given", ctl->command->name);
    request->body = span_keep(ctl->arena, &text);
    request->type = "application/json";
    buf_free(&text);
    return code;
}

enum ctl_exit request_of_command(struct ctl *ctl, struct request *ret)
{
    const char *template = ctl->command->request;
    size_t length = strcspn(template, " ");
    struct request request = {.method = arena_strndup(ctl->arena, template, length)};
    BUF_AUTO target;
    buf_init(&target, 0);
    enum ctl_exit code = request_path(ctl, template + length + 1, &target);
    if (code == CTL_DONE)
        code = request_query(ctl, &target);
    request.target = arena_strndup(ctl->arena, target.data, target.size);
    if (code == CTL_DONE && request.method[0] == 'P')
        code = ctl->command->consumes ? request_upload(ctl, &request) : request_body(ctl, &request);
    if (strcmp(request.method, "POST") == 0)
        request.key = request_key(ctl->arena);
    if (ctl->command->accepts)
        request.accept = arena_printf(ctl->arena, "%s, application/problem+json", ctl->command->accepts);
    if (code == CTL_DONE)
        *ret = request;
    return code;
}

/* ---- sending */

/* Whether all that is wrong is that nobody said which organisation. */
static bool send_lacks_organisation(struct ctl *ctl, struct arena *arena, const struct answer *answer)
{
    const struct json *problem = NULL;
    if (answer->status != 422 || ctl->settings.organisation ||
        json_parse(arena, answer->body.data, answer->body.size, &problem, NULL) != ST_OK)
        return false;
    const struct json *errors = json_get(problem, "errors");
    return json_count(errors) == 1 &&
           text_equal(json_text(json_get(json_at(errors, 0), "pointer")), "/organisation");
}

/* A token for all organisations, of which there is one: that one is meant. */
static enum status send_with_the_only(
    struct ctl *ctl, struct arena *arena, const struct request *request, struct answer *ret, struct error *err)
{
    struct request again = *request;
    if (!resolve_only(ctl))
        return ST_OK;
    BUF_AUTO target;
    buf_init(&target, 0);
    buf_text(&target, request->target);
    target_add(&target, "organisation", ctl->organisation);
    again.target = target.data;
    again.key = request->key ? request_key(arena) : NULL;
    return client_send(ctl->client, arena, &again, ret, err);
}

enum ctl_exit ctl_send(struct ctl *ctl, struct arena *arena, const struct request *request,
    struct answer *ret_answer, const struct json **ret_json)
{
    struct error err = ERROR_INIT;
    enum status status = client_send(ctl->client, arena, request, ret_answer, &err);
    if (status == ST_OK && send_lacks_organisation(ctl, arena, ret_answer))
        status = send_with_the_only(ctl, arena, request, ret_answer, &err);
    if (status != ST_OK)
        return ctl_fail(ctl, CTL_BROKEN, "%s", err.detail);
    if (ret_answer->status >= 300)
        return ctl_refused(ctl, ret_answer);
    if (ret_json)
        *ret_json = NULL;
    if (!ret_json || ret_answer->body.size == 0)
        return CTL_DONE;
    if (json_parse(arena, ret_answer->body.data, ret_answer->body.size, ret_json, &err) != ST_OK)
        return ctl_fail(ctl, CTL_BROKEN, "the answer of %s is not JSON: %s", ctl->settings.url, err.detail);
    return CTL_DONE;
}

enum ctl_exit ctl_get(struct ctl *ctl, struct arena *arena, const char *target, const struct json **ret)
{
    struct request request = {.method = "GET", .target = target};
    struct answer answer;
    return ctl_send(ctl, arena, &request, &answer, ret);
}
