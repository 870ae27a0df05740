/*
 * Actions of the plan as the interface, the stored body and audit payloads show them. Constant data.
 */
#include "plan_work.h"

const char *const action_origin_names[] = {"review", "need", "obligation", "project", "employee", NULL};
const char *const action_format_names[] = {"onsite", "remote", "blended", "afest", "micro_learning", NULL};
const char *const action_modality_names[] = {"group", "individual", NULL};
const char *const action_financing_names[] = {"employer", "opco", "cpf", "mixed", "fne", "other", NULL};

#define CENTS_MAX   INT64_C(10000000000)
#define MINUTES_MAX 600000

static const struct field provider_fields[] = {
    FIELD(struct action_provider, name, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "Who trains."),
    FIELD(
        struct action_provider, siret, FIELD_TEXT, .flags = FIELD_NULL, .max = 14, .doc = "SIRET, 14 digits."),
    FIELD(struct action_provider, activity_number, FIELD_TEXT, .flags = FIELD_NULL, .max = 20,
        .doc = "Number of its declaration of activity."),
    FIELD(struct action_provider, qualiopi, FIELD_BOOL, .flags = FIELD_NULL, .doc = "Whether it is certified."),
};
static const struct field_table provider_table = FIELD_TABLE(
    "ActionProvider", struct action_provider, provider_fields, offsetof(struct action_provider, given));

static const struct field cost_fields[] = {
    FIELD(struct action_cost, teaching, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = CENTS_MAX,
        .doc = "Teaching, in cents."),
    FIELD(struct action_cost, ancillary, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = CENTS_MAX,
        .doc = "Travel, meals, rooms, in cents."),
    FIELD(struct action_cost, wages, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = CENTS_MAX,
        .doc = "Wages of the time away, in cents."),
    FIELD(struct action_cost, currency, FIELD_TEXT, .flags = FIELD_NULL, .min = 3, .max = 3,
        .doc = "ISO 4217; EUR unless told."),
};
static const struct field_table cost_table =
    FIELD_TABLE("ActionCost", struct action_cost, cost_fields, offsetof(struct action_cost, given));

static const struct field certificate_fields[] = {
    FIELD(struct action_certificate, reference, FIELD_TEXT, .flags = FIELD_REQUIRED,
        .doc = "How the paper is found again."),
    FIELD(struct action_certificate, sha256, FIELD_TEXT, .flags = FIELD_NULL, .max = 64,
        .doc = "Hash of the document, hexadecimal."),
    FIELD(struct action_certificate, date, FIELD_DATE, .flags = FIELD_NULL, .doc = "Its date."),
};
static const struct field_table certificate_table =
    FIELD_TABLE("ActionCertificate", struct action_certificate, certificate_fields, -1);

