#pragma once
/*
 * The operation framework. A request goes through
 *
 *   find the route -> authenticate -> authorise -> parse (loop) -> run + render (lane, inside the transaction
 * or snapshot)
 *   -> answer (loop, after COMMIT)
 *
 * An operation supplies its tables and up to three functions; everything else is a column of its route.
 */
#include "api/api.h"
#include "base/crypto.h"
#include "base/field.h"
#include "base/id.h"
#include "http/credentials.h"
#include "http/router.h"
#include "http/server.h"
#include "store/page.h"
#include "store/store.h"

#include <stdbool.h>

enum scope {
    SCOPE_ADMIN = 1 << 0,
    SCOPE_HR = 1 << 1,
    SCOPE_READ = 1 << 2,
    SCOPE_MANAGER = 1 << 3, /* bound to an employee: the own team only, no absence types */
    SCOPE_INGEST = 1 << 4,
    SCOPE_PROVISION = 1 << 5,
    SCOPE_AUDIT = 1 << 6,
};
enum { SCOPE_COUNT = 7 };
extern const char *const scope_names[SCOPE_COUNT + 1];

enum auth {
    AUTH_TOKEN,      /* Authorization: Bearer, with one of the route's scopes */
    AUTH_HOOK,       /* the signature of the source in the path */
    AUTH_STATEMENTS, /* Basic: the id of a source that takes xAPI statements, and its secret */
    AUTH_LINK,       /* the secret of a personal link in the path; failures are pages */
    AUTH_FEED,       /* the secret of a subscription in the path, which the operation looks up itself */
    AUTH_NONE,       /* health, metrics, description */
    AUTH_COUNT
};

/* LANE_LONG: a read that takes as long as the store is large; chunks of a stream after the first are plain
 * reads.
 */
enum lane_kind { LANE_LOOP, LANE_READ, LANE_WRITE, LANE_LONG };

enum rate_class { RATE_PEOPLE, RATE_HOOK, RATE_FEED, RATE_HEALTH, RATE_COUNT };

struct call;

struct op {
    const char *name;                 /* operationId: employee_get */
    const char *summary;              /* one line */
    const struct field_table *query;  /* parameters; NULL = none are accepted */
    const struct field_table *input;  /* body; NULL = no body, or a body that `parse` reads itself */
    enum field_mode mode;             /* of the body */
    const struct field_table *output; /* of the answer, or of each item of a list */
    bool list;                        /* the answer is {"items": [...], "next": ...} */
    bool any_organisation;            /* may work without one: creating or listing organisations and tokens */
    bool body_optional;               /* an empty body is an empty object */
    bool secret_answer;               /* never stored with an Idempotency-Key */
    const char *consumes;             /* media types of a body that is not JSON: "text/csv" */
    const char *produces;             /* of an answer that is not JSON */
    int created;                      /* status of success when not 200: 201, 202, 204 */
    int also;                         /* another one that call->status may say, for the description */
    /* On the loop, after the tables: checks across fields. Optional. */
    enum status (*parse)(struct call *call, struct error *err);
    /* One of these, by the route's lane. They decide, then write the answer into call->body (or leave it
     * empty). */
    enum status (*local)(struct call *call, struct error *err);
    enum status (*read)(const struct snapshot *snapshot, struct call *call, struct error *err);
    enum status (*write)(struct txn *txn, struct call *call, struct error *err);
    /* An answer in chunks (see Streams below): the size of the struct that says where the next one begins; 0 =
     * the answer is written whole. */
    size_t cursor_size;
    /* On the loop, once, when a stream is over, in whatever way: closes what call->state holds. Optional. */
    void (*close)(struct call *call);
    /* On the loop, before a read lane: true when the answer is there already (call->shared, headers). */
    bool (*cached)(struct call *call);
    /* On the loop, after a read that went well, before the answer leaves: keep what `cached` may give. */
    void (*remember)(struct call *call);
    /* Makes the final answer of a call that waited (call->await), in a new snapshot. */
    enum status (*refresh)(const struct snapshot *snapshot, struct call *call, struct error *err);
    /* On the loop, after COMMIT, before the answer leaves: forget cached rows. */
    void (*committed)(struct call *call);
};

struct route {
    enum http_method method;
    const char *path;
    enum auth auth;
    unsigned scopes;
    enum lane_kind lane;
    size_t max_body;
    enum rate_class rate;
    const struct op *op;
};

