/* Heads and chunked bodies however they are cut, problems, counts per address: what needs no socket. */
#include "chunked.h"
#include "internal.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    arena = arena_new(0);
    *state = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- heads */

/* Scans a copy of exactly the bytes there are, one more each time. */
static struct refusal scan_slowly(const char *text, size_t size, size_t limit, struct head_scan *scan)
{
    struct refusal refusal = {0};
    *scan = (struct head_scan){0};
    for (size_t have = 1; have <= size && !refusal.status && !scan->end; have++) {
        char *copy = malloc(have);
        memcpy(copy, text, have);
        refusal = head_scan(scan, copy, have, limit);
        free(copy);
    }
    return refusal;
}

static void test_scanning_slowly_and_at_once_agree(void **state)
{
    static const char *const texts[] = {"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest", "\r\nGET / HTTP/1.0\r\n\r\n",
        "\r\n\r\nG", "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n x: a\r\n\r\n", "\n", "\r\r\n", "{}",
        "GET / HTTP/1.1\r\n\n",
        "GET /0123456789012345678901234567890123456789012345678901234567890123456789 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX: 0123456789012345678901234567890123456789012345678901234567890123\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct head_scan slow, whole = {0};
        struct refusal one = scan_slowly(texts[i], strlen(texts[i]), 64, &slow);
        struct refusal other = head_scan(&whole, texts[i], strlen(texts[i]), 64);
        assert_int_equal(one.status, other.status);
        assert_int_equal(slow.end, whole.end);
        assert_int_equal(slow.start, whole.start);
    }
}

static int scan_status(const char *text, size_t limit, size_t *ret_end)
{
    struct head_scan scan = {0};
    int status = head_scan(&scan, text, strlen(text), limit).status;
    *ret_end = scan.end;
    return status;
}

static void test_the_ceiling_of_the_head_is_exact(void **state)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    size_t end, size = sizeof head - 1;
    (void)state;
    assert_int_equal(scan_status(head, size, &end), 0);
    assert_int_equal(end, size);
    assert_int_equal(scan_status(head, size - 1, &end), 431);
    assert_int_equal(scan_status(head, 10, &end), 414);
}

static void test_a_head_is_taken_apart(void **state)
{
    char text[] = "BREW /pot HTTP/1.9\r\nHost:a\r\nX-Empty:\r\nX-Blank: \t \r\nX: \t a b \t\r\n\r\n";
    struct head head;
    (void)state;
    assert_int_equal(head_parse(arena, text, sizeof text - 1, &head).status, 0);
    assert_int_equal(head.method, HTTP_OTHER_);
    assert_string_equal(head.target, "/pot");
    assert_int_equal(head.minor, 1);
    assert_int_equal(head.count, 4);
    assert_string_equal(head.fields[0].name, "Host");
    assert_int_equal(head.fields[0].name_size, 4);
    assert_string_equal(head.fields[0].value, "a");
    assert_string_equal(head.fields[1].value, "");
    assert_string_equal(head.fields[2].value, "");
    assert_string_equal(head.fields[3].value, "a b");
}

/* ---- chunked */

static void decode(const char *text, size_t step, struct chunked *chunked, struct buf *out, size_t *ret_used)
{
    size_t size = strlen(text), used = 0;
    *chunked = (struct chunked){0};
    while (used < size && !chunked->complete && !chunked->failed) {
        size_t have = size - used < step ? size - used : step;
        char *copy = malloc(have);
        memcpy(copy, text + used, have);
        const char *piece;
        size_t piece_size, taken = chunked_take(chunked, copy, have, &piece, &piece_size);
        buf_add(out, piece, piece_size);
        used += taken;
        free(copy);
    }
    *ret_used = used;
}

static void test_chunks_however_cut(void **state)
{
    static const char text[] =
        "5\r\nhello\r\n1;a=b;c\r\n \r\n00A\r\nworld\r\n0\r\n\r\n000\r\nA: b\r\nC:\r\n\r\nnext";
    (void)state;
    for (size_t step = 1; step < sizeof text; step++) {
        BUF_AUTO out;
        struct chunked chunked;
        size_t used;
        buf_init(&out, 0);
        decode(text, step, &chunked, &out, &used);
        assert_true(chunked.complete);
        assert_false(chunked.failed);
        assert_string_equal(out.data, "hello world\r\n0\r\n");
        assert_int_equal(used, sizeof text - 1 - 4);
    }
}

static void test_bad_chunks(void **state)
{
    static const char *const bad[] = {"\r\n", "g\r\n", "5 \r\n", "5\n", "5\rx", "1\r\nab", "1\r\na\n",
        "1\r\na\rb", ";a\r\n", "1;\x01\r\n", "1;a\n", "0\r\n a: b\r\n", "0\r\na\n", "0\r\na\rb", "0\r\n\x01",
        "1234567890123456"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t step = 1; step < 20; step += 18) {
            BUF_AUTO out;
            struct chunked chunked;
            size_t used;
            buf_init(&out, 0);
            decode(bad[i], step, &chunked, &out, &used);
            assert_true(chunked.failed);
            assert_false(chunked.complete);
        }
    }
}

