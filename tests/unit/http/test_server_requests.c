/* What the server makes of requests over a real socket. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

static struct fixture fixture;

static int set_up(void **state)
{
    fixture_init(&fixture);
    fixture.limits.header_bytes = 4096;
    fixture.limits.body_bytes = 100000;
    fixture_start(&fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_stop(*state);
    return 0;
}

static void test_get_carries_the_fields_every_answer_has(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "hello");
    assert_string_equal(answer_field_of(&answer, "Content-Type"), "text/plain");
    assert_string_equal(answer_field_of(&answer, "Cache-Control"), "no-store");
    assert_string_equal(answer_field_of(&answer, "X-Content-Type-Options"), "nosniff");
    const char *id = answer_field_of(&answer, "X-Request-Id");
    assert_int_equal(strlen(id), 30);
    assert_memory_equal(id, "req_", 4);
    const char *date = answer_field_of(&answer, "Date");
    assert_int_equal(strlen(date), strlen("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_null(answer_field_of(&answer, "Connection"));
    answer_release(&answer);
    client_close(&client);
}

static void expect_about(struct client *client, const char *request, const char *expected)
{
    client_send(client, request);
    struct answer answer = client_read(client, false);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, expected);
    answer_release(&answer);
}

static void test_request_is_shown_as_sent(void **state)
{
    struct client client = client_connect(*state);
    expect_about(&client,
        "PATCH /about?a=%41&b HTTP/1.1\r\nhOST: a\r\nX-Tag: 1\r\nX-Request-Id: my-id.1\r\n\r\n",
        "PATCH /about ?a=%41&b 127.0.0.1 [1] my-id.1 plain");
    expect_about(&client,
        "GET /%C3%A9t%C3%A9/x%20y HTTP/1.1\r\nHost: a\r\nX-Tag:  one \r\nX-Other: z\r\nx-tag:\ttwo\t\r\n"
        "X-Request-Id: b\r\n\r\n",
        "GET /\xc3\xa9t\xc3\xa9/x y ? 127.0.0.1 [one, two] b plain");
    expect_about(&client, "\r\nPROPFIND http://host:80/about HTTP/1.1\r\nHost: a\r\nX-Request-Id: c\r\n\r\n",
        "? /about ? 127.0.0.1 [] c plain");
    expect_about(&client, "OPTIONS * HTTP/1.1\r\nHost: a\r\nX-Request-Id: d\r\n\r\n",
        "OPTIONS / ? 127.0.0.1 [] d plain");
    expect_about(&client, "GET https://host?q HTTP/1.7\r\nHost:\r\nX-Request-Id: e\r\n\r\n",
        "GET / ?q 127.0.0.1 [] e plain");
    client_send(&client, "GET /about HTTP/1.1\r\nHost: a\r\nX-Request-Id: bad id\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_memory_equal(answer_field_of(&answer, "X-Request-Id"), "req_", 4);
    answer_release(&answer);
    client_close(&client);
}

static void test_head_has_the_length_and_no_body(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    struct answer answer = client_read(&client, true);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_field_of(&answer, "Content-Length"), "5");
    answer_release(&answer);
    client_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&client);
}

static void test_http_1_0_closes_unless_kept(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_string_equal(answer_field_of(&answer, "Connection"), "keep-alive");
    answer_release(&answer);
    client_expect(&client, "GET /hello HTTP/1.0\r\nExpect: nothing\r\n\r\n", 200);
    client_expect_end(&client);
    client_close(&client);
}

static void test_connection_close_is_obeyed(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_string_equal(answer_field_of(&answer, "Connection"), "close");
    assert_string_equal(answer.body, "hello");
    answer_release(&answer);
    client_expect_end(&client);
    client_close(&client);
    fixture_settle(*state, 0, 0);
}

static void expect_echo(struct client *client, const char *expected)
{
    struct answer answer = client_read(client, false);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, expected);
    answer_release(&answer);
}

static const char conversation[] = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst"
                                   "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "3\r\nsec\r\n3;name=\"x\"\r\nond\r\n0\r\nTrailer: dropped\r\n\r\n"
                                   "\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                                   "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

static void expect_conversation(struct client *client)
{
    expect_echo(client, "first");
    expect_echo(client, "second");
    expect_echo(client, "");
    expect_echo(client, "hello");
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, conversation);
    expect_conversation(&client);
    client_close(&client);
}

static void test_requests_may_be_cut_anywhere(void **state)
{
    struct client client = client_connect(*state);
    for (size_t cut = 1; cut < sizeof conversation - 1; cut++) {
        client_send_n(&client, conversation, cut);
        fixture_stats(*state); /* a round of the loop in between */
        client_send_n(&client, conversation + cut, sizeof conversation - 1 - cut);
        expect_conversation(&client);
    }
    for (size_t i = 0; i < sizeof conversation - 1; i++)
        client_send_n(&client, conversation + i, 1);
    expect_conversation(&client);
    client_close(&client);
}

