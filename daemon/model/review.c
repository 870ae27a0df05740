/*
 * The one transition table of reviews and the function that reads it: which happening leads from which state to
 * which, what it needs, what it makes the program send. Pure, any thread.
 */
#include "model/review.h"

#include <stddef.h>

const char *const review_state_names[] = {"draft", "proposed", "invited", "accepted", "tentative", "declined",
    "countered", "held", "reported", "closed", "cancelled", "no_show", "refused", NULL};

const char *const review_event_names[] = {"propose", "invite", "resend", "answer_pending", "answer_accepted",
    "answer_tentative", "answer_declined", "answer_countered", "change", "reschedule", "replace",
    "refuse_counter", "hold", "report", "copy", "absence", "reconvene", "close", "refuse", "cancel", "correct",
    NULL};

#define IN(state)  (1u << REVIEW_##state)
#define ANSWERABLE (IN(INVITED) | IN(ACCEPTED) | IN(TENTATIVE) | IN(DECLINED) | IN(COUNTERED))

/* Besides the states: where a row leads. */
enum { REVIEW_TO_SAME = -1, REVIEW_TO_CORRECTED = -2 };

enum review_need {
    NEEDS_NEW_SLOT = 1 << 0, /* one comes with the happening, in the future */
    NEEDS_SLOT = 1 << 1,     /* the review has one, in the future */
    NEEDS_STARTED = 1 << 2,
    NEEDS_HELD_ON = 1 << 3,
    NEEDS_REASON = 1 << 4,
};

enum review_drop { DROPS_NOTHING = 0, DROPS_INVITATIONS = 1 << 0, DROPS_REMINDERS = 1 << 1 };
#define DROPS_BOTH (DROPS_INVITATIONS | DROPS_REMINDERS)
#define DECIDERS   (REVIEW_NOTICE_HR | REVIEW_NOTICE_INTERVIEWER)

struct review_row {
    int event;   /* enum review_event */
    unsigned in; /* bits of enum review_state */
    int to;      /* enum review_state, or REVIEW_TO_... */
    unsigned needs;
    int calendar; /* enum invitation_action, when there is an entry in calendars that still matters */
    unsigned drops;
    unsigned notices;
};

