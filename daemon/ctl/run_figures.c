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

/* What each command shows: of the whole, of groups, of rows. */
struct figures {
    const char *command;
    const struct view *whole, *team, *site, *rows;
    const char *inside; /* the whole's items, in `total` */
};
static const struct figures all_figures[] = {
    {"forecast", &month_view, &team_month_view, &site_month_view, &meeting_view, "months"},
};

static const struct figures *figures_of(const struct ctl *ctl)
{
    for (size_t i = 0; i < sizeof(all_figures) / sizeof(all_figures[0]); i++)
        if (strcmp(all_figures[i].command, ctl->command->name) == 0)
            return &all_figures[i];
    return NULL;
}

static void figures_remark(const struct ctl *ctl, const struct json *value)
{
    int64_t recomputing = json_int(json_get(value, "recomputing"));
    int64_t missing = json_int(json_get(json_get(value, "total"), "missing"));
    if (recomputing > 0)
        ctl_warn(ctl, "the duties of %lld people are being brought up to date", (long long)recomputing);
    if (missing > 0)
        ctl_warn(
            ctl, "a date is missing about %lld people: what depends on it is not foreseen", (long long)missing);
    if (json_type(json_get(value, "projected")) == JSON_TRUE)
        ctl_warn(ctl, "a projection: the day is in the future");
}

enum ctl_exit run_figures(struct ctl *ctl)
{
    const struct figures *figures = figures_of(ctl);
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
    if (ctl_has(ctl, "--json"))
        return show_json(ctl, value);
    figures_remark(ctl, value);
    const struct json *groups = json_get(value, "groups");
    const char *by = ctl_text(ctl, "--by");
    if (groups)
        return show_items(ctl, groups, by && strcmp(by, "manager") == 0 ? figures->team : figures->site);
    if (json_get(value, "items"))
        return show_items(ctl, json_get(value, "items"), figures->rows);
    return show_items(ctl, json_get(json_get(value, "total"), figures->inside), figures->whole);
}
