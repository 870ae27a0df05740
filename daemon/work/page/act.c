/*
 * What the forms of personal pages ask for, each through the use case that anybody else goes through: answers
 * as verified replies by iTIP, transitions by review_do. On a write lane.
 */
#include "act.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

const char *act_value(const struct act *act, const char *name)
{
    return form_value(act->form, name);
}

/* ---- values */

static bool act_time(const char *text, int *ret)
{
    if (!text || strlen(text) < 5 || text[2] != ':' || strspn(text, "0123456789:") != strlen(text))
        return false;
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int minute = (text[3] - '0') * 10 + text[4] - '0';
    *ret = hour * 3600 + minute * 60;
    return hour < 24 && minute < 60;
}

static enum status act_slot(const struct act *act, instant_t *ret_start, instant_t *ret_end, struct error *err)
{
    date_t day;
    int from = 0;
    int until = 0;
    const char *text = act_value(act, "day");
    if (!text || !date_parse(text, &day) || !act_time(act_value(act, "time"), &from))
        return error_field(err, "/start", "expected a day and a time");
    if (!act_time(act_value(act, "until"), &until) || until <= from)
        return error_field(err, "/end", "expected a time after the start");
    *ret_start = zone_instant(act->zone, day, from);
    *ret_end = zone_instant(act->zone, day, until);
    return *ret_start > txn_now(act->txn) ? ST_OK : error_field(err, "/start", "is in the past");
}

struct review_step act_step(enum review_event event)
{
    return (struct review_step){.event = (int)event,
        .date = DATE_NONE,
        .means = FIELD_UNSET,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .duration = FIELD_INT_NONE};
}

enum status act_do(const struct act *act, const struct review_step *step, struct error *err)
{
    struct review shown;
    return review_do(act->txn, act->review.id, step, 0, &shown, err);
}

/* ---- answers to an invitation */

struct act_answer {
    int method; /* enum itip_method */
    enum partstat partstat;
    instant_t start, end;
};

static enum status act_answer(
    const struct act *act, const struct review_row *review, const struct act_answer *answer, struct error *err)
{
    const struct itip_received received = {.method = answer->method,
        .uid = review->uid,
        .email = act->person.email,
        .partstat = (int)answer->partstat,
        .sequence = (int)review->sequence,
        .dtstamp = txn_now(act->txn),
        .start = answer->start,
        .end = answer->end,
        .verified = true};
    struct itip_outcome outcome;
    if (!act->person.email)
        return error_set(err, ST_CONFLICT, "the person has no address and was not invited");
    enum status status = review_receive(act->txn, &received, &outcome, err);
    if (status != ST_OK || outcome.verdict == ITIP_TAKEN || outcome.verdict == ITIP_DUPLICATE)
        return status;
    return error_set(err, ST_CONFLICT, "%s", outcome.sentence);
}

/* The answer is to what the page showed. */
static enum status act_reply(const struct act *act, const struct act_answer *answer, struct error *err)
{
    int64_t seen = 0;
    const char *sequence = act_value(act, "sequence");
    if (!sequence || !parse_int64(sequence, -1, INVITATION_SEQUENCE_MAX, &seen) || seen != act->review.sequence)
        return error_set(err, ST_PRECONDITION, "the review has changed since the page was opened");
    return act_answer(act, &act->review, answer, err);
}

static const struct act_answer act_accepted = {ITIP_REPLY, PARTSTAT_ACCEPTED, INSTANT_NONE, INSTANT_NONE};
static const struct act_answer act_declined = {ITIP_REPLY, PARTSTAT_DECLINED, INSTANT_NONE, INSTANT_NONE};

static enum status act_accept(const struct act *act, struct error *err)
{
    return act_reply(act, &act_accepted, err);
}

static enum status act_decline(const struct act *act, struct error *err)
{
    return act_reply(act, &act_declined, err);
}

static enum status act_counter(const struct act *act, struct error *err)
{
    struct act_answer answer = {.method = ITIP_COUNTER, .partstat = PARTSTAT_TENTATIVE};
    enum status status = act_slot(act, &answer.start, &answer.end, err);
    return status == ST_OK ? act_reply(act, &answer, err) : status;
}

/* The time offered suits: the convocation leaves, and this is the answer to it. */
static enum status act_suits(const struct act *act, struct error *err)
{
    struct review_row invited;
    const struct review_step step = act_step(REVIEW_EVENT_INVITE);
    if (strcmp(act->review.state, "proposed") != 0)
        return error_set(err, ST_CONFLICT, "no time is offered any more");
    enum status status = act_do(act, &step, err);
    if (status == ST_OK)
        status = review_get(txn_snapshot(act->txn), act->review.id, &invited, err);
    return status == ST_OK ? act_answer(act, &invited, &act_accepted, err) : status;
}

/* ---- preparation */

static enum status act_prepare(const struct act *act, struct error *err)
{
    struct preparation preparation;
    field_clear(&preparation_table, &preparation);
    for (size_t i = 0; i < preparation_table.count; i++) {
        const struct field *field = &preparation_table.fields[i];
        const char *value = act_value(act, field->name);
        if (value)
            (void)field_read_text(field, act->arena, value, &preparation, err);
    }
    if (err->count)
        return ST_INVALID;
    return preparation_save(act->txn, &act->review, &preparation, act_value(act, "hand_in") != NULL, err);
}

