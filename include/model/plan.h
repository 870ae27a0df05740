#pragma once
/*
 * The life of needs and of actions of the plan: their states and the one table of what may follow. Pure, any
 * thread.
 *
 * An action: requested -> approved -> planned -> enrolled -> in_progress -> done; cancelled, postponed and
 * refused with a reason. It is done only with evidence, never by the calendar.
 */
#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

enum action_state {
    ACTION_REQUESTED,
    ACTION_APPROVED,
    ACTION_PLANNED,
    ACTION_ENROLLED,
    ACTION_IN_PROGRESS,
    ACTION_DONE,
    ACTION_CANCELLED,
    ACTION_POSTPONED,
    ACTION_REFUSED,
    ACTION_STATE_COUNT
};
extern const char *const action_state_names[]; /* "requested" ..., NULL-terminated */

enum action_nature {
    NATURE_TRAINING,
    NATURE_SKILLS_ASSESSMENT,
    NATURE_VAE,
    NATURE_AFEST,
    NATURE_APPRENTICESHIP,
    NATURE_MENTORING,
    NATURE_SELF_STUDY,
    NATURE_COUNT
};
extern const char *const action_nature_names[];

/* Whether a convention, a law or a regulation requires it to do the job (L6321-2). */
enum action_mandatory { MANDATORY_YES, MANDATORY_NO, MANDATORY_UNKNOWN };
extern const char *const action_mandatory_names[];

/* Where a certification is registered. */
enum certification_register { REGISTER_RNCP, REGISTER_RS, REGISTER_BLOCK, REGISTER_OTHER };
extern const char *const certification_register_names[];

struct action_step {
    int to;             /* enum action_state */
    bool proved;        /* there is evidence that stands */
    const char *reason; /* kept with cancelled, postponed, refused, and when a done one is opened again */
};

/* ST_CONFLICT: not from this state (the sentence names it and what is allowed), or done without evidence.
 * ST_INVALID at "/reason" when one is missing. The same state again is ST_OK. */
enum status action_apply(enum action_state from, const struct action_step *step, struct error *err);
/* Whether it may still be done: neither done, cancelled nor refused. */
bool action_open(enum action_state state);
/* "approved, cancelled ...": what may follow, in the order of the enum. */
void action_allowed(enum action_state from, struct buf *out);

enum need_state {
    NEED_OPEN,
    NEED_PLANNED, /* an action takes it up */
    NEED_MET,     /* that action is done */
    NEED_REFUSED,
    NEED_WITHDRAWN,
    NEED_STATE_COUNT
};
extern const char *const need_state_names[];

/* By a person: open, refused, withdrawn; planned and met follow from actions. ST_CONFLICT, or ST_INVALID at
 * "/state" and "/reason". The same state again is ST_OK. */
enum status need_apply(enum need_state from, int to, const char *reason, struct error *err);
/* What a need is with so many actions that may still be done and so many that are; a need that was refused or
 * withdrawn stays so until an action takes it up. */
enum need_state need_follows(enum need_state from, unsigned open, unsigned done);
