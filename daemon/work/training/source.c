/*
 * Sources: made, changed, opened for verifying. Secrets are sealed with the source's id, so that a sealed value
 * is of no use in another row. On a lane.
 */
#include "work/source.h"

#include "store/completion.h"
#include "store/pull.h"
#include "work/changes.h"
#include "work/jwks.h"
#include "work/pull.h"

#include "internal.h"

#include <stdio.h>
#include <string.h>

static const struct field source_counts_fields[] = {
    FIELD(struct source_counters, received, FIELD_INT, .doc = "Records received."),
    FIELD(struct source_counters, completions, FIELD_INT, .doc = "Attributed to a person."),
    FIELD(struct source_counters, duplicates, FIELD_INT, .doc = "Recognised as received before."),
    FIELD(struct source_counters, quarantined, FIELD_INT,
        .doc = "Put aside when they came: see the completions in that state."),
    FIELD(struct source_counters, ignored, FIELD_INT, .doc = "Events that say nothing of a completion."),
    FIELD(struct source_counters, refused, FIELD_INT,
        .doc = "Requests that proved where they came from and were not taken: what they held has to be swept."),
};
static const struct field_table source_counts_table =
    FIELD_TABLE("SourceCounts", struct source_counters, source_counts_fields, -1);

static const struct field source_refusal_fields[] = {
    FIELD(struct source_refusal, at, FIELD_INSTANT),
    FIELD(struct source_refusal, reason, FIELD_TEXT),
};
static const struct field_table source_refusal_table =
    FIELD_TABLE("SourceRefusal", struct source_refusal, source_refusal_fields, -1);

static const struct field source_fields[] = {
    FIELD(struct source, id, FIELD_ID, .kind = "src", .flags = FIELD_READ),
    FIELD(struct source, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct source, kind, FIELD_TEXT, .max = 40, .flags = FIELD_REQUIRED | FIELD_CREATE,
        .doc = "The platform: generic, moodle, xapi, 360learning ..."),
    FIELD(struct source, name, FIELD_TEXT, .max = 100, .flags = FIELD_REQUIRED, .doc = "What people call it."),
    FIELD(struct source, signature, FIELD_OBJECT, .of = &lms_signature_table,
        .doc = "How the platform proves that a body is its own; what its documents speak of, unless told."),
    FIELD(struct source, secret, FIELD_TEXT, .min = 8, .max = 1000,
        .doc = "Shared with the platform; made when absent, and then shown once."),
    FIELD(struct source, previous_secret, FIELD_TEXT, .max = 1000, .flags = FIELD_WRITE,
        .doc = "Still good during a rotation; null ends it."),
    FIELD(struct source, mapping, FIELD_OBJECT, .of = &lms_mapping_table, .doc = "Where a body holds what."),
    FIELD(struct source, rules, FIELD_LIST, .of = &source_rule_table, .max = SOURCE_RULES_MAX,
        .doc = "Which course code of the plan its courses stand for, where the codes differ; the first that "
               "fits."),
    FIELD(struct source, jwks_url, FIELD_URL,
        .doc = "jwt: where the platform publishes its keys (RFC 7517); fetched at once, and again every few "
               "hours."),
    FIELD(struct source, jwks, FIELD_OBJECT, .of = &source_keys_table, .flags = FIELD_READ,
        .doc = "How fetching them went."),
    FIELD(struct source, url, FIELD_URL, .doc = "Address of the platform, to ask it for completions."),
    FIELD(struct source, credential, FIELD_TEXT, .max = 4000, .flags = FIELD_WRITE,
        .doc = "What it is asked with: a token, a password, the secret of a client. Never shown."),
    FIELD(struct source, pull, FIELD_OBJECT, .of = &lms_pull_table, .doc = "How and when it is asked."),
    FIELD(struct source, sync, FIELD_OBJECT, .of = &source_sync_table, .flags = FIELD_READ,
        .doc = "How far asking is."),
    FIELD(struct source, paused, FIELD_BOOL,
        .doc = "true: posts are answered 503 and not read, and nothing is asked for."),
    FIELD(struct source, replaying, FIELD_BOOL, .flags = FIELD_READ,
        .doc = "true: a period of it is being read again."),
    FIELD(struct source, hook_url, FIELD_TEXT, .max = 2048, .flags = FIELD_READ,
        .doc = "Where the platform posts."),
    FIELD(struct source, counts, FIELD_OBJECT, .of = &source_counts_table, .flags = FIELD_READ),
    FIELD(struct source, last_refusal, FIELD_OBJECT, .of = &source_refusal_table, .flags = FIELD_READ),
    FIELD(struct source, created_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct source, updated_at, FIELD_INSTANT, .flags = FIELD_READ),
};
const struct field_table source_table =
    FIELD_TABLE("Source", struct source, source_fields, offsetof(struct source, given));

