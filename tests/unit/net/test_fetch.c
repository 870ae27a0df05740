/* HTTP calls on the loop against a server on a real socket: what is sent, what comes back, and every way in
 * which it can go wrong. */
#include "net/fetch.h"
#include "net/smtp.h"
#include "peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CALLS_MAX = 16 };

struct world {
    struct loop *loop;
    struct clock *clock;
    struct peer *peer;
    struct fetcher *fetcher;
    struct fetch_answer *answers[CALLS_MAX];
    unsigned ended, expected;
    bool drained;
};

static int set_up_with(void **state, const char *allow, unsigned concurrency)
{
    struct world *w = calloc(1, sizeof *w);
    w->loop = loop_new();
    w->clock = clock_new_set(0);
    w->peer = peer_new();
    struct fetcher_options options = {.loop = w->loop,
        .clock = w->clock,
        .allow = allow,
        .user_agent = "entretiend-test",
        .concurrency = concurrency};
    assert_int_equal(fetcher_new(&options, &w->fetcher, NULL), ST_OK);
    *state = w;
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(state, "127.0.0.1", 4);
}

static int set_up_guarded(void **state)
{
    return set_up_with(state, "", 4);
}

static int tear_down(void **state)
{
    struct world *w = *state;
    for (unsigned i = 0; i < CALLS_MAX; i++)
        fetch_answer_free(w->answers[i]);
    fetcher_free(w->fetcher);
    peer_free(w->peer);
    clock_free(w->clock);
    loop_free(w->loop);
    free(w);
    return 0;
}

static void on_answer(void *context, struct fetch_answer *answer)
{
    struct world *w = context;
    w->answers[w->ended++] = answer;
    if (w->ended == w->expected)
        loop_stop(w->loop);
}

static const char *url_of(const struct world *w, const char *path)
{
    static char url[200];
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", peer_port(w->peer), path);
    return url;
}

static struct fetch_call *start(struct world *w, struct fetch_request *request)
{
    struct fetch_call *call;
    request->done = on_answer;
    request->context = w;
    unsigned before = w->ended;
    assert_int_equal(fetch_start(w->fetcher, request, &call, NULL), ST_OK);
    assert_int_equal(w->ended, before);
    return call;
}

static const struct fetch_answer *fetch(struct world *w, struct fetch_request *request)
{
    start(w, request);
    w->expected = w->ended + 1;
    loop_run(w->loop);
    return w->answers[w->ended - 1];
}

static const struct fetch_answer *get(struct world *w, const char *path)
{
    struct fetch_request request = {.url = url_of(w, path)};
    return fetch(w, &request);
}

static void an_answer_has_status_fields_and_body(void **state)
{
    struct world *w = *state;
    const struct fetch_answer *answer = get(w, "/plain");
    assert_int_equal(answer->outcome, FETCH_ANSWERED);
    assert_int_equal(answer->status, 200);
    assert_string_equal(answer->body.data, "hello");
    assert_int_equal(answer->body.size, 5);
    assert_string_equal(answer->url, url_of(w, "/plain"));
    assert_string_equal(fetch_answer_field(answer, "x-TWICE", 0), "one");
    assert_string_equal(fetch_answer_field(answer, "X-Twice", 1), "two");
    assert_null(fetch_answer_field(answer, "X-Twice", 2));
    assert_string_equal(fetch_answer_field(answer, "X-Empty", 0), "");
    struct fetch_field fields[8];
    assert_int_equal(fetch_answer_fields(answer, fields, 2), 2);
    assert_string_equal(fields[1].value, "two");
    assert_int_equal(fetch_answer_fields(answer, fields, 8), 4);
    assert_int_equal(answer->retry_after, -1);
    assert_string_equal(answer->problem, "");
}

