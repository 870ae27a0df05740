/*
 * The fetcher: libcurl's multi interface on the loop's events, a queue in front of it. Answers are given out
 * when libcurl has returned, so that receivers may start and cancel calls.
 */
#include "internal.h"

#include <event2/event.h>
#include <stdlib.h>

struct fetch_socket {
    struct event *event;
};

static void fetcher_collect(struct fetcher *fetcher);

static void *fetch_alloc(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- libcurl's sockets and timer on the loop */

static void fetcher_on_socket(evutil_socket_t socket, short what, void *context)
{
    struct fetcher *fetcher = context;
    int flags = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0), running;
    (void)curl_multi_socket_action(fetcher->multi, socket, flags, &running);
    fetcher_collect(fetcher);
}

static void fetcher_on_timer(void *context)
{
    struct fetcher *fetcher = context;
    int running;
    (void)curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    fetcher_collect(fetcher);
}

static int fetcher_watch(CURL *easy, curl_socket_t socket, int what, void *context, void *of_socket)
{
    struct fetcher *fetcher = context;
    struct fetch_socket *watched = of_socket;
    (void)easy;
    if (watched)
        event_free(watched->event);
    if (what == CURL_POLL_REMOVE) {
        free(watched);
        return 0;
    }
    if (!watched) {
        watched = fetch_alloc(sizeof *watched);
        curl_multi_assign(fetcher->multi, socket, watched);
    }
    short wanted =
        (short)(EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
    watched->event = event_new(loop_base(fetcher->loop), socket, wanted, fetcher_on_socket, fetcher);
    if (!watched->event || event_add(watched->event, NULL) < 0)
        abort();
    return 0;
}

static int fetcher_schedule(CURLM *multi, long delay_ms, void *context)
{
    struct fetcher *fetcher = context;
    (void)multi;
    if (delay_ms < 0)
        timer_disarm(fetcher->timer);
    else
        timer_arm(fetcher->timer, (int64_t)delay_ms * 1000);
    return 0;
}

/* ---- calls */

static void fetcher_begin(struct fetcher *fetcher, struct fetch_call *call)
{
    call->is_active = true;
    call->began = clock_monotonic();
    TAILQ_INSERT_TAIL(&fetcher->active, call, link);
    fetcher->active_count++;
    if (curl_multi_add_handle(fetcher->multi, call->easy) != CURLM_OK)
        abort();
}

static void fetcher_admit(struct fetcher *fetcher)
{
    while (fetcher->active_count < fetcher->concurrency && !TAILQ_EMPTY(&fetcher->waiting)) {
        struct fetch_call *call = TAILQ_FIRST(&fetcher->waiting);
        TAILQ_REMOVE(&fetcher->waiting, call, link);
        fetcher->waiting_count--;
        fetcher_begin(fetcher, call);
    }
}

static void fetcher_unlink(struct fetch_call *call)
{
    struct fetcher *fetcher = call->fetcher;
    if (call->is_active) {
        curl_multi_remove_handle(fetcher->multi, call->easy);
        TAILQ_REMOVE(&fetcher->active, call, link);
        fetcher->active_count--;
    } else {
        TAILQ_REMOVE(&fetcher->waiting, call, link);
        fetcher->waiting_count--;
    }
}

static void fetcher_end(struct fetch_call *call, CURLcode result)
{
    struct fetcher *fetcher = call->fetcher;
    void (*done)(void *context, struct fetch_answer *answer) = call->done;
    void *context = call->context;
    fetcher_unlink(call);
    struct fetch_answer *answer = fetch_call_end(call, result);
    fetcher->outcomes[answer->outcome]++;
    done(context, answer);
}

static void fetcher_look_drained(struct fetcher *fetcher)
{
    if (!fetcher->drained || fetcher->active_count || fetcher->waiting_count)
        return;
    void (*drained)(void *context) = fetcher->drained;
    fetcher->drained = NULL;
    drained(fetcher->drained_context);
}

static void fetcher_collect(struct fetcher *fetcher)
{
    const struct CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(fetcher->multi, &left))) {
        struct fetch_call *call = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        fetcher_end(call, message->data.result);
    }
    fetcher_admit(fetcher);
    fetcher_look_drained(fetcher);
}

enum status fetch_start(
    struct fetcher *fetcher, const struct fetch_request *request, struct fetch_call **ret, struct error *err)
{
    struct fetch_call *call;
    if (fetcher->draining)
        return error_set(err, ST_BUSY, "the daemon stops");
    if (fetcher->waiting_count == FETCH_WAITING_MAX)
        return error_set(err, ST_BUSY, "too many calls wait for their turn");
    enum status status = fetch_call_new(fetcher, request, &call, err);
    if (status != ST_OK)
        return status;
    TAILQ_INSERT_TAIL(&fetcher->waiting, call, link);
    fetcher->waiting_count++;
    fetcher_admit(fetcher);
    if (ret)
        *ret = call;
    return ST_OK;
}