static const char *source_json(struct arena *arena, const struct field_table *table, const void *value)
{
    if (!value)
        return "{}";
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    field_write(table, &w, value);
    return arena_strdup(arena, out.data);
}

static const char *source_rules_json(struct arena *arena, const struct list *rules)
{
    const struct source_rule *items = rules->items;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '[');
    for (size_t i = 0; i < rules->count; i++)
        field_write(&source_rule_table, &w, &items[i]);
    jw_close(&w, ']');
    return arena_strdup(arena, out.data);
}

static enum status source_check_rules(const struct list *rules, struct error *err)
{
    const struct source_rule *items = rules->items;
    for (size_t i = 0; i < rules->count; i++) {
        char pointer[40];
        snprintf(pointer, sizeof pointer, "/rules/%zu", i);
        if (!items[i].title && !items[i].code)
            return error_field(err, pointer, "expected a title or a code");
    }
    return ST_OK;
}

/* An empty object is none. */
static enum status source_parse(
    struct arena *arena, const struct field_table *table, const char *text, const void **ret, struct error *err)
{
    void *value = arena_alloc(arena, table->size);
    *ret = NULL;
    if (!strcmp(text, "{}"))
        return ST_OK;
    field_clear(table, value);
    enum status status = field_parse(table, arena, text, strlen(text), FIELD_MODE_STORED, value, err);
    if (status != ST_OK)
        return error_set(err, ST_INTERNAL, "the stored configuration of a source cannot be read");
    *ret = value;
    return ST_OK;
}

enum status source_of_row(
    struct arena *arena, const struct source_row *row, struct source *ret, struct error *err)
{
    struct source made;
    const void *signature, *mapping;
    field_clear(&source_table, &made);
    enum status status = source_parse(arena, &lms_signature_table, row->settings, &signature, err);
    if (status == ST_OK)
        status = source_parse(arena, &lms_mapping_table, row->mapping, &mapping, err);
    if (status != ST_OK)
        return status;
    char org[ORG_KEY_MAX];
    if (!id_parse(row->id, "src", org))
        return error_set(err, ST_INTERNAL, "%s is not the id of a source", row->id);
    made.id = row->id;
    made.organisation = arena_printf(arena, "org_%s", org);
    made.kind = row->kind;
    made.name = row->name;
    made.signature = signature;
    made.mapping = mapping;
    made.rules = source_rules_parse(arena, row->rules);
    made.paused = row->paused;
    made.counts = arena_copy(arena, &row->counters, sizeof row->counters);
    if (row->refused_at != INSTANT_NONE) {
        struct source_refusal *refusal = ARENA_NEW(arena, struct source_refusal);
        *refusal = (struct source_refusal){row->refused_at, row->refused_why};
        made.last_refusal = refusal;
    }
    made.created_at = row->created_at;
    made.updated_at = row->updated_at;
    made.version = row->version;
    *ret = made;
    return ST_OK;
}

/* ---- checks and secrets */

/* A set of keys is fetched later, from where the source says. */
static enum status source_repeat(const struct source *source, const struct error *why, struct error *err)
{
    enum status status = ST_OK;
    for (unsigned i = 0; i < why->count; i++) {
        bool of_keys = !strcmp(why->fields[i].pointer, "/jwks");
        if (!of_keys)
            status = error_field(err, why->fields[i].pointer, "%s", why->fields[i].detail);
        else if (!source->jwks_url)
            status = error_field(err, "/jwks_url", "expected where the platform publishes its keys");
    }
    return status;
}

static enum status source_check(
    struct arena *arena, struct source *source, const char *secret, const char *previous, struct error *err)
{
    const struct lms_platform *platform = lms_platform_find(source->kind);
    if (!platform) {
        const char *names = "";
        for (size_t i = 0; i < lms_platform_count; i++)
            names = arena_printf(arena, "%s%s%s", names, i ? ", " : "", lms_platforms[i].name);
        return error_field(err, "/kind", "expected one of %s", names);
    }
    if (!source->signature) {
        struct lms_signature *signature = ARENA_NEW(arena, struct lms_signature);
        field_clear(&lms_signature_table, signature);
        signature->family = platform->family;
        signature->header = platform->header;
        source->signature = signature;
    }
    struct secret *current = secret ? secret_new(secret, strlen(secret)) : NULL;
    struct secret *former = previous ? secret_new(previous, strlen(previous)) : NULL;
    struct lms_keys keys = {.current = current, .previous = former};
    struct error why = ERROR_INIT;
    enum status status = lms_source_check(platform, source->signature, &keys, source->mapping, &why);
    secret_free(current);
    secret_free(former);
    return status == ST_OK ? source_check_rules(&source->rules, err) : source_repeat(source, &why, err);
}