extern const struct route routes[];
extern const size_t routes_count;

struct principal {
    char actor[ID_MAX];             /* the token's id; "anonymous" without one */
    char organisation[ORG_KEY_MAX]; /* "" = all organisations */
    char employee[ID_MAX];          /* of a manager token, else "" */
    unsigned scopes;
};

#define CALL_HEADERS_MAX 6

/* A body that several answers send without copying it. Loop thread. */
struct shared_body {
    unsigned uses;
    size_t size;
    char data[];
};
struct shared_body *shared_body_new(const void *data, size_t size); /* used once */
void shared_body_release(void *body);

struct call {
    struct api *api;
    struct arena *arena;            /* the call's own; lives until the answer is handed over */
    struct http_exchange *exchange; /* valid until the answer, also when the client has gone */
    const struct route *route;
    const struct op *op;
    struct router_match match;
    struct query query;
    const char *query_text;    /* without '?' */
    struct span request;       /* the body, a copy */
    const char *content_type;  /* lower case, without parameters; "" if none */
    const char *content_field; /* the whole field; "" if none */
    const char *if_match;      /* raw header fields, NULL if absent */
    const char *if_none_match;
    const char *if_modified_since;
    const char *idempotency_key;
    const char *accept;
    const char *accept_encoding;
    const char *request_id;
    const char *peer;
    struct query headers; /* of hooks: all fields, names in lower case */
    struct principal who;
    char organisation[ORG_KEY_MAX]; /* the organisation this call works in; "system" for none */
    date_t today; /* the civil date of the clock in Europe/Paris until the organisation's zone is known */

    const struct link_row *link; /* AUTH_LINK: whose page */

    void *params; /* struct of op->query */
    void *in;     /* struct of op->input */
    void *state;  /* the operation's own, between parse and run, or for as long as a stream lasts */
    void *cursor; /* of a stream: where this chunk begins; `read` moves it to where the next one does */

    /* The answer. Set on the lane, before COMMIT. */
    int status;        /* 0 = op->created or 200 */
    bool wrong_secret; /* the failure is a guess that opens nothing: it counts against the address */
    int refusal;       /* the HTTP status of a failure, when enum status is not precise enough (415) */
    struct buf body;
    struct shared_body *shared; /* in place of `body`: borrowed, of `cached` */
    const char *body_type;      /* NULL = application/json */
    const char *coding;         /* Content-Encoding of the body, NULL = none */
    const char *etag;           /* with its quotes */
    struct http_header headers_out[CALL_HEADERS_MAX];
    unsigned headers_out_count;
    bool more;         /* streams: another chunk follows */
    const char *await; /* call_await(): what the answer is held for, NULL = nothing */
    int64_t await_us;

    const char *witness_verb, *witness_subject; /* call_witness() */

    /* The framework's own. */
    struct call *next, *keyed_next;
    int64_t started; /* monotonic */
    struct timer *timer;
    struct sha256 request_hash;
    int64_t hold_since, hold_wait; /* a platform's call that waits for room */
    void (*hold_next)(struct call *call);
    bool held;
    bool in_lane;
    bool gone; /* the client, while the call was in a lane */
    bool streaming;
    unsigned stream_refusals; /* in a row, by a lane that is full */
    void *cursor_sent;        /* where the chunk begins that is not made yet */
    int64_t chunk_started;    /* monotonic */
    bool replayed;            /* the answer came from an earlier request with the same key */
};

/* ---- what operations use */
/* Of a read: its answer shows evidence as it came, so that the audit chain tells who read it (`subject` is its
 * id) before the answer leaves. */
void call_witness(struct call *call, const char *verb, const char *subject);
const char *call_param(const struct call *call, const char *name);
/* The id in the path; ST_NOT_FOUND unless it is an id of that kind in an organisation the caller may see. */
enum status call_id(
    const struct call *call, const char *name, const char *kind, const char **ret, struct error *err);
/* The answer is one resource: writes it by the operation's output table and sets its ETag. `version` 0 = no
 * ETag. */
