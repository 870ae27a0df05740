/* Simulations: a case from JSON by field tables, its duties to JSON. Pure, any thread. */
#include "model/simulation.h"

#include <stddef.h>

enum { REVIEWS_MAX = 500, ABSENCES_MAX = 500, EVENTS_MAX = 100, AGREEMENTS_MAX = 100 };

struct simulation_policies {
    int periodic_anchor;
    int first_transition;
    struct period return_period;
    int64_t planning_horizon;
    int64_t notice_days;
};

struct simulation_organisation {
    struct list agreements; /* struct case_agreement */
    const struct simulation_policies *policies;
};

struct simulation_case {
    const struct json *id, *why, *expect;
    date_t as_of;
    date_t forecast;
    const struct simulation_organisation *organisation;
    const struct case_employee *employee;
    struct list reviews;  /* struct case_review */
    struct list absences; /* struct case_absence */
    struct list events;   /* struct case_event */
};

static const char *const periodic_anchor_names[] = {"last_held", "hire_anniversary", NULL};
static const char *const first_transition_names[] = {"strict", "lenient", NULL};

static const struct field policy_fields[] = {
    {.name = "periodic.anchor",
        .type = FIELD_ENUM,
        .at = offsetof(struct simulation_policies, periodic_anchor),
        .names = periodic_anchor_names,
        .doc = "What the periodic term counts from"},
    {.name = "first.transition",
        .type = FIELD_ENUM,
        .at = offsetof(struct simulation_policies, first_transition),
        .names = first_transition_names,
        .doc = "Which reading the first review of those hired before the reform is due by"},
    {.name = "return.period",
        .type = FIELD_PERIOD,
        .at = offsetof(struct simulation_policies, return_period),
        .doc = "From a return to its review"},
    {.name = "planning.horizon",
        .type = FIELD_INT,
        .at = offsetof(struct simulation_policies, planning_horizon),
        .min = 0,
        .max = 3660,
        .doc = "Days before the due date from which a duty is to plan"},
    {.name = "planning.notice",
        .type = FIELD_INT,
        .at = offsetof(struct simulation_policies, notice_days),
        .min = 0,
        .max = 366,
        .doc = "Days between an invitation and its review"},
};
static const struct field_table policy_table =
    FIELD_TABLE("SimulationPolicies", struct simulation_policies, policy_fields, -1);

static const struct field agreement_fields[] = {
    {.name = "level",
        .type = FIELD_ENUM,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_agreement, level),
        .names = agreement_level_names,
        .doc = "A company agreement wins over one of the branch"},
    {.name = "period",
        .type = FIELD_PERIOD,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_agreement, period),
        .doc = "Between two reviews"},
    {.name = "valid_from",
        .type = FIELD_DATE,
        .at = offsetof(struct case_agreement, valid_from),
        .doc = "First day"},
    {.name = "valid_to",
        .type = FIELD_DATE,
        .at = offsetof(struct case_agreement, valid_to),
        .doc = "Last day, null while it runs"},
    {.name = "reference",
        .type = FIELD_TEXT,
        .at = offsetof(struct case_agreement, reference),
        .doc = "How the agreement is cited"},
};
static const struct field_table agreement_table =
    FIELD_TABLE("SimulationAgreement", struct case_agreement, agreement_fields, -1);

static const struct field organisation_fields[] = {
    {.name = "agreements",
        .type = FIELD_LIST,
        .at = offsetof(struct simulation_organisation, agreements),
        .max = AGREEMENTS_MAX,
        .of = &agreement_table,
        .doc = "Agreements on another periodicity"},
    {.name = "policies",
        .type = FIELD_OBJECT,
        .at = offsetof(struct simulation_organisation, policies),
        .of = &policy_table,
        .doc = "Choices the law leaves open"},
};
static const struct field_table organisation_table =
    FIELD_TABLE("SimulationOrganisation", struct simulation_organisation, organisation_fields, -1);

static const struct field employee_fields[] = {
    {.name = "hire_date",
        .type = FIELD_DATE,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_employee, hire_date),
        .doc = "First day of work"},
    {.name = "seniority_date",
        .type = FIELD_DATE,
        .at = offsetof(struct case_employee, seniority_date),
        .doc = "When seniority was kept, for instance by a transfer"},
    {.name = "birth_date",
        .type = FIELD_DATE,
        .at = offsetof(struct case_employee, birth_date),
        .doc = "Date of birth"},
    {.name = "contract_end",
        .type = FIELD_DATE,
        .at = offsetof(struct case_employee, contract_end),
        .doc = "Last day of a fixed-term contract"},
    {.name = "exit_date",
        .type = FIELD_DATE,
        .at = offsetof(struct case_employee, exit_date),
        .doc = "First day the person is gone"},
    {.name = "contract",
        .type = FIELD_ENUM,
        .at = offsetof(struct case_employee, contract),
        .names = contract_kind_names,
        .doc = "Kind of contract"},
};
static const struct field_table employee_table =
    FIELD_TABLE("SimulationEmployee", struct case_employee, employee_fields, -1);

