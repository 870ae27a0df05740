/*
 * Families of signatures: one row each says how it verifies and what its configuration needs; the families with
 * a secret in a field are here, the others in their own files. Pure, any thread.
 */
#include "lms/signature.h"

#include "base/crypto.h"
#include "internal.h"

#include <string.h>
#include <strings.h>

const char *const lms_family_names[] = {
    "header", "basic", "bearer", "hmac_hex", "hmac_base64", "standard_webhooks", "jwt", "md5_body", NULL};

static const struct field lms_signature_fields[] = {
    {.name = "family",
        .type = FIELD_ENUM,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct lms_signature, family),
        .names = lms_family_names,
        .doc = "How the platform proves that a message is its own"},
    {.name = "header",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_signature, header),
        .max = 100,
        .doc = "The header field that carries the proof"},
    {.name = "prefix",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_signature, prefix),
        .max = 40,
        .doc = "Text before the value, such as sha256="},
    {.name = "user",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_signature, user),
        .doc = "User name of Basic authentication"},
    {.name = "window",
        .type = FIELD_INT,
        .at = offsetof(struct lms_signature, window),
        .min = 1,
        .max = LMS_WINDOW_MAX_S,
        .doc = "Seconds a signed time may be away from now (300)"},
    {.name = "issuer",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_signature, issuer),
        .doc = "The issuer a token must name"},
    {.name = "audience",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_signature, audience),
        .doc = "The audience a token must name"},
};
const struct field_table lms_signature_table =
    FIELD_TABLE("Signature", struct lms_signature, lms_signature_fields, -1);

struct lms_verdict lms_refused(enum lms_outcome outcome, const char *sentence)
{
    return (struct lms_verdict){.outcome = (int)outcome, .sentence = sentence, .content = {"", 0}};
}

struct lms_verdict lms_accepted(const struct lms_check *check)
{
    return (struct lms_verdict){
        .outcome = LMS_ACCEPTED, .sentence = "the message is the platform's", .content = check->request->body};
}

bool lms_field(const struct lms_check *check, const char *name, const char **ret_value, struct lms_verdict *ret)
{
    size_t count;
    const char *value = lms_header(check->request, name, &count);
    if (count == 1) {
        *ret_value = value;
        return true;
    }
    *ret = count ? lms_refused(LMS_WRONG, arena_printf(check->arena, "the field %s is there twice", name))
                 : lms_refused(LMS_MISSING, arena_printf(check->arena, "the field %s is missing", name));
    return false;
}

bool lms_in_window(const struct lms_check *check, instant_t signed_at)
{
    int64_t seconds =
        check->signature->window == FIELD_INT_NONE ? LMS_WINDOW_DEFAULT_S : check->signature->window;
    instant_t window = seconds * US_PER_SEC;
    return signed_at >= check->now - window && signed_at <= check->now + window;
}

const char *lms_after_prefix(const char *value, const char *prefix)
{
    if (!prefix)
        return value;
    size_t length = strlen(prefix);
    return strncasecmp(value, prefix, length) ? NULL : value + length;
}

/* By hash, so that not even the length of the secret shows. */
static bool lms_same(struct span received, const struct secret *secret)
{
    size_t size;
    if (!secret)
        return false;
    const unsigned char *bytes = secret_bytes(secret, &size);
    struct sha256 a = sha256(received.data, received.size);
    struct sha256 b = sha256(bytes, size);
    return size && bytes_equal_ct(a.bytes, b.bytes, SHA256_SIZE);
}

static struct lms_verdict lms_compare(const struct lms_check *check, struct span received)
{
    struct lms_verdict verdict = lms_accepted(check);
    if (lms_same(received, check->keys->current))
        return verdict;
    verdict.previous = lms_same(received, check->keys->previous);
    return verdict.previous ? verdict : lms_refused(LMS_WRONG, "the secret is another one");
}

static struct lms_verdict lms_verify_header(const struct lms_check *check)
{
    const char *value;
    struct lms_verdict refused;
    if (!lms_field(check, check->signature->header, &value, &refused))
        return refused;
    const char *secret = lms_after_prefix(value, check->signature->prefix);
    return secret ? lms_compare(check, SPAN_TEXT(secret)) : lms_refused(LMS_WRONG, "the prefix is missing");
}

/* The credentials after the scheme of an Authorization field (RFC 9110 11.4). */
static const char *lms_credentials(const struct lms_check *check, const char *scheme, struct lms_verdict *ret)
{
    const char *value;
    if (!lms_field(check, "Authorization", &value, ret))
        return NULL;
    const char *rest = lms_after_prefix(value, scheme);
    if (!rest || *rest != ' ') {
        *ret = lms_refused(LMS_WRONG, arena_printf(check->arena, "it is no %s authorization", scheme));
        return NULL;
    }
    return rest + strspn(rest, " ");
}

static struct lms_verdict lms_verify_basic(const struct lms_check *check)
{
    struct lms_verdict refused;
    const char *encoded = lms_credentials(check, "Basic", &refused);
    if (!encoded)
        return refused;
    uint8_t *plain;
    size_t size;
    if (!base64_decode(check->arena, encoded, strlen(encoded), &plain, &size))
        return lms_refused(LMS_WRONG, "the credentials are not Base64");
    const char *user = check->signature->user ? check->signature->user : "";
    size_t length = strlen(user);
    if (size <= length || memcmp(plain, user, length) != 0 || plain[length] != ':')
        return lms_refused(LMS_WRONG, "the user is another one");
    return lms_compare(check, (struct span){(const char *)plain + length + 1, size - length - 1});
}

