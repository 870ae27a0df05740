/* Commands about what comes out of reviews: needs, actions, plans. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(need_view, "no needs", COLUMN("id", "/id"), COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true),
    COLUMN("title", "/title", .stretch = true), COLUMN("priority", "/priority"), COLUMN("state", "/state"),
    COLUMN("actions", "/actions", .cell = CELL_COUNT), COLUMN("review", "/review"));

VIEW(action_view, "no actions", COLUMN("id", "/id"), COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true),
    COLUMN("year", "/year", .cell = CELL_NUMBER), COLUMN("title", "/title", .stretch = true),
    COLUMN("nature", "/nature"), COLUMN("mandatory", "/mandatory"), COLUMN("state", "/state"),
    COLUMN("done", "/done_on"), COLUMN("evidence", "/evidence", .cell = CELL_COUNT), COLUMN("need", "/need"));

VIEW(plan_view, "no plans", COLUMN("year", "/year", .cell = CELL_NUMBER),
    COLUMN("actions", "/total/actions", .cell = CELL_NUMBER),
    COLUMN("employees", "/total/employees", .cell = CELL_NUMBER),
    COLUMN("budget", "/budget", .cell = CELL_CENTS), COLUMN("cost", "/total/cost", .cell = CELL_CENTS),
    COLUMN("granted", "/total/granted", .cell = CELL_CENTS),
    COLUMN("received", "/total/received", .cell = CELL_CENTS), COLUMN("notes", "/notes", .stretch = true));

static const struct parameter needs_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    IN_QUERY("--review", VALUE_TEXT, "review", "that came out of this review"),
    IN_QUERY("--state", VALUE_TEXT, "state", "open, planned, met, refused, withdrawn"),
};

#define AIMS                                                                                                   \
    IN_BODY("--domain", VALUE_TEXT, "/domain", "field of knowledge"),                                          \
        IN_BODY("--competency", VALUE_TEXT, "/competency", "what is to be mastered"),                          \
        IN_BODY("--objective", VALUE_TEXT, "/objective", "professional objective"),                            \
        IN_BODY("--orientation", VALUE_TEXT, "/orientation", "one of the organisation's orientations"),        \
        IN_BODY("--strand", VALUE_TEXT, "/strand",                                                             \
            "adaptation, employability, internal_mobility, cross_functional, wellbeing, intrapreneurship, "    \
            "sustainability, digital"),                                                                        \
        IN_BODY("--priority", VALUE_TEXT, "/priority", "low, normal, high")
#define NEED_FLAGS                                                                                             \
    IN_BODY("--review", VALUE_REVIEW, "/review", "the review it came out of"),                                 \
        IN_BODY("--description", VALUE_TEXT, "/description", "in more words"), AIMS, FROM_FILE
#define ID(what) ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", what)

static const struct parameter need_add_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whose need it is"),
    ARGUMENT("TITLE", VALUE_TEXT, PLACE_BODY, "/title", "in a few words"),
    NEED_FLAGS,
};
static const struct parameter need_set_parameters[] = {
    ID("which need"),
    PAIRS,
    IN_BODY("--title", VALUE_TEXT, "/title", "in a few words"),
    IN_BODY(
        "--state", VALUE_TEXT, "/state", "open, refused, withdrawn; planned and met follow from the actions"),
    IN_BODY("--reason", VALUE_TEXT, "/reason", "why it is refused or withdrawn"),
    NEED_FLAGS,
};
static const struct parameter id_parameters[] = {ID("which one")};

static const struct parameter actions_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    IN_QUERY("--year", VALUE_INT, "year", "of the plan of this year"),
    IN_QUERY("--state", VALUE_TEXT, "state",
        "requested, approved, planned, enrolled, in_progress, done, cancelled, postponed, refused"),
    IN_QUERY("--nature", VALUE_TEXT, "nature",
        "training, skills_assessment, vae, afest, apprenticeship, mentoring, self_study"),
    IN_QUERY("--need", VALUE_TEXT, "need", "that takes up this need"),
    IN_QUERY("--review", VALUE_TEXT, "review", "decided after this review"),
    IN_QUERY("--course", VALUE_TEXT, "course", "proved by this course"),
};

#define ACTION_FLAGS                                                                                           \
    IN_BODY("--need", VALUE_TEXT, "/need", "the need it takes up"),                                            \
        IN_BODY("--review", VALUE_REVIEW, "/review", "the review it was decided after"),                       \
        IN_BODY("--nature", VALUE_TEXT, "/nature",                                                             \
            "training unless told, skills_assessment, vae, afest, apprenticeship, mentoring, self_study"),     \
        IN_BODY("--mandatory", VALUE_TEXT, "/mandatory", "required to do the job: yes, no, unknown"),          \
        IN_BODY("--mandatory-text", VALUE_TEXT, "/mandatory_text", "the text that requires it"),               \
        IN_BODY("--state", VALUE_TEXT, "/state", "requested unless told; done needs evidence"),                \
        IN_BODY("--source", VALUE_TEXT, "/source", "the platform whose completion proves it"),                 \
        IN_BODY("--course", VALUE_TEXT, "/course", "code of the course there"),                                \
        IN_BODY("--origin", VALUE_TEXT, "/origin", "review, need, obligation, project, employee"), AIMS,       \
        IN_BODY("--format", VALUE_TEXT, "/format", "onsite, remote, blended, afest, micro_learning"),          \
        IN_BODY("--modality", VALUE_TEXT, "/modality", "group, individual"),                                   \
        IN_BODY("--provider", VALUE_TEXT, "/provider/name", "who trains"),                                     \
        IN_BODY("--siret", VALUE_TEXT, "/provider/siret", "SIRET number of the provider"),                     \
        IN_BODY("--planned", VALUE_MINUTES, "/minutes_planned", "how long: 7h, 90"),                           \
        IN_BODY("--done", VALUE_MINUTES, "/minutes_done", "how long in fact"),                                 \
        IN_BODY("--outside", VALUE_MINUTES, "/minutes_outside", "of it outside working time"),                 \
        IN_BODY("--planned-start", VALUE_DATE, "/planned_start", "first day planned"),                         \
        IN_BODY("--planned-end", VALUE_DATE, "/planned_end", "last day planned"),                              \
        IN_BODY("--start", VALUE_DATE, "/start", "first day in fact"),                                         \
        IN_BODY("--end", VALUE_DATE, "/end", "last day in fact"),                                              \
        IN_BODY("--teaching", VALUE_CENTS, "/cost/teaching", "teaching costs"),                                \
        IN_BODY("--ancillary", VALUE_CENTS, "/cost/ancillary", "ancillary costs"),                             \
        IN_BODY("--wages", VALUE_CENTS, "/cost/wages", "wages"),                                               \
        IN_BODY("--financing", VALUE_TEXT, "/financing", "employer, opco, cpf, mixed, fne, other"),            \
        IN_BODY("--financing-file", VALUE_TEXT, "/financing_file", "number of the file"),                      \
        IN_BODY("--granted", VALUE_CENTS, "/granted", "financing granted"),                                    \
        IN_BODY("--received", VALUE_CENTS, "/received", "financing received"),                                 \
        IN_BODY("--certificate", VALUE_TEXT, "/certificate/reference", "a paper that proves it"),              \
        IN_BODY("--validity", VALUE_TEXT, "/validity", "how long it is valid: P24M"),                          \
        IN_BODY("--reason", VALUE_TEXT, "/reason", "why cancelled, postponed, refused or opened again"),       \
        FROM_FILE

static const struct parameter action_add_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whom it is for"),
    ARGUMENT("YEAR", VALUE_INT, PLACE_BODY, "/year", "of the plan of this civil year"),
    ARGUMENT("TITLE", VALUE_TEXT, PLACE_BODY, "/title", "in a few words"),
    ACTION_FLAGS,
};
static const struct parameter action_set_parameters[] = {
    ID("which action"),
    PAIRS,
    IN_BODY("--year", VALUE_INT, "/year", "of the plan of this civil year"),
    IN_BODY("--title", VALUE_TEXT, "/title", "in a few words"),
    ACTION_FLAGS,
};

static const struct parameter plan_parameters[] = {
    ARGUMENT("YEAR", VALUE_INT, PLACE_PATH, "year", "civil year")};

static const struct command commands[] = {
    {.name = "need list",
        .doc = "Lists needs",
        .request = "GET /v1/needs",
        .list = true,
        PARAMETERS(needs_parameters),
        .view = &need_view},
    {.name = "need show",
        .doc = "Shows a need",
        .request = "GET /v1/needs/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "need add",
        .doc = "Records a need",
        .request = "POST /v1/needs",
        PARAMETERS(need_add_parameters),
        .view = &need_view},
    {.name = "need set",
        .doc = "Changes a need",
        .request = "PATCH /v1/needs/{id}",
        PARAMETERS(need_set_parameters),
        .view = &need_view},
    {.name = "action list",
        .doc = "Lists actions of the plans",
        .request = "GET /v1/actions",
        .list = true,
        PARAMETERS(actions_parameters),
        .view = &action_view},
    {.name = "action show",
        .doc = "Shows an action and its evidence",
        .request = "GET /v1/actions/{id}",
        PARAMETERS(id_parameters),
        .show = SHOW_RECORD},
    {.name = "action add",
        .doc = "Adds an action to the plan of a year",
        .request = "POST /v1/actions",
        PARAMETERS(action_add_parameters),
        .view = &action_view},
    {.name = "action set",
        .doc = "Changes an action",
        .request = "PATCH /v1/actions/{id}",
        PARAMETERS(action_set_parameters),
        .view = &action_view},
    {.name = "plan list",
        .doc = "Lists the plans with their sums",
        .request = "GET /v1/plans",
        .list = true,
        .view = &plan_view},
    {.name = "plan show",
        .doc = "Shows the plan of a year",
        .request = "GET /v1/plans/{year}",
        PARAMETERS(plan_parameters),
        .show = SHOW_RECORD},
};

GROUP(training_commands, "Needs, actions, plans", commands);
