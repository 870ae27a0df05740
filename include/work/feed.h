#pragma once
/*
 * Calendar feeds: what a person, a manager or HR sees of the reviews in the own calendar. Deadlines are all-day
 * entries, reviews events. Never a reason: neutral titles, and a person's name only in a manager's or the
 * organisation's feed. Whoever has left sees nothing more.
 */
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/zone.h"
#include "store/feed.h"

struct feed_calendar {
    struct buf text;         /* the whole VCALENDAR; the caller frees it */
    instant_t modified;      /* when anything it might show changed last, a new day included: Last-Modified */
    const struct zone *zone; /* of the organisation */
    date_t day; /* the civil day it is made for: until it ends, the same rows give the same bytes */
    bool gone;  /* revoked for more than 30 days: 410 */
};

/* The same rows on the same civil day give the same bytes. A revoked feed is an empty calendar. */
enum status feed_render(
    const struct snapshot *snapshot, const struct feed_row *feed, struct feed_calendar *ret, struct error *err);

/* ST_INVALID: an unknown scope, a subject missing, in excess, or of another organisation. The secret is in
 * ret_secret, on the transaction's arena, and nowhere else. */
enum status feed_create(struct txn *txn, struct feed_row *row, const char **ret_secret, struct error *err);
enum status feed_withdraw(struct txn *txn, const char *id, struct error *err);
/* By the secret of an address. */
enum status feed_of_secret(
    const struct snapshot *snapshot, const char *secret, struct feed_row *ret, struct error *err);