/* Ordered by event; the first row with the state wins. */
static const struct review_row review_rows[] = {
    {REVIEW_EVENT_PROPOSE, IN(DRAFT) | IN(PROPOSED), REVIEW_PROPOSED, NEEDS_NEW_SLOT, INVITATION_NONE,
        DROPS_REMINDERS, REVIEW_NOTICE_SLOT},
    {REVIEW_EVENT_INVITE, IN(DRAFT) | IN(PROPOSED), REVIEW_INVITED, NEEDS_SLOT, INVITATION_INVITE, DROPS_BOTH,
        0},
    {REVIEW_EVENT_RESEND, ANSWERABLE, REVIEW_TO_SAME, NEEDS_SLOT, INVITATION_RESEND, DROPS_NOTHING, 0},
    {REVIEW_EVENT_ANSWER_PENDING, ANSWERABLE, REVIEW_INVITED, 0, INVITATION_NONE, DROPS_NOTHING, 0},
    {REVIEW_EVENT_ANSWER_ACCEPTED, ANSWERABLE, REVIEW_ACCEPTED, 0, INVITATION_NONE, DROPS_NOTHING, 0},
    {REVIEW_EVENT_ANSWER_TENTATIVE, ANSWERABLE, REVIEW_TENTATIVE, 0, INVITATION_NONE, DROPS_NOTHING, 0},
    /* Someone else's answer may repeat a declined review: told once. A second counter-proposal is news. */
    {REVIEW_EVENT_ANSWER_DECLINED, IN(DECLINED), REVIEW_DECLINED, 0, INVITATION_NONE, DROPS_NOTHING, 0},
    {REVIEW_EVENT_ANSWER_DECLINED, ANSWERABLE, REVIEW_DECLINED, 0, INVITATION_NONE, DROPS_NOTHING, DECIDERS},
    {REVIEW_EVENT_ANSWER_COUNTERED, ANSWERABLE, REVIEW_COUNTERED, 0, INVITATION_NONE, DROPS_NOTHING, DECIDERS},
    {REVIEW_EVENT_CHANGE, IN(DRAFT) | IN(PROPOSED), REVIEW_TO_SAME, 0, INVITATION_NONE, DROPS_NOTHING, 0},
    {REVIEW_EVENT_CHANGE, ANSWERABLE, REVIEW_TO_SAME, 0, INVITATION_CHANGE, DROPS_INVITATIONS, 0},
    {REVIEW_EVENT_RESCHEDULE, IN(DRAFT), REVIEW_DRAFT, NEEDS_NEW_SLOT, INVITATION_NONE, DROPS_REMINDERS, 0},
    {REVIEW_EVENT_RESCHEDULE, IN(PROPOSED), REVIEW_PROPOSED, NEEDS_NEW_SLOT, INVITATION_NONE, DROPS_REMINDERS,
        REVIEW_NOTICE_SLOT},
    {REVIEW_EVENT_RESCHEDULE, ANSWERABLE, REVIEW_INVITED, NEEDS_NEW_SLOT, INVITATION_MOVE, DROPS_BOTH, 0},
    {REVIEW_EVENT_REPLACE, IN(DRAFT) | IN(PROPOSED), REVIEW_TO_SAME, 0, INVITATION_NONE, DROPS_REMINDERS, 0},
    {REVIEW_EVENT_REPLACE, ANSWERABLE, REVIEW_INVITED, 0, INVITATION_REPLACE, DROPS_BOTH, 0},
    {REVIEW_EVENT_REFUSE_COUNTER, IN(COUNTERED), REVIEW_INVITED, 0, INVITATION_REFUSE_COUNTER, DROPS_NOTHING,
        0},
    /* Held before its day: the entry that is left in calendars is taken back. */
    {REVIEW_EVENT_HOLD, IN(DRAFT) | IN(PROPOSED) | ANSWERABLE, REVIEW_HELD, NEEDS_HELD_ON, INVITATION_CANCEL,
        DROPS_BOTH, 0},
    {REVIEW_EVENT_REPORT, IN(HELD) | IN(REPORTED), REVIEW_REPORTED, 0, INVITATION_NONE, DROPS_REMINDERS, 0},
    {REVIEW_EVENT_COPY, IN(REPORTED), REVIEW_CLOSED, 0, INVITATION_NONE, DROPS_REMINDERS, 0},
    {REVIEW_EVENT_ABSENCE, ANSWERABLE, REVIEW_NO_SHOW, NEEDS_STARTED, INVITATION_NONE, DROPS_BOTH, DECIDERS},
    {REVIEW_EVENT_RECONVENE, IN(NO_SHOW), REVIEW_INVITED, NEEDS_NEW_SLOT, INVITATION_MOVE, DROPS_BOTH, 0},
    {REVIEW_EVENT_CLOSE, IN(NO_SHOW), REVIEW_CLOSED, NEEDS_REASON, INVITATION_NONE, DROPS_BOTH, 0},
    {REVIEW_EVENT_REFUSE, IN(PROPOSED) | ANSWERABLE | IN(NO_SHOW), REVIEW_REFUSED, 0, INVITATION_CANCEL,
        DROPS_BOTH, REVIEW_NOTICE_HR},
    {REVIEW_EVENT_CANCEL, IN(PROPOSED), REVIEW_CANCELLED, 0, INVITATION_CANCEL, DROPS_BOTH,
        REVIEW_NOTICE_WITHDRAWN},
    {REVIEW_EVENT_CANCEL, IN(DRAFT) | ANSWERABLE | IN(NO_SHOW), REVIEW_CANCELLED, 0, INVITATION_CANCEL,
        DROPS_BOTH, 0},
    {REVIEW_EVENT_CORRECT, IN(HELD) | IN(REPORTED) | IN(CLOSED) | IN(NO_SHOW) | IN(REFUSED),
        REVIEW_TO_CORRECTED, NEEDS_REASON, INVITATION_NONE, DROPS_REMINDERS, 0},
};

#define REVIEW_SLOT_MAX_US US_PER_DAY

const char *review_state_name(enum review_state state)
{
    return (unsigned)state < REVIEW_STATE_COUNT ? review_state_names[state] : "?";
}

