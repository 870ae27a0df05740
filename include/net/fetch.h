#pragma once
/*
 * HTTP calls on the loop (curl multi): nothing here ever waits. One fetcher per daemon; app makes it and jobs
 * hand out calls. Loop thread only, but for answers, which belong to whoever holds them.
 *
 *   struct fetch_request request = {
 *       .method = "REPORT", .url = url, .fields = fields, .field_count = 2, .body = SPAN_TEXT(xml),
 *       .user = "alice", .secret = password, .auth = FETCH_BASIC, .done = on_answer, .context = run};
 *   status = fetch_start(fetcher, &request, &run->call, err);
 *
 *   static void on_answer(void *context, struct fetch_answer *answer)
 *   {
 *       run->call = NULL;
 *       if (answer->outcome == FETCH_ANSWERED && answer->status == 207)
 *           ... hand the answer to a lane, which parses answer->body and frees it ...
 *       else
 *           fetch_answer_free(answer);
 *   }
 *
 * What every call gets: http and https only; the address that a name resolved to must pass the guard
 * (net/address.h); redirects are answers like any other (RFC 9110, 15.4: look at `Location`, and whether it is
 * the same host, before following); no proxy from the environment, no cookies, no ~/.netrc; TLS 1.2 or later
 * with verified certificates; gzip and deflate are undone, the ceiling counts what comes out; at most 64 KiB of
 * header fields. Nothing of a request or an answer is ever logged here; copies of secrets and bodies are wiped.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "loop/loop.h"

#include <stddef.h>
#include <stdint.h>

struct fetcher_options {
    struct loop *loop;
    const struct clock *clock; /* for a Retry-After that is a date without a Date beside it */
    const char *allow;         /* of address_guard_new(), NULL = public addresses only */
    const char *ca_file;       /* NULL = the system's authorities */
    const char *user_agent;
    unsigned concurrency; /* calls under way in all; others wait in their order */
};

struct fetcher;

/* After net_init(). Copies the strings. ST_INVALID: `allow` is not a list of networks and hosts. */
enum status fetcher_new(const struct fetcher_options *options, struct fetcher **ret, struct error *err);
/* Refuses new calls (ST_BUSY); `drained` is called on the loop when none is left. Those still under way after
 * `patience` microseconds end with FETCH_FAILED. */
void fetcher_drain(struct fetcher *fetcher, int64_t patience, void (*drained)(void *context), void *context);
/* Calls left are dropped as by fetch_cancel(). Before the loop is freed. NULL is fine. */
void fetcher_free(struct fetcher *fetcher);
/* Metrics lines (Prometheus text format). */
void fetcher_metrics(const struct fetcher *fetcher, struct buf *out);

struct fetch_field {
    const char *name, *value;
};

enum fetch_auth { FETCH_NO_AUTH, FETCH_BASIC /* `user` and `secret` */, FETCH_BEARER /* `secret` */ };

enum {
    FETCH_WAITING_MAX = 4096,           /* calls that wait for their turn */
    FETCH_FIELDS_MAX = 64,              /* of a request */
    FETCH_HEADER_MAX = 64 * 1024,       /* bytes of an answer's header fields */
    FETCH_BODY_DEFAULT = 1024 * 1024,   /* bytes of an answer, when the call names no ceiling */
    FETCH_BODY_MOST = 64 * 1024 * 1024, /* the highest ceiling */
    FETCH_CONNECT_S = 10,               /* for name, connection and TLS */
    FETCH_DEADLINE_S = 30,              /* for all of it, when the call names none; counts from its turn */
};

struct fetch_answer;

/* Everything is copied; it may go as soon as fetch_start has returned. */
struct fetch_request {
    const char *method; /* a token such as "PROPFIND"; NULL = POST with a body, GET without */
    const char *url;    /* absolute, http or https, without user information */
    const struct fetch_field *fields;
    size_t field_count;
    struct span body; /* .data NULL = none; an empty one is sent as such */
    enum fetch_auth auth;
    const char *user;
    const struct secret *secret;
    int64_t deadline;  /* microseconds, 0 = FETCH_DEADLINE_S */
    size_t answer_max; /* bytes of the body, 0 = FETCH_BODY_DEFAULT */
    /* On the loop, never from inside fetch_start or fetch_cancel, exactly once unless the call is cancelled.
     * The answer is the receiver's. */
    void (*done)(void *context, struct fetch_answer *answer);
    void *context;
};

struct fetch_call;

/* *ret may be NULL. ST_INVALID: the URL, method or a field is not one; ST_BUSY: too many wait, or it drains. */
enum status fetch_start(
    struct fetcher *fetcher, const struct fetch_request *request, struct fetch_call **ret, struct error *err);
/* done is not called; `call` is gone. */
void fetch_cancel(struct fetch_call *call);

enum fetch_outcome {
    FETCH_ANSWERED, /* a whole answer, whatever its status */
    FETCH_FAILED,   /* unreachable, interrupted, out of time: later */
    FETCH_REFUSED,  /* not by us: the address is guarded, the certificate is wrong */
    FETCH_TOO_LARGE /* over the ceiling: not as it is */
};
extern const char *const fetch_outcome_names[]; /* "answered", "failed", "refused", "too_large" */

struct fetch_answer {
    enum fetch_outcome outcome;
    int status;          /* of HTTP, 0 = none came */
    struct span body;    /* "" unless answered; NUL-terminated, the NUL is not counted */
    int64_t retry_after; /* microseconds from now, -1 = not said (RFC 9110, 10.2.3); at most a week */
    int64_t took;        /* microseconds since its turn */
    const char *url;     /* as asked */
    char problem[200];   /* unless answered: one sentence for people, without secrets */
    struct fetch_fields *fields;
};
/* The `nth` (from 0) field of that name, compared without case, or NULL; lives as long as the answer. */
const char *fetch_answer_field(const struct fetch_answer *answer, const char *name, unsigned nth);
/* The first `most` fields as they came, borrowed; how many that are. */
size_t fetch_answer_fields(const struct fetch_answer *answer, struct fetch_field *out, size_t most);
/* Any thread. NULL is fine. */
void fetch_answer_free(struct fetch_answer *answer);