static void a_request_arrives_as_it_was_given(void **state)
{
    struct world *w = *state;
    struct fetch_field fields[] = {{"Depth", "1"}, {"Content-Type", "application/xml"}, {"X-Empty", ""}};
    struct secret *password = secret_new("pass word", 9);
    struct fetch_request request = {.method = "REPORT",
        .url = url_of(w, "/echo"),
        .fields = fields,
        .field_count = 3,
        .body = SPAN_TEXT("<x/>"),
        .auth = FETCH_BASIC,
        .user = "alice",
        .secret = password};
    const struct fetch_answer *answer = fetch(w, &request);
    secret_free(password);
    assert_int_equal(answer->status, 207);
    assert_true(!strncmp(answer->body.data, "REPORT /echo HTTP/1.1\r\n", 23));
    assert_non_null(strstr(answer->body.data, "\r\nDepth: 1\r\n"));
    assert_non_null(strstr(answer->body.data, "\r\nContent-Type: application/xml\r\n"));
    assert_non_null(strstr(answer->body.data, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(answer->body.data, "\r\nUser-Agent: entretiend-test\r\n"));
    assert_non_null(strstr(answer->body.data, "\r\nAuthorization: Basic YWxpY2U6cGFzcyB3b3Jk\r\n"));
    assert_null(strstr(answer->body.data, "Expect"));
    assert_non_null(strstr(answer->body.data, "\r\n\r\n<x/>"));
}

static void methods_and_bodies(void **state)
{
    static const struct {
        const char *method, *body, *expected;
    } cases[] = {
        {NULL, NULL, "GET /echo"},
        {NULL, "a=b", "POST /echo"},
        {"PUT", "", "PUT /echo"},
        {"DELETE", NULL, "DELETE /echo"},
        {"PROPFIND", "<a/>", "PROPFIND /echo"},
    };
    struct world *w = *state;
    struct secret *token = secret_new("tok-1", 5);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_request request = {.method = cases[i].method,
            .url = url_of(w, "/echo"),
            .body = {cases[i].body, cases[i].body ? strlen(cases[i].body) : 0},
            .auth = FETCH_BEARER,
            .secret = token};
        const struct fetch_answer *answer = fetch(w, &request);
        assert_int_equal(answer->outcome, FETCH_ANSWERED);
        assert_true(!strncmp(answer->body.data, cases[i].expected, strlen(cases[i].expected)));
        assert_int_equal(cases[i].body != NULL, strstr(answer->body.data, "Content-Length:") != NULL);
        assert_null(strstr(answer->body.data, "Content-Type"));
        assert_non_null(strstr(answer->body.data, "\r\nAuthorization: Bearer tok-1\r\n"));
    }
    secret_free(token);
    assert_int_equal(peer_requests(w->peer), 5);
}

static void a_head_has_no_body(void **state)
{
    struct world *w = *state;
    struct fetch_request request = {.method = "HEAD", .url = url_of(w, "/redirect")};
    const struct fetch_answer *answer = fetch(w, &request);
    assert_int_equal(answer->status, 302);
    assert_int_equal(answer->body.size, 0);
}

static void a_redirect_is_an_answer(void **state)
{
    struct world *w = *state;
    const struct fetch_answer *answer = get(w, "/redirect");
    assert_int_equal(answer->outcome, FETCH_ANSWERED);
    assert_int_equal(answer->status, 302);
    assert_string_equal(fetch_answer_field(answer, "Location", 0), "/plain");
    assert_int_equal(peer_requests(w->peer), 1);
}

static void chunks_are_joined_and_interim_fields_forgotten(void **state)
{
    const struct fetch_answer *answer = get(*state, "/chunks");
    assert_string_equal(answer->body.data, "hello world");
    assert_null(fetch_answer_field(answer, "X-Interim", 0));
}

static void what_is_cut_is_no_answer(void **state)
{
    static const char *const paths[] = {"/cut", "/cut-chunk", "/garbage"};
    for (size_t i = 0; i < 3; i++) {
        const struct fetch_answer *answer = get(*state, paths[i]);
        assert_int_equal(answer->outcome, FETCH_FAILED);
        assert_int_equal(answer->body.size, 0);
        assert_string_not_equal(answer->problem, "");
    }
}

