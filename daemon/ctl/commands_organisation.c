/* Commands about organisations and their calendar subscriptions. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(organisation_view, "no organisations", COLUMN("id", "/id"), COLUMN("name", "/name", .stretch = true),
    COLUMN("siren", "/siren"), COLUMN("zone", "/zone"), COLUMN("deliveries", "/deliveries"));

#define ORGANISATION_FLAGS                                                                                     \
    IN_BODY("--siren", VALUE_TEXT, "/siren", "SIREN number, nine digits"),                                     \
        IN_BODY("--locale", VALUE_TEXT, "/locale", "language of mails and explanations: fr, en"),              \
        IN_BODY("--zone", VALUE_TEXT, "/zone", "time zone: Europe/Paris unless told"),                         \
        IN_BODY("--organiser-name", VALUE_TEXT, "/organiser/name", "name shown to those invited"),             \
        IN_BODY("--organiser", VALUE_TEXT, "/organiser/email", "mailbox that convocations come from"),         \
        IN_BODY(                                                                                               \
            "--notice-days", VALUE_INT, "/policies/notice_days", "days between a convocation and its review"), \
        IN_BODY("--reviews-per-week", VALUE_INT, "/policies/reviews_per_week",                                 \
            "reviews proposed in one week of an interviewer, at most"),                                        \
        IN_BODY("--planning-horizon-days", VALUE_INT, "/policies/planning_horizon_days",                       \
            "days before the end of its planning window from which a duty is to plan"),                        \
        IN_BODY("--periodic-anchor", VALUE_TEXT, "/policies/periodic_anchor", "last_held, hire_anniversary"),  \
        IN_BODY("--first-reading", VALUE_TEXT, "/policies/first_reading", "strict, lenient"),                  \
        IN_BODY("--return-period", VALUE_TEXT, "/policies/return_period", "from a return to its review: P1M"), \
        IN_BODY("--title-older", VALUE_BOOL, "/policies/title_older",                                          \
            "calendars and mails say \"Entretien professionnel\""),                                            \
        IN_BODY("--holidays", VALUE_TEXT, "/holidays", "public holidays: metropole, alsace_moselle"),          \
        IN_BODY("--deliveries", VALUE_TEXT, "/deliveries",                                                     \
            "what leaves: live = sent, held = kept for a look, off = nothing is made"),                        \
        IN_BODY("--agreements", VALUE_JSON, "/agreements", "agreements on another periodicity: a JSON list"),  \
        IN_BODY("--headcounts", VALUE_JSON, "/headcounts", "average headcounts: a JSON list"), FROM_FILE

static const struct parameter create_parameters[] = {
    ARGUMENT("NAME", VALUE_TEXT, PLACE_BODY, "/name", "of the legal entity"),
    ORGANISATION_FLAGS,
};
static const struct parameter set_parameters[] = {
    PAIRS,
    IN_BODY("--name", VALUE_TEXT, "/name", "of the legal entity"),
    ORGANISATION_FLAGS,
};

VIEW(feed_view, "no subscriptions", COLUMN("id", "/id"), COLUMN("scope", "/scope"),
    COLUMN("number", "/subject", .cell = CELL_PERSON), COLUMN("name", "/subject", .cell = CELL_PERSON_NAME),
    COLUMN("label", "/label", .stretch = true), COLUMN("created", "/created_at", .cell = CELL_INSTANT),
    COLUMN("revoked", "/revoked_at", .cell = CELL_INSTANT));

static const struct parameter feed_parameters[] = {
    ARGUMENT("SCOPE", VALUE_TEXT, PLACE_BODY, "/scope",
        "whose calendar: employee, manager (the team), organisation"),
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_BODY, "/subject", "the employee or manager"),
    IN_BODY("--label", VALUE_TEXT, "/label", "what it is for"),
};
static const struct parameter id_parameters[] = {ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which one")};

/* ---- personal links */

VIEW(link_view, "no links", COLUMN("id", "/id"), COLUMN("kind", "/kind"),
    COLUMN("number", "/person", .cell = CELL_PERSON), COLUMN("name", "/person", .cell = CELL_PERSON_NAME),
    COLUMN("about", "/employee", .cell = CELL_PERSON_NAME),
    COLUMN("created", "/created_at", .cell = CELL_INSTANT),
    COLUMN("expires", "/expires_at", .cell = CELL_INSTANT),
    COLUMN("revoked", "/revoked_at", .cell = CELL_INSTANT));

static const struct parameter link_parameters[] = {
    ARGUMENT("KIND", VALUE_TEXT, PLACE_BODY, "/kind",
        "employee: the own page; interviewer: the page of a review, to hold it"),
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/person", "whose page"),
    IN_BODY("--review", VALUE_REVIEW, "/review", "the review that the interviewer holds"),
    IN_BODY("--expires", VALUE_TEXT, "/expires_at", "an instant within a year; 90 days unless told"),
};
static const struct parameter links_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "person", "only this person's"),
};

static const struct command commands[] = {
    {.name = "organisation list",
        .doc = "Lists the organisations that the token sees",
        .request = "GET /v1/organisations",
        .list = true,
        .unbound = true,
        .view = &organisation_view},
    {.name = "organisation show",
        .doc = "Shows an organisation, its agreements, headcounts and policies",
        .request = "GET /v1/organisations/{organisation}",
        .show = SHOW_RECORD},
    {.name = "organisation create",
        .doc = "Creates an organisation; needs a token for all",
        .request = "POST /v1/organisations",
        .unbound = true,
        PARAMETERS(create_parameters),
        .view = &organisation_view},
    {.name = "organisation set",
        .doc = "Changes an organisation: organisation set deliveries live",
        .request = "PATCH /v1/organisations/{organisation}",
        PARAMETERS(set_parameters),
        .view = &organisation_view},
    {.name = "link list",
        .doc = "Lists personal links, those of letters and revoked ones included",
        .request = "GET /v1/links",
        .list = true,
        PARAMETERS(links_parameters),
        .view = &link_view},
    {.name = "link create",
        .doc = "Makes a personal link and shows its address, once",
        .request = "POST /v1/links",
        PARAMETERS(link_parameters),
        .show = SHOW_RECORD},
    {.name = "link revoke",
        .doc = "Revokes a personal link: its page opens no more",
        .request = "DELETE /v1/links/{id}",
        PARAMETERS(id_parameters)},
    {.name = "feed list",
        .doc = "Lists calendar subscriptions, revoked ones included",
        .request = "GET /v1/feeds",
        .list = true,
        .view = &feed_view},
    {.name = "feed create",
        .doc = "Makes a calendar subscription and shows its address, once",
        .request = "POST /v1/feeds",
        PARAMETERS(feed_parameters),
        .show = SHOW_RECORD},
    {.name = "feed revoke",
        .doc = "Revokes a subscription: an empty calendar for 30 days, then nothing",
        .request = "DELETE /v1/feeds/{id}",
        PARAMETERS(id_parameters)},
};

GROUP(organisation_commands, "Organisations", commands);
