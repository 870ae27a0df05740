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
    COLUMN("minutes", "/said/minutes", .cell = CELL_NUMBER), COLUMN("source", "/source"),
    COLUMN("key", "/said/keys/0/value", .stretch = true));

VIEW(alias_view, "no aliases", COLUMN("id", "/id"), COLUMN("kind", "/kind"),
    COLUMN("value", "/value", .stretch = true), COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true), COLUMN("from", "/valid_from"),
    COLUMN("to", "/valid_to"), COLUMN("source", "/source"));

VIEW(course_view, "no courses", COLUMN("id", "/id"), COLUMN("title", "/title", .stretch = true),
    COLUMN("code", "/code", .stretch = true), COLUMN("mandatory", "/mandatory"),
    COLUMN("minutes", "/minutes", .cell = CELL_NUMBER), COLUMN("validity", "/validity"),
    COLUMN("declarable", "/declarable", .cell = CELL_YES), COLUMN("source", "/source"));

VIEW(proposal_view, "nothing in the plan looks like it", COLUMN("score", "/score", .cell = CELL_NUMBER),
    COLUMN("action", "/action"), COLUMN("title", "/title", .stretch = true), COLUMN("state", "/state"),
    COLUMN("why", "/why", .stretch = true));

VIEW(declaration_view, "nothing to declare", COLUMN("declare by", "/declare_by"),
    COLUMN("late", "/late", .cell = CELL_YES), COLUMN("declared", "/declared_on"), COLUMN("number", "/number"),
    COLUMN("name", "/family_name", .stretch = true), COLUMN("course", "/title", .stretch = true),
    COLUMN("done", "/done_on"), COLUMN("completion", "/completion"));

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

static const struct parameter replay_parameters[] = {
    ID("which source"),
    IN_BODY("--from", VALUE_INSTANT, "/from", "received from then on"),
    IN_BODY("--until", VALUE_INSTANT, "/until", "received until then"),
};

static const struct parameter completions_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    {.name = "--quarantined",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "state",
        .fixed = "quarantined",
        .doc = "put aside: why, and by which key the platform names whom"},
    IN_QUERY("--state", VALUE_TEXT, "state", "completed, failed, undone, other, quarantined"),
    IN_QUERY("--source", VALUE_TEXT, "source", "of this platform"),
    IN_QUERY("--course", VALUE_TEXT, "course", "of this course"),
    IN_QUERY("--unmatched", VALUE_SET, "unmatched", "what proves no action of the plan"),
};
static const struct parameter match_parameters[] = {
    ID("which completion"),
    ARGUMENT("ACTION", VALUE_TEXT, PLACE_BODY, "/action", "the action it proves; - takes the proof back"),
    IN_BODY("--reason", VALUE_TEXT, "/reason", "why it is taken back"),
};
static const struct parameter declare_parameters[] = {
    ID("which completion"),
    ARGUMENT("DATE", VALUE_DATE, PLACE_BODY, "/declared_on", "the day it was declared; - it was not"),
};
static const struct parameter declarations_parameters[] = {
    IN_QUERY("--state", VALUE_TEXT, "state", "open, declared"),
};
static const struct parameter aliases_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    IN_QUERY("--source", VALUE_TEXT, "source", "of this platform"),
    IN_QUERY("--value", VALUE_TEXT, "value", "this key"),
};
/* By what a platform names a person. */
#define PLATFORM_KEY                                                                                           \
    ARGUMENT(                                                                                                  \
        "KIND", VALUE_TEXT, PLACE_BODY, "/kind", "number, email, username, id, account, email_sha1, openid"),  \
        ARGUMENT("VALUE", VALUE_TEXT, PLACE_BODY, "/value", "the key as the platform writes it"),              \
        IN_BODY("--source", VALUE_TEXT, "/source", "only on this platform")