static void ceilings_hold(void **state)
{
    static const struct {
        const char *path;
        size_t most;
        enum fetch_outcome outcome;
    } cases[] = {
        {"/plain", 5, FETCH_ANSWERED},
        {"/plain", 4, FETCH_TOO_LARGE},
        {"/endless", 50000, FETCH_TOO_LARGE},
        {"/huge", 50000, FETCH_TOO_LARGE},
        {"/flood", 50000, FETCH_TOO_LARGE},
        {"/bomb", 100000, FETCH_ANSWERED},
        {"/bomb", 99999, FETCH_TOO_LARGE},
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_request request = {.url = url_of(w, cases[i].path), .answer_max = cases[i].most};
        const struct fetch_answer *answer = fetch(w, &request);
        if (answer->outcome != cases[i].outcome)
            fail_msg("%s: %s %s", cases[i].path, fetch_outcome_names[answer->outcome], answer->problem);
    }
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    const struct fetch_answer *answer = get(*state, "/busy");
    assert_int_equal(answer->status, 429);
    assert_int_equal(answer->retry_after, 7 * US_PER_SEC);
    answer = get(*state, "/busy-until");
    assert_int_equal(answer->status, 503);
    assert_int_equal(answer->retry_after, 120 * US_PER_SEC);
}

static void private_addresses_are_refused(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254",
        "10.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        char url[100];
        snprintf(url, sizeof url, "http://%s:%u/plain", hosts[i], peer_port(w->peer));
        struct fetch_request request = {.url = url};
        const struct fetch_answer *answer = fetch(w, &request);
        if (answer->outcome != FETCH_REFUSED || !strstr(answer->problem, "outgoing.allow"))
            fail_msg("%s: %s %s", url, fetch_outcome_names[answer->outcome], answer->problem);
        fetch_answer_free(w->answers[--w->ended]);
        w->answers[w->ended] = NULL;
    }
    assert_int_equal(peer_requests(w->peer), 0);
}

static void nobody_there_is_a_failure(void **state)
{
    struct world *w = *state;
    struct fetch_request request = {.url = "http://127.0.0.1:1/"};
    assert_int_equal(fetch(w, &request)->outcome, FETCH_FAILED);
}

