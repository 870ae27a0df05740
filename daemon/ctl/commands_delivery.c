/* Commands about what comes in by file, what leaves by mail, what comes back. Constant data. */
#include "commands.h"
#include "internal.h"

/* ---- imports */

VIEW(import_view, "no imports", COLUMN("id", "/id"), COLUMN("received", "/created_at", .cell = CELL_INSTANT),
    COLUMN("kind", "/kind"), COLUMN("state", "/state"), COLUMN("dry run", "/dry_run", .cell = CELL_YES),
    COLUMN("lines", "/total", .cell = CELL_NUMBER), COLUMN("applied", "/applied", .cell = CELL_NUMBER),
    COLUMN("created", "/created", .cell = CELL_NUMBER), COLUMN("updated", "/updated", .cell = CELL_NUMBER),
    COLUMN("unchanged", "/unchanged", .cell = CELL_NUMBER), COLUMN("refused", "/refused", .cell = CELL_NUMBER),
    COLUMN("missing", "/missing", .cell = CELL_NUMBER));

static const struct parameter import_parameters[] = {
    ARGUMENT("KIND", VALUE_TEXT, PLACE_PATH, "kind",
        "employees, absences, reviews, progressions, completions, actions, aliases; a file called so needs no "
        "kind"),
    OPTIONAL("FILE", VALUE_FILE, PLACE_RUN, NULL, "CSV, as a spreadsheet saves it; - = standard input"),
    {.name = "--dry-run",
        .letter = "-n",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "dry_run",
        .doc = "read and check only, and say what would be done"},
    {.name = "--partial",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "partial",
        .doc = "apply the other lines when some are refused; without it none are"},
};
static const struct parameter id_parameters[] = {ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which one")};

/* ---- deliveries */

VIEW(mode_view, NULL, COLUMN("id", "/id"), COLUMN("name", "/name", .stretch = true),
    COLUMN("deliveries", "/deliveries"));
VIEW(delivery_view, "no deliveries", COLUMN("id", "/id"), COLUMN("state", "/state"), COLUMN("kind", "/kind"),
    COLUMN("to", "/target", .stretch = true), COLUMN("title", "/title", .stretch = true),
    COLUMN("about", "/employee", .cell = CELL_PERSON), COLUMN("due", "/due_at", .cell = CELL_INSTANT),
    COLUMN("sent", "/sent_at", .cell = CELL_INSTANT), COLUMN("attempts", "/attempts", .cell = CELL_NUMBER),
    COLUMN("error", "/last_error", .stretch = true));

#define ABOUT                                                                                                  \
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "about this employee"),                          \
        IN_QUERY("--review", VALUE_REVIEW, "review", "about this review"),                                     \
        IN_QUERY("--kind", VALUE_TEXT, "kind",                                                                 \
            "invitation, cancellation, counter_declined, proposal, proposal_withdrawn, decision, copy_ready, " \
            "reminder, "                                                                                       \
            "digest, returned")

static const struct parameter list_parameters[] = {
    ABOUT,
    IN_QUERY("--state", VALUE_TEXT, "state", "held, queued, leased, sent, failed, dead, superseded, dropped"),
    IN_QUERY("--channel", VALUE_TEXT, "channel", "mail"),
};
static const struct parameter preview_parameters[] = {
    ABOUT,
    {.name = "", .place = PLACE_QUERY, .to = "state", .fixed = "held"},
};
static const struct parameter message_parameters[] = {
    ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which one"),
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write it into FILE"},
};

/* ---- letters */

VIEW(letter_view, "no letters", COLUMN("name", "/name"), COLUMN("to", "/to"),
    COLUMN("slots", "/slots", .stretch = true));

#define LETTER_PARAMETERS                                                                                      \
    ARGUMENT("NAME", VALUE_TEXT, PLACE_PATH, "name", "which one"),                                             \
        IN_QUERY("--locale", VALUE_TEXT, "locale", "fr or en; the organisation's language unless told"),       \
        {.name = "--annual",                                                                                   \
            .kind = VALUE_SET,                                                                                 \
            .place = PLACE_QUERY,                                                                              \
            .to = "annual",                                                                                    \
            .doc = "as it is for an annual review"},                                                           \
    {                                                                                                          \
        .name = "--onsite", .kind = VALUE_SET, .place = PLACE_QUERY, .to = "remote", .fixed = "false",         \
        .doc = "as it is when nobody meets at a distance"                                                      \
    }

static const struct parameter letter_parameters[] = {LETTER_PARAMETERS};
static const struct parameter letter_html_parameters[] = {
    LETTER_PARAMETERS,
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write it into FILE"},
};

/* ---- what comes back */

VIEW(reply_view, "no replies", COLUMN("id", "/id"), COLUMN("received", "/received_at", .cell = CELL_INSTANT),
    COLUMN("state", "/state"), COLUMN("from", "/attendee", .stretch = true), COLUMN("answer", "/partstat"),
    COLUMN("proposed", "/proposed_start", .cell = CELL_INSTANT), COLUMN("review", "/review"),
    COLUMN("subject", "/subject", .stretch = true), COLUMN("why", "/reason", .stretch = true));