const char *review_event_name(enum review_event event)
{
    return (unsigned)event < REVIEW_EVENT_COUNT ? review_event_names[event] : "?";
}

enum review_event review_event_of(enum invitation_aggregate aggregate)
{
    static const enum review_event events[] = {
        [ANSWERS_PENDING] = REVIEW_EVENT_ANSWER_PENDING,
        [ANSWERS_ACCEPTED] = REVIEW_EVENT_ANSWER_ACCEPTED,
        [ANSWERS_TENTATIVE] = REVIEW_EVENT_ANSWER_TENTATIVE,
        [ANSWERS_DECLINED] = REVIEW_EVENT_ANSWER_DECLINED,
        [ANSWERS_COUNTERED] = REVIEW_EVENT_ANSWER_COUNTERED,
    };
    return events[aggregate];
}

static const struct review_row *review_row(int state, int event)
{
    for (size_t i = 0; i < sizeof review_rows / sizeof review_rows[0]; i++)
        if (review_rows[i].event == event && (review_rows[i].in & (1u << state)))
            return &review_rows[i];
    return NULL;
}

bool review_allows(enum review_state state, enum review_event event)
{
    return (unsigned)state < REVIEW_STATE_COUNT && review_row((int)state, (int)event);
}

void review_allowed(enum review_state state, struct buf *out)
{
    bool any = false;
    for (int event = 0; event < REVIEW_EVENT_COUNT; event++) {
        bool answer = event >= REVIEW_EVENT_ANSWER_PENDING && event <= REVIEW_EVENT_ANSWER_COUNTERED;
        if (answer || !review_allows(state, (enum review_event)event))
            continue;
        buf_printf(out, "%s%s", any ? ", " : "", review_event_names[event]);
        any = true;
    }
    if (!any)
        buf_text(out, "nothing");
}

bool review_answerable(enum review_state state)
{
    return (unsigned)state < REVIEW_STATE_COUNT && (ANSWERABLE & (1u << state));
}

bool review_was_held(const struct review_situation *situation)
{
    int state = situation->state;
    return situation->held_on != DATE_NONE &&
           (state == REVIEW_HELD || state == REVIEW_REPORTED || state == REVIEW_CLOSED);
}

static enum status review_refuse(const struct review_situation *in, int event, struct error *err)
{
    BUF_AUTO allowed;
    buf_init(&allowed, ERROR_DETAIL_MAX);
    review_allowed((enum review_state)in->state, &allowed);
    return error_set(err, ST_CONFLICT, "the review is %s: %s is not possible; possible: %s",
        review_state_name((enum review_state)in->state), review_event_name((enum review_event)event),
        allowed.data);
}

static enum status review_check_new_slot(const struct review_situation *in,
    const struct review_happening *happening, instant_t now, struct error *err)
{
    if (happening->start == INSTANT_NONE)
        return error_field(err, "/start", "expected the start of the slot");
    if (happening->end == INSTANT_NONE || happening->end <= happening->start)
        return error_field(err, "/end", "expected an instant after the start");
    if (happening->end - happening->start > REVIEW_SLOT_MAX_US)
        return error_field(err, "/end", "expected at most 24 hours after the start");
    if (happening->start <= now)
        return error_field(err, "/start", "expected an instant in the future");
    if (happening->event == REVIEW_EVENT_RESCHEDULE && happening->start == in->start &&
        happening->end == in->end)
        return error_field(err, "/start", "expected another slot than the one that is set");
    return ST_OK;
}

static enum status review_check_needs(const struct review_row *row, const struct review_situation *in,
    const struct review_happening *happening, instant_t now, struct error *err)
{
    const char *verb = review_event_name((enum review_event)row->event);
    if ((row->needs & NEEDS_REASON) && (!happening->reason || !happening->reason[0]))
        return error_field(err, "/reason", "expected a reason");
    if ((row->needs & NEEDS_HELD_ON) && happening->held_on == DATE_NONE)
        return error_field(err, "/held_on", "expected the day it was held");
    bool dated = (row->needs & NEEDS_HELD_ON) || row->to == REVIEW_TO_CORRECTED;
    if (dated && happening->held_on != DATE_NONE && happening->held_on > happening->today)
        return error_field(err, "/held_on", "expected today or a day before");
    if ((row->needs & NEEDS_SLOT) && in->start == INSTANT_NONE)
        return error_set(err, ST_CONFLICT, "the review has no slot: %s needs one", verb);
    if ((row->needs & NEEDS_SLOT) && in->start <= now)
        return error_set(err, ST_CONFLICT, "the slot of the review is past: %s needs one in the future", verb);
    if ((row->needs & NEEDS_STARTED) && (in->start == INSTANT_NONE || in->start > now))
        return error_set(
            err, ST_CONFLICT, "the review has not started yet: %s is recorded after its start", verb);
    if (row->needs & NEEDS_NEW_SLOT)
        return review_check_new_slot(in, happening, now, err);
    return ST_OK;
}

