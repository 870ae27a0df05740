/*
 * Needs and plans as the interface, the stored body and audit payloads show them. Constant data.
 */
#include "plan_work.h"

const char *const plan_strand_names[] = {"adaptation", "employability", "internal_mobility", "cross_functional",
    "wellbeing", "intrapreneurship", "sustainability", "digital", NULL};
const char *const plan_priority_names[] = {"low", "normal", "high", NULL};

/* ---- needs */

#define NEED_FIELDS                                                                                            \
    FIELD(struct need, title, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "In a few words."),                  \
        FIELD(struct need, description, FIELD_LINES, .flags = FIELD_NULL, .doc = "In more words."),            \
        FIELD(struct need, domain, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Field of knowledge."),             \
        FIELD(struct need, competency, FIELD_TEXT, .flags = FIELD_NULL, .doc = "What is to be mastered."),     \
        FIELD(struct need, objective, FIELD_LINES, .flags = FIELD_NULL, .doc = "Professional objective."),     \
        FIELD(struct need, orientation, FIELD_TEXT, .flags = FIELD_NULL,                                       \
            .doc = "One of the organisation's orientations."),                                                 \
        FIELD(struct need, strand, FIELD_ENUM, .flags = FIELD_NULL, .names = plan_strand_names,                \
            .doc = "What it serves."),                                                                         \
        FIELD(struct need, priority, FIELD_ENUM, .flags = FIELD_NULL, .names = plan_priority_names,            \
            .doc = "How urgent it is."),                                                                       \
        FIELD(struct need, reason, FIELD_TEXT, .flags = FIELD_NULL, .max = 500,                                \
            .doc = "Why it was refused or withdrawn.")

static const struct field need_fields[] = {
    FIELD(struct need, id, FIELD_ID, .flags = FIELD_READ, .kind = "need", .doc = "Identifier."),
    FIELD(struct need, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org", .doc = "The organisation."),
    FIELD(struct need, employee, FIELD_ID, .flags = FIELD_REQUIRED | FIELD_CREATE, .kind = "emp",
        .doc = "Whose need it is."),
    FIELD(
        struct need, review, FIELD_ID, .flags = FIELD_NULL, .kind = "rev", .doc = "The review it came out of."),
    NEED_FIELDS,
    FIELD(struct need, state, FIELD_ENUM, .names = need_state_names,
        .doc = "open, refused or withdrawn; planned and met follow from the actions that take it up."),
    FIELD(struct need, actions, FIELD_TEXTS, .flags = FIELD_READ, .doc = "The actions that take it up."),
    FIELD(struct need, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was recorded."),
    FIELD(struct need, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table need_table =
    FIELD_TABLE("Need", struct need, need_fields, offsetof(struct need, given));

static const struct field need_body[] = {NEED_FIELDS};
const struct field_table need_body_table = FIELD_TABLE("NeedBody", struct need, need_body, -1);

static const struct field need_audit[] = {FIELD(struct need, employee, FIELD_ID),
    FIELD(struct need, review, FIELD_ID), FIELD(struct need, state, FIELD_ENUM, .names = need_state_names),
    NEED_FIELDS};
const struct field_table need_audit_table = FIELD_TABLE("NeedAudit", struct need, need_audit, -1);

/* ---- plans */

static const struct field orientation_fields[] = {
    FIELD(struct plan_orientation, name, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "Its name."),
    FIELD(struct plan_orientation, description, FIELD_LINES, .flags = FIELD_NULL, .doc = "In words."),
};
static const struct field_table orientation_table =
    FIELD_TABLE("Orientation", struct plan_orientation, orientation_fields, -1);

static const struct field total_fields[] = {
    FIELD(struct plan_total, state, FIELD_TEXT, .doc = "Of actions in this state."),
    FIELD(struct plan_total, nature, FIELD_TEXT, .doc = "Of this nature."),
    FIELD(struct plan_total, mandatory, FIELD_TEXT, .doc = "yes, no or unknown."),
    FIELD(struct plan_total, actions, FIELD_INT, .doc = "How many actions."),
    FIELD(struct plan_total, employees, FIELD_INT, .doc = "For how many people."),
    FIELD(struct plan_total, minutes_planned, FIELD_INT, .doc = "Minutes planned."),
    FIELD(struct plan_total, minutes_done, FIELD_INT, .doc = "Minutes done."),
    FIELD(struct plan_total, cost, FIELD_INT, .doc = "Teaching, ancillary costs and wages, in cents."),
    FIELD(struct plan_total, granted, FIELD_INT, .doc = "Financing granted, in cents."),
    FIELD(struct plan_total, received, FIELD_INT, .doc = "Financing received, in cents."),
};
static const struct field_table total_table = FIELD_TABLE("PlanTotal", struct plan_total, total_fields, -1);

#define PLAN_FIELDS                                                                                            \
    FIELD(struct plan, orientations, FIELD_LIST, .flags = FIELD_NULL, .max = 100, .of = &orientation_table,    \
        .doc = "Named orientations of the year; a list given replaces the one before."),                       \
        FIELD(struct plan, budget, FIELD_INT, .flags = FIELD_NULL, .min = 0, .max = INT64_C(100000000000000),  \
            .doc = "Budget of the year, in cents."),                                                           \
        FIELD(struct plan, notes, FIELD_LINES, .flags = FIELD_NULL, .doc = "In words.")

static const struct field plan_fields[] = {
    FIELD(struct plan, year, FIELD_INT, .flags = FIELD_REQUIRED | FIELD_CREATE, .min = 1990, .max = 2199,
        .doc = "Civil year."),
    FIELD(struct plan, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org", .doc = "The organisation."),
    PLAN_FIELDS,
    FIELD(
        struct plan, total, FIELD_OBJECT, .flags = FIELD_READ, .of = &total_table, .doc = "Sums of the year."),
    FIELD(struct plan, totals, FIELD_LIST, .flags = FIELD_READ, .of = &total_table,
        .doc = "The same for each state, nature and mandatory."),
    FIELD(struct plan, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was recorded."),
    FIELD(struct plan, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table plan_table =
    FIELD_TABLE("Plan", struct plan, plan_fields, offsetof(struct plan, given));

static const struct field plan_body_fields[] = {PLAN_FIELDS};
const struct field_table plan_body_table = FIELD_TABLE("PlanBody", struct plan, plan_body_fields, -1);
const struct field_table plan_audit_table = FIELD_TABLE("PlanAudit", struct plan, plan_body_fields, -1);
