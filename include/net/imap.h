#pragma once
/*
 * Reading a mailbox by IMAP (RFC 3501, 6851) with libcurl. It blocks, inside libcurl's multi interface too, so
 * a session belongs to a thread of a mail lane, never to the loop. One session is one look at the mailbox: it
 * connects when first used and logs out when freed.
 *
 * Messages are fetched by the URL form `;UIDVALIDITY=v/;UID=n`: a body read by a custom command could end it.
 */
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct imap_mailbox {
    const char *url; /* imap://host:port/INBOX or imaps://host:port/INBOX */
    const char *user;
    const struct secret *password; /* NULL: log in by a bearer token; borrowed */
    bool require_tls;              /* imap:// must upgrade with STARTTLS */
    const char *ca_file;           /* NULL = the system's authorities */
    long connect_timeout_s;
    long timeout_s; /* for each command */
    /* NULL = never. Once true, what is under way ends within about a second, without a word. */
    const atomic_bool *stopping;
};

/* "imap" or "imaps", a host, an optional port, a mailbox. */
enum status imap_url_check(const char *url, struct error *err);

struct imap_session;
/* `bearer` (RFC 7628, XOAUTH2) instead of the password; NULL = none. Copied. */
struct imap_session *imap_session_new(const struct imap_mailbox *mailbox, const char *bearer);
void imap_session_free(struct imap_session *session);

enum { IMAP_UIDS_MAX = 4000 };
struct imap_uids {
    uint32_t validity; /* UIDVALIDITY: another one makes all UIDs known before worthless */
    uint32_t uids[IMAP_UIDS_MAX];
    size_t count;
};

/* All failures below: ST_BUSY with a sentence fit for the log; try later, with a new session. */

/* The messages above `after`, in ascending order, the first IMAP_UIDS_MAX of them; only those that arrived on
 * `since` or later (DATE_NONE = all). */
enum status imap_search(
    struct imap_session *session, uint32_t after, date_t since, struct imap_uids *ret, struct error *err);
/* Which of them nobody has read yet, as of now. */
enum status imap_search_unseen(
    struct imap_session *session, uint32_t after, struct imap_uids *ret, struct error *err);
/* The message, in `out` alone; of one larger than `max` bytes only the header, at most `max` bytes of it.
 * ST_NOT_FOUND: it is not there any more. It counts as read afterwards. */
enum status imap_fetch(struct imap_session *session, uint32_t uid, size_t max, struct buf *out,
    bool *ret_is_head, struct error *err);
/* Into another folder, which is made when it is missing; where the server cannot move, copied and deleted. */
enum status imap_move(struct imap_session *session, uint32_t uid, const char *folder, struct error *err);
/* As if nobody had read it. */
enum status imap_unsee(struct imap_session *session, uint32_t uid, struct error *err);
