/* /v1/reviews/{id}/invite, /hold ...: what happens to a review, one operation for each. */
#include "work/review.h"

#include "ops.h"
#include "reviews.h"

#define STEP(member, type, ...)  FIELD(struct review_step, member, type, __VA_ARGS__)
#define STEP_TABLE(name, fields) FIELD_TABLE(name, struct review_step, fields, -1)

static const struct field invite_fields[] = {
    STEP(short_notice, FIELD_BOOL, .doc = "Insist although less than eight days are left to prepare."),
};
static const struct field_table invite_table = STEP_TABLE("ReviewInvite", invite_fields);

static const struct field propose_fields[] = {
    STEP(start, FIELD_INSTANT, .doc = "Start of the slot offered; the one that is set unless told."),
    STEP(end, FIELD_INSTANT, .doc = "Its end; or give the duration."),
    STEP(duration, FIELD_INT, .min = 5, .max = 1440, .doc = "Minutes, instead of the end."),
    STEP(short_notice, FIELD_BOOL, .doc = "Insist although less than eight days are left to prepare."),
};
static const struct field_table propose_table = STEP_TABLE("ReviewPropose", propose_fields);

static const struct field reason_fields[] = {
    STEP(reason, FIELD_TEXT, .max = 500, .doc = "Why."),
};
static const struct field_table reason_table = STEP_TABLE("ReviewReason", reason_fields);

static const struct field hold_fields[] = {
    STEP(date, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "The day it took place."),
    STEP(by, FIELD_ID, .kind = "emp", .doc = "Who held it; the interviewer unless told."),
    STEP(themes, FIELD_TEXTS, .max = 20,
        .doc =
            "Covered: skills, prospects, training_needs, wishes, cpf; mid-career: workstation, wear, mobility; "
            "before sixty: retention, end_of_career."),
    STEP(
        information, FIELD_TEXTS, .max = 20, .doc = "Given: vae, cpf, employer_contributions, cep, financing."),
};
static const struct field_table hold_table = STEP_TABLE("ReviewHold", hold_fields);

static const struct field report_fields[] = {
    STEP(reference, FIELD_TEXT, .flags = FIELD_REQUIRED, .doc = "How the written report is found again."),
    STEP(sha256, FIELD_TEXT, .max = 64, .doc = "Hash of the document, hexadecimal, in lower case."),
    STEP(date, FIELD_DATE, .doc = "The day it existed; today unless told."),
};
static const struct field_table report_table = STEP_TABLE("ReviewReportStep", report_fields);

static const struct field copy_fields[] = {
    STEP(date, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "The day the copy was handed over."),
    STEP(means, FIELD_ENUM, .flags = FIELD_REQUIRED, .names = copy_means_names, .doc = "How."),
    STEP(proof, FIELD_TEXT, .max = 500, .doc = "What proves it."),
};
static const struct field_table copy_table = STEP_TABLE("ReviewCopyStep", copy_fields);

static const struct field absence_fields[] = {
    STEP(reason, FIELD_TEXT, .max = 500, .doc = "The reason given, if any."),
    STEP(date, FIELD_DATE, .doc = "The day; that of the slot unless told."),
};
static const struct field_table absence_table = STEP_TABLE("ReviewAbsence", absence_fields);

static const struct field refusal_fields[] = {
    STEP(date, FIELD_DATE, .doc = "The day the proposal was refused; today unless told."),
    STEP(proof, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 500, .doc = "What proves proposal and refusal."),
    STEP(reason, FIELD_TEXT, .max = 500, .doc = "The reason given, if any."),
};
static const struct field_table refusal_table = STEP_TABLE("ReviewRefusalStep", refusal_fields);

static enum status step_write(struct txn *txn, struct call *call, struct error *err);

#define STEP_OP(variable, operation, about, table, optional)                                                   \
    const struct op variable = {.name = (operation),                                                           \
        .summary = (about),                                                                                    \
        .input = &(table),                                                                                     \
        .output = &review_table,                                                                               \
        .body_optional = (optional),                                                                           \
        .write = step_write}