/* What calendars are told: nothing when they know nothing, or when what they show is past. */
static int review_calendar(const struct review_row *row, const struct review_situation *in,
    const struct review_happening *happening, instant_t now)
{
    bool past = in->end == INSTANT_NONE || in->end <= now;
    switch (row->calendar) {
    case INVITATION_NONE:
    case INVITATION_INVITE:
        return row->calendar;
    case INVITATION_CHANGE:
    case INVITATION_REPLACE:
        return in->shown && !past ? row->calendar : INVITATION_NONE;
    case INVITATION_CANCEL:
        if (row->event == REVIEW_EVENT_HOLD && (in->start <= now || in->slot_on <= happening->held_on))
            return INVITATION_NONE;
        return in->shown && !past ? row->calendar : INVITATION_NONE;
    default:
        return in->shown ? row->calendar : INVITATION_NONE;
    }
}

static struct review_situation review_corrected(
    const struct review_situation *in, const struct review_happening *happening, instant_t now)
{
    struct review_situation after = *in;
    bool was_held = review_was_held(in);
    after.held_on = happening->held_on;
    if (happening->held_on != DATE_NONE) {
        after.state = was_held ? in->state : REVIEW_HELD;
        return after;
    }
    after.state = REVIEW_DRAFT;
    if (in->end == INSTANT_NONE || in->end <= now) {
        after.start = after.end = INSTANT_NONE;
        after.slot_on = DATE_NONE;
    }
    return after;
}

static struct review_situation review_after(const struct review_row *row, const struct review_situation *in,
    const struct review_happening *happening, instant_t now)
{
    if (row->to == REVIEW_TO_CORRECTED)
        return review_corrected(in, happening, now);
    struct review_situation after = *in;
    if (row->to != REVIEW_TO_SAME)
        after.state = row->to;
    if (row->needs & NEEDS_NEW_SLOT) {
        after.start = happening->start;
        after.end = happening->end;
        after.slot_on = happening->slot_on;
    }
    if (row->needs & NEEDS_HELD_ON)
        after.held_on = happening->held_on;
    return after;
}

enum status review_apply(const struct review_situation *in, const struct review_happening *happening,
    instant_t now, struct review_effects *effects, struct error *err)
{
    if ((unsigned)in->state >= REVIEW_STATE_COUNT)
        return error_set(err, ST_INTERNAL, "a review in the unknown state %d", in->state);
    const struct review_row *row = review_row(in->state, happening->event);
    if (!row)
        return review_refuse(in, happening->event, err);
    enum status status = review_check_needs(row, in, happening, now, err);
    if (status)
        return status;

    enum invitation_action calendar = (enum invitation_action)review_calendar(row, in, happening, now);
    bool again = calendar != INVITATION_INVITE || in->sequence >= 0;
    struct review_effects out = {
        .after = review_after(row, in, happening, now),
        .calendar = (int)calendar,
        .sequence_rises = invitation_raises_sequence(calendar) && again,
        .partstat_resets = invitation_resets_answers(calendar),
        .drops_invitations = row->drops & DROPS_INVITATIONS,
        .drops_reminders = row->drops & DROPS_REMINDERS,
        .notices = row->notices,
    };
    if (calendar == INVITATION_INVITE || out.sequence_rises)
        out.after.sequence = in->sequence + 1;
    out.after.shown = (in->shown || calendar == INVITATION_INVITE) && calendar != INVITATION_CANCEL;
    *effects = out;
    return ST_OK;
}
