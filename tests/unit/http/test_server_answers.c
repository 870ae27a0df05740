/* Answers by reference, streams, clients that go, draining, the end of the server. */
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct fixture fixture;

static int set_up(void **state)
{
    fixture_init(&fixture);
    fixture_start(&fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_stop(*state);
    return 0;
}

static void assert_large(const struct fixture *f, const struct answer *answer, size_t size)
{
    assert_int_equal(answer->status, 200);
    assert_int_equal(answer->size, size);
    for (size_t at = 0; at < size; at += LARGE_SIZE)
        assert_memory_equal(answer->body + at, f->large, LARGE_SIZE);
}

static void test_a_large_body_is_sent_by_reference(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    for (unsigned i = 1; i <= 3; i++) {
        client_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
        struct answer answer = client_read(&client, false);
        assert_large(f, &answer, LARGE_SIZE);
        answer_release(&answer);
        fixture_wait(f, &f->released, i);
    }
    client_expect(&client, "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    fixture_wait(f, &f->released, 4);
    client_close(&client);
    /* one that leaves in the middle */
    client = client_connect(f);
    client_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 5);
    client_close(&client);
    fixture_wait(f, &f->released, 5);
    fixture_settle(f, 0, 0);
    assert_int_equal(f->gone, 0); /* it was answered */
}

/* A client that has nothing more to say still gets what was answered. */
static void test_half_closed_clients_get_their_answer(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    client_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    shutdown(client.fd, SHUT_WR);
    struct answer answer = client_read(&client, false);
    assert_large(f, &answer, LARGE_SIZE);
    answer_release(&answer);
    client_expect_end(&client);
    client_close(&client);
    fixture_settle(f, 0, 0);
}

static void test_streams_are_chunked(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    for (int i = 0; i < 2; i++) {
        client_send(&client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        struct answer answer = client_read(&client, false);
        assert_string_equal(answer_field_of(&answer, "Transfer-Encoding"), "chunked");
        assert_large(f, &answer, STREAM_SIZE);
        answer_release(&answer);
    }
    client_send(&client, "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    struct answer answer = client_read(&client, true);
    assert_int_equal(answer.status, 200);
    answer_release(&answer);
    client_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_send(&client, "GET /stream HTTP/1.0\r\n\r\n");
    answer = client_read(&client, false);
    assert_null(answer_field_of(&answer, "Transfer-Encoding"));
    assert_large(f, &answer, STREAM_SIZE);
    answer_release(&answer);
    client_close(&client);
    assert_int_equal(f->gone, 0);
}

static size_t streamed(struct fixture *f)
{
    pthread_mutex_lock(&f->mutex);
    size_t done = f->streamed;
    pthread_mutex_unlock(&f->mutex);
    return done;
}

/* Waits until rounds of the loop bring no more: what the socket buffers take, and no more than `low` beyond. */
static void test_a_stream_waits_for_its_reader(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    client_send(&client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 1);
    size_t before;
    do {
        before = streamed(f);
        for (int i = 0; i < 200; i++)
            fixture_stats(f);
    } while (streamed(f) != before);
    assert_true(before < STREAM_SIZE);
    assert_int_equal(fixture_stats(f).in_flight, 1);
    struct answer answer = client_read(&client, false);
    assert_large(f, &answer, STREAM_SIZE);
    answer_release(&answer);
    client_close(&client);
}

static void test_a_failed_stream_is_cut(void **state)
{
    static const char *const requests[] = {
        "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n", "GET /endless HTTP/1.0\r\n\r\n"};
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct client client = client_connect(f);
        client_send(&client, requests[i]);
        char bytes[65536];
        ssize_t got;
        while ((got = recv(client.fd, bytes, sizeof bytes, 0)) > 0)
            ;
        assert_int_equal(got, -1);
        assert_int_equal(errno, ECONNRESET); /* not an end that could be taken for the whole */
        client_close(&client);
    }
    fixture_settle(f, 0, 0);
    assert_int_equal(f->gone, 0);
}

static void test_a_client_that_leaves_is_reported_and_its_answer_dropped(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    client_send(&client, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 1);
    client_close(&client);
    fixture_wait(f, &f->gone, 1);
    fixture_settle(f, 0, 1); /* the exchange is still owed its answer */
    fixture_release(f);
    fixture_settle(f, 0, 0);
    /* also when more came behind the request than is read ahead */
    client = client_connect(f);
    client_send(&client, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    client_send_n(&client, f->large, 60000);
    fixture_wait(f, &f->requests, 2);
    client_close(&client);
    fixture_wait(f, &f->gone, 2);
    fixture_release(f);
    /* and in the middle of a body */
    client = client_connect(f);
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    fixture_settle(f, 1, 1);
    client_close(&client);
    fixture_wait(f, &f->gone, 3);
    fixture_settle(f, 0, 0);
    assert_int_equal(f->requests, 2);
    assert_int_equal(fixture_stats(f).buffered, 0);
}

static void test_a_stream_whose_reader_leaves(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    client_send(&client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    char bytes[1000];
    assert_true(recv(client.fd, bytes, sizeof bytes, 0) > 0);
    client_close(&client);
    fixture_wait(f, &f->gone, 1);
    fixture_settle(f, 0, 0);
}

/* ---- draining */

static void drained(void *context)
{
    struct fixture *f = context;
    pthread_mutex_lock(&f->mutex);
    f->drained++;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->mutex);
}

static void drain_patiently(struct fixture *f)
{
    http_drain(f->server, 60 * US_PER_SEC, drained, f);
    assert_int_equal(f->drained, 0);
}

static void drain_hastily(struct fixture *f)
{
    http_drain(f->server, 5000, drained, f);
}

static void test_drain_waits_for_what_is_under_way(void **state)
{
    struct fixture *f = *state;
    struct client held = client_connect(f), idle = client_connect(f), slow = client_connect(f);
    client_expect(&idle, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_send(&held, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    client_send(&slow, "GET /hello HTTP/1.1\r\n");
    fixture_wait(f, &f->requests, 2);
    fixture_settle(f, 3, 1);
    uint64_t sent = 2 * strlen("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n") +
                    strlen("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n") + strlen("GET /hello HTTP/1.1\r\n");
    while (fixture_stats(f).bytes_in < sent)
        ;
    fixture_call(f, drain_patiently);
    client_expect_end(&idle);
    client_expect(&slow, "Host: a\r\n\r\n", 503);
    client_expect_end(&slow);
    assert_int_equal(f->drained, 0);
    fixture_release(f);
    struct answer answer = client_read(&held, false);
    assert_string_equal(answer.body, "hello");
    assert_string_equal(answer_field_of(&answer, "Connection"), "close");
    answer_release(&answer);
    client_expect_end(&held);
    fixture_wait(f, &f->drained, 1);
    client_close(&held);
    client_close(&idle);
    client_close(&slow);
}

static void test_drain_ends_at_its_deadline(void **state)
{
    struct fixture *f = *state;
    struct client held = client_connect(f);
    client_send(&held, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 1);
    fixture_call(f, drain_hastily);
    fixture_wait(f, &f->drained, 1);
    assert_int_equal(fixture_stats(f).in_flight, 1); /* freed with the server */
    client_close(&held);
}

static void test_drain_of_an_idle_server(void **state)
{
    struct fixture *f = *state;
    fixture_call(f, drain_patiently);
    fixture_wait(f, &f->drained, 1);
}

/* Freed while a request is held, a stream runs, a body comes and an answer is half sent. */
static void test_the_server_may_be_freed_at_any_time(void **state)
{
    static const char *const requests[] = {"GET /hold HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", "GET /"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct client client = client_connect(f);
        client_send(&client, requests[i]);
    }
    fixture_wait(f, &f->requests, 3);
    fixture_settle(f, 5, 3);
}

#define SERVER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(test_a_large_body_is_sent_by_reference),
        SERVER_TEST(test_half_closed_clients_get_their_answer),
        SERVER_TEST(test_streams_are_chunked),
        SERVER_TEST(test_a_stream_waits_for_its_reader),
        SERVER_TEST(test_a_failed_stream_is_cut),
        SERVER_TEST(test_a_client_that_leaves_is_reported_and_its_answer_dropped),
        SERVER_TEST(test_a_stream_whose_reader_leaves),
        SERVER_TEST(test_drain_waits_for_what_is_under_way),
        SERVER_TEST(test_drain_ends_at_its_deadline),
        SERVER_TEST(test_drain_of_an_idle_server),
        SERVER_TEST(test_the_server_may_be_freed_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