/* A secret that suits the family: Standard Webhooks and Base64 keys are Base64. */
static const char *source_make_secret(struct arena *arena, const struct lms_signature *signature)
{
    uint8_t bytes[32];
    random_bytes(bytes, sizeof bytes);
    int family = signature ? signature->family : LMS_FAMILY_HMAC_HEX;
    if (family == LMS_FAMILY_STANDARD)
        return arena_printf(arena, "whsec_%s", base64_encode(arena, bytes, sizeof bytes));
    if (family == LMS_FAMILY_HMAC_BASE64)
        return base64_encode(arena, bytes, sizeof bytes);
    return hex_encode(arena, bytes, sizeof bytes);
}

static enum status source_seal(
    struct txn *txn, const char *id, const char *secret, const char **ret, struct error *err)
{
    char *sealed = NULL;
    enum status status =
        secret ? seal(txn_keyring(txn), txn_arena(txn), id, secret, strlen(secret), &sealed, err) : ST_OK;
    if (status == ST_OK)
        *ret = sealed;
    return status;
}

static enum status source_unseal(struct arena *arena, const struct keyring *keyring, const char *id,
    const char *sealed, const char **ret, struct error *err)
{
    struct secret *secret = NULL;
    *ret = NULL;
    if (!sealed)
        return ST_OK;
    enum status status = unseal(keyring, id, sealed, &secret, err);
    if (status != ST_OK)
        return status;
    size_t size = 0;
    const unsigned char *bytes = secret_bytes(secret, &size);
    *ret = arena_strndup(arena, (const char *)bytes, size);
    secret_free(secret);
    return ST_OK;
}

/* ---- verbs */

enum status source_create(struct txn *txn, const struct source *in, struct source *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct source made = *in;
    struct source_row row = {
        .kind = in->kind, .name = in->name, .paused = in->paused == 1, .refused_at = INSTANT_NONE};
    const struct lms_platform *platform = lms_platform_find(in->kind);
    struct lms_signature proposed = {.family = platform ? platform->family : LMS_FAMILY_HMAC_HEX};
    const char *secret = in->secret;
    bool shared = (in->signature ? in->signature : &proposed)->family != LMS_FAMILY_JWT;
    if (!secret && shared)
        secret = source_make_secret(arena, in->signature ? in->signature : &proposed);
    enum status status = source_check(arena, &made, secret, NULL, err);
    if (status != ST_OK)
        return status;
    row.id = id_make(arena, "src", txn_organisation(txn), txn_now(txn));
    row.settings = source_json(arena, &lms_signature_table, made.signature);
    row.mapping = source_json(arena, &lms_mapping_table, made.mapping);
    row.rules = source_rules_json(arena, &made.rules);
    status = source_seal(txn, row.id, secret, &row.secret, err);
    if (status == ST_OK)
        status = source_add(txn, &row, err);
    made.id = row.id;
    if (status == ST_OK)
        status = pull_configure(txn, &made, in->credential, true, err);
    if (status == ST_OK)
        status = jwks_configure(txn, &made, true, err);
    if (status == ST_OK)
        status = source_of_row(arena, &row, ret, err);
    if (status == ST_OK)
        status = pull_show(txn_snapshot(txn), arena, ret, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "source.created", row.id, changes_payload(arena, &source_table, NULL, ret, NULL, NULL));
    ret->secret = in->secret ? NULL : secret;
    return ST_OK;
}

struct source_secrets {
    const char *current, *previous;
};

/* A new secret pushes the one before it aside; clearing the previous one ends a rotation. */
static enum status source_rotate(struct txn *txn, const struct source_row *row, const struct source *patch,
    struct source_secrets *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const struct keyring *keyring = txn_keyring(txn);
    enum status status = source_unseal(arena, keyring, row->id, row->secret, &ret->current, err);
    if (status == ST_OK)
        status = source_unseal(arena, keyring, row->id, row->secret_previous, &ret->previous, err);
    if (status != ST_OK)
        return status;
    if (field_given(&source_table, patch, "previous_secret"))
        ret->previous = patch->previous_secret;
    if (patch->secret) {
        ret->previous = ret->current;
        ret->current = patch->secret;
    }
    return ST_OK;
}

