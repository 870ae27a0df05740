#pragma once
/*
 * Sources: the LMS platforms that post completions, how they prove who they are, and how their bodies are read.
 */
#include "base/field.h"
#include "base/secret.h"
#include "lms/platform.h"
#include "lms/pull.h"
#include "store/source.h"

/* The courses of these titles or codes prove the actions of another code. */
struct source_rule {
    const char *title, *code; /* patterns with *; NULL: any */
    const char *course;
};
enum { SOURCE_RULES_MAX = 200 };
extern const struct field_table source_rule_table;
/* Of the column; none when it cannot be read. */
struct list source_rules_parse(struct arena *arena, const char *text);

struct source_refusal {
    instant_t at;
    const char *reason;
};

struct source_keys {
    instant_t fetched_at;
    const char *last_error;
};
extern const struct field_table source_keys_table;

struct pull_progress;
struct source_sync {
    const char *state; /* "idle", "recent", "sweep" */
    const struct pull_progress *progress;
    instant_t last_run, last_sweep, next_run;
    int64_t failures;
    const char *last_error;
};
extern const struct field_table source_sync_table;

struct source {
    const char *id;
    const char *organisation; /* "org_..." */
    const char *kind;         /* name of a platform */
    const char *name;
    const struct lms_signature *signature;
    const char *secret;          /* in requests; in the one answer that makes it */
    const char *previous_secret; /* in a patch: null ends a rotation */
    const struct lms_mapping *mapping;
    struct list rules;    /* of struct source_rule */
    const char *jwks_url; /* where the keys of jwt are fetched */
    const struct source_keys *jwks;
    const char *url;        /* where the platform is asked, NULL: it only posts */
    const char *credential; /* in requests only */
    const struct lms_pull_settings *pull;
    const struct source_sync *sync;
    int paused;
    int replaying;        /* a period of it is being read again */
    const char *hook_url; /* filled in by the interface */
    const struct source_counters *counts;
    const struct source_refusal *last_refusal;
    instant_t created_at, updated_at;
    struct given given;
    int64_t version;
};
extern const struct field_table source_table;

/* Makes a secret when none is given, then it is in ret->secret; a family whose secret only the platform knows
 * needs one. Errors: ST_INVALID with pointers ("/kind", "/secret", "/signature/...", "/mapping/..."). */
enum status source_create(struct txn *txn, const struct source *in, struct source *ret, struct error *err);
/* A new secret makes the former one the previous, which stays good until it is cleared ("previous_secret":
 * null). */
enum status source_change(struct txn *txn, const char *id, const struct source *patch, int64_t expected,
    struct source *ret, struct error *err);
enum status source_remove(struct txn *txn, const char *id, int64_t expected, struct error *err);
/* ST_INTERNAL when the stored configuration cannot be read. */
enum status source_of_row(
    struct arena *arena, const struct source_row *row, struct source *ret, struct error *err);

/* What verifying and reading needs, on its own memory: shared by the requests of a source until it changes. */
struct source_reader {
    struct arena *arena;
    const char *id;
    const struct lms_platform *platform;
    const struct lms_signature *signature;
    const struct lms_mapping *mapping;
    struct lms_keys keys;
    bool paused;
    bool keep_raw;               /* whole bodies are kept, not only the records in them */
    bool asks;                   /* what is read are answers to questions, not posts */
    const struct lms_pull *pull; /* how it is asked; NULL: it only posts */
};
/* Unseals the secrets. */
enum status source_open(const struct snapshot *snapshot, const struct keyring *keyring, const char *id,
    struct source_reader **ret, struct error *err);
void source_close(struct source_reader *reader);
