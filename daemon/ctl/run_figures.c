/* Sums and rows about the whole staff, as tables; CSV is passed on as it comes. */
#include "internal.h"

#include <string.h>

#define PERSON_COLUMNS                                                                                         \
    COLUMN("number", "/number"), COLUMN("family name", "/family_name", .stretch = true),                       \
        COLUMN("given name", "/given_name", .stretch = true)
#define TEAM_COLUMNS COLUMN("number", "/manager_number"), COLUMN("manager", "/manager_name", .stretch = true)
#define SITE_COLUMN  COLUMN("establishment", "/establishment", .stretch = true)

/* ---- the forecast */

#define KIND_COLUMN(title, kind) COLUMN(title, "/kinds/" kind, .cell = CELL_NUMBER)
#define MONTH_COLUMNS                                                                                          \
    COLUMN("month", "/month"), COLUMN("meetings", "/meetings", .cell = CELL_NUMBER),                           \
        KIND_COLUMN("first", "first"), KIND_COLUMN("periodic", "periodic"), KIND_COLUMN("return", "return"),   \
        KIND_COLUMN("before leave", "before_leave"), KIND_COLUMN("visit", "midcareer_visit"),                  \
        KIND_COLUMN("mid-career", "midcareer"), KIND_COLUMN("senior", "senior"),                               \
        KIND_COLUMN("recap", "recap"), COLUMN("joint", "/joint", .cell = CELL_NUMBER),                         \
        COLUMN("conflict", "/conflicts", .cell = CELL_NUMBER),                                                 \
        COLUMN("planned", "/planned", .cell = CELL_NUMBER), COLUMN("overdue", "/overdue", .cell = CELL_NUMBER)

VIEW(month_view, NULL, MONTH_COLUMNS);
VIEW(meeting_view, "no meetings", PERSON_COLUMNS, COLUMN("on", "/on"), COLUMN("due", "/due"),
    COLUMN("kinds", "/kinds", .stretch = true), COLUMN("joint", "/joint", .cell = CELL_YES),
    COLUMN("conflict", "/conflict", .cell = CELL_YES), COLUMN("planned", "/planned", .cell = CELL_YES),
    COLUMN("overdue", "/overdue", .cell = CELL_YES));
#define MEETING_COLUMNS                                                                                        \
    COLUMN("people", "/people", .cell = CELL_NUMBER), COLUMN("meetings", "/meetings", .cell = CELL_NUMBER),    \
        COLUMN("months", "/months", .cell = CELL_COUNT)
VIEW(team_month_view, "no teams", TEAM_COLUMNS, MEETING_COLUMNS);
VIEW(site_month_view, "no establishments", SITE_COLUMN, MEETING_COLUMNS);

/* ---- where everybody stands */

#define STANDING_COLUMN(title, standing) COLUMN(title, "/standings/" standing, .cell = CELL_NUMBER)
#define STANDING_COLUMNS                                                                                       \
    COLUMN("employees", "/employees", .cell = CELL_NUMBER), STANDING_COLUMN("breach", "breach"),               \
        STANDING_COLUMN("unknown", "unknown"), STANDING_COLUMN("tolerated", "tolerated"),                      \
        STANDING_COLUMN("unproved", "unproved"), STANDING_COLUMN("compliant", "compliant"),                    \
        STANDING_COLUMN("excluded", "excluded"), COLUMN("owed", "/exposure/amount", .cell = CELL_CENTS),       \
        COLUMN("maybe", "/exposure/possible", .cell = CELL_CENTS)

VIEW(team_standing_view, "no teams", TEAM_COLUMNS, STANDING_COLUMNS);
VIEW(site_standing_view, "no establishments", SITE_COLUMN, STANDING_COLUMNS);
VIEW(person_view, "nobody", PERSON_COLUMNS, COLUMN("standing", "/standing"),
    COLUMN("overdue", "/overdue", .cell = CELL_NUMBER), COLUMN("next", "/next/kind"),
    COLUMN("due", "/next/due"), COLUMN("state", "/next/state"), COLUMN("exposure", "/exposure"),
    COLUMN("owed", "/amount", .cell = CELL_CENTS), COLUMN("maybe", "/possible", .cell = CELL_CENTS),
    COLUMN("cure", "/cure/kind"), COLUMN("by", "/cure/by"), COLUMN("missing", "/missing", .stretch = true));
