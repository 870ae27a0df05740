/*
 * TLS on accepted sockets, with OpenSSL on the socket itself. Connections hold the context they began with, so
 * a new certificate only concerns those that follow. Loop thread.
 */
#include "internal.h"

#include <event2/buffer.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

enum { TLS_RECORD = 16 * 1024 };

static enum status tls_error(struct error *err, const char *what, const char *file)
{
    char reason[128];
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    ERR_clear_error();
    return error_set(err, ST_INVALID, "%s %s: %s", what, file, reason);
}

static int tls_choose_protocol(SSL *tls, const unsigned char **out, unsigned char *size,
    const unsigned char *offered, unsigned offered_size, void *context)
{
    static const char ours[] = "\x08http/1.1";
    unsigned char *chosen;
    (void)tls;
    (void)context;
    if (SSL_select_next_proto(&chosen, size, (const unsigned char *)ours, sizeof ours - 1, offered,
            offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

enum status http_set_tls(
    struct http_server *server, const char *certificate_file, const char *key_file, struct error *err)
{
    ERR_clear_error();
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (!tls || !SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION))
        abort();
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(tls, (const unsigned char *)"http", 4);
    SSL_CTX_set_alpn_select_cb(tls, tls_choose_protocol, NULL);
    enum status status = ST_OK;
    if (SSL_CTX_use_certificate_chain_file(tls, certificate_file) != 1)
        status = tls_error(err, "cannot use the certificate", certificate_file);
    else if (SSL_CTX_use_PrivateKey_file(tls, key_file, SSL_FILETYPE_PEM) != 1)
        status = tls_error(err, "cannot use the private key", key_file);
    else if (SSL_CTX_check_private_key(tls) != 1)
        status = tls_error(err, "the certificate does not belong to the private key", key_file);
    if (status == ST_OK) {
        SSL_CTX *old = server->tls;
        server->tls = tls;
        tls = old;
    }
    tls_free(tls);
    return status;
}

void tls_free(SSL_CTX *tls)
{
    SSL_CTX_free(tls);
}

SSL *tls_accept(SSL_CTX *tls, int fd)
{
    SSL *session = SSL_new(tls);
    if (!session || !SSL_set_fd(session, fd))
        abort();
    SSL_set_accept_state(session);
    return session;
}

void tls_close(SSL *tls, bool notify)
{
    ERR_clear_error();
    if (notify && SSL_is_init_finished(tls) && !SSL_get_shutdown(tls))
        SSL_shutdown(tls);
    else
        SSL_set_quiet_shutdown(tls, 1);
    ERR_clear_error();
    SSL_free(tls);
}

ssize_t tls_read(struct http_connection *connection, void *out, size_t size)
{
    ERR_clear_error();
    int got = SSL_read(connection->tls, out, (int)size);
    if (got > 0)
        return got;
    switch (SSL_get_error(connection->tls, got)) {
    case SSL_ERROR_WANT_WRITE: /* of the handshake */
        connection->read_on_write = true;
        event_add(&connection->write, NULL);
        return TRANSPORT_AGAIN;
    case SSL_ERROR_WANT_READ:
        return TRANSPORT_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        ERR_clear_error();
        return TRANSPORT_FAILED;
    }
}

/* One record at a time, from one piece of memory, so that small pieces share a record. Nothing is written
 * before the handshake and nobody may renegotiate, so that a write never waits for the client to send. */
ssize_t tls_flush(struct http_connection *connection)
{
    size_t left;
    ERR_clear_error();
    while ((left = evbuffer_get_length(connection->out)) > 0) {
        int size = left < TLS_RECORD ? (int)left : TLS_RECORD;
        unsigned char *record = evbuffer_pullup(connection->out, size);
        if (!record)
            abort();
        int sent = SSL_write(connection->tls, record, size);
        if (sent <= 0)
            return SSL_get_error(connection->tls, sent) == SSL_ERROR_WANT_WRITE ? TRANSPORT_AGAIN
                                                                                : TRANSPORT_FAILED;
        evbuffer_drain(connection->out, (size_t)sent);
    }
    return 1;
}
