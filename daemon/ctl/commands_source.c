/* Commands about LMS platforms and what they tell: sources, completions. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(source_view, "no sources", COLUMN("id", "/id"), COLUMN("kind", "/kind"),
    COLUMN("name", "/name", .stretch = true), COLUMN("paused", "/paused", .cell = CELL_YES),
    COLUMN("received", "/counts/received", .cell = CELL_NUMBER),
    COLUMN("completions", "/counts/completions", .cell = CELL_NUMBER),
    COLUMN("duplicates", "/counts/duplicates", .cell = CELL_NUMBER),
    COLUMN("quarantined", "/counts/quarantined", .cell = CELL_NUMBER),
    COLUMN("hook", "/hook_url", .stretch = true));

VIEW(completion_view, "no completions", COLUMN("id", "/id"),
    COLUMN("occurred", "/occurred_at", .cell = CELL_INSTANT), COLUMN("state", "/state"),
    COLUMN("reason", "/reason"), COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true),
    COLUMN("course", "/said/course_title", .stretch = true),
    COLUMN("code", "/said/course_code", .stretch = true),
    COLUMN("minutes", "/said/minutes", .cell = CELL_NUMBER), COLUMN("source", "/source"));

#define ID(what) ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", what)
#define SOURCE_FLAGS                                                                                           \
    IN_BODY("--secret", VALUE_TEXT, "/secret",                                                                 \
        "shared with the platform; better in --body: others see the command line"),                            \
        IN_BODY("--signature", VALUE_TEXT, "/signature/family",                                                \
            "header, basic, bearer, hmac_hex, hmac_base64, standard_webhooks, jwt, md5_body"),                 \
        IN_BODY("--header", VALUE_TEXT, "/signature/header", "the header field that carries the proof"),       \
        IN_BODY("--prefix", VALUE_TEXT, "/signature/prefix", "text before the value, such as sha256="),        \
        IN_BODY("--user", VALUE_TEXT, "/signature/user", "user name of Basic authentication"),                 \
        IN_BODY("--window", VALUE_INT, "/signature/window", "seconds a signed time may be away from now"),     \
        IN_BODY("--mapping", VALUE_JSON, "/mapping", "where a body holds what: a JSON object"),                \
        IN_BODY("--address", VALUE_TEXT, "/url", "where the platform is asked for completions"),               \
        IN_BODY("--credential", VALUE_TEXT, "/credential",                                                     \
            "what it is asked with; better in --body: others see the command line"),                           \
        IN_BODY("--jwks-url", VALUE_TEXT, "/jwks_url", "where the keys of jwt are published"),                 \
        IN_BODY("--pull", VALUE_JSON, "/pull", "how and when it is asked: a JSON object"),                     \
        IN_BODY("--paused", VALUE_BOOL, "/paused", "whether posts are refused"), FROM_FILE

static const struct parameter create_parameters[] = {
    ARGUMENT("KIND", VALUE_TEXT, PLACE_BODY, "/kind", "the platform: generic, moodle, xapi, 360learning ..."),
    ARGUMENT("NAME", VALUE_TEXT, PLACE_BODY, "/name", "what people call it"),
    SOURCE_FLAGS,
};
static const struct parameter set_parameters[] = {
    ID("which source"),
    PAIRS,
    IN_BODY("--name", VALUE_TEXT, "/name", "what people call it"),
    SOURCE_FLAGS,
};
static const struct parameter id_parameters[] = {ID("which one")};
static const struct parameter test_parameters[] = {
    ID("which source"), OPTIONAL("FILE", VALUE_FILE, PLACE_RUN, NULL,
                            "a body as the platform posts it; - = standard input; none: try the connection")};
static const struct parameter sync_parameters[] = {ID("which source"),
    IN_BODY("--sweep", VALUE_SET, "/sweep", "ask for everything, not only for what is recent")};

static const struct parameter completions_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    {.name = "--quarantined",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "state",
        .fixed = "quarantined",
        .doc = "put aside: nobody is known for them"},
    IN_QUERY("--state", VALUE_TEXT, "state", "completed, failed, undone, other, quarantined"),
    IN_QUERY("--source", VALUE_TEXT, "source", "of this platform"),
    IN_QUERY("--course", VALUE_TEXT, "course", "of this course"),
};
static const struct parameter assign_parameters[] = {
    ID("which completion"),
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whose it is; - takes an assignment back"),
    IN_BODY("--alias", VALUE_SET, "/alias", "the platform's keys mean this person from now on"),
};

static const struct command commands[] = {
    {.name = "source list",
        .doc = "Lists the LMS platforms and their counts",
        .request = "GET /v1/sources",
        .list = true,
        .view = &source_view},
    {.name = "source show",
        .doc = "Shows a platform and its configuration",
        .request = "GET /v1/sources/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "source create",
        .doc = "Connects a platform; a secret made for it is shown once",
        .request = "POST /v1/sources",
        PARAMETERS(create_parameters),
        .show = SHOW_RECORD},
    {.name = "source set",
        .doc = "Changes a platform",
        .request = "PATCH /v1/sources/{id}",
        PARAMETERS(set_parameters),
        .view = &source_view},
    {.name = "source delete",
        .doc = "Forgets a platform that never posted",
        .request = "DELETE /v1/sources/{id}",
        PARAMETERS(id_parameters)},
    {.name = "source test",
        .doc = "Says what a body would become, storing nothing; without one, tries the connection",
        .request = "POST /v1/sources/{id}/test",
        .consumes = "application/json",
        PARAMETERS(test_parameters),
        .run = run_operation},
    {.name = "sync",
        .doc = "Asks a platform for completions now",
        .request = "POST /v1/sources/{id}/sync",
        PARAMETERS(sync_parameters),
        .run = run_operation},
    {.name = "completion list",
        .doc = "Lists what platforms posted",
        .request = "GET /v1/completions",
        .list = true,
        PARAMETERS(completions_parameters),
        .view = &completion_view},
    {.name = "completion show",
        .doc = "Shows a completion and its evidence",
        .request = "GET /v1/completions/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "completion assign",
        .doc = "Says whose a completion is",
        .request = "POST /v1/completions/{id}/assign",
        PARAMETERS(assign_parameters),
        .view = &completion_view},
};

GROUP(source_commands, "Platforms and completions", commands);