STEP_OP(review_invite, "review_invite", "Sends the convocation for the slot set; again: the same once more",
    invite_table, true);
STEP_OP(review_propose, "review_propose", "Offers a slot to the employee", propose_table, true);
STEP_OP(review_cancel, "review_cancel", "Cancels it; what was sent is taken back", reason_table, true);
STEP_OP(review_hold, "review_hold", "Records that it took place", hold_table, false);
STEP_OP(review_report_op, "review_report", "Records the written report", report_table, false);
STEP_OP(review_copy_op, "review_copy", "Records that a copy was handed over: the proof", copy_table, false);
STEP_OP(review_absence, "review_absence", "Records that the employee did not come", absence_table, true);
STEP_OP(
    review_refuse, "review_refusal", "Records that the employee refused the proposal", refusal_table, false);
STEP_OP(
    review_close, "review_close", "After an absence: no further attempt, with a reason", reason_table, true);

static const struct {
    const struct op *op;
    int event; /* enum review_event */
} step_events[] = {
    {&review_invite, REVIEW_EVENT_INVITE},
    {&review_propose, REVIEW_EVENT_PROPOSE},
    {&review_cancel, REVIEW_EVENT_CANCEL},
    {&review_hold, REVIEW_EVENT_HOLD},
    {&review_report_op, REVIEW_EVENT_REPORT},
    {&review_copy_op, REVIEW_EVENT_COPY},
    {&review_absence, REVIEW_EVENT_ABSENCE},
    {&review_refuse, REVIEW_EVENT_REFUSE},
    {&review_close, REVIEW_EVENT_CLOSE},
};

/* Members that the operation's table does not have are none, not zero. */
static struct review_step step_of(const struct call *call)
{
    const struct review_step *in = call->in;
    struct review_step step = *in;
    const struct field_table *table = call->op->input;
    bool dated = false;
    bool means = false;
    bool slot = false;
    for (size_t i = 0; i < table->count; i++) {
        dated |= table->fields[i].type == FIELD_DATE;
        means |= table->fields[i].type == FIELD_ENUM;
        slot |= table->fields[i].type == FIELD_INSTANT;
    }
    step.date = dated ? in->date : DATE_NONE;
    step.means = means ? in->means : FIELD_UNSET;
    step.start = slot ? in->start : INSTANT_NONE;
    step.end = slot ? in->end : INSTANT_NONE;
    step.duration = slot ? in->duration : FIELD_INT_NONE;
    for (size_t i = 0; i < sizeof step_events / sizeof step_events[0]; i++)
        if (step_events[i].op == call->op)
            step.event = step_events[i].event;
    return step;
}

static enum status step_write(struct txn *txn, struct call *call, struct error *err)
{
    struct review_row row;
    struct review shown;
    struct review_step step = step_of(call);
    enum status status = call_review_expected(txn, call, &row, err);
    if (status == ST_OK)
        status = review_do(txn, row.id, &step, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

/* ---- counter-proposals */

struct counter_body {
    int accept, short_notice;
};
static const struct field counter_fields[] = {
    FIELD(struct counter_body, accept, FIELD_BOOL, .flags = FIELD_REQUIRED,
        .doc = "true: the time proposed becomes the slot; false: the slot stays."),
    FIELD(struct counter_body, short_notice, FIELD_BOOL,
        .doc = "Insist although less than eight days are left to prepare."),
};
static const struct field_table counter_table =
    FIELD_TABLE("ReviewCounter", struct counter_body, counter_fields, -1);

static enum status counter_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct counter_body *in = call->in;
    struct review_row row;
    struct review shown;
    enum status status = call_review_expected(txn, call, &row, err);
    if (status == ST_OK)
        status =
            review_answer_counter(txn, row.id, in->accept == 1, in->short_notice, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op review_counter = {.name = "review_counter",
    .summary = "Answers the other time that somebody proposes",
    .input = &counter_table,
    .output = &review_table,
    .write = counter_write};
