/*
 * The kinds of facts about people: how each is shown, stored, recognised and checked. Constant data and pure
 * functions.
 */
#include "internal.h"

#include "base/text.h"

#include <string.h>

#define HEAD_FIELDS(type)                                                                                      \
    FIELD_AS("id", type, head.id, FIELD_ID, .flags = FIELD_READ, .kind = "fact", .doc = "Identifier."),        \
        FIELD_AS("organisation", type, head.organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org",        \
            .doc = "The organisation."),                                                                       \
        FIELD_AS("employee", type, head.employee, FIELD_ID, .flags = FIELD_READ, .kind = "emp",                \
            .doc = "Whom it is about."),                                                                       \
        FIELD_AS("recorded_at", type, head.recorded_at, FIELD_INSTANT, .flags = FIELD_READ,                    \
            .doc = "When this version was recorded.")
#define REASON_FIELD(type)                                                                                     \
    FIELD_AS(                                                                                                  \
        "reason", type, head.reason, FIELD_TEXT, .max = 500, .doc = "Why it was recorded late or corrected.")
#define KIND_TABLE(table_name, type, fields) FIELD_TABLE(table_name, type, fields, offsetof(type, head.given))

/* ---- absences */

#define ABSENCE_FIELDS                                                                                         \
    FIELD(struct absence, type, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 40,                                \
        .doc = "maternity, parental, illness ...: a type of absence of the rules."),                           \
        FIELD(struct absence, start, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "First day."),                \
        FIELD(struct absence, end, FIELD_DATE, .flags = FIELD_NULL, .doc = "Last day; null while open."),      \
        FIELD(struct absence, announced, FIELD_DATE, .flags = FIELD_NULL,                                      \
            .doc = "The day it became known; its start unless told.")

static const struct field absence_fields[] = {
    HEAD_FIELDS(struct absence), ABSENCE_FIELDS, REASON_FIELD(struct absence)};
static const struct field absence_body[] = {ABSENCE_FIELDS};
const struct field_table absence_table = KIND_TABLE("Absence", struct absence, absence_fields);
static const struct field_table absence_body_table =
    FIELD_TABLE("AbsenceBody", struct absence, absence_body, -1);

static bool absence_same(const void *a, const void *b)
{
    const struct absence *one = a;
    const struct absence *other = b;
    return one->start == other->start && strcmp(one->type, other->type) == 0;
}

/* A case of the rules with one employee and nothing else, for their own checks. */
static struct duty_case case_for_check(date_t hired, date_t today)
{
    struct duty_case facts = duty_case_init(duties_rules(), today);
    facts.employee.hire_date = hired == DATE_NONE ? date_of(1900, 1, 1) : hired;
    return facts;
}

static enum status check_by_rules(const struct duty_case *facts, const char *prefix, struct error *err)
{
    struct error found = ERROR_INIT;
    enum status status = duty_case_check(facts, &found);
    if (status == ST_OK)
        return ST_OK;
    work_strip(&found, prefix);
    if (err)
        *err = found;
    return status;
}

static enum status absence_check(const void *fact, date_t hired, date_t today, struct error *err)
{
    const struct absence *absence = fact;
    const struct case_absence known = {
        .type = absence->type, .start = absence->start, .end = absence->end, .announced = absence->announced};
    struct duty_case facts = case_for_check(hired, today);
    facts.absences = &known;
    facts.absence_count = 1;
    return check_by_rules(&facts, "/absences/0", err);
}

const struct fact_kind absence_facts = {.name = "absence",
    .table = &absence_table,
    .body = &absence_body_table,
    .from_at = offsetof(struct absence, start),
    .to_at = offsetof(struct absence, end),
    .same = absence_same,
    .check = absence_check};

/* ---- events */

#define EVENT_FIELDS                                                                                           \
    FIELD(struct career_event, type, FIELD_ENUM, .flags = FIELD_REQUIRED, .names = event_type_names,           \
        .doc = "What happened."),                                                                              \
        FIELD(struct career_event, date, FIELD_DATE, .flags = FIELD_REQUIRED,                                  \
            .doc = "When; nothing else about it is kept.")

static const struct field event_fields[] = {
    HEAD_FIELDS(struct career_event), EVENT_FIELDS, REASON_FIELD(struct career_event)};
static const struct field event_body[] = {EVENT_FIELDS};
const struct field_table event_table = KIND_TABLE("Event", struct career_event, event_fields);
static const struct field_table event_body_table =
    FIELD_TABLE("EventBody", struct career_event, event_body, -1);

static bool event_same(const void *a, const void *b)
{
    const struct career_event *one = a;
    const struct career_event *other = b;
    return one->type == other->type && one->date == other->date;
}

static enum status check_not_to_come(date_t date, date_t today, struct error *err)
{
    return date > today ? error_field(err, "/date", "is in the future; record it when it has happened") : ST_OK;
}

static enum status event_check(const void *fact, date_t hired, date_t today, struct error *err)
{
    const struct career_event *event = fact;
    const struct case_event known = {.type = event->type, .date = event->date};
    struct duty_case facts = case_for_check(hired, today);
    facts.events = &known;
    facts.event_count = 1;
    enum status status = check_by_rules(&facts, "/events/0", err);
    return status == ST_OK ? check_not_to_come(event->date, today, err) : status;
}

const struct fact_kind event_facts = {.name = "event",
    .table = &event_table,
    .body = &event_body_table,
    .from_at = offsetof(struct career_event, date),
    .to_at = offsetof(struct career_event, date),
    .same = event_same,
    .check = event_check};

/* ---- progressions */

const char *const progression_kind_names[] = {"pay", "career", NULL};

#define PROGRESSION_FIELDS                                                                                     \
    FIELD(struct progression, date, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "When it took effect."),       \
        FIELD(struct progression, kind, FIELD_ENUM, .flags = FIELD_REQUIRED, .names = progression_kind_names,  \
            .doc = "Pay or career."),                                                                          \
        FIELD(struct progression, description, FIELD_LINES, .flags = FIELD_NULL, .doc = "In words."),          \
        FIELD(struct progression, proof, FIELD_TEXT, .flags = FIELD_NULL, .max = 500,                          \
            .doc = "Where the proof is: an amendment, a pay slip.")

static const struct field progression_fields[] = {
    HEAD_FIELDS(struct progression), PROGRESSION_FIELDS, REASON_FIELD(struct progression)};
static const struct field progression_body[] = {PROGRESSION_FIELDS};
const struct field_table progression_table = KIND_TABLE("Progression", struct progression, progression_fields);
static const struct field_table progression_body_table =
    FIELD_TABLE("ProgressionBody", struct progression, progression_body, -1);

static bool progression_same(const void *a, const void *b)
{
    const struct progression *one = a;
    const struct progression *other = b;
    return one->kind == other->kind && one->date == other->date &&
           text_equal(one->description, other->description);
}

static enum status progression_check(const void *fact, date_t hired, date_t today, struct error *err)
{
    const struct progression *progression = fact;
    if (hired != DATE_NONE && progression->date < hired)
        return error_field(err, "/date", "is before the hire date");
    return check_not_to_come(progression->date, today, err);
}

const struct fact_kind progression_facts = {.name = "progression",
    .table = &progression_table,
    .body = &progression_body_table,
    .from_at = offsetof(struct progression, date),
    .to_at = offsetof(struct progression, date),
    .same = progression_same,
    .check = progression_check};

/* ---- what other use cases keep as facts */

static const struct field review_body[] = {
    FIELD(struct review_fact, review, FIELD_ID, .flags = FIELD_REQUIRED, .kind = "rev"),
    FIELD(struct review_fact, type, FIELD_ENUM, .flags = FIELD_REQUIRED, .names = review_type_names),
    FIELD(struct review_fact, recap, FIELD_BOOL),
    FIELD(struct review_fact, planned, FIELD_DATE),
    FIELD(struct review_fact, held, FIELD_DATE),
    FIELD(struct review_fact, reported, FIELD_DATE),
    FIELD(struct review_fact, copy_handed, FIELD_DATE),
    FIELD(struct review_fact, refused, FIELD_DATE),
};
static const struct field_table review_body_table =
    FIELD_TABLE("ReviewFact", struct review_fact, review_body, -1);

static bool review_same(const void *a, const void *b)
{
    return strcmp(((const struct review_fact *)a)->review, ((const struct review_fact *)b)->review) == 0;
}

const struct fact_kind review_facts = {.name = "review",
    .table = &review_body_table,
    .body = &review_body_table,
    .from_at = offsetof(struct review_fact, held),
    .to_at = offsetof(struct review_fact, held),
    .same = review_same,
    .silent = true};

static const struct field terms_body[] = {
    FIELD(struct terms, hire_date, FIELD_DATE),
    FIELD(struct terms, seniority_date, FIELD_DATE),
    FIELD(struct terms, birth_date, FIELD_DATE),
    FIELD(struct terms, contract, FIELD_ENUM, .names = contract_kind_names),
    FIELD(struct terms, contract_end, FIELD_DATE),
    FIELD(struct terms, exit_date, FIELD_DATE),
};
static const struct field_table terms_body_table = FIELD_TABLE("Terms", struct terms, terms_body, -1);

/* An employee has one series of terms. */
static bool terms_same(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return true;
}

const struct fact_kind terms_facts = {.name = "terms",
    .table = &terms_body_table,
    .body = &terms_body_table,
    .from_at = offsetof(struct terms, hire_date),
    .same = terms_same,
    .silent = true};

/* ---- acknowledgements of duties that were missed */

static const struct field acknowledgement_body[] = {
    FIELD(struct acknowledgement, duty, FIELD_ID, .flags = FIELD_REQUIRED, .kind = "duty"),
    FIELD(struct acknowledgement, note, FIELD_LINES, .max = 2000),
};
static const struct field_table acknowledgement_body_table =
    FIELD_TABLE("Acknowledgement", struct acknowledgement, acknowledgement_body, -1);

static bool acknowledgement_same(const void *a, const void *b)
{
    return strcmp(((const struct acknowledgement *)a)->duty, ((const struct acknowledgement *)b)->duty) == 0;
}

const struct fact_kind acknowledgement_facts = {.name = "acknowledgement",
    .table = &acknowledgement_body_table,
    .body = &acknowledgement_body_table,
    .same = acknowledgement_same};
