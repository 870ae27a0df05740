#pragma once
/* What the files of the framework share; operations include op.h only. */
#include "op.h"

#include "lms/signature.h"

enum {
    TOKEN_CACHE_SLOTS = 512,
    RATE_SLOTS = 4096,
    SOURCE_CACHE_SLOTS = 64,
    CALENDAR_SLOTS = 512,
    LATENCY_BUCKETS = 8
};

struct cached_token {
    struct sha256 hash;
    bool known; /* false = empty slot */
    struct principal who;
    instant_t expires_at; /* INSTANT_NONE = never */
    int64_t loaded;       /* monotonic */
    instant_t touched;    /* last_used as written */
};

struct rate_slot {
    uint64_t key;
    double tokens;
    int64_t at;
};

struct route_figures {
    uint64_t answers[6]; /* by hundreds of the status */
    uint64_t latency[LATENCY_BUCKETS];
    uint64_t latency_sum_us;
};

struct api {
    struct api_options options;
    struct router *router;
    struct http_server *server;
    char *base_url;
    bool ready;
    struct cached_token tokens[TOKEN_CACHE_SLOTS];
    uint64_t token_generation; /* raised when tokens change, so that a lookup under way is not cached */
    struct cached_source *sources[SOURCE_CACHE_SLOTS]; /* hooks.c */
    struct stating *stating;                           /* statements.c: writes under way, the oldest first */
    uint64_t source_generation;
    struct cached_calendar *calendars[CALENDAR_SLOTS]; /* feed_calendar.c */
    size_t calendar_bytes;
    struct rate_slot rates[RATE_SLOTS], failures[RATE_SLOTS];
    uint64_t rate_seed;
    struct call *waiting;          /* calls held by call->await */
    struct call *keyed;            /* calls with an Idempotency-Key under way */
    struct route_figures *figures; /* one per route */
    uint64_t rate_refusals, cut_streams;
    struct refusal_note *refusals; /* refusals.c: not written yet */
    struct timer *refusals_timer;
    uint64_t ingest_refused;
    unsigned held;               /* calls of platforms that wait for room, or for keys */
    struct key_wish *key_wishes; /* hook_keys.c */
};

/* op.c */
void call_failed(struct call *call, const struct error *err);
void call_failed_with(struct call *call, int status, const struct error *err, const struct http_header *extra,
    size_t extra_count);
void call_run(struct call *call);
void call_free(struct call *call);
void call_set_content_type(struct call *call, const char *field);
struct http_exchange *call_release(struct call *call);

/* authenticate.c: calls call_authenticated or call_failed, now or later. */
void call_authenticate(struct call *call);
void call_authenticated(struct call *call);
void api_forget_tokens(struct api *api);
/* Whether the request names a token that was good when it was looked up last. */
bool api_knows_token(struct api *api, const struct http_exchange *exchange);
/* 401 (or call->refusal), 429 when there were too many from that address. Before a secret is verified, an
 * address that has guessed too often is turned away whatever it shows, so that guessing on is worth nothing. */
void call_refuse_credentials(struct call *call, const char *why);

/* hooks.c: in place of a token */
void hook_authenticate(struct call *call);
/* The same for a source named by the request itself: by its own signature, or by `signature`. */
void source_authenticate(struct call *call, const char *id, const struct lms_signature *signature);
/* refusals.c: lets a call of a platform wait and then calls next; false: it waited long enough. */
bool call_hold(struct call *call, void (*next)(struct call *call));
void call_hold_end(struct call *call);
/* A call that had proved where it comes from is refused. */
void call_note_refusal(struct call *call, int status, const struct error *err);
void refusals_free(struct api *api);
/* hook_keys.c */
void key_wishes_free(struct api *api);
/* statements.c */
void statements_authenticate(struct call *call);
/* statements_alternate.c: a request in the alternate syntax becomes the one it stands for, before anybody looks
 * at its credentials. */
enum status statements_alternate(struct call *call, struct error *err);
/* What every answer below /xapi carries. */
void statements_headers(struct api *api, struct http_exchange *exchange);
void api_forget_sources(struct api *api);
/* Whether the source was looked up before and was there. */
bool api_knows_source(struct api *api, const char *id);
/* The same of the source that Basic credentials name. */
bool statements_vouched(struct api *api, struct http_exchange *exchange);

/* feed_calendar.c */
void api_forget_calendars(struct api *api);
/* Whether the subscription in the path was there when it was looked up last. */
bool calendar_known(const struct call *call);

/* me.c: in place of a token; and the answer to a failure, as a page */
void me_authenticate(struct call *call);
void me_failed(struct call *call, int status);

/* answer.c */
void call_respond(struct call *call);
void call_reset_answer(struct call *call);
/* As part of a query string. */
void link_escape(struct buf *out, const char *text);
struct http_response call_head(struct call *call, int status);

/* stream.c: all on the loop but stream_rewind, which is called before each run of `read`. */
void stream_rewind(struct call *call);
/* `read` went well: what it made is going to be sent. */
void stream_made(struct call *call);
void stream_start(struct call *call, int status);
/* A chunk is made, or could not be. */
void stream_go_on(struct call *call, enum status status, const struct error *err);
void stream_close(struct call *call);

/* parse.c */
enum status call_parse(struct call *call, struct error *err);
enum status call_find_organisation(struct call *call, struct error *err);

/* keyed.c: Idempotency-Key */
enum status keyed_enter(struct call *call, struct error *err);
void keyed_leave(struct call *call);
/* In the transaction. *ret_replayed: the answer of the earlier request is in the call. */
enum status keyed_replay(struct txn *txn, struct call *call, bool *ret_replayed, struct error *err);
enum status keyed_store(struct txn *txn, struct call *call, struct error *err);

/* rate.c: false = refuse; *ret_retry is in seconds. */
bool rate_take(struct api *api, enum rate_class class, const char *who, int64_t now, int *ret_retry);
bool rate_take_failure(struct api *api, const char *peer, int64_t now, int *ret_retry);
/* Whether that address has no wrong guess left: whatever it shows is not to be looked at. */
bool rate_is_barred(struct api *api, const char *peer, int64_t now, int *ret_retry);

/* witness.c: for a call that call_witness() was told of: answers once it is recorded. */
void witness_before_answer(struct call *call);

/* wait.c */
void call_wait(struct call *call);
void wait_forget(struct call *call);
void wait_end(struct api *api);

/* metrics.c */
void figures_count(struct api *api, const struct call *call, int status);
