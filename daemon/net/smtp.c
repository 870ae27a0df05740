/*
 * One message at a time through a relay, on a mail lane's thread. The relay's answer decides: 4xx and
 * everything about the connection is tried again, 5xx about the message or its recipient is final, 5xx about us
 * (authentication, STARTTLS) is not.
 */
#include "net/smtp.h"

#include "base/text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct smtp_session {
    CURL *curl;
    const struct smtp_relay *relay;
    char error[CURL_ERROR_SIZE];
    char reply[200]; /* the last line the relay said */
};

struct upload {
    struct span rest;
};

void net_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static size_t smtp_read(char *out, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t take = size * count < upload->rest.size ? size * count : upload->rest.size;
    memcpy(out, upload->rest.data, take);
    upload->rest.data += take;
    upload->rest.size -= take;
    return take;
}

static size_t smtp_hear(char *line, size_t size, size_t count, void *context)
{
    struct smtp_session *session = context;
    size_t length = size * count < sizeof(session->reply) - 1 ? size * count : sizeof(session->reply) - 1;
    memcpy(session->reply, line, length);
    session->reply[length] = '\0';
    return size * count;
}

static int smtp_progress(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    const struct smtp_session *session = context;
    (void)down_total, (void)down, (void)up_total, (void)up;
    return session->relay->stopping && atomic_load(session->relay->stopping);
}

struct smtp_session *smtp_session_new(const struct smtp_relay *relay)
{
    struct smtp_session *session = calloc(1, sizeof(*session));
    if (!session || !(session->curl = curl_easy_init()))
        abort();
    session->relay = relay;
    return session;
}

static bool smtp_is_stopping(const struct smtp_relay *relay)
{
    return relay->stopping && atomic_load(relay->stopping);
}

/* libcurl would say QUIT and wait for the answer of a relay that hangs. */
static void smtp_hang_up(struct smtp_session *session)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(session->curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
        socket != CURL_SOCKET_BAD)
        (void)shutdown(socket, SHUT_RDWR);
}

void smtp_session_free(struct smtp_session *session)
{
    if (!session)
        return;
    if (smtp_is_stopping(session->relay))
        smtp_hang_up(session);
    curl_easy_cleanup(session->curl);
    free(session);
}

static void smtp_set_relay(struct smtp_session *session)
{
    const struct smtp_relay *relay = session->relay;
    CURL *curl = session->curl;
    curl_easy_setopt(curl, CURLOPT_URL, relay->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(relay->require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (relay->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, relay->ca_file);
    if (relay->user) {
        size_t size = 0;
        const unsigned char *password = relay->password ? secret_bytes(relay->password, &size) : NULL;
        char *text = strndup(password ? (const char *)password : "", size);
        curl_easy_setopt(curl, CURLOPT_USERNAME, relay->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, text);
        if (text)
            explicit_bzero(text, size);
        free(text);
    }
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, relay->connect_timeout_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, relay->timeout_s);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, relay->timeout_s);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

/* A refusal of the session (login, STARTTLS, greeting) says nothing about the message. */
static enum smtp_outcome smtp_outcome_of(CURLcode code, long reply)
{
    if (code == CURLE_OK)
        return SMTP_SENT;
    bool about_message = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                         code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UPLOAD_FAILED;
    return about_message && reply >= 500 && reply < 600 ? SMTP_DEAD : SMTP_RETRY;
}

/* What the relay said when it refused, else what libcurl says; one line. */
static void smtp_describe(struct smtp_result *result, CURLcode code, const struct smtp_session *session)
{
    const char *text = "accepted by the relay";
    if (code != CURLE_OK && result->code >= 400 && *session->reply)
        text = session->reply;
    else if (code != CURLE_OK)
        text = *session->error ? session->error : curl_easy_strerror(code);
    text_copy(result->text, sizeof(result->text), text);
    result->text[strcspn(result->text, "\r\n")] = '\0';
    for (char *c = result->text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

static CURLcode smtp_perform(
    struct smtp_session *session, const char *from, const char *to, struct upload *upload)
{
    CURL *curl = session->curl;
    char sender[260], recipient[260];
    snprintf(sender, sizeof(sender), "<%s>", from);
    snprintf(recipient, sizeof(recipient), "<%s>", to);
    struct curl_slist *recipients = curl_slist_append(NULL, recipient);
    curl_easy_reset(curl);
    smtp_set_relay(session);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, smtp_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload->rest.size);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session->error);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, smtp_hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, session);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, smtp_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    session->error[0] = session->reply[0] = '\0';
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(recipients);
    return code;
}

void smtp_send(struct smtp_session *session, const char *from, const char *to, struct span message,
    struct smtp_result *ret)
{
    struct upload upload = {.rest = message};
    long reply = 0;
    if (!email_valid(from) || !email_valid(to)) {
        *ret = (struct smtp_result){.outcome = SMTP_DEAD, .text = "not a mail address"};
        return;
    }
    CURLcode code = smtp_perform(session, from, to, &upload);
    curl_easy_getinfo(session->curl, CURLINFO_RESPONSE_CODE, &reply);
    *ret = (struct smtp_result){.outcome = smtp_outcome_of(code, reply), .code = (int)reply};
    smtp_describe(ret, code, session);
}

enum status smtp_url_check(const char *url, struct error *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL, *path = NULL;
    bool good = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                (!strcmp(scheme, "smtp") || !strcmp(scheme, "smtps")) &&
                curl_url_get(parts, CURLUPART_USER, &user, 0) != CURLUE_OK;
    good = good && (curl_url_get(parts, CURLUPART_PATH, &path, 0) != CURLUE_OK || !strcmp(path, "/"));
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(path);
    curl_url_cleanup(parts);
    return good ? ST_OK : error_set(err, ST_INVALID, "expected smtp://host:port or smtps://host:port");
}
