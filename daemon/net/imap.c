/*
 * One look at a mailbox, on a mail lane's thread: searched, fetched, filed, by libcurl.
 */
#include "net/imap.h"

#include "base/date.h"
#include "base/text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* A line longer than half of it is thrown away by libcurl: UIDs of a search come in one line. */
#define IMAP_BUFFER (512L * 1024)

struct imap_session {
    CURL *curl;
    const struct imap_mailbox *mailbox;
    char *bearer;
    char error[CURL_ERROR_SIZE];
    char refusal[200];       /* the last NO or BAD of the server */
    uint32_t validity;       /* of the mailbox that is selected; 0: none was yet */
    struct imap_uids *found; /* where a search puts its answer */
    bool answered;
    bool failed; /* the connection is in doubt: it is closed without a word */
};

/* ---- what the server says */

static void imap_hear_uids(struct imap_uids *found, const char *line)
{
    char *end;
    while (found->count < IMAP_UIDS_MAX) {
        unsigned long uid = strtoul(line, &end, 10);
        if (end == line)
            return;
        if (uid > 0 && uid <= UINT32_MAX)
            found->uids[found->count++] = (uint32_t)uid;
        line = end;
    }
}

static void imap_hear_line(struct imap_session *session, char *line)
{
    const char *validity = strstr(line, "[UIDVALIDITY ");
    const char *word = strchr(line, ' ');
    line[strcspn(line, "\r\n")] = '\0';
    if (!strncmp(line, "* ", 2) && validity)
        session->validity = (uint32_t)strtoul(validity + strlen("[UIDVALIDITY "), NULL, 10);
    if (session->found && !strncasecmp(line, "* SEARCH", strlen("* SEARCH"))) {
        session->answered = true;
        imap_hear_uids(session->found, line + strlen("* SEARCH"));
    }
    if (line[0] != '*' && word && (!strncasecmp(word, " NO", 3) || !strncasecmp(word, " BAD", 4)))
        (void)text_copy(session->refusal, sizeof session->refusal, word + 1);
}

static size_t imap_hear(char *bytes, size_t size, size_t count, void *context)
{
    struct imap_session *session = context;
    size_t length = size * count;
    char *line = strndup(bytes, length);
    if (!line)
        abort();
    imap_hear_line(session, line);
    free(line);
    return length;
}

static int imap_progress(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    const struct imap_session *session = context;
    (void)down_total, (void)down, (void)up_total, (void)up;
    return session->mailbox->stopping && atomic_load(session->mailbox->stopping);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of libcurl's callbacks */
static size_t imap_ignore(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

/* ---- a session */

struct imap_session *imap_session_new(const struct imap_mailbox *mailbox, const char *bearer)
{
    struct imap_session *session = calloc(1, sizeof *session);
    if (!session || !(session->curl = curl_easy_init()))
        abort();
    session->mailbox = mailbox;
    session->bearer = bearer ? strdup(bearer) : NULL;
    return session;
}

/* libcurl would say LOGOUT and wait for the answer of a server that hangs. */
static void imap_hang_up(struct imap_session *session)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(session->curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
        socket != CURL_SOCKET_BAD)
        (void)shutdown(socket, SHUT_RDWR);
}

void imap_session_free(struct imap_session *session)
{
    if (!session)
        return;
    if (session->failed || imap_progress(session, 0, 0, 0, 0))
        imap_hang_up(session);
    curl_easy_cleanup(session->curl);
    if (session->bearer)
        explicit_bzero(session->bearer, strlen(session->bearer));
    free(session->bearer);
    free(session);
}

static void imap_set_login(struct imap_session *session)
{
    const struct imap_mailbox *mailbox = session->mailbox;
    CURL *curl = session->curl;
    curl_easy_setopt(curl, CURLOPT_USERNAME, mailbox->user);
    if (session->bearer) {
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, session->bearer);
        return;
    }
    size_t size = 0;
    const unsigned char *password = mailbox->password ? secret_bytes(mailbox->password, &size) : NULL;
    char *text = strndup(password ? (const char *)password : "", size);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, text);
    if (text)
        explicit_bzero(text, size);
    free(text);
}

