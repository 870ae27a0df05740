/*
 * Imports: the file is sent, then the server is asked how far it is until it has ended. The server holds each
 * such question a while, so that nothing here waits by itself.
 */
#include "internal.h"

#include "base/text.h"
#include "display.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 30 };

struct importing {
    struct ctl *ctl;
    const char *id;
    bool bar;               /* standard error is a terminal */
    struct arena *page;     /* of the latest answer */
    const struct json *now; /* the import as it is */
};

/* ---- progress */

static void import_progress(const struct importing *importing)
{
    int64_t total = json_int(json_get(importing->now, "total"));
    int64_t applied = json_int(json_get(importing->now, "applied"));
    char bar[BAR + 1];
    if (!importing->bar || total <= 0)
        return;
    applied = applied < 0 ? 0 : applied > total ? total : applied;
    /* Percent of a number that may be anything: in doubles. */
    double part = (double)applied / (double)total;
    int filled = (int)(part * BAR);
    for (int i = 0; i < BAR; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %3d %%  %lld of %lld lines", bar, (int)(part * 100), (long long)applied,
        (long long)total);
    (void)fflush(stderr);
}

static void import_clear_progress(const struct importing *importing)
{
    if (importing->bar)
        fprintf(stderr, "\r%*s\r", BAR + 50, "");
}

/* ---- interrupted */

enum { FAREWELL_MAX = 200 };

/* What a person who interrupts is told: the server does not stop when they do. */
static char import_farewell[FAREWELL_MAX];

static void import_interrupted(int number)
{
    ssize_t written = write(STDERR_FILENO, import_farewell, strlen(import_farewell));
    (void)written;
    (void)raise(number); /* by default now */
}

static void import_prepare_farewell(const struct importing *importing)
{
    if (importing->id)
        (void)snprintf(import_farewell, sizeof(import_farewell),
            "\nthe server goes on with it; `entretienctl import show %.100s` says how far it is\n",
            importing->id);
    else
        (void)snprintf(import_farewell, sizeof(import_farewell),
            "\nthe server has not answered yet; `entretienctl imports` says whether it took the file\n");
}

/* ---- the end */

static bool import_is(const struct json *import, const char *state)
{
    return text_equal(json_text(json_get(import, "state")), state);
}

/* Lines at fault, below the complaint or as warnings. */
static void import_refusals(struct ctl *ctl, const struct json *import, struct buf *out)
{
    const struct json *refusals = json_get(import, "refusals");
    int64_t refused = json_int(json_get(import, "refused"));
    for (size_t i = 0; i < json_count(refusals); i++) {
        const struct json *refusal = json_at(refusals, i);
        int64_t line = json_int(json_get(refusal, "line"));
        const char *column = json_text(json_get(refusal, "column"));
        const char *reason = json_text(json_get(refusal, "reason"));
        if (line > 0)
            buf_printf(out, "  line %lld%s%s: ", (long long)line, column && *column ? ", " : "",
                column ? display_escape(ctl->arena, column, false) : "");
        else
            buf_text(out, "  ");
        buf_printf(out, "%s\n", reason ? display_escape(ctl->arena, reason, false) : "refused");
    }
    if (refused > (int64_t)json_count(refusals))
        buf_printf(out, "  and %lld more\n", (long long)(refused - (int64_t)json_count(refusals)));
}

static enum ctl_exit import_summary(struct ctl *ctl, const struct json *import)
{
    static const char *const counts[] = {"total", "created", "updated", "unchanged", "refused", "missing"};
    static const struct table_column columns[] = {{.heading = ""}, {.heading = "", .right = true}};
    const struct table_style style = {.terminal = ctl->terminal};
    struct table *table = table_new(ctl->arena, columns, 2, &style);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        const struct json *count = json_get(import, counts[i]);
        const char *cells[] = {counts[i], arena_printf(ctl->arena, "%lld", (long long)json_int(count))};
        if (count)
            table_row(table, cells);
    }
    return show_flush(ctl, table);
}