static struct lms_verdict lms_verify_bearer(const struct lms_check *check)
{
    struct lms_verdict refused;
    const char *token = lms_credentials(check, "Bearer", &refused);
    return token ? lms_compare(check, SPAN_TEXT(token)) : refused;
}

static struct lms_verdict lms_verify_md5(const struct lms_check *check)
{
    (void)check;
    return lms_refused(LMS_WRONG,
        "an MD5 inside the body proves nothing: use version 2 of the platform's webhooks, signed with HMAC");
}

enum lms_need {
    NEEDS_HEADER = 1 << 0,
    NEEDS_USER = 1 << 1,
    NEEDS_SECRET = 1 << 2,
    NEEDS_JWKS = 1 << 3,
    NEEDS_ANOTHER = 1 << 4, /* never accepted */
};

/* What is wrong with a secret that is sent as it is, or keys an HMAC with its own bytes. */
static const char *lms_secret_plain_wrong(const struct secret *secret)
{
    size_t size;
    const unsigned char *bytes = secret_bytes(secret, &size);
    if (size < 8)
        return "expected at least 8 characters";
    for (size_t i = 0; i < size; i++)
        if (bytes[i] < 0x20 || bytes[i] == 0x7F)
            return "expected printable characters";
    return NULL;
}

static const struct lms_family_row {
    struct lms_verdict (*verify)(const struct lms_check *check);
    unsigned needs;
    const char *(*secret_wrong)(const struct secret *secret);
} lms_families[LMS_FAMILY_COUNT] = {
    [LMS_FAMILY_HEADER] = {lms_verify_header, NEEDS_HEADER | NEEDS_SECRET, lms_secret_plain_wrong},
    [LMS_FAMILY_BASIC] = {lms_verify_basic, NEEDS_USER | NEEDS_SECRET, lms_secret_plain_wrong},
    [LMS_FAMILY_BEARER] = {lms_verify_bearer, NEEDS_SECRET, lms_secret_plain_wrong},
    [LMS_FAMILY_HMAC_HEX] = {lms_verify_hmac_hex, NEEDS_HEADER | NEEDS_SECRET, lms_secret_plain_wrong},
    [LMS_FAMILY_HMAC_BASE64] = {lms_verify_hmac_base64, NEEDS_HEADER | NEEDS_SECRET, lms_secret_base64_wrong},
    [LMS_FAMILY_STANDARD] = {lms_verify_standard, NEEDS_SECRET, lms_secret_standard_wrong},
    [LMS_FAMILY_JWT] = {lms_verify_jwt, NEEDS_JWKS, NULL},
    [LMS_FAMILY_MD5] = {lms_verify_md5, NEEDS_ANOTHER, NULL},
};

/* RFC 9110 5.6.2. */
static bool lms_is_token(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!strchr("!#$%&'*+-.^_`|~", *c) && !(*c >= '0' && *c <= '9') && !(*c >= 'A' && *c <= 'Z') &&
            !(*c >= 'a' && *c <= 'z'))
            return false;
    return *text != '\0';
}

struct lms_complaints {
    struct error *err;
    bool any;
};

static void lms_complain(struct lms_complaints *complaints, const char *pointer, const char *wrong)
{
    if (!wrong)
        return;
    error_field(complaints->err, pointer, "%s", wrong);
    complaints->any = true;
}

static void lms_check_header(
    const struct lms_family_row *row, const struct lms_signature *signature, struct lms_complaints *complaints)
{
    bool missing = (row->needs & NEEDS_HEADER) && !signature->header;
    if (missing || (signature->header && !lms_is_token(signature->header)))
        lms_complain(complaints, "/header", "expected the name of a header field");
}

enum status lms_signature_check(
    const struct lms_signature *signature, const struct lms_keys *keys, struct error *err)
{
    if ((unsigned)signature->family >= LMS_FAMILY_COUNT)
        return error_field(err, "/family", "expected a family of signatures");
    const struct lms_family_row *row = &lms_families[signature->family];
    struct lms_complaints complaints = {.err = err};
    if (row->needs & NEEDS_ANOTHER)
        lms_complain(&complaints, "/family", lms_verify_md5(NULL).sentence);
    lms_check_header(row, signature, &complaints);
    if ((row->needs & NEEDS_USER) && (!signature->user || strchr(signature->user, ':')))
        lms_complain(&complaints, "/user", "expected a user name without a colon");
    if (row->needs & NEEDS_SECRET)
        lms_complain(
            &complaints, "/secret", keys->current ? row->secret_wrong(keys->current) : "expected a secret");
    if ((row->needs & NEEDS_SECRET) && keys->previous)
        lms_complain(&complaints, "/previous_secret", row->secret_wrong(keys->previous));
    if (row->needs & NEEDS_JWKS)
        lms_complain(&complaints, "/jwks", lms_jwks_wrong(keys->jwks));
    return complaints.any ? ST_INVALID : ST_OK;
}

const char *lms_outcome_name(enum lms_outcome outcome)
{
    static const char *const names[] = {"accepted", "missing", "wrong", "stale"};
    return (unsigned)outcome < sizeof names / sizeof names[0] ? names[outcome] : "?";
}

void lms_verify(struct arena *arena, const struct lms_signature *signature, const struct lms_keys *keys,
    const struct lms_request *request, instant_t now, struct lms_verdict *ret)
{
    struct lms_check check = {
        .arena = arena, .signature = signature, .keys = keys, .request = request, .now = now};
    bool known = (unsigned)signature->family < LMS_FAMILY_COUNT;
    bool named = known && (!(lms_families[signature->family].needs & NEEDS_HEADER) || signature->header);
    *ret = named ? lms_families[signature->family].verify(&check)
                 : lms_refused(LMS_WRONG, "the source is not configured to verify anything");
}
