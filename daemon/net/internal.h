#pragma once
/* The parts of an HTTP call. Loop thread. */
#include "base/arena.h"
#include "net/address.h"
#include "net/fetch.h"

#include <curl/curl.h>
#include <sys/queue.h>

TAILQ_HEAD(fetch_calls, fetch_call);

struct fetcher {
    struct arena *arena;
    struct loop *loop;
    const struct clock *clock;
    const char *ca_file, *user_agent;
    struct address_guard *guard;
    CURLM *multi;
    struct timer *timer;
    struct fetch_calls active, waiting;
    unsigned active_count, waiting_count, concurrency;
    uint64_t outcomes[FETCH_TOO_LARGE + 1];
    bool draining;
    struct timer *patience;
    void (*drained)(void *context);
    void *drained_context;
};

struct fetch_call {
    TAILQ_ENTRY(fetch_call) link;
    struct fetcher *fetcher;
    bool is_active;
    CURL *easy;
    struct curl_slist *fields;
    struct buf body; /* of the request */
    char *host;      /* of the URL, libcurl's memory */
    int64_t began;   /* monotonic */
    struct fetch_answer *answer;
    struct buf received;
    size_t answer_max, header_bytes;
    bool over;         /* a ceiling */
    char refused[120]; /* the guard's sentence, "" = it passed */
    char error[CURL_ERROR_SIZE];
    void (*done)(void *context, struct fetch_answer *answer);
    void *context;
};

/* ---- fetch_call.c: one call as libcurl wants it */
enum status fetch_call_new(
    struct fetcher *fetcher, const struct fetch_request *request, struct fetch_call **ret, struct error *err);
/* Fills the outcome and gives the answer out; the call is freed. */
struct fetch_answer *fetch_call_end(struct fetch_call *call, CURLcode result);
/* With its answer. */
void fetch_call_free(struct fetch_call *call);

/* ---- fetch_answer.c */
struct fetch_answer *fetch_answer_new(const char *url);
/* A line of the header as it arrives; a new status line forgets the fields before it (interim answers). */
void fetch_answer_hear(struct fetch_answer *answer, const char *line, size_t size);
/* Takes the bytes over. */
void fetch_answer_set_body(struct fetch_answer *answer, struct buf *received);
/* Reads Retry-After; `now` stands for a Date that is missing. */
void fetch_answer_read_retry(struct fetch_answer *answer, instant_t now);