static const struct field certification_fields[] = {
    FIELD(struct action_certification, kind, FIELD_ENUM, .flags = FIELD_REQUIRED,
        .names = certification_register_names,
        .doc = "Of the register RNCP or RS, a block of skills, or other."),
    FIELD(struct action_certification, code, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Its number there."),
    FIELD(struct action_certification, title, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Its title."),
    FIELD(struct action_certification, date, FIELD_DATE, .flags = FIELD_NULL, .doc = "When it was obtained."),
};
static const struct field_table certification_table =
    FIELD_TABLE("ActionCertification", struct action_certification, certification_fields, -1);

static const struct field evaluation_fields[] = {
    FIELD(struct action_evaluation, date, FIELD_DATE, .flags = FIELD_NULL, .doc = "When."),
    FIELD(struct action_evaluation, rating, FIELD_INT, .flags = FIELD_NULL, .min = 1, .max = 5,
        .doc = "1 (of no use) to 5."),
    FIELD(struct action_evaluation, comment, FIELD_LINES, .flags = FIELD_NULL, .doc = "In words."),
};
static const struct field_table evaluation_table =
    FIELD_TABLE("ActionEvaluation", struct action_evaluation, evaluation_fields, -1);

static const struct field evidence_fields[] = {
    FIELD(struct action_evidence, completion, FIELD_TEXT, .doc = "The completion that proves it."),
    FIELD(struct action_evidence, sha256, FIELD_TEXT, .doc = "Hash of the record as received."),
    FIELD(struct action_evidence, recorded_at, FIELD_INSTANT, .doc = "When it was recorded."),
    FIELD(struct action_evidence, undone_at, FIELD_INSTANT, .doc = "When the platform took it back."),
};
static const struct field_table evidence_table =
    FIELD_TABLE("ActionEvidence", struct action_evidence, evidence_fields, -1);

#define ACTION_TEXTS                                                                                           \
    FIELD(struct action, title, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "What is planned."),               \
        FIELD(struct action, domain, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Field of knowledge."),           \
        FIELD(struct action, competency, FIELD_TEXT, .flags = FIELD_NULL, .doc = "What is to be mastered."),   \
        FIELD(struct action, objective, FIELD_LINES, .flags = FIELD_NULL, .doc = "Professional objective."),   \
        FIELD(struct action, orientation, FIELD_TEXT, .flags = FIELD_NULL,                                     \
            .doc = "One of the orientations that the year's plan names, if it names any."),                    \
        FIELD(struct action, origin, FIELD_ENUM, .flags = FIELD_NULL, .names = action_origin_names,            \
            .doc = "Where it comes from; from a need or review when one is given."),                           \
        FIELD(struct action, strand, FIELD_ENUM, .flags = FIELD_NULL, .names = plan_strand_names,              \
            .doc = "What it serves."),                                                                         \
        FIELD(struct action, format, FIELD_ENUM, .flags = FIELD_NULL, .names = action_format_names,            \
            .doc = "How it is taught."),                                                                       \
        FIELD(struct action, modality, FIELD_ENUM, .flags = FIELD_NULL, .names = action_modality_names,        \
            .doc = "In a group or alone."),                                                                    \
        FIELD(struct action, priority, FIELD_ENUM, .flags = FIELD_NULL, .names = plan_priority_names,          \
            .doc = "How urgent it is."),                                                                       \
        FIELD(struct action, mandatory_text, FIELD_TEXT, .flags = FIELD_NULL, .max = 500,                      \
            .doc = "The convention, law or regulation that requires it (L6321-2).")

#define ACTION_FIGURES                                                                                         \
    FIELD(struct action, provider, FIELD_OBJECT, .flags = FIELD_NULL, .of = &provider_table,                   \
        .doc = "Who trains."),                                                                                 \
        FIELD(struct action, minutes_planned, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = MINUTES_MAX,    \
            .doc = "Minutes planned."),                                                                        \
        FIELD(struct action, minutes_done, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = MINUTES_MAX,       \
            .doc = "Minutes done."),                                                                           \
        FIELD(struct action, minutes_outside, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = MINUTES_MAX,    \
            .doc = "Of them, outside working time."),                                                          \
        FIELD(struct action, planned_start, FIELD_DATE, .flags = FIELD_NULL, .doc = "First day planned."),     \
        FIELD(struct action, planned_end, FIELD_DATE, .flags = FIELD_NULL, .doc = "Last day planned."),        \
        FIELD(struct action, start, FIELD_DATE, .flags = FIELD_NULL, .doc = "First day in fact."),             \
        FIELD(struct action, end, FIELD_DATE, .flags = FIELD_NULL, .doc = "Last day in fact."),                \
        FIELD(struct action, cost, FIELD_OBJECT, .flags = FIELD_NULL, .of = &cost_table,                       \
            .doc = "What it costs, in cents."),                                                                \
        FIELD(struct action, financing, FIELD_ENUM, .flags = FIELD_NULL, .names = action_financing_names,      \
            .doc = "Who pays."),                                                                               \
        FIELD(struct action, financing_file, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Number of the file."),   \
        FIELD(struct action, granted, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = CENTS_MAX,              \
            .doc = "Financing granted, in cents."),                                                            \
        FIELD(struct action, received, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = CENTS_MAX,             \
            .doc = "Financing received, in cents."),                                                           \
        FIELD(struct action, cpf_cofinanced, FIELD_BOOL, .flags = FIELD_NULL,                                  \
            .doc = "Paid by the personal account and the employer together, its four conditions on record.")

#define ACTION_OUTCOME                                                                                         \
    FIELD(struct action, reason, FIELD_TEXT, .flags = FIELD_NULL, .max = 500,                                  \
        .doc = "Why it was cancelled, postponed, refused or opened again."),                                   \
        FIELD(struct action, certificate, FIELD_OBJECT, .flags = FIELD_NULL, .of = &certificate_table,         \
            .doc = "A paper that proves it, where no platform does."),                                         \
        FIELD(struct action, certification, FIELD_OBJECT, .flags = FIELD_NULL, .of = &certification_table,     \
            .doc = "What was obtained."),                                                                      \
        FIELD(struct action, validity, FIELD_PERIOD, .flags = FIELD_NULL,                                      \
            .doc = "How long it is valid: P24M for first aid."),                                               \
        FIELD(struct action, evaluation, FIELD_OBJECT, .flags = FIELD_NULL, .of = &evaluation_table,           \
            .doc = "On the spot."),                                                                            \
        FIELD(struct action, evaluation_later, FIELD_OBJECT, .flags = FIELD_NULL, .of = &evaluation_table,     \
            .doc = "After some months.")

#define ACTION_COLUMNS                                                                                         \
    FIELD(struct action, year, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1990, .max = 2199,                   \
        .doc = "Of the plan of this civil year."),                                                             \
        FIELD(struct action, need, FIELD_ID, .flags = FIELD_NULL, .kind = "need",                              \
            .doc = "The need it takes up."),                                                                   \
        FIELD(struct action, review, FIELD_ID, .flags = FIELD_NULL, .kind = "rev",                             \
            .doc = "The review it was decided after."),                                                        \
        FIELD(                                                                                                 \
            struct action, nature, FIELD_ENUM, .names = action_nature_names, .doc = "training unless told."),  \
        FIELD(struct action, mandatory, FIELD_ENUM, .names = action_mandatory_names,                           \
            .doc = "Required to do the job (L6321-2): it does not count for the recap; unknown unless told."), \
        FIELD(struct action, state, FIELD_ENUM, .names = action_state_names,                                   \
            .doc = "requested unless told; done needs evidence."),                                             \
        FIELD(struct action, source, FIELD_ID, .flags = FIELD_NULL, .kind = "src",                             \
            .doc = "The platform whose completion proves it; any unless told."),                               \
        FIELD(struct action, course, FIELD_TEXT, .flags = FIELD_NULL,                                          \
            .doc = "Code of the course there: its completion proves the action.")

static const struct field action_fields[] = {
    FIELD(struct action, id, FIELD_ID, .flags = FIELD_READ, .kind = "act", .doc = "Identifier."),
    FIELD(
        struct action, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org", .doc = "The organisation."),
    FIELD(struct action, employee, FIELD_ID, .flags = FIELD_REQUIRED | FIELD_CREATE, .kind = "emp",
        .doc = "Whom it is for."),
    ACTION_COLUMNS,
    ACTION_TEXTS,
    ACTION_FIGURES,
    ACTION_OUTCOME,
    FIELD(struct action, done_on, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL, .doc = "The day it was done."),
    FIELD(struct action, valid_until, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL,
        .doc = "Last day it is valid: to be renewed by then."),
    FIELD(struct action, evidence, FIELD_LIST, .flags = FIELD_READ, .of = &evidence_table,
        .doc = "Completions that prove it."),
    FIELD(struct action, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was recorded."),
    FIELD(struct action, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table action_table =
    FIELD_TABLE("Action", struct action, action_fields, offsetof(struct action, given));

static const struct field action_body_fields[] = {
    ACTION_TEXTS, ACTION_FIGURES, ACTION_OUTCOME, FIELD(struct action, done_on, FIELD_DATE)};
const struct field_table action_body_table = FIELD_TABLE("ActionBody", struct action, action_body_fields, -1);

static const struct field action_audit_fields[] = {ACTION_COLUMNS, ACTION_TEXTS, ACTION_FIGURES, ACTION_OUTCOME,
    FIELD(struct action, done_on, FIELD_DATE), FIELD(struct action, valid_until, FIELD_DATE)};
const struct field_table action_audit_table =
    FIELD_TABLE("ActionAudit", struct action, action_audit_fields, -1);
