/*
 * Open Badges 2.0, hosted assertions: which document comes next, and what all of them prove. Pure, any thread.
 */
#include "lms/badge.h"

#include "base/crypto.h"
#include "base/text.h"
#include "lms/pull.h"
#include "read.h"

#include <string.h>
#include <strings.h>

#define BADGE_CONTEXT "https://w3id.org/openbadges/v2"

static const struct badge_part {
    const char *what;     /* as people are told */
    const char *type;     /* in its `type` */
    const char *other;    /* the same, NULL: none */
    const char *followed; /* the member that names the next document */
} badge_parts[LMS_BADGE_PARTS] = {
    [LMS_BADGE_ASSERTION] = {"assertion", "Assertion", NULL, "badge"},
    [LMS_BADGE_CLASS] = {"badge class", "BadgeClass", NULL, "issuer"},
    [LMS_BADGE_ISSUER] = {"issuer", "Issuer", "Profile", NULL},
};

/* ---- values of JSON-LD */

/* The text, or one of the list, is `wanted`. */
static bool badge_names(const struct json *value, const char *wanted)
{
    if (!wanted)
        return false;
    if (json_type(value) != JSON_ARRAY)
        return text_equal(json_text(value), wanted);
    for (size_t i = 0; i < json_count(value); i++)
        if (text_equal(json_text(json_at(value, i)), wanted))
            return true;
    return false;
}

static const struct json *badge_document(
    struct arena *arena, const struct lms_badge_documents *docs, enum lms_badge_part part)
{
    const struct json *root;
    struct span body = slice_without_mark(docs->bodies[part]);
    if (body.size > LMS_BADGE_MAX || json_parse(arena, body.data, body.size, &root, NULL) != ST_OK)
        return NULL;
    return json_type(root) == JSON_OBJECT ? root : NULL;
}

/* ---- from document to document */

/* The document that `value` names, or is. */
static const char *badge_take(
    struct arena *arena, struct lms_badge_documents *docs, enum lms_badge_part part, const struct json *value)
{
    const struct badge_part *kind = &badge_parts[part], *from = &badge_parts[part - 1];
    bool inside = json_type(value) == JSON_OBJECT;
    const char *id = json_text(inside ? json_get(value, "id") : value);
    if (!id)
        return arena_printf(arena, "the %s does not name its %s", from->what, kind->what);
    docs->urls[part] = lms_link_resolve(arena, docs->urls[part - 1], id);
    if (!docs->urls[part])
        return arena_printf(arena, "the %s is not on the host of the %s: %.120s", kind->what, from->what, id);
    if (inside && json_get(value, "type")) {
        BUF_AUTO out;
        buf_init(&out, 0);
        json_write(&out, value);
        docs->bodies[part] = (struct span){arena_strndup(arena, out.data, out.size), out.size};
    }
    return NULL;
}

const char *lms_badge_next(struct arena *arena, struct lms_badge_documents *docs, enum lms_badge_part *ret)
{
    for (*ret = LMS_BADGE_ASSERTION; *ret < LMS_BADGE_PARTS; (*ret)++) {
        const struct badge_part *kind = &badge_parts[*ret];
        if (!docs->bodies[*ret].data)
            return NULL;
        const struct json *document = badge_document(arena, docs, *ret);
        if (!document)
            return arena_printf(arena,
                "what stands at the address of the %s is no JSON object of at most %d KiB", kind->what,
                LMS_BADGE_MAX / 1024);
        enum lms_badge_part next = *ret + 1;
        if (!kind->followed || docs->bodies[next].data)
            continue;
        const char *problem = badge_take(arena, docs, next, json_get(document, kind->followed));
        if (problem)
            return problem;
    }
    return NULL;
}

const char *lms_badge_unanswered(struct arena *arena, enum lms_badge_part part, int status)
{
    const char *what = badge_parts[part].what;
    if (status == 410)
        return part == LMS_BADGE_ASSERTION
                   ? "the badge was revoked: its address answers 410"
                   : arena_printf(arena, "the %s is gone: its address answers 410", what);
    return arena_printf(arena, "the address of the %s answers %d%s", what, status,
        status >= 300 && status < 400 ? ": a hosted badge stands at its own address" : "");
}

/* ---- what they prove */

static const char *badge_form_wrong(
    struct arena *arena, const struct lms_badge_documents *docs, enum lms_badge_part part)
{
    const struct badge_part *kind = &badge_parts[part];
    const struct json *document = badge_document(arena, docs, part);
    const char *id = json_text(json_get(document, "id"));
    const struct json *type = json_get(document, "type");
    if (!document)
        return arena_printf(arena, "the %s cannot be read", kind->what);
    if (part == LMS_BADGE_ASSERTION && !badge_names(json_get(document, "@context"), BADGE_CONTEXT))
        return "it is no assertion of Open Badges 2.0: " BADGE_CONTEXT " is not its context";
    if (!badge_names(type, kind->type) && !badge_names(type, kind->other))
        return arena_printf(arena, "the %s is not of the type %s", kind->what, kind->type);
    if (!text_equal(id, docs->urls[part]))
        return arena_printf(
            arena, "the %s calls itself %.120s, which is not where it stands", kind->what, id ? id : "nothing");
    return NULL;
}

