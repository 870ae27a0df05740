#pragma once
/* What the files of this module share and nobody else needs. */
#include "base/arena.h"
#include "base/json.h"
#include "lms/signature.h"

/* ---- signature families */

struct lms_check {
    struct arena *arena;
    const struct lms_signature *signature;
    const struct lms_keys *keys;
    const struct lms_request *request;
    instant_t now;
};

struct lms_verdict lms_refused(enum lms_outcome outcome, const char *sentence);
struct lms_verdict lms_accepted(const struct lms_check *check);
/* The value of a field that must be there once. False: `ret` says what is wrong. */
bool lms_field(
    const struct lms_check *check, const char *name, const char **ret_value, struct lms_verdict *ret);
/* Whether a signed time is inside the window. */
bool lms_in_window(const struct lms_check *check, instant_t signed_at);

struct lms_verdict lms_verify_hmac_hex(const struct lms_check *check);
struct lms_verdict lms_verify_hmac_base64(const struct lms_check *check);
struct lms_verdict lms_verify_standard(const struct lms_check *check);
struct lms_verdict lms_verify_jwt(const struct lms_check *check);

/* What is wrong with a secret for a family, or NULL. */
const char *lms_secret_base64_wrong(const struct secret *secret);
const char *lms_secret_standard_wrong(const struct secret *secret);

/* The text after `prefix`, compared without case; `value` itself without a prefix; NULL when it is not there.
 */
const char *lms_after_prefix(const char *value, const char *prefix);