/* More than the server takes ahead, and more than one round serves. */
static void test_many_pipelined_requests(void **state)
{
    enum { MANY = 3000 };
    struct client client = client_connect(*state);
    BUF_AUTO all;
    buf_init(&all, 0);
    for (int i = 0; i < MANY; i++)
        buf_printf(&all, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n%04d", i);
    client_send_n(&client, all.data, all.size);
    for (int i = 0; i < MANY; i++) {
        char expected[16];
        snprintf(expected, sizeof expected, "%04d", i);
        expect_echo(&client, expected);
    }
    client_close(&client);
}

static void test_requests_behind_one_that_waits(void **state)
{
    struct fixture *f = *state;
    struct client client = client_connect(f);
    BUF_AUTO behind;
    buf_init(&behind, 0);
    buf_text(&behind, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 1000; i++)
        buf_text(&behind, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext");
    client_send_n(&client, behind.data, behind.size);
    fixture_wait(f, &f->requests, 1);
    fixture_settle(f, 1, 1);
    fixture_release(f);
    expect_echo(&client, "hello");
    for (int i = 0; i < 1000; i++)
        expect_echo(&client, "next");
    client_close(&client);
}

static void test_expect_continue(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_int_equal(answer.status, 100);
    answer_release(&answer);
    client_send(&client, "ok");
    expect_echo(&client, "ok");
    /* the body is there already: nobody waits for a 100 */
    client_send(
        &client, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
    expect_echo(&client, "ok");
    client_close(&client);
    expect_refusal(
        *state, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: a cake\r\nContent-Length: 2\r\n\r\nok", 417);
    /* refused before the body, and before a 100 */
    expect_refusal(
        *state, "POST /forbid HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", 403);
}

#define REQUEST_LINE "POST /echo HTTP/1.1\r\nHost: a\r\n"

static void test_malformed_requests_are_refused(void **state)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {"\x16\x03\x01\x02", 400},
        {"\r\n\r\n", 400},
        {"GET /hello\r\n\r\n", 400},
        {" GET /hello HTTP/1.1\r\n\r\n", 400},
        {"GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /hello  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /%0a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a%5cb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a/%2e%2E HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /./a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"GET /a HTTP/11\r\nHost: a\r\n\r\n", 400},
        {"GET /a http/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\n folded: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\nHost: a\n\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\rX: b\r\n\r\n", 400},
        {"\rGET /a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\n\rHost: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nX\xc3\xa9: a\r\n\r\n", 400},
        {"GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refusal(*state, cases[i].text, cases[i].status);
    static const char with_nul[] = "GET /a HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n";
    expect_refusal_n(*state, with_nul, sizeof with_nul - 1, 400);
    static const char nul_in_line[] = "GET /a HTTP/1.1\0\r\nHost: a\r\n\r\n";
    expect_refusal_n(*state, nul_in_line, sizeof nul_in_line - 1, 400);
}

/* Shapes that two readers would cut into different requests. */
static void test_smuggling_shapes_are_refused(void **state)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {REQUEST_LINE "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {REQUEST_LINE "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400},
        {REQUEST_LINE "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length: 1, 1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length: +1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length: 0x1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length:\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length: -1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length: 18446744073709551617\r\n\r\nx", 413},
        {REQUEST_LINE "Content-Length : 1\r\n\r\nx", 400},
        {REQUEST_LINE "Content-Length\t: 1\r\n\r\nx", 400},
        {REQUEST_LINE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {REQUEST_LINE "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501},
        {REQUEST_LINE "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501},
        {REQUEST_LINE "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        {REQUEST_LINE "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        {REQUEST_LINE "Transfer-Encoding: \x0b"
                      "chunked\r\n\r\n0\r\n\r\n",
            400},
        {REQUEST_LINE "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
        {REQUEST_LINE "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
#define CHUNKED REQUEST_LINE "Transfer-Encoding: chunked\r\n\r\n"
        {CHUNKED "1\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "1\rXx\r\n0\r\n\r\n", 400},
        {CHUNKED "1\r\nxAB0\r\n\r\n", 400},
        {CHUNKED "1\r\nxy\r\n0\r\n\r\n", 400},
        {CHUNKED "1 \r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED " 1\r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "0x1\r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "-1\r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "\r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "1;a\nb\r\nx\r\n0\r\n\r\n", 400},
        {CHUNKED "1000000000000000\r\n", 400},
        {CHUNKED "0\r\n folded\r\n\r\n", 400},
        {CHUNKED "0\r\nTrailer: a\n\r\n", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refusal(*state, cases[i].text, cases[i].status);
}

static void test_ceilings(void **state)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_printf(&text, "GET /%05000d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    expect_refusal(*state, text.data, 414);
    buf_reset(&text);
    buf_printf(&text, "GET / HTTP/1.1\r\nHost: a\r\nX: %05000d\r\n\r\n", 0);
    expect_refusal(*state, text.data, 431);
    buf_reset(&text);
    buf_text(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 100; i++)
        buf_text(&text, "X: y\r\n");
    buf_text(&text, "\r\n");
    expect_refusal(*state, text.data, 431);
    expect_refusal(*state, REQUEST_LINE "Content-Length: 100001\r\n\r\n", 413);
    expect_refusal(*state, "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413);
    expect_refusal(*state,
        "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n12345\r\n",
        413);
    buf_reset(&text);
    buf_text(&text, CHUNKED "1;");
    buf_printf(&text, "%05000d", 0);
    expect_refusal(*state, text.data, 400);
    assert_int_equal(fixture_stats(*state).buffered, 0);
}

/* The client sends all of a huge body although it is refused at once, and still reads the answer. */
static void test_huge_bodies_are_refused_and_the_client_hears_of_it(void **state)
{
    char *huge = calloc(1, LARGE_SIZE);
    memset(huge, 'x', LARGE_SIZE);
    for (int chunked = 0; chunked < 2; chunked++) {
        struct client client = client_connect(*state);
        client_send(&client, chunked ? CHUNKED "800000\r\n" : REQUEST_LINE "Content-Length: 8388608\r\n\r\n");
        client_send_n(&client, huge, LARGE_SIZE);
        struct answer answer = client_read(&client, false);
        assert_int_equal(answer.status, 413);
        answer_release(&answer);
        client_close(&client);
    }
    free(huge);
    fixture_settle(*state, 0, 0);
    assert_int_equal(fixture_stats(*state).buffered, 0);
}

static void test_refusals_of_the_handler(void **state)
{
    struct client client = client_connect(*state);
    client_expect(&client, "GET /forbid HTTP/1.1\r\nHost: a\r\n\r\n", 403);
    client_send(&client, "DELETE /method HTTP/1.1\r\nHost: a\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_int_equal(answer.status, 405);
    assert_string_equal(answer_field_of(&answer, "Allow"), "GET");
    answer_release(&answer);
    client_expect(&client, "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&client);
    /* a body on its way is not read */
    expect_refusal(*state, "POST /forbid HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345", 403);
    expect_refusal(*state, "POST /method HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 405);
}

static void test_answers_keep_their_framing(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "GET /break HTTP/1.1\r\nHost: a\r\nX-Request-Id: req_mine\r\n\r\n");
    struct answer answer = client_read(&client, false);
    assert_int_equal(answer.status, 500);
    assert_string_equal(answer_field_of(&answer, "X-Evil"), "a??Set-Cookie: b");
    assert_null(answer_field_of(&answer, "Set-Cookie"));
    assert_string_equal(answer_field_of(&answer, "X-Request-Id"), "req_mine");
    assert_null(answer_field_of(&answer, "X-None"));
    assert_string_equal(answer.body,
        "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,"
        "\"request_id\":\"req_mine\"}");
    answer_release(&answer);
    client_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    client_close(&client);
}

#define SERVER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(test_get_carries_the_fields_every_answer_has),
        SERVER_TEST(test_request_is_shown_as_sent),
        SERVER_TEST(test_head_has_the_length_and_no_body),
        SERVER_TEST(test_http_1_0_closes_unless_kept),
        SERVER_TEST(test_connection_close_is_obeyed),
        SERVER_TEST(test_pipelined_requests_are_answered_in_order),
        SERVER_TEST(test_requests_may_be_cut_anywhere),
        SERVER_TEST(test_many_pipelined_requests),
        SERVER_TEST(test_requests_behind_one_that_waits),
        SERVER_TEST(test_expect_continue),
        SERVER_TEST(test_malformed_requests_are_refused),
        SERVER_TEST(test_smuggling_shapes_are_refused),
        SERVER_TEST(test_ceilings),
        SERVER_TEST(test_huge_bodies_are_refused_and_the_client_hears_of_it),
        SERVER_TEST(test_refusals_of_the_handler),
        SERVER_TEST(test_answers_keep_their_framing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