static const struct parameter reply_list_parameters[] = {
    IN_QUERY("--review", VALUE_REVIEW, "review", "about this review"),
    IN_QUERY("--state", VALUE_TEXT, "state",
        "taken, unverified, written, bounced, dismissed; without effect: duplicate, stale, outdated, "
        "unmatched, "
        "stranger, over, unusable, unreadable"),
};
static const struct parameter dismiss_parameters[] = {
    ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which one"),
    NEEDED("--reason", VALUE_TEXT, "/reason", "why it counts for nothing, or what was done about it"),
};

#define MODE(mode)                                                                                             \
    static const struct parameter mode##_parameters[] = {                                                      \
        {.name = "", .place = PLACE_BODY, .to = "/deliveries", .fixed = #mode}}
MODE(live);
MODE(held);
MODE(off);

#define ORGANISATION "PATCH /v1/organisations/{organisation}"
#define DELIVERIES   "/v1/deliveries"
#define REPLIES      "/v1/replies"

static const struct command commands[] = {
    {.name = "import",
        .doc = "Imports a CSV file, all of it or nothing",
        .request = "POST /v1/imports/{kind}",
        .consumes = "text/csv",
        PARAMETERS(import_parameters),
        .run = run_import},
    {.name = "import list",
        .doc = "Lists imports, newest first",
        .request = "GET /v1/imports",
        .list = true,
        .view = &import_view},
    {.name = "import show",
        .doc = "Shows an import and what was refused",
        .request = "GET /v1/imports/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "delivery list",
        .doc = "Lists what left or is to leave, newest first",
        .request = "GET " DELIVERIES,
        .list = true,
        PARAMETERS(list_parameters),
        .view = &delivery_view},
    {.name = "delivery preview",
        .doc = "Lists what is held: what `delivery live` would send",
        .request = "GET " DELIVERIES,
        .list = true,
        PARAMETERS(preview_parameters),
        .view = &delivery_view},
    {.name = "delivery show",
        .doc = "Shows a delivery",
        .request = "GET " DELIVERIES "/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "delivery message",
        .doc = "Prints the mail as it was or will be sent",
        .request = "GET " DELIVERIES "/{id}",
        .accepts = "message/rfc822",
        PARAMETERS(message_parameters),
        .show = SHOW_BODY},
    {.name = "delivery retry",
        .doc = "Sends at once what was held, failed, given up or dropped",
        .request = "POST " DELIVERIES "/{id}/retry",
        PARAMETERS(id_parameters),
        .view = &delivery_view},
    {.name = "delivery live",
        .doc = "Sends what is held, and from now on everything",
        .request = ORGANISATION,
        PARAMETERS(live_parameters),
        .view = &mode_view},
    {.name = "delivery hold",
        .doc = "Keeps mails and calendar entries for a look",
        .request = ORGANISATION,
        PARAMETERS(held_parameters),
        .view = &mode_view},
    {.name = "delivery off",
        .doc = "Makes no mails and calendar entries",
        .request = ORGANISATION,
        PARAMETERS(off_parameters),
        .view = &mode_view},
    {.name = "letter list",
        .doc = "Lists the letters there are and what their sources may use",
        .request = "GET /v1/letters",
        .list = true,
        .view = &letter_view},
    {.name = "letter show",
        .doc = "Prints a letter with sample people",
        .request = "GET /v1/letters/{name}",
        .accepts = "text/plain",
        PARAMETERS(letter_parameters),
        .show = SHOW_BODY},
    {.name = "letter html",
        .doc = "Prints a letter with sample people as HTML",
        .request = "GET /v1/letters/{name}",
        .accepts = "text/html",
        PARAMETERS(letter_html_parameters),
        .show = SHOW_BODY},
    {.name = "reply list",
        .doc = "Lists what came back to invitations, newest first",
        .request = "GET " REPLIES,
        .list = true,
        PARAMETERS(reply_list_parameters),
        .view = &reply_view},
    {.name = "reply show",
        .doc = "Shows a reply: who answered what, and what came of it",
        .request = "GET " REPLIES "/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "reply message",
        .doc = "Prints a reply as it came in",
        .request = "GET " REPLIES "/{id}",
        .accepts = "message/rfc822",
        PARAMETERS(message_parameters),
        .show = SHOW_BODY},
    {.name = "reply confirm",
        .doc = "Vouches for the sender of an answer that waits",
        .request = "POST " REPLIES "/{id}/confirm",
        PARAMETERS(id_parameters),
        .view = &reply_view},
    {.name = "reply dismiss",
        .doc = "Settles a reply that counts for nothing",
        .request = "POST " REPLIES "/{id}/dismiss",
        PARAMETERS(dismiss_parameters),
        .view = &reply_view},
};

GROUP(delivery_commands, "Imports, deliveries, replies", commands);
