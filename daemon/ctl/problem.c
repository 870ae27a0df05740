/* Answers that are refusals: problem+json (RFC 9457) as one sentence and a line for each field at fault. */
#include "internal.h"

#include "display.h"

#include <string.h>

/* Whether `pointer` is the member `to`, or something inside it; *ret_rest is what is behind. */
static bool problem_is_at(const char *to, const char *pointer, const char **ret_rest)
{
    to += *to == '/';
    pointer += *pointer == '/';
    size_t length = strlen(to);
    *ret_rest = pointer + length;
    return strncmp(to, pointer, length) == 0 && (pointer[length] == '\0' || pointer[length] == '/');
}

static const char *problem_parameter(struct ctl *ctl, const char *pointer, bool given)
{
    const char *rest = "";
    for (size_t i = 0; ctl->command && i < ctl->command->parameter_count; i++) {
        const struct parameter *parameter = &ctl->command->parameters[i];
        if (*parameter->name && parameter->to && problem_is_at(parameter->to, pointer, &rest) &&
            (!given || ctl_has(ctl, parameter->name)))
            return arena_printf(ctl->arena, "%s%s", parameter->name, rest);
    }
    return NULL;
}

/* The flag or argument that a pointer comes from, or would have come from; else the pointer. */
static const char *problem_place(struct ctl *ctl, const char *pointer)
{
    const char *place = problem_parameter(ctl, pointer, true);
    if (!place)
        place = problem_parameter(ctl, pointer, false);
    if (place)
        return place;
    return strcmp(pointer, "/organisation") == 0 ? "--organisation" : pointer;
}

static void problem_field(struct ctl *ctl, const struct json *field)
{
    const char *pointer = json_text(json_get(field, "pointer"));
    const char *detail = json_text(json_get(field, "detail"));
    if (!detail)
        return;
    const char *place = pointer && *pointer ? problem_place(ctl, pointer) : "";
    buf_printf(&ctl->complaint, "  %s%s%s\n", display_escape(ctl->arena, place, false), *place ? ": " : "",
        display_escape(ctl->arena, detail, false));
}

static void problem_advice(struct ctl *ctl, const struct answer *answer)
{
    if (answer->status == 401 && !ctl->settings.token)
        buf_text(&ctl->complaint,
            "  no token was sent: use --token-file, ENTRETIENCTL_TOKEN or the settings file\n");
    if (answer->retry_after > 0)
        buf_printf(&ctl->complaint, "  try again in %ld s\n", answer->retry_after);
    if (answer->status >= 500 && answer->request_id)
        buf_printf(&ctl->complaint, "  request %s\n", display_escape(ctl->arena, answer->request_id, false));
}

static enum ctl_exit problem_foreign(struct ctl *ctl, const struct answer *answer)
{
    if (answer->status >= 300 && answer->status < 400)
        return ctl_fail(ctl, CTL_BROKEN, "%s answers with a redirection (%ld) to %s, which is not followed",
            ctl->settings.url, answer->status, answer->location ? answer->location : "nowhere");
    return ctl_fail(ctl, CTL_BROKEN, "%s answers %ld without saying why: is it an entretiend?",
        ctl->settings.url, answer->status);
}

enum ctl_exit ctl_refused(struct ctl *ctl, const struct answer *answer)
{
    const struct json *problem = NULL;
    if (strcmp(answer->type, "application/problem+json") != 0 ||
        json_parse(ctl->arena, answer->body.data, answer->body.size, &problem, NULL) != ST_OK)
        return problem_foreign(ctl, answer);
    const char *detail = json_text(json_get(problem, "detail"));
    if (!detail)
        detail = json_text(json_get(problem, "title"));
    enum ctl_exit code = ctl_fail(ctl, CTL_REFUSED, "%s", detail ? detail : "refused");
    const struct json *fields = json_get(problem, "errors");
    for (size_t i = 0; i < json_count(fields) && i < ERROR_FIELDS_MAX; i++)
        problem_field(ctl, json_at(fields, i));
    problem_advice(ctl, answer);
    return code;
}
