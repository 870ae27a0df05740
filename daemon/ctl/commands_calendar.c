/* Commands about calendar servers. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(calendar_view, "no calendars", COLUMN("id", "/id"), COLUMN("kind", "/kind"),
    COLUMN("name", "/name", .stretch = true), COLUMN("state", "/state"),
    COLUMN("address", "/address", .stretch = true), COLUMN("calendar", "/collection", .stretch = true),
    COLUMN("visited", "/visited_at", .cell = CELL_INSTANT),
    COLUMN("failures", "/failures", .cell = CELL_NUMBER),
    COLUMN("next", "/next_visit_at", .cell = CELL_INSTANT), COLUMN("error", "/last_error", .stretch = true));

#define ID ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which calendar")
#define FLAGS                                                                                                  \
    IN_BODY("--user", VALUE_TEXT, "/user", "user name"),                                                       \
        IN_BODY("--password", VALUE_TEXT, "/password", "better in --body: others see the command line"),       \
        IN_BODY("--paused", VALUE_BOOL, "/paused", "whether it is left alone"), FROM_FILE

static const struct parameter create_parameters[] = {
    ARGUMENT(
        "KIND", VALUE_TEXT, PLACE_BODY, "/kind", "scheduling (HR's calendar, the server invites) or store"),
    ARGUMENT("NAME", VALUE_TEXT, PLACE_BODY, "/name", "what people call it"),
    ARGUMENT("URL", VALUE_TEXT, PLACE_BODY, "/url", "of the server, a principal or a calendar"),
    FLAGS,
};
static const struct parameter set_parameters[] = {
    ID,
    PAIRS,
    IN_BODY("--name", VALUE_TEXT, "/name", "what people call it"),
    IN_BODY("--at", VALUE_TEXT, "/url", "the URL where it is"),
    FLAGS,
};
static const struct parameter id_parameters[] = {ID};

static const struct command commands[] = {
    {.name = "calendar list",
        .doc = "Lists the calendar servers and how they are",
        .request = "GET /v1/calendars",
        .list = true,
        .view = &calendar_view},
    {.name = "calendar show",
        .doc = "Shows a calendar server",
        .request = "GET /v1/calendars/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "calendar connect",
        .doc = "Connects a calendar server by CalDAV",
        .request = "POST /v1/calendars",
        PARAMETERS(create_parameters),
        .show = SHOW_RECORD},
    {.name = "calendar set",
        .doc = "Changes a calendar server, and looks for it again",
        .request = "PATCH /v1/calendars/{id}",
        PARAMETERS(set_parameters),
        .view = &calendar_view},
    {.name = "calendar delete",
        .doc = "Forgets a calendar server that holds no review any more",
        .request = "DELETE /v1/calendars/{id}",
        PARAMETERS(id_parameters)},
};

GROUP(calendar_commands, "Calendar servers", commands);
