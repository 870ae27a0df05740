/* Commands about employees and the facts their duties come from. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(employee_view, "no employees", COLUMN("number", "/number"),
    COLUMN("family name", "/family_name", .stretch = true),
    COLUMN("given name", "/given_name", .stretch = true), COLUMN("email", "/email", .stretch = true),
    COLUMN("manager", "/manager", .cell = CELL_PERSON),
    COLUMN("establishment", "/establishment", .stretch = true), COLUMN("contract", "/contract"),
    COLUMN("hired", "/hire_date"), COLUMN("left", "/exit_date"));

static const struct parameter list_parameters[] = {
    IN_QUERY("--q", VALUE_TEXT, "q", "the number, name or mail address begins so; accents do not count"),
    IN_QUERY("--manager", VALUE_PERSON, "manager", "who report to this employee"),
    IN_QUERY("--establishment", VALUE_TEXT, "establishment", "of this establishment"),
    IN_QUERY("--category", VALUE_TEXT, "category", "of this professional category"),
    IN_QUERY("--email", VALUE_TEXT, "email", "with this mail address"),
    {.name = "--active",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "active",
        .doc = "only those employed today"},
    {.name = "--left",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "active",
        .fixed = "false",
        .doc = "only those who have left"},
};

#define EMPLOYEE_FLAGS                                                                                         \
    IN_BODY("--email", VALUE_TEXT, "/email", "mail address"),                                                  \
        IN_BODY("--manager", VALUE_PERSON, "/manager", "the employee this one reports to"),                    \
        IN_BODY("--establishment", VALUE_TEXT, "/establishment", "site or establishment"),                     \
        IN_BODY("--category", VALUE_TEXT, "/category", "professional category"),                               \
        IN_BODY("--sex", VALUE_TEXT, "/sex", "female, male: for the yearly figures"),                          \
        IN_BODY("--contract", VALUE_TEXT, "/contract",                                                         \
            "cdi, cdd, temporary, apprenticeship, professionalisation, other"),                                \
        IN_BODY("--seniority", VALUE_DATE, "/seniority_date", "when seniority was kept, e.g. by a transfer"),  \
        IN_BODY("--born", VALUE_DATE, "/birth_date", "date of birth"),                                         \
        IN_BODY("--contract-end", VALUE_DATE, "/contract_end", "last day of a fixed-term contract"),           \
        IN_BODY("--left", VALUE_DATE, "/exit_date", "the first day the person is gone"),                       \
        IN_BODY("--locale", VALUE_TEXT, "/locale", "language of mails: fr, en"),                               \
        IN_BODY("--calendar", VALUE_TEXT, "/calendar_url", "CalDAV calendar of the person"), FROM_FILE

#define EMPLOYEE_PATH ARGUMENT("NUMBER", VALUE_PERSON, PLACE_PATH, "id", "payroll number, or id")
#define REASON        IN_BODY("--reason", VALUE_TEXT, "/reason", "why it is recorded late or corrected")
#define FACT_PATH     ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "fact", "which one")

static const struct parameter show_parameters[] = {EMPLOYEE_PATH};
static const struct parameter create_parameters[] = {
    ARGUMENT("NUMBER", VALUE_TEXT, PLACE_BODY, "/number", "payroll number"),
    ARGUMENT("GIVEN-NAME", VALUE_TEXT, PLACE_BODY, "/given_name", "given name"),
    ARGUMENT("FAMILY-NAME", VALUE_TEXT, PLACE_BODY, "/family_name", "family name"),
    NEEDED("--hired", VALUE_DATE, "/hire_date", "first day of work"),
    EMPLOYEE_FLAGS,
};
static const struct parameter set_parameters[] = {
    EMPLOYEE_PATH,
    PAIRS,
    IN_BODY("--number", VALUE_TEXT, "/number", "payroll number"),
    IN_BODY("--given-name", VALUE_TEXT, "/given_name", "given name"),
    IN_BODY("--family-name", VALUE_TEXT, "/family_name", "family name"),
    IN_BODY("--hired", VALUE_DATE, "/hire_date", "first day of work"),
    EMPLOYEE_FLAGS,
};

VIEW(absence_view, "no absences", COLUMN("id", "/id"), COLUMN("type", "/type"), COLUMN("start", "/start"),
    COLUMN("end", "/end"), COLUMN("announced", "/announced"), COLUMN("reason", "/reason", .stretch = true));
VIEW(visit_view, "no visits", COLUMN("id", "/id"), COLUMN("type", "/type"), COLUMN("date", "/date"),
    COLUMN("reason", "/reason", .stretch = true));
VIEW(progression_view, "no progressions", COLUMN("id", "/id"), COLUMN("date", "/date"), COLUMN("kind", "/kind"),
    COLUMN("description", "/description", .stretch = true), COLUMN("proof", "/proof", .stretch = true));

static const struct parameter facts_parameters[] = {
    EMPLOYEE_PATH, IN_QUERY("--known-on", VALUE_DATE, "known_on", "as recorded by the end of this day")};
static const struct parameter absence_parameters[] = {
    EMPLOYEE_PATH,
    ARGUMENT("TYPE", VALUE_TEXT, PLACE_BODY, "/type", "maternity, adoption, parental, illness, sabbatical ..."),
    NEEDED("--start", VALUE_DATE, "/start", "first day"),
    IN_BODY("--end", VALUE_DATE, "/end", "last day; none while open"),
    IN_BODY("--announced", VALUE_DATE, "/announced", "the day it became known; its start unless told"),
    REASON,
};
static const struct parameter absence_set_parameters[] = {
    EMPLOYEE_PATH,
    FACT_PATH,
    PAIRS,
    IN_BODY("--type", VALUE_TEXT, "/type", "maternity, adoption, parental ..."),
    IN_BODY("--start", VALUE_DATE, "/start", "first day"),
    IN_BODY("--end", VALUE_DATE, "/end", "last day; - opens it again"),
    IN_BODY("--announced", VALUE_DATE, "/announced", "the day it became known"),
    REASON,
};
static const struct parameter withdraw_parameters[] = {
    EMPLOYEE_PATH, FACT_PATH, IN_QUERY("--reason", VALUE_TEXT, "reason", "why it is withdrawn")};
static const struct parameter visit_parameters[] = {
    EMPLOYEE_PATH,
    ARGUMENT("DATE", VALUE_DATE, PLACE_BODY, "/date", "when; nothing else about it is kept"),
    {.name = "", .place = PLACE_BODY, .to = "/type", .fixed = "midcareer_visit"},
    REASON,
};
static const struct parameter progression_parameters[] = {
    EMPLOYEE_PATH,
    ARGUMENT("KIND", VALUE_TEXT, PLACE_BODY, "/kind", "pay, career"),
    ARGUMENT("DATE", VALUE_DATE, PLACE_BODY, "/date", "when"),
    IN_BODY("--description", VALUE_TEXT, "/description", "in a few words"),
    IN_BODY("--proof", VALUE_TEXT, "/proof", "what proves it"),
    REASON,
};

#define EMPLOYEES "/v1/employees"
#define EMPLOYEE  EMPLOYEES "/{id}"

static const struct command commands[] = {
    {.name = "employee list",
        .doc = "Lists employees by name",
        .request = "GET " EMPLOYEES,
        .list = true,
        PARAMETERS(list_parameters),
        .view = &employee_view},
    {.name = "employee show",
        .doc = "Shows an employee",
        .request = "GET " EMPLOYEE,
        PARAMETERS(show_parameters),
        .show = SHOW_RECORD},
    {.name = "employee create",
        .doc = "Creates an employee; the duties follow at once",
        .request = "POST " EMPLOYEES,
        PARAMETERS(create_parameters),
        .view = &employee_view},
    {.name = "employee set",
        .doc = "Changes an employee",
        .request = "PATCH " EMPLOYEE,
        PARAMETERS(set_parameters),
        .view = &employee_view},
    {.name = "employee delete",
        .doc = "Removes an employee created by mistake: nothing sent, held or recorded",
        .request = "DELETE " EMPLOYEE,
        PARAMETERS(show_parameters)},
    {.name = "absence list",
        .doc = "Lists an employee's absences",
        .request = "GET " EMPLOYEE "/absences",
        .list = true,
        PARAMETERS(facts_parameters),
        .view = &absence_view},
    {.name = "absence add",
        .doc = "Records an absence",
        .request = "POST " EMPLOYEE "/absences",
        PARAMETERS(absence_parameters),
        .view = &absence_view},
    {.name = "absence set",
        .doc = "Corrects an absence; what was recorded before stays known",
        .request = "PATCH " EMPLOYEE "/absences/{fact}",
        PARAMETERS(absence_set_parameters),
        .view = &absence_view},
    {.name = "absence withdraw",
        .doc = "Withdraws an absence",
        .request = "DELETE " EMPLOYEE "/absences/{fact}",
        PARAMETERS(withdraw_parameters)},
    {.name = "visit list",
        .doc = "Lists an employee's mid-career visits",
        .request = "GET " EMPLOYEE "/events",
        .list = true,
        PARAMETERS(facts_parameters),
        .view = &visit_view},
    {.name = "visit add",
        .doc = "Records a mid-career visit",
        .request = "POST " EMPLOYEE "/events",
        PARAMETERS(visit_parameters),
        .view = &visit_view},
    {.name = "visit withdraw",
        .doc = "Withdraws a mid-career visit",
        .request = "DELETE " EMPLOYEE "/events/{fact}",
        PARAMETERS(withdraw_parameters)},
    {.name = "progression list",
        .doc = "Lists an employee's steps in pay and career",
        .request = "GET " EMPLOYEE "/progressions",
        .list = true,
        PARAMETERS(facts_parameters),
        .view = &progression_view},
    {.name = "progression add",
        .doc = "Records a step in pay or career",
        .request = "POST " EMPLOYEE "/progressions",
        PARAMETERS(progression_parameters),
        .view = &progression_view},
    {.name = "progression withdraw",
        .doc = "Withdraws a step in pay or career",
        .request = "DELETE " EMPLOYEE "/progressions/{fact}",
        PARAMETERS(withdraw_parameters)},
};

GROUP(employee_commands, "Employees and facts about them", commands);
