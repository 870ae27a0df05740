/* Commands about duties: lists, one person's with the reasons, cases that are not stored, the trace. Constant
 * data. */
#include "commands.h"
#include "internal.h"

VIEW(duty_view, "no duties", COLUMN("number", "/employee_number"),
    COLUMN("name", "/employee_name", .stretch = true), COLUMN("kind", "/kind"), COLUMN("due", "/due"),
    COLUMN("limit", "/limit"), COLUMN("state", "/state"), COLUMN("tolerated", "/tolerated", .cell = CELL_YES),
    COLUMN("rule", "/rule"), COLUMN("article", "/article", .stretch = true));

static const struct parameter list_parameters[] = {
    OPTIONAL(
        "NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee; `duty show` gives the reasons"),
    {.name = "--overdue",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "state",
        .fixed = "overdue",
        .doc = "the same as --state overdue"},
    IN_QUERY("--state", VALUE_TEXT, "state",
        "upcoming, to_plan, planned, overdue, missed, exempt; held, reported, proved, held_late, refused"),
    IN_QUERY("--kind", VALUE_TEXT, "kind",
        "first, periodic, return, before_leave, midcareer_visit, midcareer, senior, recap"),
    IN_QUERY("--manager", VALUE_PERSON, "manager", "of those who report to this employee"),
    IN_QUERY("--before", VALUE_DATE, "due_before", "due before this day"),
    IN_QUERY("--after", VALUE_DATE, "due_after", "due after this day"),
};

static const struct parameter show_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_PATH, "id", "payroll number, or id"),
    IN_QUERY("--as-of", VALUE_DATE, "as_of", "rules and facts of this day; a future one is a projection"),
    IN_QUERY("--known-on", VALUE_DATE, "known_on", "as recorded by the end of this day"),
    IN_QUERY("--lang", VALUE_TEXT, "lang", "of the reasons: fr, en"),
};

static const struct parameter acknowledge_parameters[] = {
    ARGUMENT("DUTY", VALUE_TEXT, PLACE_PATH, "id", "id of the duty: `duty list --state missed --json`"),
    IN_BODY("--note", VALUE_TEXT, "/note", "why it was missed, what is done instead"),
};

static const struct parameter simulate_parameters[] = {
    ARGUMENT(
        "FILE", VALUE_FILE, PLACE_RUN, NULL, "a case in JSON, or an array of up to 1000; - = standard input"),
    IN_QUERY("--lang", VALUE_TEXT, "lang", "of the reasons: fr, en"),
};

VIEW(trace_view, "nothing recorded", COLUMN("seq", "/audit/seq", .cell = CELL_NUMBER),
    COLUMN("at", "/at", .cell = CELL_INSTANT), COLUMN("what", "/what", .stretch = true),
    COLUMN("kind", "/kind"), COLUMN("verb", "/audit/verb"), COLUMN("actor", "/audit/actor", .stretch = true),
    COLUMN("id", "/id"), COLUMN("hash", "/audit/hash", .stretch = true));

static const struct parameter trace_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_PATH, "id", "payroll number, or id"),
    {.name = "--html",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "format",
        .fixed = "html",
        .doc = "as a page to read or print"},
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write the page into FILE"},
    IN_QUERY("--lang", VALUE_TEXT, "lang", "fr, en"),
};

static const struct parameter recap_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_PATH, "id", "payroll number, or id"),
    IN_QUERY("--as-of", VALUE_DATE, "as_of", "rules and facts of this day; a future one is a projection"),
    IN_QUERY("--known-on", VALUE_DATE, "known_on", "as recorded by the end of this day"),
    IN_QUERY(
        "--review", VALUE_TEXT, "review", "the recap held at this review (id); the one under way unless told"),
    {.name = "--html",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "format",
        .fixed = "html",
        .doc = "as a page to print and hand over"},
    {.name = "--without-exposure",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "exposure",
        .fixed = "false",
        .doc = "without what the employer may owe"},
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write it into FILE"},
    IN_QUERY("--lang", VALUE_TEXT, "lang", "fr, en"),
};

static const struct command commands[] = {
    {.name = "duty list",
        .doc = "Lists open duties by due date, or those in one state",
        .request = "GET /v1/duties",
        .list = true,
        PARAMETERS(list_parameters),
        .view = &duty_view},
    {.name = "duty show",
        .doc = "Shows an employee's duties and history with the reason of each date",
        .request = "GET /v1/employees/{id}/duties",
        PARAMETERS(show_parameters),
        .run = run_duties},
    {.name = "duty acknowledge",
        .doc = "Takes note, once, of a duty that was missed: it leaves the lists of what is to do",
        .request = "POST /v1/duties/{id}/acknowledge",
        PARAMETERS(acknowledge_parameters),
        .view = &duty_view},
    {.name = "simulate",
        .doc = "Computes the duties of a case that is not stored",
        .request = "POST /v1/simulations",
        .consumes = "application/json",
        PARAMETERS(simulate_parameters),
        .run = run_simulate},
    {.name = "recap",
        .doc = "Shows an employee's recap: reviews, trainings, progression, what may be owed",
        .request = "GET /v1/employees/{id}/recap",
        PARAMETERS(recap_parameters),
        .run = run_recap},
    {.name = "trace",
        .doc = "Lists every step about an employee with its audit record",
        .request = "GET /v1/employees/{id}/trace",
        .list = true,
        PARAMETERS(trace_parameters),
        .view = &trace_view,
        .run = run_trace},
};

GROUP(duty_commands, "Duties", commands);