static void imap_set_up(struct imap_session *session)
{
    const struct imap_mailbox *mailbox = session->mailbox;
    CURL *curl = session->curl;
    curl_easy_reset(curl);
    imap_set_login(session);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(mailbox->require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (mailbox->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, mailbox->ca_file);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, mailbox->connect_timeout_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, mailbox->timeout_s);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, mailbox->timeout_s);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, IMAP_BUFFER);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session->error);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, imap_hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, session);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, imap_ignore);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, imap_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    session->error[0] = session->refusal[0] = '\0';
}

static bool imap_refused(CURLcode code)
{
    return code == CURLE_QUOTE_ERROR || code == CURLE_REMOTE_FILE_NOT_FOUND;
}

static enum status imap_fail(struct imap_session *session, CURLcode code, const char *what, struct error *err)
{
    const char *why = *session->refusal ? session->refusal
                      : *session->error ? session->error
                                        : curl_easy_strerror(code);
    session->failed = session->failed || !imap_refused(code);
    return error_set(err, ST_BUSY, "%s: %.150s", what, why);
}

static CURLcode imap_command(struct imap_session *session, const char *command)
{
    imap_set_up(session);
    curl_easy_setopt(session->curl, CURLOPT_URL, session->mailbox->url);
    curl_easy_setopt(session->curl, CURLOPT_CUSTOMREQUEST, command);
    return curl_easy_perform(session->curl);
}

/* ---- searching */

/* "UID n:*" always finds the newest message, even below n. */
static void imap_keep_above(struct imap_uids *found, uint32_t after)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        uint32_t uid = found->uids[i];
        size_t at = kept;
        if (uid <= after)
            continue;
        for (; at > 0 && found->uids[at - 1] > uid; at--)
            found->uids[at] = found->uids[at - 1];
        found->uids[at] = uid;
        kept++;
    }
    found->count = kept;
}

static enum status imap_find(
    struct imap_session *session, const char *command, uint32_t after, struct imap_uids *ret, struct error *err)
{
    ret->count = 0;
    session->found = ret;
    session->answered = false;
    CURLcode code = imap_command(session, command);
    session->found = NULL;
    if (code != CURLE_OK)
        return imap_fail(session, code, "the mailbox cannot be searched", err);
    if (!session->answered || !session->validity)
        return error_set(err, ST_BUSY, "the mailbox cannot be searched: no answer that can be read");
    imap_keep_above(ret, after);
    ret->validity = session->validity;
    return ST_OK;
}

enum status imap_search(
    struct imap_session *session, uint32_t after, date_t since, struct imap_uids *ret, struct error *err)
{
    static const char *const months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char command[120];
    char words[40] = "";
    struct ymd day = date_ymd(since);
    if (since != DATE_NONE)
        (void)snprintf(words, sizeof words, " SINCE %d-%s-%d", day.day, months[day.month - 1], day.year);
    (void)snprintf(command, sizeof command, "UID SEARCH UID %u:*%s", after + 1, words);
    return imap_find(session, command, after, ret, err);
}

enum status imap_search_unseen(
    struct imap_session *session, uint32_t after, struct imap_uids *ret, struct error *err)
{
    char command[80];
    (void)snprintf(command, sizeof command, "UID SEARCH UID %u:* UNSEEN", after + 1);
    return imap_find(session, command, after, ret, err);
}

/* ---- fetching */

struct imap_body {
    struct buf *out;
    size_t max;
    bool too_large;
};

static size_t imap_take(char *bytes, size_t size, size_t count, void *context)
{
    struct imap_body *body = context;
    size_t length = size * count;
    body->too_large = body->too_large || body->out->size + length > body->max;
    if (body->too_large)
        return 0;
    buf_add(body->out, bytes, length);
    return length;
}

