/*
 * Organisations as the interface and the settings column show them, field by field. Constant data.
 */
#include "internal.h"

const char *const lang_names[] = {"fr", "en", NULL};
static const char *const periodic_anchor_names[] = {"last_held", "hire_anniversary", NULL};
static const char *const first_reading_names[] = {"strict", "lenient", NULL};
const char *const letter_hours_names[] = {"working_hours", "any_time", NULL};

static const struct field organiser_fields[] = {
    FIELD(struct organiser, name, FIELD_TEXT, .doc = "Name shown to those invited."),
    FIELD(struct organiser, email, FIELD_EMAIL, .flags = FIELD_REQUIRED,
        .doc = "Mailbox that convocations come from and answers go to."),
};
const struct field_table organiser_table =
    FIELD_TABLE("Organiser", struct organiser, organiser_fields, offsetof(struct organiser, given));

static const struct field headcount_fields[] = {
    FIELD(struct headcount, year, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1990, .max = 2199,
        .doc = "Civil year."),
    FIELD(struct headcount, average, FIELD_INT, .flags = FIELD_REQUIRED, .min = 0, .max = 10000000,
        .doc = "Average number of employees over the year, rounded down (L130-1 CSS)."),
};
const struct field_table headcount_table = FIELD_TABLE("Headcount", struct headcount, headcount_fields, -1);

static const struct field agreement_fields[] = {
    FIELD_AS("level", struct agreement, terms.level, FIELD_ENUM, .flags = FIELD_REQUIRED,
        .names = agreement_level_names, .doc = "A company agreement in force wins over one of the branch."),
    FIELD_AS("period", struct agreement, terms.period, FIELD_PERIOD, .flags = FIELD_REQUIRED,
        .doc = "Between two professional reviews."),
    FIELD_AS("valid_from", struct agreement, terms.valid_from, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "First day; null: always."),
    FIELD_AS("valid_to", struct agreement, terms.valid_to, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "Last day; null: no end."),
    FIELD_AS("reference", struct agreement, terms.reference, FIELD_TEXT, .flags = FIELD_NULL,
        .doc = "How the agreement is cited."),
};
const struct field_table agreement_table = FIELD_TABLE("Agreement", struct agreement, agreement_fields, -1);

static const struct field policy_fields[] = {
    FIELD(struct organisation_policies, periodic_anchor, FIELD_ENUM, .names = periodic_anchor_names,
        .doc = "What the periodic term counts from: the last review held, or the nearest anniversary of the "
               "hiring "
               "before it."),
    FIELD(struct organisation_policies, first_reading, FIELD_ENUM, .names = first_reading_names,
        .doc = "By which reading the first review of people hired before the reform is due."),
    FIELD(struct organisation_policies, return_period, FIELD_PERIOD, .flags = FIELD_NULL,
        .doc = "From a return to its review; null: as the rule says."),
    FIELD(struct organisation_policies, planning_horizon_days, FIELD_INT, .min = 0, .max = 3660,
        .doc = "Days before the end of its planning window from which a duty is to plan."),
    FIELD(struct organisation_policies, notice_days, FIELD_INT, .min = 0, .max = 366,
        .doc = "Days between a convocation and its review."),
    FIELD(struct organisation_policies, reviews_per_week, FIELD_INT, .min = 1, .max = 100,
        .doc = "Reviews proposed in one week of an interviewer, at most; 5 unless told."),
    FIELD(struct organisation_policies, title_older, FIELD_BOOL,
        .doc = "Calendars and mails say \"Entretien professionnel\", the name used until 2025."),
    FIELD(struct organisation_policies, letters, FIELD_ENUM, .names = letter_hours_names,
        .doc =
            "When reminders and digests leave: when work begins on a day worked, public holidays apart, or at "
            "any time; working_hours unless told. Invitations, changes and cancellations never wait."),
};
const struct field_table policies_table = FIELD_TABLE(
    "Policies", struct organisation_policies, policy_fields, offsetof(struct organisation_policies, given));

