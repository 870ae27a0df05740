/*
 * When a calendar does not reach people: they are mailed what it was to tell them, with the same SEQUENCE, in
 * the transaction that notes the failure and thus once; HR learns it. On a write lane.
 */
#include "work.h"

#include "base/text.h"
#include "work/delivery.h"

#include <string.h>
#include <strings.h>

/* What was to be told. */
struct mailing {
    struct txn *txn;
    struct review_row review;
    struct attendee_list attendees;
    const char *why;
};

static enum status mailing_load(
    struct txn *txn, const char *review, const char *why, struct mailing *ret, struct error *err)
{
    *ret = (struct mailing){.txn = txn, .why = why};
    enum status status = review_get(txn_snapshot(txn), review, &ret->review, err);
    return status == ST_OK ? attendee_list(txn_snapshot(txn), review, &ret->attendees, err) : status;
}

static bool mailing_lists(const struct mailing *m, const char *email)
{
    for (size_t i = 0; i < m->attendees.count; i++)
        if (!strcasecmp(m->attendees.items[i].email, email))
            return true;
    return false;
}

/* HR is told when it begins: not of each version that the same calendar cannot bring either. */
static enum status mailing_tell(const struct mailing *m, const char *email, struct error *err)
{
    bool mailed = false;
    bool told = false;
    enum status status = delivery_goes_by_mail(
        txn_snapshot(m->txn), txn_organisation(m->txn), m->review.uid, email, m->review.sequence, &mailed, err);
    if (status == ST_OK && mailed)
        status = delivery_exists(txn_snapshot(m->txn), m->review.id, "calendar_failed", email, &told, err);
    return status == ST_OK && !told ? delivery_tell_calendar(m->txn, m->review.id, email, m->why, err) : status;
}

/* Unless a mail says it already: `since` is the version of which they may have been told otherwise. */
static enum status mailing_one(
    const struct mailing *m, enum itip_method method, const char *email, int64_t since, struct error *err)
{
    bool mailed = false;
    enum status status = delivery_was_mailed(
        txn_snapshot(m->txn), txn_organisation(m->txn), m->review.uid, email, since, &mailed, err);
    if (status != ST_OK || mailed)
        return status;
    const struct invitation_message message = {.method = (int)method,
        .email = email,
        .sequence = (int)m->review.sequence,
        .dtstamp = m->review.dtstamp,
        .drops = true,
        .removed = !mailing_lists(m, email)};
    status = delivery_invitation_by_mail(m->txn, m->review.id, &message, err);
    return status == ST_OK ? mailing_tell(m, email, err) : status;
}

/* Whom the entry named and the list does not name any more: the server was to tell them. */
static enum status mailing_removed(const struct mailing *m, const struct entry_row *entry, struct error *err)
{
    const struct calendar_people named = calendar_people_read(txn_arena(m->txn), entry->people);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < named.count; i++)
        if (!mailing_lists(m, named.items[i].email))
            status = mailing_one(m, ITIP_CANCEL, named.items[i].email, entry->sequence, err);
    return status;
}

static enum status mailing_all(const struct mailing *m, const struct calendar_put *put, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < m->attendees.count; i++) {
        const struct attendee_row *to = &m->attendees.items[i];
        if (!put->removes || to->sent >= 0)
            status =
                mailing_one(m, put->removes ? ITIP_CANCEL : ITIP_REQUEST, to->email, m->review.sequence, err);
    }
    if (status != ST_OK || put->removes)
        return status;
    return mailing_removed(m, &put->entry, err);
}

/* What has changed since is told by a row of its own; an invitation to what is over tells nobody anything. */
static bool mailing_is_wanted(const struct mailing *m, const struct calendar_put *put)
{
    if (m->review.sequence != put->row.sequence || m->review.starts_at <= txn_now(m->txn))
        return false;
    return put->removes || m->review.shown;
}

enum status calendar_mail_instead(
    struct txn *txn, const struct calendar_put *put, const char *why, struct error *err)
{
    struct mailing m;
    enum status status = mailing_load(txn, put->row.review, why, &m, err);
    if (status != ST_OK || !mailing_is_wanted(&m, put))
        return status;
    if (!put->scheduling)
        return mailing_one(
            &m, put->removes ? ITIP_CANCEL : ITIP_REQUEST, put->row.recipient, m.review.sequence, err);
    return mailing_all(&m, put, err);
}

enum status calendar_mail_missed(
    struct txn *txn, const struct entry_row *entry, const char *before, struct error *err)
{
    struct mailing m;
    struct arena *arena = txn_arena(txn);
    const struct calendar_people now = calendar_people_read(arena, entry->people);
    const struct calendar_people then = calendar_people_read(arena, before);
    enum status status = mailing_load(txn, entry->review, NULL, &m, err);
    for (size_t i = 0; status == ST_OK && i < now.count; i++) {
        const struct calendar_person *one = &now.items[i];
        const struct calendar_person *was = calendar_people_find(&then, one->email);
        bool known = was && calendar_missed(was->status);
        if (known || !calendar_missed(one->status) || !mailing_lists(&m, one->email))
            continue;
        m.why = arena_printf(arena, "SCHEDULE-STATUS %s", one->status);
        if (m.review.sequence == entry->sequence && m.review.shown)
            status = mailing_one(&m, ITIP_REQUEST, one->email, entry->sequence, err);
    }
    return status;
}
