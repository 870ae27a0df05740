#pragma once
/*
 * The life of a review: its states, what may happen in each, and what each happening makes the program do. The
 * one transition table is in review.c; nothing else changes a review's state. Pure, any thread.
 *
 * draft -> proposed (a slot is offered) -> invited -> accepted | tentative | declined | countered ->
 * (reschedule: back to invited) -> held -> reported -> closed (the copy is proved). cancelled: from any state
 * before held. no_show: after the start, then reconvened or closed with a reason. refused: the proof is kept. A
 * review that took place outside is held from draft and sends nothing. A wrong record is corrected by a new
 * fact with a reason, the history stays.
 */
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "model/invitation.h"

#include <stdbool.h>

enum review_state {
    REVIEW_DRAFT,
    REVIEW_PROPOSED,
    REVIEW_INVITED,
    REVIEW_ACCEPTED,
    REVIEW_TENTATIVE,
    REVIEW_DECLINED,
    REVIEW_COUNTERED,
    REVIEW_HELD,
    REVIEW_REPORTED,
    REVIEW_CLOSED,
    REVIEW_CANCELLED,
    REVIEW_NO_SHOW,
    REVIEW_REFUSED,
    REVIEW_STATE_COUNT
};
/* NULL-terminated, in the order of the enum: "draft", "proposed" ... */
extern const char *const review_state_names[];
const char *review_state_name(enum review_state state);

/* What happens to a review. */
enum review_event {
    REVIEW_EVENT_PROPOSE,        /* a slot is offered: needs one in the future */
    REVIEW_EVENT_INVITE,         /* the convocation is sent for the slot set */
    REVIEW_EVENT_RESEND,         /* the same convocation once more */
    REVIEW_EVENT_ANSWER_PENDING, /* the answers of all attendees together: see invitation_aggregate() */
    REVIEW_EVENT_ANSWER_ACCEPTED,
    REVIEW_EVENT_ANSWER_TENTATIVE,
    REVIEW_EVENT_ANSWER_DECLINED,
    REVIEW_EVENT_ANSWER_COUNTERED,
    REVIEW_EVENT_CHANGE,         /* place, link, mode: not the time */
    REVIEW_EVENT_RESCHEDULE,     /* another slot; also how a counter-proposal is accepted */
    REVIEW_EVENT_REPLACE,        /* another attendee; apply the aggregate of the answers afterwards */
    REVIEW_EVENT_REFUSE_COUNTER, /* the slot stays; apply the aggregate of the answers afterwards */
    REVIEW_EVENT_HOLD,           /* it took place on held_on */
    REVIEW_EVENT_REPORT,         /* the written report exists; again: a new version of it */
    REVIEW_EVENT_COPY,           /* the copy was handed over, with its proof */
    REVIEW_EVENT_ABSENCE,        /* the employee did not come: after the start */
    REVIEW_EVENT_RECONVENE,      /* after an absence: a new slot, the same thread in calendars */
    REVIEW_EVENT_CLOSE,          /* after an absence: no further attempt; needs a reason, proves nothing held */
    REVIEW_EVENT_REFUSE,         /* the employee refuses the proposal */
    REVIEW_EVENT_CANCEL,
    REVIEW_EVENT_CORRECT, /* a wrong held, no_show or refused: with held_on that is the right day, without
                             it did not take place (back to draft); needs a reason */
    REVIEW_EVENT_COUNT
};
extern const char *const review_event_names[]; /* "propose", "invite" ... */
const char *review_event_name(enum review_event event);
/* The event that brings the answers' aggregate to the review. */
enum review_event review_event_of(enum invitation_aggregate aggregate);

struct review_situation {
    int state;            /* enum review_state */
    int sequence;         /* SEQUENCE of the last invitation, -1: none was ever made */
    bool shown;           /* calendars show it: an invitation is out and not cancelled */
    instant_t start, end; /* the slot, INSTANT_NONE: none */
    date_t slot_on;       /* its civil day in the organisation's zone, DATE_NONE: none */
    date_t held_on;       /* DATE_NONE: not held */
};

struct review_happening {
    int event;            /* enum review_event */
    date_t today;         /* the civil day of `now` in the organisation's zone */
    instant_t start, end; /* PROPOSE, RESCHEDULE, RECONVENE */
    date_t slot_on;       /* the civil day of start */
    date_t held_on;       /* HOLD, CORRECT */
    const char *reason;   /* CLOSE, CORRECT; kept with the others when given */
};

/* Besides the invitation (see `calendar`), what is sent. */
enum review_notice {
    REVIEW_NOTICE_SLOT = 1 << 0,        /* to the employee: a slot is offered, or another one */
    REVIEW_NOTICE_WITHDRAWN = 1 << 1,   /* to the employee: the slot offered is withdrawn */
    REVIEW_NOTICE_HR = 1 << 2,          /* an answer, an absence or a refusal asks for a decision */
    REVIEW_NOTICE_INTERVIEWER = 1 << 3, /* the same, to who holds the review */
};

struct review_effects {
    struct review_situation after; /* sequence and shown as they will be once `calendar` is applied */
    int calendar;                  /* enum invitation_action, for invitation_apply() */
    bool sequence_rises;
    bool partstat_resets;   /* everyone is back to NEEDS-ACTION */
    bool drops_invitations; /* invitations that have not left yet are superseded */
    bool drops_reminders;   /* reminders that have not left yet are superseded: slot or state changed */
    unsigned notices;       /* enum review_notice */
};

/*
 * ST_CONFLICT: not in this state (the sentence names the state and what is allowed), an absence before the
 * start, an invitation without a slot. ST_INVALID with a pointer ("/start", "/end", "/held", "/reason"): a
 * value missing or impossible. `effects` is only written on success.
 */
enum status review_apply(const struct review_situation *in, const struct review_happening *happening,
    instant_t now, struct review_effects *effects, struct error *err);

bool review_allows(enum review_state state, enum review_event event);
/* "cancel, hold, invite ...": what is allowed in a state, in the order of the enum; "nothing" in the end. */
void review_allowed(enum review_state state, struct buf *out);
/* Whether an invitation is out and may still be answered. */
bool review_answerable(enum review_state state);
/* Whether it took place: only this satisfies a duty. A no-show closed with a reason did not. */
bool review_was_held(const struct review_situation *situation);