static const struct parameter alias_add_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whom it means"),
    PLATFORM_KEY,
    IN_BODY("--from", VALUE_DATE, "/valid_from", "the first day it holds"),
    IN_BODY("--to", VALUE_DATE, "/valid_to", "the last day it holds"),
};
static const struct parameter alias_end_parameters[] = {
    ID("which alias"),
    ARGUMENT("DATE", VALUE_DATE, PLACE_BODY, "/valid_to", "the last day it holds; - it goes on"),
};
static const struct parameter merge_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "who turned out to be another one"),
    ARGUMENT("INTO", VALUE_PERSON, PLACE_BODY, "/into", "who it is"),
};
static const struct parameter split_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whom the key was taken for"),
    ARGUMENT("INTO", VALUE_PERSON, PLACE_BODY, "/into", "whom it means"),
    PLATFORM_KEY,
    IN_BODY("--from", VALUE_DATE, "/from", "the first day it means the other person"),
};
static const struct parameter badge_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whom it was issued to"),
    ARGUMENT("URL", VALUE_TEXT, PLACE_BODY, "/url", "where its assertion stands (Open Badges 2.0, hosted)"),
    IN_BODY("--completion", VALUE_TEXT, "/completion", "the completion it is evidence of"),
};
static const struct parameter courses_parameters[] = {
    IN_QUERY("--source", VALUE_TEXT, "source", "of this platform"),
    IN_QUERY("--mandatory", VALUE_TEXT, "mandatory", "yes, no, unknown: what remains to be classified"),
};
static const struct parameter course_set_parameters[] = {
    ID("which course"),
    IN_BODY("--mandatory", VALUE_TEXT, "/mandatory", "yes, no, unknown"),
    IN_BODY("--text", VALUE_TEXT, "/mandatory_text", "the text that makes it mandatory, quoted"),
    IN_BODY("--title", VALUE_TEXT, "/title", "what people call it"),
    IN_BODY("--minutes", VALUE_MINUTES, "/minutes", "how long it takes"),
    IN_BODY("--competency", VALUE_TEXT, "/competency", "what one can do afterwards"),
    IN_BODY("--certification", VALUE_TEXT, "/certification", "RNCP or RS number"),
    IN_BODY("--validity", VALUE_TEXT, "/validity", "how long it holds: P24M"),
    IN_BODY("--declarable", VALUE_BOOL, "/declarable", "whether it goes to the Passeport de prévention"),
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
    {.name = "source replay",
        .doc = "Reads what a platform posted again, by the mapping it has now",
        .request = "POST /v1/sources/{id}/replay",
        PARAMETERS(replay_parameters),
        .view = &source_view},
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
    {.name = "completion proposals",
        .doc = "Lists the actions of the plan that a completion may prove, the best first",
        .request = "GET /v1/completions/{id}/proposals",
        .list = true,
        PARAMETERS(id_parameters),
        .view = &proposal_view},
    {.name = "completion match",
        .doc = "Says which action a completion proves",
        .request = "POST /v1/completions/{id}/match",
        PARAMETERS(match_parameters),
        .view = &completion_view},
    {.name = "completion declare",
        .doc = "Says that a safety training was declared to the Passeport de prévention",
        .request = "POST /v1/completions/{id}/declare",
        PARAMETERS(declare_parameters),
        .view = &completion_view},
    {.name = "badge add",
        .doc = "Verifies a badge where it is hosted and keeps it as evidence",
        .request = "POST /v1/badges",
        PARAMETERS(badge_parameters),
        .run = run_operation},
    {.name = "declaration list",
        .doc = "Lists the trainings to be declared to the Passeport de prévention",
        .request = "GET /v1/declarations",
        .list = true,
        PARAMETERS(declarations_parameters),
        .view = &declaration_view},
    {.name = "course list",
        .doc = "Lists the courses of the platforms and their classification",
        .request = "GET /v1/courses",
        .list = true,
        PARAMETERS(courses_parameters),
        .view = &course_view},
    {.name = "course show",
        .doc = "Shows a course",
        .request = "GET /v1/courses/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "course set",
        .doc = "Classifies a course; what its completions proved follows",
        .request = "PATCH /v1/courses/{id}",
        PARAMETERS(course_set_parameters),
        .view = &course_view},
    {.name = "alias list",
        .doc = "Lists whom the platforms mean by their keys",
        .request = "GET /v1/aliases",
        .list = true,
        PARAMETERS(aliases_parameters),
        .view = &alias_view},
    {.name = "alias add",
        .doc = "Says whom a platform means by a key",
        .request = "POST /v1/aliases",
        PARAMETERS(alias_add_parameters),
        .view = &alias_view},
    {.name = "alias end",
        .doc = "Ends an alias",
        .request = "PATCH /v1/aliases/{id}",
        PARAMETERS(alias_end_parameters),
        .view = &alias_view},
    {.name = "alias withdraw",
        .doc = "Withdraws an alias that was a mistake",
        .request = "DELETE /v1/aliases/{id}",
        PARAMETERS(id_parameters)},
    {.name = "identity merge",
        .doc = "Says that two employees are one for the platforms: keys and completions go over",
        .request = "POST /v1/identities/merge",
        PARAMETERS(merge_parameters),
        .run = run_moving},
    {.name = "identity split",
        .doc = "Says that a key means another employee: what came by it goes over",
        .request = "POST /v1/identities/split",
        PARAMETERS(split_parameters),
        .run = run_moving},
};

GROUP(source_commands, "Platforms and completions", commands);
