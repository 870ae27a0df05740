/* Duties of one person or case, with the reason of each date; the recap and the trace as pages. */
#include "internal.h"

#include <string.h>

VIEW(duties_view, NULL, COLUMN("kind", "/kind"), COLUMN("due", "/due"), COLUMN("limit", "/limit"),
    COLUMN("opens", "/opens"), COLUMN("state", "/state"), COLUMN("tolerated", "/tolerated", .cell = CELL_YES),
    COLUMN("satisfied", "/satisfied_on"), COLUMN("rule", "/rule"),
    COLUMN("article", "/article", .stretch = true), COLUMN("why", "/explanation", .note = true));

/* Open duties, then those of the past, in one table. */
static enum ctl_exit duties_show(struct ctl *ctl, const struct json *open, const struct json *history)
{
    const struct view *view = show_view(ctl, &duties_view);
    struct table *table = show_table(ctl, view);
    for (size_t i = 0; i < json_count(open); i++)
        show_row(ctl, ctl->arena, table, view, json_at(open, i));
    for (size_t i = 0; i < json_count(history); i++)
        show_row(ctl, ctl->arena, table, view, json_at(history, i));
    return show_flush(ctl, table);
}

static const char *duties_excluded(const char *reason)
{
    static const char *const reasons[][2] = {{"not_hired", "the person is not hired yet"},
        {"left", "the person has left"}, {"temporary", "the duty is the temporary agency's"}};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i][0], reason) == 0)
            return reasons[i][1];
    return reason;
}

static void duties_remark(const struct ctl *ctl, const struct json *answer)
{
    const char *excluded = json_text(json_get(answer, "excluded"));
    const struct json *missing = json_get(answer, "missing");
    if (json_type(json_get(answer, "known")) == JSON_FALSE)
        ctl_warn(ctl, "nothing was known of the person then");
    if (excluded)
        ctl_warn(ctl, "no open duty: %s", duties_excluded(excluded));
    if (json_type(json_get(answer, "projected")) == JSON_TRUE)
        ctl_warn(ctl, "a projection: the day is in the future");
    for (size_t i = 0; i < json_count(missing) && i < 8; i++)
        ctl_warn(ctl, "missing: %s; the duties that depend on it are unknown", json_text(json_at(missing, i)));
}

enum ctl_exit run_duties(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *value = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &value);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--json"))
        return show_json(ctl, value);
    duties_remark(ctl, value);
    return duties_show(ctl, json_get(value, "items"), json_get(value, "history"));
}

/* ---- simulations */

/* An invalid case of an array: its errors, and the exit code says so. */
static enum ctl_exit simulation_errors(struct ctl *ctl, size_t number, const struct json *errors)
{
    for (size_t i = 0; i < json_count(errors) && i < ERROR_FIELDS_MAX; i++) {
        const char *pointer = json_text(json_get(json_at(errors, i), "pointer"));
        const char *detail = json_text(json_get(json_at(errors, i), "detail"));
        (void)ctl_fail(ctl, CTL_REFUSED, "case %zu: %s%s%s", number, pointer ? pointer : "",
            pointer && *pointer ? ": " : "", detail ? detail : "invalid");
    }
    return CTL_REFUSED;
}

static enum ctl_exit simulation_results(struct ctl *ctl, const struct json *results)
{
    enum ctl_exit worst = CTL_DONE;
    for (size_t i = 0; i < json_count(results); i++) {
        const struct json *result = json_at(results, i);
        const struct json *errors = json_get(result, "errors");
        const char *heading =
            arena_printf(ctl->arena, "%scase %zu\n", i > 0 && ctl->terminal ? "\n" : "", i + 1);
        if (errors) {
            worst = simulation_errors(ctl, i + 1, errors);
            continue;
        }
        enum ctl_exit code = ctl_put(ctl, heading, strlen(heading));
        if (code == CTL_DONE)
            code = duties_show(ctl, json_get(result, "duties"), json_get(result, "history"));
        if (code != CTL_DONE)
            return code;
    }
    return worst;
}

enum ctl_exit run_simulate(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *value = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    request.key = NULL;
    if (code == CTL_DONE)
        code = ctl_send(ctl, ctl->arena, &request, &answer, &value);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--json"))
        return show_json(ctl, value);
    const struct json *results = json_get(value, "results");
    if (results)
        return simulation_results(ctl, results);
    return duties_show(ctl, json_get(value, "duties"), json_get(value, "history"));
}

/* ---- the recap */

enum ctl_exit run_recap(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *value = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--json")) {
        code = ctl_send(ctl, ctl->arena, &request, &answer, &value);
        return code == CTL_DONE ? show_json(ctl, value) : code;
    }
    request.accept =
        ctl_has(ctl, "--html") ? "text/html, application/problem+json" : "text/plain, application/problem+json";
    code = ctl_send(ctl, ctl->arena, &request, &answer, NULL);
    return code == CTL_DONE ? show_body(ctl, &answer) : code;
}

/* ---- the trace */

enum ctl_exit run_trace(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code != CTL_DONE)
        return code;
    if (!ctl_has(ctl, "--html"))
        return show_list(ctl, &request);
    request.accept = "text/html, application/problem+json";
    code = ctl_send(ctl, ctl->arena, &request, &answer, NULL);
    return code == CTL_DONE ? show_body(ctl, &answer) : code;
}