static void the_environment_names_no_proxy(void **state)
{
    struct world *w = *state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    assert_int_equal(get(w, "/plain")->status, 200);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

static void time_runs_out(void **state)
{
    struct world *w = *state;
    struct fetch_request request = {.url = url_of(w, "/hold"), .deadline = 50000};
    const struct fetch_answer *answer = fetch(w, &request);
    assert_int_equal(answer->outcome, FETCH_FAILED);
    assert_int_equal(answer->status, 0);
    assert_true(answer->took >= 40000);
}

static void what_is_malformed_is_refused_at_once(void **state)
{
    struct world *w = *state;
    struct fetch_field bad_name = {"X Y", "1"}, bad_value = {"X", "1\r\nHost: evil"};
    struct fetch_request cases[] = {
        {.url = NULL},
        {.url = "ftp://127.0.0.1/"},
        {.url = "file:///etc/passwd"},
        {.url = "http://user:pw@127.0.0.1/"},
        {.url = url_of(w, "/plain"), .method = "GET /evil"},
        {.url = url_of(w, "/plain"), .method = ""},
        {.url = url_of(w, "/plain"), .fields = &bad_name, .field_count = 1},
        {.url = url_of(w, "/plain"), .fields = &bad_value, .field_count = 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(fetch_start(w->fetcher, &cases[i], NULL, &err), ST_INVALID);
        assert_string_not_equal(err.detail, "");
    }
}

static void only_so_many_are_under_way(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++) {
        struct fetch_request request = {.url = url_of(w, "/hold")};
        start(w, &request);
    }
    struct timer *later = timer_new(w->loop, (void (*)(void *))peer_release, w->peer);
    timer_arm(later, 50000);
    w->expected = 10;
    loop_run(w->loop);
    timer_free(later);
    for (int i = 0; i < 10; i++)
        assert_int_equal(w->answers[i]->status, 200);
    assert_in_range(peer_most(w->peer), 1, 4);
}

static void what_is_cancelled_never_ends(void **state)
{
    struct world *w = *state;
    struct fetch_call *calls[6];
    for (int i = 0; i < 6; i++) {
        struct fetch_request request = {.url = url_of(w, i < 5 ? "/hold" : "/plain")};
        calls[i] = start(w, &request);
    }
    for (int i = 0; i < 5; i++)
        fetch_cancel(calls[i]);
    w->expected = 1;
    loop_run(w->loop);
    assert_int_equal(w->ended, 1);
    assert_string_equal(w->answers[0]->body.data, "hello");
}

static void on_drained(void *context)
{
    struct world *w = context;
    w->drained = true;
    loop_stop(w->loop);
}

static void a_drain_waits_and_then_gives_up(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 6; i++) {
        struct fetch_request request = {.url = url_of(w, i ? "/hold" : "/plain")};
        start(w, &request);
    }
    fetcher_drain(w->fetcher, 100000, on_drained, w);
    struct fetch_request late = {.url = url_of(w, "/plain")};
    assert_int_equal(fetch_start(w->fetcher, &late, NULL, NULL), ST_BUSY);
    assert_false(w->drained);
    loop_run(w->loop);
    assert_true(w->drained);
    assert_int_equal(w->ended, 6);
    int answered = 0;
    for (int i = 0; i < 6; i++)
        answered += w->answers[i]->outcome == FETCH_ANSWERED;
    assert_int_equal(answered, 1);
}

static void an_idle_drain_ends_from_the_loop(void **state)
{
    struct world *w = *state;
    fetcher_drain(w->fetcher, US_PER_SEC, on_drained, w);
    assert_false(w->drained);
    loop_run(w->loop);
    assert_true(w->drained);
}

static void what_is_left_goes_with_the_fetcher(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 6; i++) {
        struct fetch_request request = {.url = url_of(w, "/hold")};
        start(w, &request);
    }
}

static void it_is_counted(void **state)
{
    struct world *w = *state;
    BUF_AUTO text;
    buf_init(&text, 0);
    get(w, "/plain");
    get(w, "/cut");
    fetcher_metrics(w->fetcher, &text);
    assert_non_null(strstr(text.data, "entretiend_fetches_total{end=\"answered\"} 1\n"));
    assert_non_null(strstr(text.data, "entretiend_fetches_total{end=\"failed\"} 1\n"));
}

#define ON_PEER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PEER(an_answer_has_status_fields_and_body),
        ON_PEER(a_request_arrives_as_it_was_given),
        ON_PEER(methods_and_bodies),
        ON_PEER(a_head_has_no_body),
        ON_PEER(a_redirect_is_an_answer),
        ON_PEER(chunks_are_joined_and_interim_fields_forgotten),
        ON_PEER(what_is_cut_is_no_answer),
        ON_PEER(ceilings_hold),
        ON_PEER(retry_after_is_seconds_or_a_date),
        cmocka_unit_test_setup_teardown(private_addresses_are_refused, set_up_guarded, tear_down),
        ON_PEER(nobody_there_is_a_failure),
        ON_PEER(the_environment_names_no_proxy),
        ON_PEER(time_runs_out),
        ON_PEER(what_is_malformed_is_refused_at_once),
        ON_PEER(only_so_many_are_under_way),
        ON_PEER(what_is_cancelled_never_ends),
        ON_PEER(a_drain_waits_and_then_gives_up),
        ON_PEER(an_idle_drain_ends_from_the_loop),
        ON_PEER(what_is_left_goes_with_the_fetcher),
        ON_PEER(it_is_counted),
    };
    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
