/* TLS: handshake, data both ways, reload, refusals; and the other ways to listen. */
#include "fixture.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct fixture fixture;
static char folder[] = "/tmp/http-tls-XXXXXX";

struct pair {
    char certificate[64], key[64];
};

static struct pair pair_files(const char *name)
{
    struct pair pair;
    snprintf(pair.certificate, sizeof pair.certificate, "%s/%s.pem", folder, name);
    snprintf(pair.key, sizeof pair.key, "%s/%s.key", folder, name);
    return pair;
}

static void pair_make(const char *name)
{
    struct pair pair = pair_files(name);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    FILE *file = fopen(pair.certificate, "w");
    assert_true(PEM_write_X509(file, certificate));
    fclose(file);
    file = fopen(pair.key, "w");
    assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static int make_pairs(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    pair_make("one");
    pair_make("two");
    return 0;
}

static int remove_pairs(void **state)
{
    static const char *const names[] = {"one", "two"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pair pair = pair_files(names[i]);
        unlink(pair.certificate);
        unlink(pair.key);
    }
    return rmdir(folder);
}

static enum status fixture_set_pair(
    struct fixture *f, const char *certificate, const char *key, struct error *err)
{
    return http_set_tls(f->server, pair_files(certificate).certificate, pair_files(key).key, err);
}

static void use_one(struct fixture *f)
{
    assert_int_equal(fixture_set_pair(f, "one", "one", NULL), ST_OK);
}

static void use_two(struct fixture *f)
{
    assert_int_equal(fixture_set_pair(f, "two", "two", NULL), ST_OK);
}

static int set_up(void **state)
{
    fixture_init(&fixture);
    fixture_start(&fixture);
    fixture_call(&fixture, use_one);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_stop(*state);
    return 0;
}

/* ---- a client over TLS */

struct tls_client {
    struct client raw;
    SSL_CTX *context;
    SSL *tls;
};

static struct tls_client tls_connect(const struct fixture *f, int version)
{
    struct tls_client client = {client_connect(f), SSL_CTX_new(TLS_client_method()), NULL};
    SSL_CTX_set_max_proto_version(client.context, version);
    client.tls = SSL_new(client.context);
    SSL_set_fd(client.tls, client.raw.fd);
    return client;
}

static void tls_handshake(struct tls_client *client, const char *expected)
{
    char name[64];
    if (SSL_connect(client->tls) != 1)
        fail_msg("no handshake: %s", ERR_reason_error_string(ERR_get_error()));
    X509 *certificate = SSL_get1_peer_certificate(client->tls);
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    assert_string_equal(name, expected);
}

static void tls_end(struct tls_client *client)
{
    SSL_free(client->tls);
    SSL_CTX_free(client->context);
    client_close(&client->raw);
}

static void tls_send(struct tls_client *client, const char *text)
{
    assert_int_equal(SSL_write(client->tls, text, (int)strlen(text)), strlen(text));
}

/* Reads until `size` bytes have come after the empty line; returns them in a buffer to free. */
static struct buf tls_receive(struct tls_client *client, size_t size)
{
    struct buf in;
    const char *body = NULL;
    char chunk[20000];
    buf_init(&in, 0);
    while (!body || (size_t)(in.data + in.size - body) < size) {
        int got = SSL_read(client->tls, chunk, sizeof chunk);
        assert_true(got > 0);
        buf_add(&in, chunk, (size_t)got);
        body = strstr(in.data, "\r\n\r\n");
        body = body ? body + 4 : NULL;
    }
    return in;
}

static void tls_expect(struct tls_client *client, const char *request, const char *status, const char *body)
{
    tls_send(client, request);
    struct buf in = tls_receive(client, strlen(body));
    assert_memory_equal(in.data + 9, status, 3);
    assert_string_equal(in.data + in.size - strlen(body), body);
    buf_free(&in);
}

static void test_requests_over_tls(void **state)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    for (int i = 0; i < 2; i++) {
        struct tls_client client = tls_connect(*state, versions[i]);
        tls_handshake(&client, "one");
        tls_expect(&client, "GET /about HTTP/1.1\r\nHost: a\r\nX-Request-Id: i\r\n\r\n", "200",
            "GET /about ? 127.0.0.1 [] i tls");
        tls_expect(&client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "200", "abc");
        tls_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
        struct buf in = tls_receive(&client, LARGE_SIZE);
        assert_memory_equal(in.data + in.size - LARGE_SIZE, fixture.large, LARGE_SIZE);
        buf_free(&in);
        tls_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200", "hello");
        char byte;
        assert_int_equal(SSL_read(client.tls, &byte, 1), 0);
        assert_int_equal(SSL_get_shutdown(client.tls) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
        tls_end(&client);
    }
    fixture_settle(*state, 0, 0);
}

static void test_refusals_over_tls(void **state)
{
    struct tls_client client = tls_connect(*state, TLS1_3_VERSION);
    tls_handshake(&client, "one");
    tls_expect(&client, "GET / HTTP/1.1\r\n\r\n", "400", "}");
    char byte;
    assert_int_equal(SSL_read(client.tls, &byte, 1), 0);
    tls_end(&client);
    fixture_settle(*state, 0, 0);
}

static void test_pipelining_over_tls(void **state)
{
    struct tls_client client = tls_connect(*state, TLS1_3_VERSION);
    tls_handshake(&client, "one");
    BUF_AUTO all;
    buf_init(&all, 0);
    for (int i = 0; i < 500; i++)
        buf_text(&all, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    buf_text(&all, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    tls_send(&client, all.data);
    struct buf in;
    char chunk[20000];
    int got, answers = 0;
    buf_init(&in, 0);
    while ((got = SSL_read(client.tls, chunk, sizeof chunk)) > 0)
        buf_add(&in, chunk, (size_t)got);
    for (const char *p = in.data; (p = strstr(p, "\r\n\r\nhello")); p++)
        answers++;
    assert_int_equal(answers, 501);
    buf_free(&in);
    tls_end(&client);
}

static void test_protocols_are_negotiated(void **state)
{
    struct tls_client client = tls_connect(*state, TLS1_3_VERSION);
    SSL_set_alpn_protos(client.tls, (const unsigned char *)"\x02h2\x08http/1.1", 12);
    tls_handshake(&client, "one");
    const unsigned char *chosen;
    unsigned size;
    SSL_get0_alpn_selected(client.tls, &chosen, &size);
    assert_int_equal(size, 8);
    assert_memory_equal(chosen, "http/1.1", 8);
    tls_end(&client);
    client = tls_connect(*state, TLS1_3_VERSION);
    SSL_set_alpn_protos(client.tls, (const unsigned char *)"\x02h2", 3);
    assert_int_not_equal(SSL_connect(client.tls), 1);
    tls_end(&client);
    client = tls_connect(*state, TLS1_1_VERSION);
    assert_int_not_equal(SSL_connect(client.tls), 1);
    tls_end(&client);
    fixture_settle(*state, 0, 0);
}

static void test_plain_text_on_a_tls_socket(void **state)
{
    struct client client = client_connect(*state);
    client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    char bytes[100];
    while (recv(client.fd, bytes, sizeof bytes, 0) > 0)
        ;
    client_close(&client);
    fixture_settle(*state, 0, 0);
    assert_int_equal(fixture_stats(*state).requests, 0);
}

static void test_reload(void **state)
{
    struct fixture *f = *state;
    struct tls_client before = tls_connect(f, TLS1_3_VERSION);
    tls_handshake(&before, "one");
    tls_expect(&before, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200", "hello");
    fixture_call(f, use_two);
    struct tls_client after = tls_connect(f, TLS1_3_VERSION);
    tls_handshake(&after, "two");
    tls_expect(&before, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200", "hello");
    tls_expect(&after, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200", "hello");
    tls_end(&before);
    tls_end(&after);
}

static void use_broken(struct fixture *f)
{
    struct error err = ERROR_INIT;
    assert_int_equal(fixture_set_pair(f, "two", "one", &err), ST_INVALID);
    assert_int_equal(fixture_set_pair(f, "none", "one", &err), ST_INVALID);
    assert_non_null(strstr(err.detail, "none.pem"));
    assert_int_equal(fixture_set_pair(f, "one", "none", &err), ST_INVALID);
    assert_int_equal(http_set_tls(f->server, pair_files("one").key, pair_files("one").key, &err), ST_INVALID);
}

static void test_a_broken_reload_changes_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_call(f, use_broken);
    struct tls_client client = tls_connect(f, TLS1_3_VERSION);
    tls_handshake(&client, "one");
    tls_expect(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200", "hello");
    tls_end(&client);
}

static void test_a_client_that_leaves_while_the_handler_works(void **state)
{
    struct fixture *f = *state;
    struct tls_client client = tls_connect(f, TLS1_3_VERSION);
    tls_handshake(&client, "one");
    tls_send(&client, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture_wait(f, &f->requests, 1);
    SSL_shutdown(client.tls);
    tls_end(&client);
    fixture_wait(f, &f->gone, 1);
    fixture_release(f);
    fixture_settle(f, 0, 0);
}

/* ---- the other ways to listen */

static void listen_everywhere(struct fixture *f)
{
    struct error err = ERROR_INIT;
    assert_int_equal(http_listen(f->server, "::", 0, &f->port, &err), ST_OK);
    assert_int_equal(http_listen(f->server, "::1", 0, NULL, &err), ST_OK);
}

static void listen_wrongly(struct fixture *f)
{
    struct error err = ERROR_INIT;
    assert_int_equal(http_listen(f->server, "localhost", 0, NULL, &err), ST_INVALID);
    assert_int_equal(http_listen(f->server, "127.0.0.1", f->port, NULL, &err), ST_CONFLICT);
    assert_int_equal(http_listen(f->server, "192.0.2.1", 0, NULL, &err), ST_CONFLICT);
    assert_int_equal(http_listen_fd(f->server, 0, &err), ST_INVALID);
    assert_int_equal(http_listen_fd(f->server, -1, &err), ST_INVALID);
}

static void test_listening_on_all_addresses(void **state)
{
    struct fixture *f = *state;
    fixture_call(f, listen_wrongly);
    fixture_call(f, listen_everywhere);
    struct tls_client client = tls_connect(f, TLS1_3_VERSION); /* IPv4 */
    tls_handshake(&client, "one");
    tls_expect(&client, "GET /about HTTP/1.1\r\nHost: a\r\nX-Request-Id: i\r\n\r\n", "200",
        "GET /about ? 127.0.0.1 [] i tls");
    tls_end(&client);
}

static int inherited;

static void listen_inherited(struct fixture *f)
{
    struct error err = ERROR_INIT;
    assert_int_equal(http_listen_fd(f->server, inherited, &err), ST_OK);
}

static void test_an_inherited_local_socket(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%s/socket", folder);
    inherited = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(inherited, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(inherited, 5), 0);
    fixture_call(f, listen_inherited);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    unlink(name.sun_path);
    struct tls_client client = {.context = SSL_CTX_new(TLS_client_method())};
    client.tls = SSL_new(client.context);
    client.raw.fd = fd;
    buf_init(&client.raw.in, 0);
    SSL_set_fd(client.tls, fd);
    tls_handshake(&client, "one");
    tls_expect(&client, "GET /about HTTP/1.1\r\nHost: a\r\nX-Request-Id: i\r\n\r\n", "200",
        "GET /about ? local [] i tls");
    tls_end(&client);
}

#define TLS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(test_requests_over_tls),
        TLS_TEST(test_refusals_over_tls),
        TLS_TEST(test_pipelining_over_tls),
        TLS_TEST(test_protocols_are_negotiated),
        TLS_TEST(test_plain_text_on_a_tls_socket),
        TLS_TEST(test_reload),
        TLS_TEST(test_a_broken_reload_changes_nothing),
        TLS_TEST(test_a_client_that_leaves_while_the_handler_works),
        TLS_TEST(test_listening_on_all_addresses),
        TLS_TEST(test_an_inherited_local_socket),
    };
    return cmocka_run_group_tests(tests, make_pairs, remove_pairs);
}