static const struct field hours_fields[] = {
    FIELD(struct working_hours, weekday, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1, .max = 7,
        .doc = "1 = Monday ... 7 = Sunday."),
    FIELD(struct working_hours, start, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 5,
        .doc = "Wall-clock time of the organisation's zone, \"09:00\"."),
    FIELD(struct working_hours, end, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 5,
        .doc = "Wall-clock time, after the start, at most \"24:00\"."),
};
const struct field_table working_hours_table =
    FIELD_TABLE("WorkingHours", struct working_hours, hours_fields, -1);

static const struct field organisation_fields[] = {
    FIELD(struct organisation, id, FIELD_ID, .flags = FIELD_READ, .kind = "org", .doc = "Identifier."),
    FIELD(struct organisation, name, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "Name of the legal entity."),
    FIELD(struct organisation, siren, FIELD_TEXT, .flags = FIELD_NULL, .max = 9,
        .doc = "SIREN number: nine digits, the last one checks the others."),
    FIELD(struct organisation, locale, FIELD_ENUM, .names = lang_names,
        .doc = "Language of mails and explanations; fr unless told."),
    FIELD(struct organisation, zone, FIELD_TEXT, .max = 64,
        .doc = "Time zone its civil dates are counted in; Europe/Paris unless told."),
    FIELD(struct organisation, organiser, FIELD_OBJECT, .flags = FIELD_NULL, .of = &organiser_table,
        .doc = "The mailbox that convokes."),
    FIELD(struct organisation, headcounts, FIELD_LIST, .flags = FIELD_NULL, .max = 100, .of = &headcount_table,
        .doc = "Average headcount per civil year; a list given replaces the one before."),
    FIELD(struct organisation, agreements, FIELD_LIST, .flags = FIELD_NULL, .max = 100, .of = &agreement_table,
        .doc = "Agreements on another periodicity; a list given replaces the one before."),
    FIELD(struct organisation, policies, FIELD_OBJECT, .of = &policies_table,
        .doc = "Choices the law leaves open."),
    FIELD(struct organisation, working_hours, FIELD_LIST, .max = 50, .of = &working_hours_table,
        .doc = "When reviews may take place; Monday to Friday, 09:00-12:30 and 14:00-17:30 unless told."),
    FIELD(struct organisation, holidays, FIELD_ENUM, .names = holiday_calendar_names,
        .doc = "Which public holidays apply; metropole unless told."),
    FIELD(struct organisation, deliveries, FIELD_ENUM, .names = delivery_mode_names,
        .doc =
            "What happens to mails and calendar entries: off = nothing is made, held = kept for a look, live = "
            "sent; live unless told."),
    FIELD(struct organisation, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was created."),
    FIELD(struct organisation, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table organisation_table =
    FIELD_TABLE("Organisation", struct organisation, organisation_fields, offsetof(struct organisation, given));

/* Agreements and headcounts are facts; they are stored as the interface shows them. */

static bool agreement_same(const void *a, const void *b)
{
    const struct agreement *one = a;
    const struct agreement *other = b;
    return one->terms.level == other->terms.level && one->terms.valid_from == other->terms.valid_from;
}

static bool headcount_same(const void *a, const void *b)
{
    return ((const struct headcount *)a)->year == ((const struct headcount *)b)->year;
}

const struct fact_kind agreement_facts = {.name = "agreement",
    .table = &agreement_table,
    .body = &agreement_table,
    .from_at = offsetof(struct agreement, terms.valid_from),
    .to_at = offsetof(struct agreement, terms.valid_to),
    .same = agreement_same,
    .silent = true};
const struct fact_kind headcount_facts = {.name = "headcount",
    .table = &headcount_table,
    .body = &headcount_table,
    .same = headcount_same,
    .silent = true};

/* The settings column holds what has no column of its own; the members are the same. */
static const struct field settings_fields[] = {
    FIELD(struct organisation, organiser, FIELD_OBJECT, .of = &organiser_table),
    FIELD(struct organisation, policies, FIELD_OBJECT, .of = &policies_table),
    FIELD(struct organisation, working_hours, FIELD_LIST, .max = 50, .of = &working_hours_table),
    FIELD(struct organisation, holidays, FIELD_ENUM, .names = holiday_calendar_names),
};
const struct field_table organisation_settings_table =
    FIELD_TABLE("OrganisationSettings", struct organisation, settings_fields, -1);
