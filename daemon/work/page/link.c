/*
 * Personal links: made for letters and for HR, recognised, taken back. On lanes; link_genuine on any thread.
 */
#include "work/link.h"

#include "base/json.h"
#include "base/text.h"
#include "own.h"
#include "work/employee.h"

#include <stdatomic.h>
#include <string.h>

enum { LINK_RANDOM = 24, LINK_EXPIRY = 4, LINK_MAC = 14, LINK_SIGNED = LINK_RANDOM + LINK_EXPIRY };
enum { LINK_KEPT_DAYS = 90 };

static const char link_purpose[] = "entretiend personal link";
static const int64_t link_minute = 60 * US_PER_SEC;

static _Atomic(const char *) link_base;

const char *const link_kind_names[] = {"employee", "interviewer", NULL};

void link_begin(const char *base_url)
{
    atomic_store(&link_base, base_url);
}

/* ---- the secret */

static bool link_secret(struct txn *txn, instant_t expires_at, const char **ret)
{
    uint8_t bytes[LINK_SIGNED + LINK_MAC];
    struct sha256 mac;
    uint32_t minute = (uint32_t)(expires_at / link_minute);
    random_bytes(bytes, LINK_RANDOM);
    for (size_t i = 0; i < LINK_EXPIRY; i++)
        bytes[LINK_RANDOM + i] = (uint8_t)(minute >> (8 * (LINK_EXPIRY - 1 - i)));
    if (!keyring_sign(txn_keyring(txn), link_purpose, bytes, LINK_SIGNED, &mac))
        return false;
    memcpy(bytes + LINK_SIGNED, mac.bytes, LINK_MAC);
    *ret = base64url_encode(txn_arena(txn), bytes, sizeof(bytes));
    wipe(bytes, sizeof(bytes));
    return true;
}

bool link_genuine(const struct keyring *keyring, const char *secret, instant_t *ret_expires_at)
{
    size_t size = 0;
    uint8_t *bytes = NULL;
    if (strlen(secret) != LINK_SECRET_LENGTH)
        return false;
    struct arena *arena = arena_new(256);
    bool genuine = base64url_decode(arena, secret, LINK_SECRET_LENGTH, &bytes, &size) &&
                   size == LINK_SIGNED + LINK_MAC &&
                   keyring_signed(keyring, link_purpose, bytes, LINK_SIGNED, bytes + LINK_SIGNED, LINK_MAC);
    uint32_t minute = 0;
    for (size_t i = 0; genuine && i < LINK_EXPIRY; i++)
        minute = minute << 8 | bytes[LINK_RANDOM + i];
    *ret_expires_at = (instant_t)minute * link_minute;
    arena_free(arena);
    return genuine;
}

/* ---- making */

/* Long enough for the review, its report and the copy. */
static enum status link_expiry(struct txn *txn, struct link_row *row, struct error *err)
{
    struct review_row review;
    instant_t from = txn_now(txn);
    if (row->review) {
        enum status status = review_get(txn_snapshot(txn), row->review, &review, err);
        if (status != ST_OK)
            return status;
        if (review.ends_at != INSTANT_NONE && review.ends_at > from)
            from = review.ends_at;
    }
    if (row->expires_at == INSTANT_NONE)
        row->expires_at = from + LINK_DAYS * US_PER_DAY;
    row->expires_at = row->expires_at / link_minute * link_minute;
    return ST_OK;
}

enum status link_issue(struct txn *txn, struct link_row *row, const char **ret_url, struct error *err)
{
    const char *secret = NULL;
    const char *base = atomic_load(&link_base);
    *ret_url = NULL;
    enum status status = link_expiry(txn, row, err);
    if (status != ST_OK || !base || !link_secret(txn, row->expires_at, &secret))
        return status;
    struct sha256 hash = sha256(secret, strlen(secret));
    status = link_purge(txn, txn_now(txn) - LINK_KEPT_DAYS * US_PER_DAY, err);
    if (status == ST_OK)
        status = link_add(txn, row, &hash, err);
    if (status == ST_OK)
        *ret_url = arena_printf(txn_arena(txn), "%s" LINK_PATH "%s", base, secret);
    return status;
}