VIEW(person_duty_view, "no duties", PERSON_COLUMNS, COLUMN("kind", "/kind"), COLUMN("due", "/due"),
    COLUMN("limit", "/limit"), COLUMN("state", "/state"), COLUMN("tolerated", "/tolerated", .cell = CELL_YES),
    COLUMN("satisfied", "/satisfied_on"), COLUMN("rule", "/rule"));
VIEW(count_view, NULL, COLUMN("what", "/what"), COLUMN("number", "/number", .cell = CELL_NUMBER),
    COLUMN("euros", "/cents", .cell = CELL_CENTS));

/* ---- the yearly figures */

VIEW(indicator_view, "fewer than five people: nothing is told",
    COLUMN("category", "/category", .stretch = true), COLUMN("sex", "/sex"),
    COLUMN("people", "/people", .cell = CELL_NUMBER), COLUMN("reviewed", "/reviewed", .cell = CELL_NUMBER),
    COLUMN("reviews", "/reviews", .cell = CELL_NUMBER), COLUMN("recaps", "/recaps", .cell = CELL_NUMBER),
    COLUMN("CPF", "/cpf_credited", .cell = CELL_NUMBER), COLUMN("credited", "/cpf_amount", .cell = CELL_CENTS),
    COLUMN("trained", "/trained", .cell = CELL_NUMBER), COLUMN("trainings", "/trainings", .cell = CELL_NUMBER),
    COLUMN("assessments", "/skills_assessments", .cell = CELL_NUMBER),
    COLUMN("VAE", "/vae", .cell = CELL_NUMBER), COLUMN("decided", "/decided", .cell = CELL_NUMBER),
    COLUMN("done", "/decided_done", .cell = CELL_NUMBER),
    COLUMN("dropped", "/decided_dropped", .cell = CELL_NUMBER));

/* ---- answers as tables */

/* A row whose first cell is a name that is not in the item. */
static void figures_named_row(
    struct ctl *ctl, struct table *table, const struct view *view, const struct json *item, const char *name)
{
    const char *cells[TABLE_COLUMNS_MAX] = {name};
    for (size_t i = 1; i < view->count && i < TABLE_COLUMNS_MAX; i++)
        cells[i] = cell_text(ctl, ctl->arena, item, &view->columns[i]);
    table_row(table, cells);
}

struct figures_counting {
    struct ctl *ctl;
    struct table *table;
    const char *suffix; /* behind each name */
};

static void figures_count_row(const struct figures_counting *counting, const char *what,
    const struct json *number, const struct json *cents)
{
    static const struct column plain = {.pointer = "", .cell = CELL_NUMBER};
    static const struct column euros = {.pointer = "", .cell = CELL_CENTS};
    struct ctl *ctl = counting->ctl;
    const char *cells[] = {what, cell_text(ctl, ctl->arena, number, &plain),
        cents ? cell_text(ctl, ctl->arena, cents, &euros) : ""};
    table_row(counting->table, cells);
}

/* Members of an object of numbers that are not zero. */
static enum status figures_count_member(void *context, const char *key, const struct json *value)
{
    const struct figures_counting *counting = context;
    if (json_int(value) > 0)
        figures_count_row(
            counting, arena_printf(counting->ctl->arena, "%s%s", key, counting->suffix), value, NULL);
    return ST_OK;
}

static enum status figures_count_kind(void *context, const char *key, const struct json *states)
{
    struct figures_counting *counting = context;
    const struct json *overdue = json_get(states, "overdue");
    if (overdue)
        figures_count_row(counting, arena_printf(counting->ctl->arena, "%s overdue", key), overdue, NULL);
    return ST_OK;
}

