#pragma once
/*
 * Personal links: an employee's own page, an interviewer's page about one review. A link is
 * BASE/me/SECRET, where SECRET is random, dated and signed: base64url of 24 random bytes, the minute it expires
 * at (32 bits, big endian) and 14 bytes of HMAC-SHA256 under the newest sealing key. So a forged or expired one
 * is refused without a look at the store. The store keeps the SHA-256 of the whole secret, so that a link can
 * be revoked and nobody who reads the store can open a page. Secrets are never logged.
 */
#include "base/secret.h"
#include "store/link.h"

#define LINK_PATH "/me/"
enum { LINK_SECRET_LENGTH = 56, LINK_DAYS = 90, LINK_DAYS_MAX = 366 };

/* What links begin with, without a final '/'; borrowed until the process ends. Before it is called no letter
 * carries a link. */
void link_begin(const char *base_url);

enum link_kind { LINK_EMPLOYEE, LINK_INTERVIEWER };
extern const char *const link_kind_names[]; /* "employee", "interviewer" */

/* Whose page, about whom: kind, person, employee, review and expires_at of `row` (INSTANT_NONE: LINK_DAYS days
 * from now, or after the review); the rest is filled in. The address comes back in ret_url, on the
 * transaction's arena, and is nowhere else. NULL there when no link can be made: no base address, no sealing
 * key. Not audited: the letter that carries it is, and HR's asking for one. */
enum status link_issue(struct txn *txn, struct link_row *row, const char **ret_url, struct error *err);
/* For HR: checked (ST_INVALID with pointers, ST_CONFLICT when no link can be made), and audited as
 * link.issued. */
enum status link_grant(struct txn *txn, struct link_row *row, const char **ret_url, struct error *err);
/* Audited as link.revoked. */
enum status link_withdraw(struct txn *txn, const char *id, struct error *err);
/* The links of somebody whose address has changed: whoever reads the old mailbox opens nothing any more. */
enum status link_withdraw_all(struct txn *txn, const char *person, struct error *err);

/* Whether the secret is one of ours, at all; when it expires, to the minute. Pure, any thread. */
bool link_genuine(const struct keyring *keyring, const char *secret, instant_t *ret_expires_at);
/* The row of a secret. ST_NOT_FOUND: unknown, revoked, expired, or of an interviewer who no longer is. */
enum status link_of_secret(
    const struct snapshot *snapshot, const char *secret, struct link_row *ret, struct error *err);
