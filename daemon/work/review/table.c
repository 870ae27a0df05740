/*
 * Reviews as the interface, the stored body and audit payloads show them, field by field. Constant data.
 */
#include "work.h"

const char *const review_mode_names[] = {"onsite", "remote", "hybrid", NULL};
const char *const copy_means_names[] = {"hand", "email", "post", "registered_post", "portal", NULL};
const char *const document_kind_names[] = {"report", "copy", "recap", "refusal", NULL};

static const struct field report_fields[] = {
    FIELD(struct review_report, date, FIELD_DATE,
        .doc = "The day the written report existed; when recording: the day of the review unless told."),
    FIELD(
        struct review_report, reference, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "How it is found again."),
    FIELD(struct review_report, sha256, FIELD_TEXT, .max = 64, .doc = "Hash of the document, hexadecimal."),
};
static const struct field_table report_table =
    FIELD_TABLE("ReviewReport", struct review_report, report_fields, -1);

static const struct field copy_fields[] = {
    FIELD(struct review_copy, date, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "The day it was handed over."),
    FIELD(struct review_copy, means, FIELD_ENUM, .names = copy_means_names, .doc = "How."),
    FIELD(struct review_copy, proof, FIELD_TEXT, .max = 500, .doc = "What proves it."),
};
static const struct field_table copy_table = FIELD_TABLE("ReviewCopy", struct review_copy, copy_fields, -1);

static const struct field no_show_fields[] = {
    FIELD(struct review_no_show, date, FIELD_DATE, .doc = "The day the employee did not come."),
    FIELD(struct review_no_show, reason, FIELD_TEXT, .max = 500, .doc = "The reason given, if any."),
};
static const struct field_table no_show_table =
    FIELD_TABLE("ReviewNoShow", struct review_no_show, no_show_fields, -1);

static const struct field refusal_fields[] = {
    FIELD(struct review_refusal, date, FIELD_DATE, .doc = "The day the proposal was refused."),
    FIELD(struct review_refusal, proof, FIELD_TEXT, .max = 500, .doc = "What proves proposal and refusal."),
    FIELD(struct review_refusal, reason, FIELD_TEXT, .max = 500, .doc = "The reason given, if any."),
};
static const struct field_table refusal_table =
    FIELD_TABLE("ReviewRefusal", struct review_refusal, refusal_fields, -1);

static const struct field attendee_fields[] = {
    FIELD(struct review_attendee, role, FIELD_TEXT, .doc = "employee or interviewer."),
    FIELD(struct review_attendee, employee, FIELD_TEXT, .doc = "Whose id."),
    FIELD(struct review_attendee, name, FIELD_TEXT, .doc = "Given and family name."),
    FIELD(struct review_attendee, email, FIELD_TEXT, .flags = FIELD_NULL, .max = 254,
        .doc = "Where invitations go."),
    FIELD(struct review_attendee, partstat, FIELD_TEXT,
        .doc = "The answer, as in RFC 5545: NEEDS-ACTION, ACCEPTED ..."),
    FIELD(struct review_attendee, invited_by, FIELD_TEXT,
        .doc = "mail or calendar: what tells this person; absent while nothing does."),
    FIELD(struct review_attendee, schedule_status, FIELD_TEXT,
        .doc =
            "What the calendar server said of it, as in RFC 6638: 1.2 delivered, 3.7 unknown, 5.1 failed ..."),
    FIELD(struct review_attendee, proposed_start, FIELD_INSTANT, .doc = "Another time this person proposes."),
    FIELD(struct review_attendee, proposed_end, FIELD_INSTANT, .doc = "Its end."),
};
static const struct field_table attendee_table =
    FIELD_TABLE("ReviewAttendee", struct review_attendee, attendee_fields, -1);

static const struct field duty_fields[] = {
    FIELD(struct review_duty, id, FIELD_TEXT, .doc = "The duty."),
    FIELD(struct review_duty, kind, FIELD_TEXT, .doc = "first, periodic, return ..."),
    FIELD(struct review_duty, rule, FIELD_TEXT, .doc = "The rule that makes it."),
    FIELD(struct review_duty, state, FIELD_TEXT, .doc = "Its state."),
    FIELD(struct review_duty, due, FIELD_DATE, .doc = "The day to plan for."),
    FIELD(struct review_duty, limit, FIELD_DATE, .doc = "The latest defensible day."),
};
static const struct field_table duty_table = FIELD_TABLE("ReviewDuty", struct review_duty, duty_fields, -1);

