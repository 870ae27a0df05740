/* Commands about the whole staff: what is to come. Constant data. */
#include "commands.h"
#include "internal.h"

#define STAFF_PARAMETERS                                                                                       \
    IN_QUERY("--manager", VALUE_PERSON, "manager", "only who reports to this employee"),                       \
        IN_QUERY("--establishment", VALUE_TEXT, "establishment", "only who belongs to this one"),              \
        IN_QUERY("--by", VALUE_TEXT, "by", "the sums of each: manager, establishment"),                        \
        {.name = "--csv",                                                                                      \
            .kind = VALUE_SET,                                                                                 \
            .place = PLACE_QUERY,                                                                              \
            .to = "format",                                                                                    \
            .fixed = "csv",                                                                                    \
            .doc = "as CSV, for spreadsheets and however many people there are"},                              \
        IN_QUERY("--lang", VALUE_TEXT, "lang", "of the CSV: fr (semicolons, decimal commas), en"),             \
    {                                                                                                          \
        .name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write the CSV into FILE"               \
    }

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

static const struct command commands[] = {
    {.name = "forecast",
        .doc = "Shows the meetings to come, month by month, if each is held on its day",
        .request = "GET /v1/forecast",
        PARAMETERS(forecast_parameters),
        .run = run_figures},
};

GROUP(figure_commands, "Figures", commands);