static const struct field review_fields[] = {
    {.name = "id", .type = FIELD_TEXT, .at = offsetof(struct case_review, id), .doc = "Any name"},
    {.name = "type",
        .type = FIELD_ENUM,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_review, type),
        .names = review_type_names,
        .doc = "An annual review satisfies nothing"},
    {.name = "recap", .type = FIELD_BOOL, .at = offsetof(struct case_review, recap), .doc = "Also the recap"},
    {.name = "planned",
        .type = FIELD_DATE,
        .at = offsetof(struct case_review, planned),
        .doc = "The day it is convened for"},
    {.name = "held",
        .type = FIELD_DATE,
        .at = offsetof(struct case_review, held),
        .doc = "The day it was held"},
    {.name = "reported",
        .type = FIELD_DATE,
        .at = offsetof(struct case_review, reported),
        .doc = "The day the report existed"},
    {.name = "copy_handed",
        .type = FIELD_DATE,
        .at = offsetof(struct case_review, copy_handed),
        .doc = "The day the copy was handed over"},
    {.name = "refused",
        .type = FIELD_DATE,
        .at = offsetof(struct case_review, refused),
        .doc = "The day proposal and refusal were proved"},
};
static const struct field_table review_table =
    FIELD_TABLE("SimulationReview", struct case_review, review_fields, -1);

static const struct field absence_fields[] = {
    {.name = "id", .type = FIELD_TEXT, .at = offsetof(struct case_absence, id), .doc = "Any name"},
    {.name = "type",
        .type = FIELD_TEXT,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_absence, type),
        .doc = "A type of absence of the rules"},
    {.name = "start",
        .type = FIELD_DATE,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_absence, start),
        .doc = "First day"},
    {.name = "end",
        .type = FIELD_DATE,
        .at = offsetof(struct case_absence, end),
        .doc = "Last day, null while open"},
    {.name = "announced",
        .type = FIELD_DATE,
        .at = offsetof(struct case_absence, announced),
        .doc = "The day it became known, its start by default"},
};
static const struct field_table absence_table =
    FIELD_TABLE("SimulationAbsence", struct case_absence, absence_fields, -1);

static const struct field event_fields[] = {
    {.name = "id", .type = FIELD_TEXT, .at = offsetof(struct case_event, id), .doc = "Any name"},
    {.name = "type",
        .type = FIELD_ENUM,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_event, type),
        .names = event_type_names,
        .doc = "What happened"},
    {.name = "date",
        .type = FIELD_DATE,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct case_event, date),
        .doc = "When it happened"},
};
static const struct field_table event_table =
    FIELD_TABLE("SimulationEvent", struct case_event, event_fields, -1);

static const struct field case_fields[] = {
    {.name = "id", .type = FIELD_JSON, .at = offsetof(struct simulation_case, id), .doc = "Ignored"},
    {.name = "why", .type = FIELD_JSON, .at = offsetof(struct simulation_case, why), .doc = "Ignored"},
    {.name = "expect", .type = FIELD_JSON, .at = offsetof(struct simulation_case, expect), .doc = "Ignored"},
    {.name = "as_of",
        .type = FIELD_DATE,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct simulation_case, as_of),
        .doc = "The day the case is looked at; later facts are ignored"},
    {.name = "forecast",
        .type = FIELD_DATE,
        .at = offsetof(struct simulation_case, forecast),
        .doc = "Also list the duties that will exist by that day"},
    {.name = "organisation",
        .type = FIELD_OBJECT,
        .at = offsetof(struct simulation_case, organisation),
        .of = &organisation_table,
        .doc = "Agreements and policies"},
    {.name = "employee",
        .type = FIELD_OBJECT,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct simulation_case, employee),
        .of = &employee_table,
        .doc = "Terms of the employee"},
    {.name = "reviews",
        .type = FIELD_LIST,
        .at = offsetof(struct simulation_case, reviews),
        .max = REVIEWS_MAX,
        .of = &review_table,
        .doc = "Reviews held, planned or refused"},
    {.name = "absences",
        .type = FIELD_LIST,
        .at = offsetof(struct simulation_case, absences),
        .max = ABSENCES_MAX,
        .of = &absence_table,
        .doc = "Absences"},
    {.name = "events",
        .type = FIELD_LIST,
        .at = offsetof(struct simulation_case, events),
        .max = EVENTS_MAX,
        .of = &event_table,
        .doc = "Mid-career visits"},
};
const struct field_table simulation_case_table =
    FIELD_TABLE("SimulationCase", struct simulation_case, case_fields, -1);

