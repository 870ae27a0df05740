#pragma once
/*
 * What an employee prepares for a review: the things to bring, ticked or linked, and wishes, projects and needs
 * in their own words. The draft is nobody else's; the interviewer sees what was handed in, as it was then. Open
 * from the time the review is set until it is held.
 */
#include "base/field.h"
#include "base/lang.h"
#include "store/preparation.h"
#include "store/review.h"

struct preparation {
    /* Ready: FIELD_UNSET or 1. */
    int job_description, summaries, certificates, badges, portfolio, profile;
    const char *job_description_url, *summaries_url, *certificates_url, *badges_url, *portfolio_url,
        *profile_url;
    const char *wishes, *projects, *needs;
    int camera, microphone, connection; /* tested, for a review at a distance */
};
extern const struct field_table preparation_table;

/* The things to bring, in the order they are shown. */
struct preparation_item {
    const char *name, *url; /* fields: whether it is ready, where it is */
    size_t ready_at, url_at;
    const char *titles[LANG_COUNT];
};
enum { PREPARATION_ITEMS = 6 };
extern const struct preparation_item preparation_items[PREPARATION_ITEMS];
bool preparation_ready(const struct preparation *preparation, const struct preparation_item *item);
const char *preparation_url(const struct preparation *preparation, const struct preparation_item *item);

struct preparation_state {
    struct preparation draft, handed;
    bool is_handed;
    instant_t handed_at, saved_at; /* INSTANT_NONE: never */
};

/* Whether the employee may still write. */
bool preparation_open(const struct review_row *review);
/* Empty when nothing was written yet. */
enum status preparation_view(
    const struct snapshot *snapshot, const char *review, struct preparation_state *ret, struct error *err);
/* ST_CONFLICT when the review is over. Audited as preparation.saved, without a word of it; handed in:
 * preparation.handed_in with the hash of what was. */
enum status preparation_save(struct txn *txn, const struct review_row *review, const struct preparation *in,
    bool hand_in, struct error *err);
/* The interviewer sees nothing of it any more; the draft stays. */
enum status preparation_take_back(struct txn *txn, const struct review_row *review, struct error *err);
