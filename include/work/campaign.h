#pragma once
/*
 * Campaigns: the reviews that many employees are owed, planned together: whom it concerns comes from the duties
 * that are to plan, the times from the planning window of each duty, the agendas of both people and the other
 * reviews of the campaign. Nobody is put in two places, no interviewer's week gets more than the policy says,
 * and who finds no time learns why. The same facts give the same plan.
 *
 *   selecting (through the duties) -> planning (interviewer after interviewer) -> done
 *   done -> inviting -> done: all its reviews that are not invited yet are; who cannot be stays, with the
 * reason any but inviting -> discarding -> done: what was not invited yet is cancelled; what was stays
 *
 * The work is done in slices on the write lane: a review is created in the transaction in which its time was
 * seen to be free. Reviews start as drafts, of which nobody is told, or are proposed at once.
 */
#include "base/date.h"
#include "base/field.h"
#include "base/id.h"
#include "store/campaign.h"
#include "store/txn.h"

#include <stdbool.h>

enum campaign_state {
    CAMPAIGN_SELECTING,
    CAMPAIGN_PLANNING,
    CAMPAIGN_INVITING,
    CAMPAIGN_DISCARDING,
    CAMPAIGN_DONE
};
extern const char *const campaign_state_names[];
extern const char *const placement_state_names[]; /* "waiting", "planned", "created", "refused" ... */

/* What was asked; stored as JSON with the campaign. */
struct campaign_options {
    const char *label;
    date_t due_before;       /* of the duties; DATE_NONE: those in the planning horizon */
    date_t from, to;         /* reviews on these days only; DATE_NONE: as the duties say */
    const char *manager;     /* only those who report to this employee */
    const char *interviewer; /* holds the reviews of people without a manager */
    int64_t duration;        /* minutes; FIELD_INT_NONE: 60 */
    int64_t per_week;        /* FIELD_INT_NONE: the organisation's policy */
    int mode;                /* enum review_mode */
    const char *location, *conference_url;
    int propose;      /* 1: each slot is offered to its employee */
    int dry_run;      /* 1: times are found, no review is created */
    int short_notice; /* 1: whoever has less notice than eight days by now is invited all the same */
};
extern const struct field_table campaign_options_table;

/* Stores it; audits campaign.started. ST_INVALID with pointers ("/to", "/manager" ...). */
enum status campaign_start(
    struct txn *txn, const struct campaign_options *options, struct campaign_row *ret, struct error *err);
/* Begins to invite all of it. ST_CONFLICT unless it is done, and of a dry run. Audits campaign.invited at the
 * end. */
enum status campaign_invite(
    struct txn *txn, const char *id, bool short_notice, struct campaign_row *ret, struct error *err);
/* Begins to cancel what nobody was invited to; planning ends. ST_CONFLICT while it invites. Audits
 * campaign.discarded at the end. */
enum status campaign_discard(struct txn *txn, const char *id, struct campaign_row *ret, struct error *err);
/* Goes on with the oldest campaign of the job's organisation; *ret_done: how much was done, 0 when there is
 * none; *ret_ended: the id of the campaign that this slice ended, else "". Audits campaign.done. */
enum status campaign_tick(
    struct txn *txn, unsigned *ret_done, char ret_ended[static ID_MAX], struct error *err);