static struct duty_policies policies_of(const struct simulation_policies *given)
{
    struct duty_policies policies = DUTY_POLICIES_DEFAULT;
    if (given == NULL)
        return policies;
    if (given->periodic_anchor != FIELD_UNSET)
        policies.periodic_anchor = given->periodic_anchor;
    if (given->first_transition != FIELD_UNSET)
        policies.first_transition = given->first_transition;
    if (given->planning_horizon != FIELD_INT_NONE)
        policies.planning_horizon = (int)given->planning_horizon;
    if (given->notice_days != FIELD_INT_NONE)
        policies.notice_days = (int)given->notice_days;
    policies.return_period = given->return_period;
    return policies;
}

enum status simulation_parse(struct arena *arena, const struct json *value, const struct rules *rules,
    struct duty_case *ret, struct error *err)
{
    struct simulation_case given;
    enum status status = field_read(&simulation_case_table, arena, value, FIELD_MODE_CREATE, &given, err);
    if (status != ST_OK)
        return status;
    struct duty_case facts = duty_case_init(rules, given.as_of);
    facts.forecast = given.forecast;
    facts.employee = *given.employee;
    facts.reviews = given.reviews.items;
    facts.review_count = given.reviews.count;
    facts.absences = given.absences.items;
    facts.absence_count = given.absences.count;
    facts.events = given.events.items;
    facts.event_count = given.events.count;
    if (given.organisation != NULL) {
        facts.agreements = given.organisation->agreements.items;
        facts.agreement_count = given.organisation->agreements.count;
        facts.policies = policies_of(given.organisation->policies);
    }
    status = duty_case_check(&facts, err);
    if (status == ST_OK)
        *ret = facts;
    return status;
}

static void simulation_write_list(
    const char *key, const struct duty *duties, size_t count, enum lang lang, struct json_writer *w)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(w, '{');
        duty_write_members(&duties[i], lang, DUTY_DETAIL_FULL, NULL, w);
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

static void simulation_write(
    struct arena *arena, const struct duty_case *facts, enum lang lang, struct json_writer *w)
{
    struct duties duties;
    duties_compute(arena, facts, &duties);
    jw_open(w, '{');
    simulation_write_list("duties", duties.open, duties.open_count, lang, w);
    simulation_write_list("history", duties.history, duties.history_count, lang, w);
    jw_member(w, "excluded",
        duties.exclusion == DUTY_SUBJECT ? NULL : duty_exclusion_name((enum duty_exclusion)duties.exclusion));
    jw_key(w, "missing");
    jw_open(w, '[');
    if (duties.missing & DUTY_MISSING_BIRTH_DATE)
        jw_text(w, "birth_date");
    jw_close(w, ']');
    jw_member_date(w, "next_check", duties.next_check);
    jw_close(w, '}');
}

static void simulation_write_errors(const struct error *err, struct json_writer *w)
{
    jw_open(w, '{');
    jw_key(w, "errors");
    jw_open(w, '[');
    for (unsigned i = 0; i < err->count; i++) {
        jw_open(w, '{');
        jw_member(w, "pointer", err->fields[i].pointer);
        jw_member(w, "detail", err->fields[i].detail);
        jw_close(w, '}');
    }
    jw_close(w, ']');
    jw_close(w, '}');
}

static void simulation_run_one(struct arena *arena, const struct json *value, const struct rules *rules,
    enum lang lang, struct json_writer *w)
{
    struct error err = ERROR_INIT;
    struct duty_case facts;
    if (simulation_parse(arena, value, rules, &facts, &err) == ST_OK)
        simulation_write(arena, &facts, lang, w);
    else
        simulation_write_errors(&err, w);
}

enum status simulation_run(struct arena *arena, const struct json *body, const struct rules *rules,
    enum lang lang, struct json_writer *w, struct error *err)
{
    if (json_type(body) != JSON_ARRAY) {
        struct duty_case facts;
        enum status status = simulation_parse(arena, body, rules, &facts, err);
        if (status == ST_OK)
            simulation_write(arena, &facts, lang, w);
        return status;
    }
    if (json_count(body) > SIMULATION_CASES_MAX)
        return error_set(err, ST_TOO_LARGE, "at most %d cases at once", SIMULATION_CASES_MAX);
    jw_open(w, '{');
    jw_key(w, "results");
    jw_open(w, '[');
    for (size_t i = 0; i < json_count(body); i++)
        simulation_run_one(arena, json_at(body, i), rules, lang, w);
    jw_close(w, ']');
    jw_close(w, '}');
    return ST_OK;
}
