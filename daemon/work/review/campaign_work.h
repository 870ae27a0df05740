#pragma once
/* One campaign while a slice of it is worked on. Inside the module; on a write lane. */
#include "agenda.h"
#include "work/campaign.h"

struct campaign_work {
    struct txn *txn;
    struct arena *arena;
    struct organisation organisation;
    date_t today;
    struct campaign_row row;
    struct campaign_options options;
    bool waits, woke; /* for calendars to say when people are busy; some were told to be visited */
};

/* Reads on through the duties; at their end the state is planning. */
enum status campaign_select(struct campaign_work *w, struct error *err);
/* As they are stored. */
const char *campaign_json(struct arena *arena, const struct campaign_options *options);

/* Invites, or cancels, some of the reviews that nobody is invited to yet; at the end the state is done. */
enum status campaign_invite_some(struct campaign_work *w, struct error *err);
enum status campaign_discard_some(struct campaign_work *w, struct error *err);
/* Creates what is planned, else plans for the next interviewer; when nothing is left the state is done. */
enum status campaign_plan(struct campaign_work *w, struct error *err);
