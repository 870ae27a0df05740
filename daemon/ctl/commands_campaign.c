/* Commands about the reviews of many people planned together. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(campaign_view, "no campaigns", COLUMN("id", "/id"), COLUMN("label", "/label", .stretch = true),
    COLUMN("state", "/state"), COLUMN("waiting", "/waiting", .cell = CELL_NUMBER),
    COLUMN("planned", "/planned", .cell = CELL_NUMBER), COLUMN("created", "/created", .cell = CELL_NUMBER),
    COLUMN("refused", "/refused", .cell = CELL_NUMBER), COLUMN("invited", "/invited", .cell = CELL_NUMBER),
    COLUMN("discarded", "/discarded", .cell = CELL_NUMBER),
    COLUMN("asked", "/created_at", .cell = CELL_INSTANT));

VIEW(placement_view, "nobody", COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true), COLUMN("due", "/due"),
    COLUMN("interviewer", "/interviewer", .cell = CELL_PERSON), COLUMN("state", "/state"),
    COLUMN("start", "/start", .cell = CELL_INSTANT), COLUMN("reason", "/reason"),
    COLUMN("explanation", "/explanation", .stretch = true));

static const struct parameter plan_parameters[] = {
    OPTIONAL("LABEL", VALUE_TEXT, PLACE_BODY, "/label", "what people call it"),
    {.name = "--dry-run",
        .kind = VALUE_SET,
        .place = PLACE_BODY,
        .to = "/dry_run",
        .doc = "find the times only, create nothing"},
    {.name = "--propose",
        .kind = VALUE_SET,
        .place = PLACE_BODY,
        .to = "/propose",
        .doc = "offer each slot to its employee; otherwise the reviews are drafts"},
    IN_BODY("--due-before", VALUE_DATE, "/due_before", "of the duties; those to plan now unless told"),
    IN_BODY("--from", VALUE_DATE, "/from", "no review before this day"),
    IN_BODY("--to", VALUE_DATE, "/to", "no review after this day"),
    IN_BODY("--manager", VALUE_PERSON, "/manager", "only those who report to this employee"),
    IN_BODY("--interviewer", VALUE_PERSON, "/interviewer", "holds the reviews of people without a manager"),
    IN_BODY("--duration", VALUE_MINUTES, "/duration", "45, 1h30"),
    IN_BODY("--per-week", VALUE_INT, "/per_week", "reviews in one week of an interviewer, at most"),
    IN_BODY("--mode", VALUE_TEXT, "/mode", "onsite, remote, hybrid"),
    IN_BODY("--location", VALUE_TEXT, "/location", "where"),
    IN_BODY("--link", VALUE_TEXT, "/conference_url", "of remote and hybrid reviews"),
    IN_QUERY("--wait", VALUE_INT, "wait", "seconds to wait for the end; 10 unless told"),
    FROM_FILE,
};
#define ID ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which campaign")
static const struct parameter id_parameters[] = {ID};
static const struct parameter placements_parameters[] = {
    ID,
    {.name = "--refused",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "state",
        .fixed = "refused",
        .doc = "who has no time, and why"},
    IN_QUERY("--state", VALUE_TEXT, "state", "waiting, planned, created, refused, invited, discarded"),
};
#define WAIT IN_QUERY("--wait", VALUE_INT, "wait", "seconds to wait for the end; 10 unless told")
static const struct parameter invite_parameters[] = {
    ID,
    {.name = "--short-notice",
        .kind = VALUE_SET,
        .place = PLACE_BODY,
        .to = "/short_notice",
        .doc = "also those who have less than eight days left by now"},
    WAIT,
};
static const struct parameter discard_parameters[] = {ID, WAIT};

static const struct command commands[] = {
    {.name = "campaign list",
        .doc = "Lists campaigns",
        .request = "GET /v1/campaigns",
        .list = true,
        .view = &campaign_view},
    {.name = "campaign plan",
        .doc = "Plans the reviews of all who are owed one; as drafts unless told",
        .request = "POST /v1/campaigns",
        PARAMETERS(plan_parameters),
        .view = &campaign_view},
    {.name = "campaign show",
        .doc = "Shows how far a campaign is",
        .request = "GET /v1/campaigns/{id}",
        PARAMETERS(id_parameters),
        .view = &campaign_view},
    {.name = "campaign times",
        .doc = "Lists the time found for each employee, or why there is none",
        .request = "GET /v1/campaigns/{id}/placements",
        .list = true,
        PARAMETERS(placements_parameters),
        .view = &placement_view},
    {.name = "campaign invite",
        .doc = "Invites to all its reviews that nobody is invited to yet",
        .request = "POST /v1/campaigns/{id}/invite",
        PARAMETERS(invite_parameters),
        .view = &campaign_view},
    {.name = "campaign discard",
        .doc = "Gives up what nobody was invited to yet",
        .request = "POST /v1/campaigns/{id}/discard",
        PARAMETERS(discard_parameters),
        .view = &campaign_view},
};

GROUP(campaign_commands, "Campaigns", commands);