enum status source_change(struct txn *txn, const char *id, const struct source *patch, int64_t expected,
    struct source *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct source_row row;
    struct source before, after;
    struct source_secrets secrets;
    enum status status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = source_of_row(arena, &row, &before, err);
    if (status == ST_OK)
        status = pull_show(txn_snapshot(txn), arena, &before, err);
    if (status == ST_OK)
        status = source_rotate(txn, &row, patch, &secrets, err);
    if (status != ST_OK)
        return status;
    after = before;
    field_merge(&source_table, &after, patch);
    status = source_check(arena, &after, secrets.current, secrets.previous, err);
    if (status == ST_OK)
        status = source_seal(txn, id, secrets.current, &row.secret, err);
    row.secret_previous = NULL;
    if (status == ST_OK)
        status = source_seal(txn, id, secrets.previous, &row.secret_previous, err);
    if (status != ST_OK)
        return status;
    row.name = after.name;
    row.paused = after.paused == 1;
    row.settings = source_json(arena, &lms_signature_table, after.signature);
    row.mapping = source_json(arena, &lms_mapping_table, after.mapping);
    row.rules = source_rules_json(arena, &after.rules);
    status = source_update(txn, &row, expected, err);
    if (status == ST_OK && field_given(&source_table, patch, "mapping"))
        status = completion_wake_source(txn, id, err);
    bool asked_otherwise = field_given(&source_table, patch, "url") ||
                           field_given(&source_table, patch, "pull") || patch->credential ||
                           field_given(&source_table, patch, "mapping");
    if (status == ST_OK)
        status = pull_configure(txn, &after, patch->credential, asked_otherwise, err);
    if (status == ST_OK)
        status = jwks_configure(txn, &after, field_given(&source_table, patch, "jwks_url"), err);
    if (status == ST_OK)
        status = source_of_row(arena, &row, ret, err);
    if (status == ST_OK)
        status = pull_show(txn_snapshot(txn), arena, ret, err);
    if (status == ST_OK)
        txn_audit(txn, "source.changed", id, changes_payload(arena, &source_table, &before, ret, NULL, NULL));
    return status;
}

enum status source_remove(struct txn *txn, const char *id, int64_t expected, struct error *err)
{
    enum status status = pull_drop(txn, id, err);
    if (status == ST_OK)
        status = jwks_drop(txn, id, err);
    if (status == ST_OK)
        status = source_delete(txn, id, expected, err);
    if (status == ST_OK)
        txn_audit(txn, "source.deleted", id, NULL);
    return status;
}

/* ---- opening */

static enum status source_open_keys(struct source_reader *reader, const struct snapshot *snapshot,
    const struct keyring *keyring, const struct source_row *row, struct error *err)
{
    const char *jwks = NULL;
    struct secret *current = NULL, *previous = NULL;
    enum status status = row->secret ? unseal(keyring, row->id, row->secret, &current, err) : ST_OK;
    if (status == ST_OK && row->secret_previous)
        status = unseal(keyring, row->id, row->secret_previous, &previous, err);
    if (status == ST_OK)
        status = jwks_good(snapshot, reader->arena, row->id, &jwks, err);
    reader->keys =
        (struct lms_keys){.current = current, .previous = previous, .jwks = {jwks, jwks ? strlen(jwks) : 0}};
    return status;
}

enum status source_open(const struct snapshot *snapshot, const struct keyring *keyring, const char *id,
    struct source_reader **ret, struct error *err)
{
    struct source_row row;
    struct source source;
    enum status status = source_get(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    struct arena *arena = arena_new(4096);
    struct source_reader *reader = ARENA_NEW(arena, struct source_reader);
    reader->arena = arena;
    status = source_of_row(arena, &row, &source, err);
    if (status == ST_OK) {
        reader->id = arena_strdup(arena, id);
        reader->platform = lms_platform_find(source.kind);
        reader->signature = source.signature;
        reader->mapping = source.mapping;
        reader->paused = row.paused;
        if (!reader->platform)
            status = error_set(err, ST_NOT_FOUND, "nothing is posted to %s", id);
    }
    if (status == ST_OK)
        status = pull_of_source(snapshot, arena, &source, &reader->pull, err);
    if (status == ST_OK)
        status = source_open_keys(reader, snapshot, keyring, &row, err);
    if (status != ST_OK) {
        source_close(reader);
        return status;
    }
    *ret = reader;
    return ST_OK;
}

void source_close(struct source_reader *reader)
{
    if (!reader)
        return;
    secret_free((struct secret *)reader->keys.current);
    secret_free((struct secret *)reader->keys.previous);
    arena_free(reader->arena);
}
