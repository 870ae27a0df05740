/*
 * What may follow in the life of actions and needs: one row a state. Pure, any thread.
 */
#include "model/plan.h"

#include <stddef.h>

const char *const action_state_names[] = {"requested", "approved", "planned", "enrolled", "in_progress", "done",
    "cancelled", "postponed", "refused", NULL};
const char *const action_nature_names[] = {
    "training", "skills_assessment", "vae", "afest", "apprenticeship", "mentoring", "self_study", NULL};
const char *const action_mandatory_names[] = {"yes", "no", "unknown", NULL};
const char *const certification_register_names[] = {"rncp", "rs", "block", "other", NULL};
const char *const need_state_names[] = {"open", "planned", "met", "refused", "withdrawn", NULL};

#define TO(state) (1u << ACTION_##state)
#define LEAVES    (TO(CANCELLED) | TO(POSTPONED))
#define ONWARD    (TO(PLANNED) | TO(ENROLLED) | TO(IN_PROGRESS) | TO(DONE))

static const unsigned action_next[ACTION_STATE_COUNT] = {
    [ACTION_REQUESTED] = TO(APPROVED) | TO(REFUSED) | LEAVES | ONWARD,
    [ACTION_APPROVED] = TO(REFUSED) | LEAVES | ONWARD,
    [ACTION_PLANNED] = TO(APPROVED) | LEAVES | ONWARD,
    [ACTION_ENROLLED] = LEAVES | ONWARD,
    [ACTION_IN_PROGRESS] = LEAVES | ONWARD,
    [ACTION_DONE] = TO(IN_PROGRESS),
    [ACTION_CANCELLED] = TO(REQUESTED),
    [ACTION_POSTPONED] = TO(REQUESTED) | TO(APPROVED) | TO(REFUSED) | TO(CANCELLED) | ONWARD,
    [ACTION_REFUSED] = TO(REQUESTED),
};

static bool action_needs_reason(enum action_state from, int to)
{
    return to == ACTION_CANCELLED || to == ACTION_POSTPONED || to == ACTION_REFUSED || from == ACTION_DONE;
}

bool action_open(enum action_state state)
{
    return state != ACTION_DONE && state != ACTION_CANCELLED && state != ACTION_REFUSED;
}

void action_allowed(enum action_state from, struct buf *out)
{
    const char *separator = "";
    for (int to = 0; to < ACTION_STATE_COUNT; to++) {
        if (!(action_next[from] & (1u << to)) || to == (int)from)
            continue;
        buf_printf(out, "%s%s", separator, action_state_names[to]);
        separator = ", ";
    }
}

enum status action_apply(enum action_state from, const struct action_step *step, struct error *err)
{
    if (step->to == (int)from)
        return ST_OK;
    if (!(action_next[from] & (1u << step->to))) {
        BUF_AUTO allowed;
        buf_init(&allowed, ERROR_DETAIL_MAX);
        action_allowed(from, &allowed);
        return error_set(err, ST_CONFLICT, "the action is %s: it cannot become %s; possible: %s",
            action_state_names[from], action_state_names[step->to], allowed.data);
    }
    if (step->to == ACTION_DONE && !step->proved)
        return error_set(err, ST_CONFLICT,
            "the action has no evidence: it is done by a completion, or with the reference of a certificate");
    if (action_needs_reason(from, step->to) && (!step->reason || !step->reason[0]))
        return error_field(err, "/reason", "expected a reason");
    return ST_OK;
}

enum status need_apply(enum need_state from, int to, const char *reason, struct error *err)
{
    if (to == (int)from)
        return ST_OK;
    if (to == NEED_PLANNED || to == NEED_MET)
        return error_field(err, "/state", "follows from the actions that take the need up");
    if (from == NEED_PLANNED || from == NEED_MET)
        return error_set(err, ST_CONFLICT, "the need is %s: cancel its action first", need_state_names[from]);
    if (to != NEED_OPEN && (!reason || !reason[0]))
        return error_field(err, "/reason", "expected a reason");
    return ST_OK;
}

enum need_state need_follows(enum need_state from, unsigned open, unsigned done)
{
    if (done > 0)
        return NEED_MET;
    if (open > 0)
        return NEED_PLANNED;
    return from == NEED_REFUSED || from == NEED_WITHDRAWN ? from : NEED_OPEN;
}
