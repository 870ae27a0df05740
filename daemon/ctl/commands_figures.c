/* Commands about the whole staff: where it stands, what is to come, the yearly figures.
 * Constant data. */
#include "commands.h"
#include "internal.h"

#define FORMAT_PARAMETERS                                                                                      \
    {.name = "--csv",                                                                                          \
        .kind = VALUE_SET,                                                                                     \
        .place = PLACE_QUERY,                                                                                  \
        .to = "format",                                                                                        \
        .fixed = "csv",                                                                                        \
        .doc = "as CSV, for spreadsheets and however many people there are"},                                  \
        IN_QUERY("--lang", VALUE_TEXT, "lang", "of the CSV: fr (semicolons, decimal commas), en"),             \
    {                                                                                                          \
        .name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write the CSV into FILE"               \
    }
#define STAFF_PARAMETERS                                                                                       \
    IN_QUERY("--manager", VALUE_PERSON, "manager", "only who reports to this employee"),                       \
        IN_QUERY("--establishment", VALUE_TEXT, "establishment", "only who belongs to this one"),              \
        IN_QUERY("--by", VALUE_TEXT, "by", "the sums of each: manager, establishment"), FORMAT_PARAMETERS

static const struct parameter forecast_parameters[] = {
    IN_QUERY("--from", VALUE_DATE, "from", "first day; this month unless told"),
    IN_QUERY("--to", VALUE_DATE, "to", "last day, at most ten years on; a year unless told"),
    {.name = "--meetings",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "rows",
        .fixed = "meetings",
        .doc = "each meeting instead of numbers"},
    STAFF_PARAMETERS,
};

static const struct parameter compliance_parameters[] = {
    {.name = "--people",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "rows",
        .fixed = "employees",
        .doc = "each employee instead of numbers"},
    {.name = "--duties",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "rows",
        .fixed = "duties",
        .doc = "each duty instead of numbers"},
    IN_QUERY("--standing", VALUE_TEXT, "standing",
        "only people who are excluded, compliant, unproved, tolerated, unknown, breach"),
    IN_QUERY("--state", VALUE_TEXT, "state", "with --duties: only in this state"),
    IN_QUERY("--kind", VALUE_TEXT, "kind", "with --duties: only of this kind"),
    IN_QUERY("--as-of", VALUE_DATE, "as_of", "rules and facts of this day; a future one is a projection"),
    IN_QUERY("--known-on", VALUE_DATE, "known_on", "as recorded by the end of this day"),
    STAFF_PARAMETERS,
};

static const struct parameter indicators_parameters[] = {
    ARGUMENT("YEAR", VALUE_INT, PLACE_PATH, "year", "a civil year"),
    FORMAT_PARAMETERS,
};

static const struct command commands[] = {
    {.name = "compliance",
        .doc = "Shows where everybody stands, what it may cost and what would cure it",
        .request = "GET /v1/compliance",
        PARAMETERS(compliance_parameters),
        .run = run_figures},
    {.name = "indicators",
        .doc = "Shows the yearly figures by category and sex, groups under five merged",
        .request = "GET /v1/indicators/{year}",
        PARAMETERS(indicators_parameters),
        .run = run_figures},
    {.name = "forecast",
        .doc = "Shows the meetings to come, month by month, if each is held on its day",
        .request = "GET /v1/forecast",
        PARAMETERS(forecast_parameters),
        .run = run_figures},
};

GROUP(figure_commands, "Figures", commands);