static enum status act_take_back(const struct act *act, struct error *err)
{
    return preparation_take_back(act->txn, &act->review, err);
}

/* ---- the copy */

static const char *act_proof(const struct act *act, const struct document_row *copy)
{
    char at[INSTANT_TEXT_MAX];
    return arena_printf(act->arena, "received on the personal page at %s: %s no. %lld, SHA-256 %s, link %s",
        instant_text(txn_now(act->txn), at), copy->kind, (long long)copy->number, copy->sha256,
        act->request->link->id);
}

static enum status act_acknowledge(const struct act *act, struct error *err)
{
    struct document_row copy;
    const struct snapshot *snapshot = txn_snapshot(act->txn);
    if (!act_value(act, "received"))
        return error_field(err, "/received", "expected the box to be ticked");
    if (document_get(snapshot, act->review.id, "copy", 0, &copy, NULL) != ST_OK &&
        document_get(snapshot, act->review.id, "report", 0, &copy, NULL) != ST_OK)
        return error_set(err, ST_CONFLICT, "there is no copy to receive");
    if (!text_equal(act_value(act, "sha256"), copy.sha256))
        return error_set(err, ST_PRECONDITION, "another version of the document is there");
    struct review_step step = act_step(REVIEW_EVENT_COPY);
    step.date = act->today;
    step.means = COPY_PORTAL;
    step.proof = act_proof(act, &copy);
    return act_do(act, &step, err);
}

/* ---- the table */

enum act_who { BY_EMPLOYEE = 1, BY_INTERVIEWER = 2, BY_BOTH = 3 };

static const struct act_row {
    const char *name, *done;
    unsigned who;
    bool alone; /* needs no review */
    enum status (*run)(const struct act *act, struct error *err);
} act_rows[] = {
    {"accept", "accepted", BY_BOTH, false, act_accept},
    {"decline", "declined", BY_BOTH, false, act_decline},
    {"counter", "countered", BY_BOTH, false, act_counter},
    {"suits", "accepted", BY_EMPLOYEE, false, act_suits},
    {"prepare", "saved", BY_EMPLOYEE, false, act_prepare},
    {"take_back", "taken_back", BY_EMPLOYEE, false, act_take_back},
    {"acknowledge", "acknowledged", BY_EMPLOYEE, false, act_acknowledge},
    {"choose", "chosen", BY_INTERVIEWER, true, act_choose},
    {"take_counter", "chosen", BY_INTERVIEWER, false, act_take_counter},
    {"keep_slot", "kept", BY_INTERVIEWER, false, act_keep_slot},
    {"held", "held", BY_INTERVIEWER, false, act_held},
    {"absent", "absent", BY_INTERVIEWER, false, act_absent},
    {"report", "reported", BY_INTERVIEWER, false, act_report},
    {"copy", "copied", BY_INTERVIEWER, false, act_copy},
};

static const struct act_row *act_find(const struct link_row *link, const char *name)
{
    unsigned who = page_is_interviewer(link) ? BY_INTERVIEWER : BY_EMPLOYEE;
    for (size_t i = 0; name && i < sizeof(act_rows) / sizeof(act_rows[0]); i++)
        if (strcmp(act_rows[i].name, name) == 0 && (act_rows[i].who & who))
            return &act_rows[i];
    return NULL;
}

/* The review that the form names, when it is one of the link's. */
static enum status act_begin(struct act *act, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(act->txn);
    const struct link_row *link = act->request->link;
    const char *review = act_value(act, "review");
    enum status status = organisation_view(snapshot, link->organisation, &act->organisation, err);
    if (status == ST_OK)
        status = employee_get(snapshot, link->person, &act->person, err);
    if (status == ST_OK && review)
        status = page_review(snapshot, link, review, err);
    if (status == ST_OK && review)
        status = review_get(snapshot, review, &act->review, err);
    if (status != ST_OK)
        return status;
    act->zone = organisation_zone(&act->organisation);
    act->today = organisation_today(&act->organisation, txn_now(act->txn));
    return ST_OK;
}

enum status page_act(
    struct txn *txn, const struct page_request *request, const char **ret_done, struct error *err)
{
    struct act act = {.txn = txn, .arena = txn_arena(txn), .request = request, .form = request->form};
    const struct act_row *row = act_find(request->link, act_value(&act, "act"));
    if (!page_token_valid(request->keyring, request->link, act_value(&act, "token"), txn_now(txn)))
        return error_set(err, ST_FORBIDDEN, "the form is not of this page, or too old");
    if (!row)
        return error_set(err, ST_SYNTAX, "the form asks for nothing that is done here");
    enum status status = act_begin(&act, err);
    if (status == ST_OK && !row->alone && !act.review.id)
        status = error_set(err, ST_SYNTAX, "the form names no review");
    if (status == ST_OK)
        status = row->run(&act, err);
    if (status == ST_OK)
        *ret_done = row->run == act_prepare && act_value(&act, "hand_in") ? "handed_in" : row->done;
    return status;
}