/* What came of it. A check that found lines at fault fails as the import would. */
static enum ctl_exit import_end(struct ctl *ctl, const struct json *import)
{
    int64_t refused = json_int(json_get(import, "refused"));
    bool none = import_is(import, "refused");
    bool would_be_none = import_is(import, "checked") && refused > 0 && !ctl_has(ctl, "--partial");
    enum ctl_exit code = ctl_has(ctl, "--json") ? show_json(ctl, import) : import_summary(ctl, import);
    if (code != CTL_DONE || (refused == 0 && !none))
        return code;
    if (none)
        code = ctl_fail(ctl, CTL_REFUSED, "the file is refused, nothing of it was applied");
    else if (would_be_none)
        code = ctl_fail(ctl, CTL_REFUSED, "the file would be refused");
    else
        buf_text(&ctl->complaint, import_is(import, "checked") ? "lines would be refused, the others applied:\n"
                                                               : "lines refused, the others were applied:\n");
    import_refusals(ctl, import, &ctl->complaint);
    return code;
}

/* ---- the way there */

/* Asks how far it is, when the server says that it has ended or after a moment. */
static enum ctl_exit import_ask(struct importing *importing)
{
    struct ctl *ctl = importing->ctl;
    const struct json *operation = NULL;
    BUF_AUTO target;
    buf_init(&target, 0);
    arena_reset(importing->page);
    buf_text(&target, "/v1/operations/");
    target_escape(&target, importing->id);
    buf_text(&target, importing->bar ? "?wait=1" : "?wait=30");
    enum ctl_exit code = ctl_get(ctl, importing->page, target.data, &operation);
    buf_reset(&target);
    buf_text(&target, "/v1/imports/");
    target_escape(&target, importing->id);
    return code == CTL_DONE ? ctl_get(ctl, importing->page, target.data, &importing->now) : code;
}

static enum ctl_exit import_follow(struct importing *importing)
{
    enum ctl_exit code = CTL_DONE;
    while (
        code == CTL_DONE && (import_is(importing->now, "received") || import_is(importing->now, "applying"))) {
        code = import_ask(importing);
        import_progress(importing);
    }
    import_clear_progress(importing);
    return code == CTL_DONE ? import_end(importing->ctl, importing->now) : code;
}

static enum ctl_exit import_send(struct ctl *ctl, const struct request *request)
{
    struct importing importing = {.ctl = ctl, .bar = isatty(STDERR_FILENO) == 1, .page = arena_new(0)};
    struct answer answer;
    import_prepare_farewell(&importing);
    const struct sigaction once = {.sa_handler = import_interrupted, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &once, NULL);
    enum ctl_exit code = ctl_send(ctl, ctl->arena, request, &answer, &importing.now);
    importing.id = json_text(json_get(importing.now, "id"));
    import_prepare_farewell(&importing);
    if (code == CTL_DONE && !importing.id)
        code = ctl_fail(ctl, CTL_BROKEN, "the answer of %s is no import", ctl->settings.url);
    if (code == CTL_DONE)
        code = import_follow(&importing);
    arena_free(importing.page);
    return code;
}

/* `import employees.csv`: the name of the file says the kind. */
static enum ctl_exit import_take_kind(struct ctl *ctl)
{
    struct invocation *invocation = &ctl->invocation;
    const char *path = ctl_text(ctl, "KIND");
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t length = strspn(base, "abcdefghijklmnopqrstuvwxyz");
    if (length == 0 || !strchr(base, '.'))
        return ctl_fail(
            ctl, CTL_MISUSED, "import needs KIND and FILE, or a FILE called like its kind: employees.csv");
    struct given *given = ARENA_ARRAY(ctl->arena, invocation->count + 1, struct given);
    memcpy(given, invocation->given, invocation->count * sizeof(*given));
    for (size_t i = 0; i < invocation->count; i++)
        if (strcmp(given[i].parameter->name, "KIND") == 0)
            given[i].text = arena_strndup(ctl->arena, base, length);
    for (size_t i = 0; i < ctl->command->parameter_count; i++)
        if (strcmp(ctl->command->parameters[i].name, "FILE") == 0)
            given[invocation->count++] =
                (struct given){.parameter = &ctl->command->parameters[i], .text = path};
    invocation->given = given;
    return CTL_DONE;
}

enum ctl_exit run_import(struct ctl *ctl)
{
    struct request request = {0};
    enum ctl_exit code = ctl_has(ctl, "FILE") ? CTL_DONE : import_take_kind(ctl);
    if (code == CTL_DONE)
        code = request_of_command(ctl, &request);
    if (code != CTL_DONE)
        return code;
    BUF_AUTO target;
    buf_init(&target, 0);
    buf_text(&target, request.target);
    target_add(&target, "wait", "0");
    request.target = target.data;
    return import_send(ctl, &request);
}