static bool badge_is_of(
    struct arena *arena, const struct json *recipient, const char *identity, const char *address)
{
    static const char prefix[] = "sha256$";
    const char *salt = json_text(json_get(recipient, "salt"));
    if (json_type(json_get(recipient, "hashed")) != JSON_TRUE)
        return !strcasecmp(identity, address);
    if (strncmp(identity, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *salted = arena_printf(arena, "%s%s", address, salt ? salt : "");
    struct sha256 hash = sha256(salted, strlen(salted));
    char hex[SHA256_HEX];
    return !strcasecmp(identity + sizeof prefix - 1, sha256_hex(&hash, hex));
}

/* Hashes are of addresses as their owners write them: also tried in lower case. */
static const char *badge_recipient_wrong(
    struct arena *arena, const struct json *assertion, const struct list *addresses)
{
    const struct json *recipient = json_get(assertion, "recipient");
    const char *identity = json_text(json_get(recipient, "identity"));
    const char *const *all = addresses->items;
    bool hashed = json_type(json_get(recipient, "hashed")) == JSON_TRUE;
    if (!identity || !badge_names(json_get(recipient, "type"), "email"))
        return "its recipient is not given by a mail address";
    if (hashed && strncmp(identity, "sha256$", 7) != 0)
        return "its recipient is not hashed with SHA-256";
    for (size_t i = 0; i < addresses->count; i++) {
        char *lower = arena_strdup(arena, all[i]);
        for (char *c = lower; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        if (badge_is_of(arena, recipient, identity, all[i]) || badge_is_of(arena, recipient, identity, lower))
            return NULL;
    }
    return "it was issued to another mail address than the employee's";
}

static bool badge_time(const struct json *value, instant_t *ret)
{
    struct value_time time;
    const char *text = json_text(value);
    if (!text || !value_time(text, LMS_TIME_ISO, zone_load("UTC", NULL), &time))
        return false;
    *ret = time.at;
    return true;
}

static const char *badge_time_wrong(
    struct arena *arena, const struct json *assertion, instant_t now, struct lms_badge *ret)
{
    const struct json *expires = json_get(assertion, "expires");
    char day[DATE_TEXT_MAX];
    ret->expires = INSTANT_NONE;
    if (!badge_time(json_get(assertion, "issuedOn"), &ret->issued))
        return "it does not say when it was issued";
    if (ret->issued > now + US_PER_DAY)
        return "it was issued on a day that is still to come";
    if (expires && json_type(expires) != JSON_NULL && !badge_time(expires, &ret->expires))
        return "the time of its expiry is none";
    if (ret->expires != INSTANT_NONE && ret->expires <= now)
        return arena_printf(arena, "it expired on %s", date_text((date_t)(ret->expires / US_PER_DAY), day));
    return NULL;
}

static const char *badge_assertion_wrong(struct arena *arena, const struct json *assertion,
    const struct list *addresses, instant_t now, struct lms_badge *ret)
{
    const struct json *proof = json_get(assertion, "verification");
    const struct json *type = json_get(proof ? proof : json_get(assertion, "verify"), "type");
    const char *reason = json_text(json_get(assertion, "revocationReason"));
    const struct json *revoked = json_get(assertion, "revoked");
    if (!badge_names(type, "hosted") && !badge_names(type, "HostedBadge"))
        return "it is not verified by where it is hosted: signed assertions are not read";
    if (revoked && json_type(revoked) != JSON_FALSE)
        return arena_printf(arena, "it was revoked%s%.200s", reason ? ": " : "", reason ? reason : "");
    const char *wrong = badge_recipient_wrong(arena, assertion, addresses);
    return wrong ? wrong : badge_time_wrong(arena, assertion, now, ret);
}

const char *lms_badge_wrong(struct arena *arena, const struct lms_badge_documents *docs,
    const struct list *addresses, instant_t now, struct lms_badge *ret)
{
    *ret = (struct lms_badge){.class_url = docs->urls[LMS_BADGE_CLASS]};
    for (enum lms_badge_part part = LMS_BADGE_ASSERTION; part < LMS_BADGE_PARTS; part++) {
        const char *wrong = badge_form_wrong(arena, docs, part);
        if (wrong)
            return wrong;
    }
    const struct json *class = badge_document(arena, docs, LMS_BADGE_CLASS),
                      *issuer = badge_document(arena, docs, LMS_BADGE_ISSUER);
    const char *name = json_text(json_get(class, "name")), *by = json_text(json_get(issuer, "name"));
    ret->name = name ? value_clean(arena, name) : NULL;
    ret->issuer = by ? value_clean(arena, by) : NULL;
    if (!ret->name || !ret->issuer)
        return arena_printf(arena, "the %s has no name", ret->name ? "issuer" : "badge class");
    return badge_assertion_wrong(arena, badge_document(arena, docs, LMS_BADGE_ASSERTION), addresses, now, ret);
}

struct span lms_badge_evidence(struct arena *arena, const struct lms_badge_documents *docs)
{
    static const char *const names[LMS_BADGE_PARTS] = {"assertion", "badge", "issuer"};
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "url", docs->urls[LMS_BADGE_ASSERTION]);
    for (enum lms_badge_part part = LMS_BADGE_ASSERTION; part < LMS_BADGE_PARTS; part++) {
        struct span body = slice_trim(slice_without_mark(docs->bodies[part]));
        jw_key(&w, names[part]);
        jw_raw(&w, arena_strndup(arena, body.data, body.size));
    }
    jw_close(&w, '}');
    return (struct span){arena_copy(arena, out.data, out.size), out.size};
}