static enum status link_check(struct txn *txn, struct link_row *row, struct error *err)
{
    struct employee_row person;
    struct review_row review;
    instant_t now = txn_now(txn);
    bool own = !strcmp(row->kind, link_kind_names[LINK_EMPLOYEE]);
    if (own_employee(txn, row->person, "/person", &person, err) != ST_OK)
        return err->status;
    if (own && row->review)
        return error_field(err, "/review", "an employee's page is about all their reviews");
    if (!own && !row->review)
        return error_field(err, "/review", "expected the review that the interviewer holds");
    if (!own && own_review(txn, row->review, "/review", &review, err) != ST_OK)
        return err->status;
    if (!own && !text_equal(review.interviewer, row->person))
        return error_field(err, "/person", "does not hold this review");
    if (row->expires_at != INSTANT_NONE &&
        (row->expires_at <= now || row->expires_at > now + LINK_DAYS_MAX * US_PER_DAY))
        return error_field(err, "/expires_at", "expected an instant within a year from now");
    row->employee = own ? row->person : review.employee;
    return ST_OK;
}

static const char *link_payload(struct txn *txn, const struct link_row *row)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "kind", row->kind);
    jw_member(&w, "person", row->person);
    jw_member(&w, "employee", row->employee);
    if (row->review)
        jw_member(&w, "review", row->review);
    jw_close(&w, '}');
    return arena_strndup(txn_arena(txn), text.data, text.size);
}

enum status link_grant(struct txn *txn, struct link_row *row, const char **ret_url, struct error *err)
{
    enum status status = link_check(txn, row, err);
    if (status == ST_OK)
        status = link_issue(txn, row, ret_url, err);
    if (status != ST_OK)
        return status;
    if (!*ret_url)
        return error_set(err, ST_CONFLICT, "no link can be signed: the daemon has no sealing key");
    txn_audit(txn, "link.issued", row->id, link_payload(txn, row));
    return ST_OK;
}

/* ---- taking back */

enum status link_withdraw(struct txn *txn, const char *id, struct error *err)
{
    struct link_row row;
    enum status status = link_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = link_revoke(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "link.revoked", id, link_payload(txn, &row));
    return status;
}

enum status link_withdraw_all(struct txn *txn, const char *person, struct error *err)
{
    int64_t count = 0;
    enum status status = link_revoke_person(txn, person, &count, err);
    if (status == ST_OK && count > 0)
        txn_audit(txn, "link.revoked", person, NULL);
    return status;
}

/* ---- using */

/* Who no longer holds the review, or manages the employee, has no business on the page; nor who has left, but
 * on the own one. */
static bool link_stands(const struct snapshot *snapshot, const struct link_row *row)
{
    struct review_row review;
    struct employee_row employee;
    if (!strcmp(row->kind, link_kind_names[LINK_EMPLOYEE]))
        return true;
    if (employee_has_left(snapshot, row->person))
        return false;
    if (row->review)
        return review_get(snapshot, row->review, &review, NULL) == ST_OK &&
               text_equal(review.interviewer, row->person);
    return employee_get(snapshot, row->employee, &employee, NULL) == ST_OK &&
           text_equal(employee.manager, row->person);
}

enum status link_of_secret(
    const struct snapshot *snapshot, const char *secret, struct link_row *ret, struct error *err)
{
    struct link_row row;
    struct sha256 hash = sha256(secret, strlen(secret));
    enum status status = link_find(snapshot, &hash, &row, err);
    if (status != ST_OK)
        return status;
    if (row.revoked_at != INSTANT_NONE || row.expires_at <= snapshot_now(snapshot) ||
        !link_stands(snapshot, &row))
        return error_set(err, ST_NOT_FOUND, "this link was taken back or has expired");
    *ret = row;
    return ST_OK;
}
