/* Deadlines, ceilings on connections and memory, running out of descriptors. Deadlines are a few milliseconds,
 * and the tests wait for what the server does at them. */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS INT64_C(1000)

static struct fixture fixture;

static int set_up(void **state)
{
    fixture_init(&fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_stop(*state);
    return 0;
}

/* Sends byte after byte for as long as the server takes them; returns the answer. */
static struct answer drip(struct client *client, const char *bytes, size_t size)
{
    char probe;
    for (size_t i = 0; recv(client->fd, &probe, 1, MSG_PEEK | MSG_DONTWAIT) < 0; i++) {
        client_send_n(client, bytes + (i < size ? i : size - 1), 1);
        fixture_stats(&fixture);
    }
    return client_read(client, false);
}

static void test_a_dripping_header_is_cut(void **state)
{
    struct fixture *f = *state;
    f->limits.header_deadline_us = 30 * MS;
    f->limits.header_bytes = 1 << 20;
    fixture_start(f);
    struct client client = client_connect(f);
    client_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    static const char head[] = "GET /hello HTTP/1.1\r\nHost: a\r\nX: xxxx";
    struct answer answer = drip(&client, head, sizeof head - 1);
    assert_int_equal(answer.status, 408);
    assert_string_equal(answer_field_of(&answer, "Connection"), "close");
    answer_release(&answer);
    client_expect_end(&client);
    client_close(&client);
    assert_int_equal(fixture_stats(f).timeouts, 1);
    /* a connection on which nothing comes at all is closed without a word */
    client = client_connect(f);
    client_expect_end(&client);
    client_close(&client);
}

static void test_a_dripping_body_is_cut(void **state)
{
    static const char *const heads[] = {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nf0000\r\n"};
    struct fixture *f = *state;
    f->limits.body_deadline_us = 30 * MS;
    fixture_start(f);
    for (unsigned i = 0; i < 2; i++) {
        struct client client = client_connect(f);
        client_send(&client, heads[i]);
        struct answer answer = drip(&client, "x", 1);
        assert_int_equal(answer.status, 408);
        answer_release(&answer);
        client_expect_end(&client);
        client_close(&client);
        fixture_wait(f, &f->gone, i + 1);
    }
    assert_int_equal(f->requests, 0);
    assert_int_equal(fixture_stats(f).buffered, 0);
}

static void test_idle_connections_are_closed(void **state)
{
    struct fixture *f = *state;
    f->limits.idle_us = 10 * MS;
    fixture_start(f);
    struct client client = client_connect(f);
    client_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_expect_end(&client);
    client_close(&client);
    assert_int_equal(fixture_stats(f).timeouts, 0);
}

static void test_a_handler_that_works_long_meets_no_deadline(void **state)
{
    struct fixture *f = *state;
    f->limits.idle_us = f->limits.header_deadline_us = f->limits.write_deadline_us = 5 * MS;
    fixture_start(f);
    struct client waiting = client_connect(f), idle = client_connect(f);
    client_send(&waiting, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 1);
    client_expect(&idle, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_expect_end(&idle);
    fixture_release(f);
    struct answer answer = client_read(&waiting, false);
    assert_string_equal(answer.body, "hello");
    answer_release(&answer);
    client_close(&waiting);
    client_close(&idle);
}

static void test_a_reader_that_stops_is_cut(void **state)
{
    struct fixture *f = *state;
    f->limits.write_deadline_us = 20 * MS;
    fixture_start(f);
    struct client client = client_connect(f);
    client_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->released, 1); /* given back although it was never sent */
    fixture_settle(f, 0, 0);
    assert_int_equal(fixture_stats(f).timeouts, 1);
    client_close(&client);
    /* the same for a stream, of which the handler is told */
    client = client_connect(f);
    client_send(&client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->gone, 1);
    fixture_settle(f, 0, 0);
    client_close(&client);
}

static void test_too_many_connections_are_told(void **state)
{
    struct fixture *f = *state;
    f->limits.connections = 2;
    fixture_start(f);
    struct client first = client_connect(f), second = client_connect(f);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_expect(&second, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    struct client third = client_connect(f);
    client_send(&third, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    struct answer answer = client_read(&third, false);
    assert_int_equal(answer.status, 503);
    assert_string_equal(answer_field_of(&answer, "Retry-After"), "1");
    answer_release(&answer);
    client_expect_end(&third);
    client_close(&third);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&first);
    fixture_settle(f, 1, 0);
    third = client_connect(f);
    client_expect(&third, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    struct http_stats stats = fixture_stats(f);
    assert_int_equal(stats.accepted, 4);
    assert_int_equal(stats.refused_connections, 1);
    client_close(&second);
    client_close(&third);
}

/* Those who do not even read what they are told are not many: beyond a number they are just closed. */
static void test_a_flood_of_connections(void **state)
{
    enum { FLOOD = 300 };
    struct fixture *f = *state;
    f->limits.connections_per_address = 1;
    fixture_start(f);
    struct client first = client_connect(f), flood[FLOOD];
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    for (int i = 0; i < FLOOD; i++)
        flood[i] = client_connect(f);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    struct http_stats stats = fixture_stats(f);
    assert_true(stats.open <= 65);
    for (int i = 0; i < FLOOD; i++)
        client_close(&flood[i]);
    fixture_settle(f, 1, 0);
    assert_int_equal(fixture_stats(f).refused_connections, FLOOD);
    client_close(&first);
    fixture_settle(f, 0, 0);
    first = client_connect(f);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&first);
}

static void expect_peer(struct fixture *f, const char *forwarded, const char *expected)
{
    struct client client = client_connect(f);
    client_send(&client, "GET /about HTTP/1.1\r\nHost: a\r\nX-Request-Id: i\r\nX-Forwarded-Proto: https\r\n");
    client_send(&client, forwarded);
    client_send(&client, "\r\n");
    struct answer answer = client_read(&client, false);
    assert_string_equal(answer.body, expected);
    answer_release(&answer);
    client_close(&client);
}

static void test_trusted_proxies_name_the_client(void **state)
{
    struct fixture *f = *state;
    f->limits.trusted_proxies = 2;
    f->limits.connections_per_address = 1;
    fixture_start(f);
    struct client other = client_connect(f); /* the proxy's address is not counted */
    expect_peer(f, "", "GET /about ? 127.0.0.1 [] i tls");
    expect_peer(f, "X-Forwarded-For: 192.0.2.1\r\n", "GET /about ? 192.0.2.1 [] i tls");
    expect_peer(
        f, "X-Forwarded-For: 203.0.113.9, 192.0.2.1 , 198.51.100.2\r\n", "GET /about ? 192.0.2.1 [] i tls");
    expect_peer(f, "X-Forwarded-For: 203.0.113.9, [2001:db8::1]:90\r\nX-Forwarded-For: 198.51.100.2\r\n",
        "GET /about ? 2001:db8::1 [] i tls");
    expect_peer(f, "X-Forwarded-For: 192.0.2.1:8080,198.51.100.2\r\n", "GET /about ? 192.0.2.1 [] i tls");
    expect_peer(f, "X-Forwarded-For: unknown, 198.51.100.2\r\n", "GET /about ? 127.0.0.1 [] i tls");
    expect_peer(f, "X-Forwarded-For: ,\r\n", "GET /about ? 127.0.0.1 [] i tls");
    client_close(&other);
}

static void test_forwarded_for_is_ignored_without_proxies(void **state)
{
    struct fixture *f = *state;
    fixture_start(f);
    expect_peer(f, "X-Forwarded-For: 192.0.2.1\r\n", "GET /about ? 127.0.0.1 [] i plain");
}

static void test_the_budget_of_buffered_bodies(void **state)
{
    struct fixture *f = *state;
    f->limits.buffered_bytes = 1000;
    fixture_start(f);
    struct client holder = client_connect(f);
    client_send(&holder, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
    char bytes[900];
    memset(bytes, 'x', sizeof bytes);
    client_send_n(&holder, bytes, 800);
    while (fixture_stats(f).buffered < 800)
        ;
    struct client other = client_connect(f);
    client_send(&other, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n");
    struct answer answer = client_read(&other, false);
    assert_int_equal(answer.status, 503);
    assert_string_equal(answer_field_of(&answer, "Retry-After"), "1");
    answer_release(&answer);
    client_close(&other);
    other = client_connect(f);
    client_send(&other, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n");
    client_send_n(&other, bytes, 300);
    answer = client_read(&other, false);
    assert_int_equal(answer.status, 503);
    answer_release(&answer);
    client_close(&other);
    client_send_n(&holder, bytes, 100);
    answer = client_read(&holder, false);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.size, 900);
    answer_release(&answer);
    client_expect(&holder, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 200);
    client_close(&holder);
    assert_int_equal(fixture_stats(f).buffered, 0);
}

static struct client start_body(struct fixture *f, const char *path, size_t size, size_t sent)
{
    char head[200], bytes[1000];
    struct client client = client_connect(f);
    memset(bytes, 'x', sizeof bytes);
    (void)snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", path, size);
    client_send(&client, head);
    client_send_n(&client, bytes, sent);
    return client;
}

static void expect_status(struct client *client, int status)
{
    struct answer answer = client_read(client, false);
    assert_int_equal(answer.status, status);
    answer_release(&answer);
    client_close(client);
}

/* Together they hold half; one alone may hold more. */
static void test_strangers_keep_room_for_others(void **state)
{
    struct fixture *f = *state;
    f->limits.buffered_bytes = 1000;
    fixture_start(f);
    struct client first = start_body(f, "/strange", 301, 300);
    while (fixture_stats(f).buffered < 300)
        ;
    struct client second = start_body(f, "/strange", 300, 0);
    expect_status(&second, 503);
    second = start_body(f, "/strange", 199, 199);
    expect_status(&second, 200);
    struct client known = start_body(f, "/echo", 600, 600);
    expect_status(&known, 200);
    client_send_n(&first, "x", 1);
    expect_status(&first, 200);
    struct client alone = start_body(f, "/strange", 900, 900);
    expect_status(&alone, 200);
    assert_int_equal(fixture_stats(f).buffered, 0);
}

/* Without a free descriptor one client is sent away, nobody spins, and service goes on when there are some
 * again. */
static void test_running_out_of_descriptors(void **state)
{
    struct fixture *f = *state;
    fixture_start(f);
    struct client first = client_connect(f);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    struct client waiting = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    close(waiting.fd);
    struct rlimit before, none;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int lowest = waiting.fd;
    none = (struct rlimit){(rlim_t)lowest + 1, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    waiting = client_connect(f); /* takes the last one */
    assert_int_equal(waiting.fd, lowest);
    client_expect_end(&waiting);
    struct http_stats stats = fixture_stats(f);
    assert_int_equal(stats.refused_connections, 1);
    client_expect(&first, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&waiting);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    waiting = client_connect(f);
    client_expect(&waiting, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&waiting);
    client_close(&first);
}

static void test_a_thousand_idle_connections(void **state)
{
    enum { IDLE = 1000 };
    struct fixture *f = *state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    fixture_start(f);
    struct client *idle = calloc(IDLE, sizeof *idle);
    for (int i = 0; i < IDLE; i++)
        idle[i] = client_connect(f);
    for (int i = 0; i < IDLE; i += 2)
        client_expect(&idle[i], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    fixture_settle(f, IDLE, 0);
    struct client busy = client_connect(f);
    for (int i = 0; i < 500; i++)
        client_expect(&busy, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    for (int i = 0; i < IDLE; i++)
        client_close(&idle[i]);
    fixture_settle(f, 1, 0);
    client_close(&busy);
    free(idle);
}

#define SERVER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(test_a_dripping_header_is_cut),
        SERVER_TEST(test_a_dripping_body_is_cut),
        SERVER_TEST(test_idle_connections_are_closed),
        SERVER_TEST(test_a_handler_that_works_long_meets_no_deadline),
        SERVER_TEST(test_a_reader_that_stops_is_cut),
        SERVER_TEST(test_too_many_connections_are_told),
        SERVER_TEST(test_a_flood_of_connections),
        SERVER_TEST(test_trusted_proxies_name_the_client),
        SERVER_TEST(test_forwarded_for_is_ignored_without_proxies),
        SERVER_TEST(test_the_budget_of_buffered_bodies),
        SERVER_TEST(test_strangers_keep_room_for_others),
        SERVER_TEST(test_running_out_of_descriptors),
        SERVER_TEST(test_a_thousand_idle_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