static void fetcher_on_room(void *context)
{
    struct fetcher *fetcher = context;
    fetcher_admit(fetcher);
    fetcher_look_drained(fetcher);
}

void fetch_cancel(struct fetch_call *call)
{
    struct fetcher *fetcher = call->fetcher;
    fetcher_unlink(call);
    fetch_call_free(call);
    (void)loop_cancel(fetcher->loop, fetcher_on_room, fetcher);
    loop_post(fetcher->loop, fetcher_on_room, fetcher);
}

/* ---- life */

enum status fetcher_new(const struct fetcher_options *options, struct fetcher **ret, struct error *err)
{
    struct address_guard *guard;
    enum status status = address_guard_new(options->allow, &guard, err);
    if (status != ST_OK)
        return status;
    struct arena *arena = arena_new(1024);
    struct fetcher *fetcher = ARENA_NEW(arena, struct fetcher);
    *fetcher = (struct fetcher){.arena = arena,
        .loop = options->loop,
        .clock = options->clock,
        .guard = guard,
        .ca_file = arena_strdup(arena, options->ca_file),
        .user_agent = arena_strdup(arena, options->user_agent ? options->user_agent : "entretiend"),
        .concurrency = options->concurrency ? options->concurrency : 1,
        .multi = curl_multi_init()};
    TAILQ_INIT(&fetcher->active);
    TAILQ_INIT(&fetcher->waiting);
    if (!fetcher->multi)
        abort();
    fetcher->timer = timer_new(options->loop, fetcher_on_timer, fetcher);
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETFUNCTION, fetcher_watch);
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETDATA, fetcher);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERFUNCTION, fetcher_schedule);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERDATA, fetcher);
    curl_multi_setopt(fetcher->multi, CURLMOPT_MAXCONNECTS, (long)fetcher->concurrency);
    *ret = fetcher;
    return ST_OK;
}

static void fetcher_lose_patience(void *context)
{
    struct fetcher *fetcher = context;
    struct fetch_call *call;
    while ((call = TAILQ_FIRST(&fetcher->waiting)) || (call = TAILQ_FIRST(&fetcher->active)))
        fetcher_end(call, CURLE_ABORTED_BY_CALLBACK);
    fetcher_look_drained(fetcher);
}

void fetcher_drain(struct fetcher *fetcher, int64_t patience, void (*drained)(void *context), void *context)
{
    fetcher->draining = true;
    fetcher->drained = drained;
    fetcher->drained_context = context;
    if (!fetcher->patience)
        fetcher->patience = timer_new(fetcher->loop, fetcher_lose_patience, fetcher);
    timer_arm(fetcher->patience, patience);
    loop_post(fetcher->loop, fetcher_on_room, fetcher);
}

void fetcher_free(struct fetcher *fetcher)
{
    if (!fetcher)
        return;
    struct fetch_call *call;
    while ((call = TAILQ_FIRST(&fetcher->waiting)) || (call = TAILQ_FIRST(&fetcher->active))) {
        fetcher_unlink(call);
        fetch_call_free(call);
    }
    (void)loop_cancel(fetcher->loop, fetcher_on_room, fetcher);
    curl_multi_cleanup(fetcher->multi);
    timer_free(fetcher->timer);
    timer_free(fetcher->patience);
    address_guard_free(fetcher->guard);
    arena_free(fetcher->arena);
}

void fetcher_metrics(const struct fetcher *fetcher, struct buf *out)
{
    buf_text(out, "# HELP entretiend_fetches_total HTTP calls of the daemon to others, by their end.\n"
                  "# TYPE entretiend_fetches_total counter\n");
    for (int i = 0; i <= FETCH_TOO_LARGE; i++)
        buf_printf(out, "entretiend_fetches_total{end=\"%s\"} %llu\n", fetch_outcome_names[i],
            (unsigned long long)fetcher->outcomes[i]);
    buf_printf(out,
        "# HELP entretiend_fetches_under_way HTTP calls begun and not ended, and those that wait for their "
        "turn.\n"
        "# TYPE entretiend_fetches_under_way gauge\n"
        "entretiend_fetches_under_way{state=\"active\"} %u\n"
        "entretiend_fetches_under_way{state=\"waiting\"} %u\n",
        fetcher->active_count, fetcher->waiting_count);
}