void call_answer(struct call *call, const void *out, int64_t version);
/* What links that leave the daemon begin with. */
const char *call_base_url(const struct call *call);
/* A writer on the answer's body. */
struct json_writer call_writer(struct call *call);
void call_header(struct call *call, const char *name, const char *value);
void call_location(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
/* Holds the answer until api_notify(id), `us` microseconds at most; 0: not at all. `id` lives as the call. */
void call_await(struct call *call, const char *id, int64_t us);
/* For a read of what is under way, until `seconds` (FIELD_INT_NONE: 0) after the call began. Looks again every
 * second: the end may have come just before the call began to wait for it. */
void call_await_end(struct call *call, const char *id, int64_t seconds);
/* The version, for If-Match, and a mark of the answer as it is written, for If-None-Match: after the answer. */
void call_etag(struct call *call, int64_t version);
/* Of a resource without a version: by the answer as it is written. */
void call_etag_of_body(struct call *call);
/* ST_PRECONDITION unless If-Match is absent or names this version. */
enum status call_if_match(const struct call *call, int64_t version, struct error *err);

/* Lists: struct page p = call_page(call) for the store's verb; w = call_items_open(call); write each item with
 * w; call_items_close(call, &w, list.next). Every list's parameters: struct page_params first in the struct of
 * the query, PAGE_FIELDS first in its table. */
struct page_params {
    int64_t limit;
    const char *cursor;
    const char *organisation;
};
#define PAGE_FIELDS(query)                                                                                     \
    {.name = "limit",                                                                                          \
        .type = FIELD_INT,                                                                                     \
        .at = offsetof(query, page.limit),                                                                     \
        .min = 1,                                                                                              \
        .max = PAGE_MAX,                                                                                       \
        .doc = "Items per page, 100 unless told."},                                                            \
        {.name = "cursor",                                                                                     \
            .type = FIELD_TEXT,                                                                                \
            .at = offsetof(query, page.cursor),                                                                \
            .max = 400,                                                                                        \
            .doc = "The `next` of the page before."},                                                          \
    {                                                                                                          \
        .name = "organisation", .type = FIELD_ID, .kind = "org", .at = offsetof(query, page.organisation),     \
        .doc = "Which organisation, for tokens that see several."                                              \
    }
struct page call_page(const struct call *call);
struct json_writer call_items_open(struct call *call);
/* Closes the list; `next` (the store's cursor, or NULL at the end) becomes "next" and a Link header. */
void call_items_close(struct call *call, struct json_writer *w, const char *next);

/*
 * Streams: answers too large for one buffer (rows of a million people, a dossier, a backup). Such an operation
 * has a cursor_size; its `read` is called again and again, and each time
 *
 *   - starts where call->cursor says (all bytes zero at first) and writes into call->body until
 *     call_chunk_full(call), which also looks at the time: the lane is for all;
 *   - moves call->cursor to where the next chunk begins, and sets call->more unless this was the last.
 *
 * The cursor is plain memory: numbers, and texts copied into arrays of its own. A read that has to run again
 * (a lost connection) finds the cursor of its beginning, so a chunk is sent once or not at all. What the stream
 * needs throughout (a file that is sent in chunks) is made by the first read that finds call->state empty, and
 * closed by op->close. Rows live in snapshot_arena(): call->arena would grow with the answer.
 *
 * What is consistent: each chunk is one snapshot, and none is held between chunks, however slowly the client
 * reads. A stream that goes on by a key (`WHERE id > cursor ORDER BY id`) shows each row that is there
 * throughout exactly once, as it was when its chunk was made, and of the rows that come or go meanwhile some.
 * Whoever needs one state of all rows reads facts as known at the instant of the first chunk (store/fact.h),
 * which is kept in the cursor, or copies first and streams the copy.
 *
 * Status and header fields are those of the first chunk: what can be refused has to be refused there. An answer
 * that fits into one chunk is an ordinary one, with its length and its validator. For a longer one the loop
 * sends chunk by chunk and asks for the next when less than 256 KiB wait for the client. A failure midway cuts
 * the connection, so that no client takes a part for the whole; a lane that is full is asked again for ten
 * seconds first. HEAD gets the header fields after the first chunk. When the client is gone no further chunk is
 * made. The first chunk goes ahead like any request, those that follow as slices.
 */
bool call_chunk_full(const struct call *call);

/* The Link alone, for a list that is not JSON. */
void call_next(struct call *call, const char *next);

/* Managers: whether this employee (by id) is in the own team; everybody else with a scope of the route may see
 * all. */
bool call_is_manager(const struct call *call);