/* ---- problems */

static void test_problems_list_their_fields(void **state)
{
    struct error err = ERROR_INIT;
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    (void)error_set(&err, ST_INVALID, "the \"employee\" is not valid");
    (void)error_field(&err, "/hire_date", "expected YYYY-MM-DD");
    (void)error_field(&err, "/a~1b", "unknown field");
    http_problem_write(&out, 422, &err, "req_1");
    assert_string_equal(out.data,
        "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
        "\"detail\":\"the \\\"employee\\\" is not valid\",\"errors\":["
        "{\"pointer\":\"/hire_date\",\"detail\":\"expected YYYY-MM-DD\"},"
        "{\"pointer\":\"/a~1b\",\"detail\":\"unknown field\"}],\"request_id\":\"req_1\"}");
    buf_reset(&out);
    http_problem_write(&out, 404, NULL, "req_2");
    assert_string_equal(
        out.data, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"request_id\":\"req_2\"}");
}

static void test_every_status_has_a_row(void **state)
{
    (void)state;
    for (enum status status = ST_OK; status < ST_COUNT; status++)
        assert_non_null(http_status_find(http_status_of(status)));
    assert_int_equal(http_status_of(ST_PRECONDITION), 412);
    assert_int_equal(http_status_of(ST_COUNT), 500);
    assert_null(http_status_find(299));
    for (int code = 100; code < 600; code++) /* the table is sorted, or rows would not be found */
        assert_true(!http_status_find(code) || http_status_find(code)->code == code);
    assert_string_equal(http_status_find(200)->reason, "OK");
    assert_string_equal(http_status_find(507)->reason, "Insufficient Storage");
    assert_string_equal(http_status_find(401)->hint.value, "Bearer");
}

/* ---- addresses */

static struct http_address address(const char *text)
{
    struct http_address address = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
    assert_int_equal(inet_pton(address.family, text, &address.v6), 1);
    return address;
}

static void test_connections_are_counted_per_network(void **state)
{
    struct http_addresses addresses;
    struct http_address a = address("192.0.2.1"), b = address("192.0.2.2"), c = address("2001:db8::1"),
                        same = address("2001:db8::ffff:1"), other = address("2001:db8:0:1::1"),
                        mapped = address("::ffff:192.0.2.1");
    (void)state;
    addresses_init(&addresses, 2);
    assert_true(addresses_take(&addresses, &a, 2));
    assert_true(addresses_take(&addresses, &mapped, 2));
    assert_false(addresses_take(&addresses, &a, 2));
    assert_true(addresses_take(&addresses, &b, 2));
    assert_true(addresses_take(&addresses, &c, 2));
    assert_true(addresses_take(&addresses, &same, 2));
    assert_false(addresses_take(&addresses, &c, 2));
    assert_true(addresses_take(&addresses, &other, 2));
    addresses_give(&addresses, &mapped);
    assert_true(addresses_take(&addresses, &a, 2));
    for (uint32_t i = 0; i < 5000; i++) {
        struct http_address many = {.family = AF_INET, .v4.s_addr = htonl(0x0a000000 + i)};
        assert_true(addresses_take(&addresses, &many, 1));
        assert_false(addresses_take(&addresses, &many, 1));
    }
    for (uint32_t i = 0; i < 5000; i += 2) {
        struct http_address many = {.family = AF_INET, .v4.s_addr = htonl(0x0a000000 + i)};
        addresses_give(&addresses, &many);
        assert_true(addresses_take(&addresses, &many, 1));
    }
    addresses_free(&addresses);
}

static void test_addresses_as_text(void **state)
{
    char text[INET6_ADDRSTRLEN];
    struct http_address mapped = address("::ffff:192.0.2.1"), v6 = address("2001:db8::1"),
                        local = {.family = AF_UNIX};
    (void)state;
    assert_string_equal(address_text(&mapped, text), "192.0.2.1");
    assert_string_equal(address_text(&v6, text), "2001:db8::1");
    assert_string_equal(address_text(&local, text), "local");
}

#define READING_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READING_TEST(test_scanning_slowly_and_at_once_agree),
        READING_TEST(test_the_ceiling_of_the_head_is_exact),
        READING_TEST(test_a_head_is_taken_apart),
        READING_TEST(test_chunks_however_cut),
        READING_TEST(test_bad_chunks),
        READING_TEST(test_problems_list_their_fields),
        READING_TEST(test_every_status_has_a_row),
        READING_TEST(test_connections_are_counted_per_network),
        READING_TEST(test_addresses_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