static CURLcode imap_get(
    struct imap_session *session, uint32_t uid, const char *section, struct imap_body *body)
{
    char url[700];
    (void)snprintf(url, sizeof url, "%.500s;UIDVALIDITY=%u/;UID=%u%s", session->mailbox->url, session->validity,
        uid, section);
    imap_set_up(session);
    curl_easy_setopt(session->curl, CURLOPT_URL, url);
    curl_easy_setopt(session->curl, CURLOPT_WRITEFUNCTION, imap_take);
    curl_easy_setopt(session->curl, CURLOPT_WRITEDATA, body);
    return curl_easy_perform(session->curl);
}

enum status imap_fetch(struct imap_session *session, uint32_t uid, size_t max, struct buf *out,
    bool *ret_is_head, struct error *err)
{
    struct imap_body body = {.out = out, .max = max};
    buf_reset(out);
    CURLcode code = imap_get(session, uid, "", &body);
    bool is_head = body.too_large;
    if (is_head) {
        buf_reset(out);
        body.too_large = false;
        code = imap_get(session, uid, "/;SECTION=HEADER", &body);
        if (body.too_large && out->size > 0)
            code = CURLE_OK;
    }
    if (code == CURLE_REMOTE_FILE_NOT_FOUND || (code == CURLE_OK && out->size == 0))
        return error_set(err, ST_NOT_FOUND, "message %u is not there any more", uid);
    if (code != CURLE_OK)
        return imap_fail(session, code, "a message cannot be fetched", err);
    *ret_is_head = is_head;
    return ST_OK;
}

/* ---- filing */

static bool imap_do(
    struct imap_session *session, CURLcode *ret, const char *format, uint32_t uid, const char *folder)
{
    char command[300];
    if (uid)
        (void)snprintf(command, sizeof command, "UID %s %u %.200s", format, uid, folder);
    else
        (void)snprintf(command, sizeof command, "%s %.200s", format, folder);
    *ret = imap_command(session, command);
    return *ret == CURLE_OK;
}

enum status imap_move(struct imap_session *session, uint32_t uid, const char *folder, struct error *err)
{
    char quoted[220];
    CURLcode code;
    (void)snprintf(quoted, sizeof quoted, "\"%.200s\"", folder);
    bool done = imap_do(session, &code, "MOVE", uid, quoted);
    if (!done && imap_refused(code)) {
        (void)imap_do(session, &code, "CREATE", 0, quoted);
        done = imap_do(session, &code, "MOVE", uid, quoted);
    }
    if (!done && imap_refused(code))
        done = imap_do(session, &code, "COPY", uid, quoted) &&
               imap_do(session, &code, "STORE", uid, "+FLAGS (\\Deleted)") &&
               imap_do(session, &code, "EXPUNGE", uid, "");
    return done ? ST_OK : imap_fail(session, code, "a message cannot be moved", err);
}

enum status imap_unsee(struct imap_session *session, uint32_t uid, struct error *err)
{
    CURLcode code;
    if (imap_do(session, &code, "STORE", uid, "-FLAGS (\\Seen)"))
        return ST_OK;
    return imap_fail(session, code, "a message cannot be marked as unread", err);
}

/* ---- the address */

enum status imap_url_check(const char *url, struct error *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL, *path = NULL, *query = NULL;
    bool good = parts && strlen(url) <= 500 && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                (!strcmp(scheme, "imap") || !strcmp(scheme, "imaps")) &&
                curl_url_get(parts, CURLUPART_USER, &user, 0) != CURLUE_OK;
    good = good && curl_url_get(parts, CURLUPART_PATH, &path, 0) == CURLUE_OK && strlen(path) > 1 &&
           !strpbrk(path + 1, ";?\"\\") && curl_url_get(parts, CURLUPART_QUERY, &query, 0) != CURLUE_OK;
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(parts);
    return good ? ST_OK
                : error_set(err, ST_INVALID, "expected imap://host:port/INBOX or imaps://host:port/INBOX");
}