static enum ctl_exit figures_show_standings(struct ctl *ctl, const struct json *value)
{
    const struct json *total = json_get(value, "total"), *money = json_get(total, "exposure");
    struct figures_counting counting = {.ctl = ctl, .table = show_table(ctl, &count_view), .suffix = ""};
    figures_count_row(&counting, "employees", json_get(total, "employees"), NULL);
    (void)json_each(json_get(total, "standings"), figures_count_member, &counting);
    (void)json_each(json_get(total, "duties"), figures_count_kind, &counting);
    counting.suffix = " missing";
    (void)json_each(json_get(total, "missing"), figures_count_member, &counting);
    if (money) {
        figures_count_row(&counting, "exposed", json_get(money, "exposed"), json_get(money, "amount"));
        figures_count_row(
            &counting, "possibly exposed", json_get(money, "possibly_exposed"), json_get(money, "possible"));
    }
    counting.suffix = " (cure)";
    (void)json_each(json_get(total, "cures"), figures_count_member, &counting);
    return show_flush(ctl, counting.table);
}

static enum ctl_exit figures_show_months(struct ctl *ctl, const struct json *value)
{
    const struct json *total = json_get(value, "total");
    int64_t missing = json_int(json_get(total, "missing"));
    if (missing > 0)
        ctl_warn(
            ctl, "a date is missing about %lld people: what depends on it is not foreseen", (long long)missing);
    return show_items(ctl, json_get(total, "months"), &month_view);
}

static enum ctl_exit figures_show_year(struct ctl *ctl, const struct json *value)
{
    const struct json *groups = json_get(value, "groups");
    const struct json *merged = json_get(value, "merged"), *total = json_get(value, "total");
    struct table *table = show_table(ctl, &indicator_view);
    if (json_type(json_get(value, "withheld")) == JSON_TRUE)
        ctl_warn(ctl, "%s", indicator_view.none);
    for (size_t i = 0; i < json_count(groups); i++)
        show_row(ctl, ctl->arena, table, &indicator_view, json_at(groups, i));
    if (json_type(merged) == JSON_OBJECT)
        figures_named_row(ctl, table, &indicator_view, merged, "others, in groups under five");
    if (json_type(total) == JSON_OBJECT)
        figures_named_row(ctl, table, &indicator_view, total, "total");
    return show_flush(ctl, table);
}

/* What each command shows: of the whole, of groups, of rows. */
static const struct figures {
    const char *command;
    enum ctl_exit (*whole)(struct ctl *ctl, const struct json *value);
    const struct view *team, *site, *rows, *other_rows;
} all_figures[] = {
    {"forecast", figures_show_months, &team_month_view, &site_month_view, &meeting_view, NULL},
    {"compliance", figures_show_standings, &team_standing_view, &site_standing_view, &person_view,
        &person_duty_view},
    {"indicators", figures_show_year, NULL, NULL, NULL, NULL},
};

static enum ctl_exit figures_show(struct ctl *ctl, const struct json *value)
{
    const struct figures *figures = all_figures;
    while (strcmp(figures->command, ctl->command->name) != 0)
        figures++;
    const struct json *groups = json_get(value, "groups"), *items = json_get(value, "items");
    const char *by = ctl_text(ctl, "--by");
    int64_t recomputing = json_int(json_get(value, "recomputing"));
    if (recomputing > 0)
        ctl_warn(ctl, "the duties of %lld people are being brought up to date", (long long)recomputing);
    if (json_type(json_get(value, "projected")) == JSON_TRUE)
        ctl_warn(ctl, "a projection: the day is in the future");
    if (groups && figures->team)
        return show_items(ctl, groups, by && strcmp(by, "manager") == 0 ? figures->team : figures->site);
    if (items)
        return show_items(ctl, items, ctl_has(ctl, "--duties") ? figures->other_rows : figures->rows);
    return figures->whole(ctl, value);
}

enum ctl_exit run_figures(struct ctl *ctl)
{
    struct request request = {0};
    struct answer answer;
    const struct json *value = NULL;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--csv")) {
        request.accept = "text/csv, application/problem+json";
        return show_download(ctl, &request);
    }
    code = ctl_send(ctl, ctl->arena, &request, &answer, &value);
    if (code != CTL_DONE)
        return code;
    return ctl_has(ctl, "--json") ? show_json(ctl, value) : figures_show(ctl, value);
}