static const struct field warning_fields[] = {
    FIELD(struct review_warning, code, FIELD_TEXT, .doc = "Which one."),
    FIELD(struct review_warning, detail, FIELD_TEXT, .doc = "In words."),
};
static const struct field_table warning_table =
    FIELD_TABLE("ReviewWarning", struct review_warning, warning_fields, -1);

static const struct field document_fields[] = {
    FIELD(struct review_document, kind, FIELD_TEXT, .doc = "report, copy, recap or refusal."),
    FIELD(struct review_document, media_type, FIELD_TEXT, .doc = "application/pdf."),
    FIELD(struct review_document, sha256, FIELD_TEXT, .doc = "Hash of its bytes, hexadecimal."),
    FIELD(struct review_document, size, FIELD_INT, .doc = "Bytes."),
    FIELD(struct review_document, number, FIELD_INT, .doc = "Which version of its kind this is."),
    FIELD(struct review_document, recorded_at, FIELD_INSTANT, .doc = "When it was uploaded."),
};
static const struct field_table document_table =
    FIELD_TABLE("ReviewDocument", struct review_document, document_fields, -1);

static const struct field review_fields[] = {
    FIELD(struct review, id, FIELD_ID, .flags = FIELD_READ, .kind = "rev", .doc = "Identifier."),
    FIELD(
        struct review, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org", .doc = "The organisation."),
    FIELD(struct review, employee, FIELD_ID, .flags = FIELD_REQUIRED | FIELD_CREATE, .kind = "emp",
        .doc = "Whose review it is."),
    FIELD(struct review, type, FIELD_ENUM, .names = review_type_names,
        .doc = "professional (about the person's future, what the duties ask for) or annual (evaluation); "
               "professional "
               "unless told."),
    FIELD(struct review, recap, FIELD_BOOL,
        .doc = "Whether it is also the recap of the path; false unless told."),
    FIELD(struct review, interviewer, FIELD_ID, .flags = FIELD_NULL, .kind = "emp",
        .doc = "Who holds it; the employee's manager unless told."),
    FIELD(
        struct review, start, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "Start of the slot, on a day worked."),
    FIELD(struct review, end, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "Its end; or give the duration."),
    FIELD(struct review, duration, FIELD_INT, .flags = FIELD_WRITE, .min = 5, .max = 1440,
        .doc = "Minutes, instead of the end."),
    FIELD(struct review, mode, FIELD_ENUM, .flags = FIELD_NULL, .names = review_mode_names,
        .doc = "Where people meet."),
    FIELD(struct review, location, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Room or address."),
    FIELD(
        struct review, conference_url, FIELD_URL, .flags = FIELD_NULL, .doc = "Link of the video conference."),
    FIELD(struct review, state, FIELD_ENUM, .flags = FIELD_READ, .names = review_state_names,
        .doc = "Where it stands."),
    FIELD(struct review, held, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "The day it took place. When creating: it took place outside, nothing is sent. In a patch, with "
               "a reason: "
               "a correction; null: it did not take place."),
    FIELD(struct review, held_by, FIELD_ID, .flags = FIELD_NULL, .kind = "emp", .doc = "Who held it."),
    FIELD(struct review, themes, FIELD_TEXTS, .flags = FIELD_NULL, .max = 20,
        .doc = "Covered: skills, prospects, training_needs, wishes, cpf; mid-career: workstation, wear, "
               "mobility; before "
               "sixty: retention, end_of_career."),
    FIELD(struct review, information, FIELD_TEXTS, .flags = FIELD_NULL, .max = 20,
        .doc = "Given: vae, cpf, employer_contributions, cep, financing."),
    FIELD(struct review, report, FIELD_OBJECT, .flags = FIELD_NULL | FIELD_CREATE, .of = &report_table,
        .doc = "The written report."),
    FIELD(struct review, copy, FIELD_OBJECT, .flags = FIELD_NULL | FIELD_CREATE, .of = &copy_table,
        .doc = "The copy handed over."),
    FIELD(struct review, no_shows, FIELD_LIST, .flags = FIELD_READ, .of = &no_show_table,
        .doc = "When the employee did not come."),
    FIELD(struct review, refusal, FIELD_OBJECT, .flags = FIELD_READ | FIELD_NULL, .of = &refusal_table,
        .doc = "The refusal of the proposal."),
    FIELD(struct review, reason, FIELD_TEXT, .flags = FIELD_NULL, .max = 500,
        .doc = "Why it was last changed or corrected."),
    FIELD(struct review, short_notice, FIELD_BOOL,
        .doc = "Convened less than eight days ahead; in a request: do so nevertheless."),
    FIELD(struct review, sequence, FIELD_INT, .flags = FIELD_READ,
        .doc = "SEQUENCE of its entry in calendars; -1: none."),
    FIELD(struct review, attendees, FIELD_LIST, .flags = FIELD_READ, .of = &attendee_table,
        .doc = "Who is invited, and the answers."),
    FIELD(struct review, duties, FIELD_LIST, .flags = FIELD_READ, .of = &duty_table,
        .doc = "The duties it satisfies, or is to."),
    FIELD(struct review, allowed, FIELD_TEXTS, .flags = FIELD_READ, .doc = "What may be done with it now."),
    FIELD(struct review, warnings, FIELD_LIST, .flags = FIELD_READ, .of = &warning_table,
        .doc = "What to look at."),
    FIELD(struct review, missing_themes, FIELD_TEXTS, .flags = FIELD_READ,
        .doc = "Required themes that were not covered."),
    FIELD(struct review, missing_information, FIELD_TEXTS, .flags = FIELD_READ,
        .doc = "Required information that was not given."),
    FIELD(struct review, documents, FIELD_LIST, .flags = FIELD_READ, .of = &document_table,
        .doc = "The latest of each kind."),
    FIELD(struct review, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was recorded."),
    FIELD(struct review, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table review_table =
    FIELD_TABLE("Review", struct review, review_fields, offsetof(struct review, given));

#define LEFT_BEHIND                                                                                            \
    FIELD(struct review, held_by, FIELD_ID, .kind = "emp"),                                                    \
        FIELD(struct review, themes, FIELD_TEXTS, .max = 20),                                                  \
        FIELD(struct review, information, FIELD_TEXTS, .max = 20),                                             \
        FIELD(struct review, report, FIELD_OBJECT, .of = &report_table),                                       \
        FIELD(struct review, copy, FIELD_OBJECT, .of = &copy_table),                                           \
        FIELD(struct review, no_shows, FIELD_LIST, .of = &no_show_table),                                      \
        FIELD(struct review, refusal, FIELD_OBJECT, .of = &refusal_table),                                     \
        FIELD(struct review, short_notice, FIELD_BOOL)

static const struct field body_fields[] = {LEFT_BEHIND, FIELD(struct review, reason, FIELD_TEXT, .max = 500),
    FIELD(struct review, outside_hours, FIELD_BOOL)};
const struct field_table review_body_table = FIELD_TABLE("ReviewBody", struct review, body_fields, -1);

static const struct field audit_fields[] = {
    FIELD(struct review, type, FIELD_ENUM, .names = review_type_names),
    FIELD(struct review, recap, FIELD_BOOL),
    FIELD(struct review, interviewer, FIELD_ID),
    FIELD(struct review, start, FIELD_INSTANT),
    FIELD(struct review, end, FIELD_INSTANT),
    FIELD(struct review, mode, FIELD_ENUM, .names = review_mode_names),
    FIELD(struct review, location, FIELD_TEXT),
    FIELD(struct review, conference_url, FIELD_URL),
    FIELD(struct review, state, FIELD_ENUM, .names = review_state_names),
    FIELD(struct review, held, FIELD_DATE),
    FIELD(struct review, sequence, FIELD_INT),
    LEFT_BEHIND,
};
const struct field_table review_audit_table = FIELD_TABLE("ReviewAudit", struct review, audit_fields, -1);
