/*
 * One call as libcurl wants it: what it may reach, how long it may take, how much it may bring. The callbacks
 * run inside curl_multi_socket_action() on the loop.
 */
#include "internal.h"

#include "base/crypto.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- callbacks */

static void guard_say(struct fetch_call *call, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    } else {
        memcpy(&v6, address, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    }
    (void)snprintf(call->refused, sizeof call->refused,
        "%s is a %s address, which outgoing.allow does not list", text, address_kind(address));
}

static curl_socket_t call_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct fetch_call *call = context;
    bool internet = to->family == AF_INET || to->family == AF_INET6;
    if (purpose != CURLSOCKTYPE_IPCXN || !internet)
        return CURL_SOCKET_BAD;
    if (!address_guard_allows(call->fetcher->guard, call->host, &to->addr)) {
        guard_say(call, &to->addr);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t call_hear(char *line, size_t size, size_t count, void *context)
{
    struct fetch_call *call = context;
    call->header_bytes += size * count;
    if (call->header_bytes > FETCH_HEADER_MAX) {
        call->over = true;
        return 0;
    }
    fetch_answer_hear(call->answer, line, size * count);
    return size * count;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of libcurl's callbacks */
static size_t call_receive(char *bytes, size_t size, size_t count, void *context)
{
    struct fetch_call *call = context;
    if (size * count > call->answer_max - call->received.size) {
        call->over = true;
        return 0;
    }
    buf_add(&call->received, bytes, size * count);
    return size * count;
}

/* ---- checks */

static bool token_valid(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= 64 &&
           strspn(text, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
               length;
}

static enum status request_check(const struct fetch_request *request, struct error *err)
{
    if (!request->url || !url_valid(request->url))
        return error_set(err, ST_INVALID, "an http or https URL is expected");
    if (request->method && !token_valid(request->method))
        return error_set(err, ST_INVALID, "\"%.40s\" is not a method", request->method);
    if (request->field_count > FETCH_FIELDS_MAX)
        return error_set(err, ST_INVALID, "at most %d header fields are expected", FETCH_FIELDS_MAX);
    for (size_t i = 0; i < request->field_count; i++)
        if (!token_valid(request->fields[i].name) || text_has_controls(request->fields[i].value, false))
            return error_set(err, ST_INVALID, "header field %zu is malformed", i + 1);
    return ST_OK;
}

static enum status call_read_host(struct fetch_call *call, const char *url, struct error *err)
{
    CURLU *parts = curl_url();
    bool good = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &call->host, 0) == CURLUE_OK;
    curl_url_cleanup(parts);
    return good ? ST_OK : error_set(err, ST_INVALID, "an http or https URL is expected");
}

/* ---- set-up */

static void call_add_field(struct fetch_call *call, const char *name, const char *value)
{
    BUF_AUTO line;
    buf_init(&line, 0);
    /* "Name;" is libcurl's spelling of a field that is empty. */
    buf_printf(&line, *value ? "%s: %s" : "%s;", name, value);
    struct curl_slist *longer = curl_slist_append(call->fields, line.data);
    if (!longer)
        abort();
    call->fields = longer;
    wipe(line.data, line.size);
}

static void call_set_fields(struct fetch_call *call, const struct fetch_request *request)
{
    bool typed = false;
    for (size_t i = 0; i < request->field_count; i++) {
        call_add_field(call, request->fields[i].name, request->fields[i].value);
        typed = typed || !strcasecmp(request->fields[i].name, "Content-Type");
    }
    struct curl_slist *longer = curl_slist_append(call->fields, "Expect:");
    if (longer && !typed)
        longer = curl_slist_append(longer, "Content-Type:");
    if (!longer)
        abort();
    call->fields = longer;
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->fields);
}

static void call_set_body(struct fetch_call *call, const struct fetch_request *request)
{
    const char *method = request->method ? request->method : request->body.data ? "POST" : "GET";
    bool post = !strcmp(method, "POST") || !strcmp(method, "PUT");
    if (request->body.data || post) {
        buf_add(&call->body, request->body.data ? request->body.data : "", request->body.size);
        curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.size);
        curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->body.data);
    } else if (!strcmp(method, "HEAD")) {
        curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void call_set_auth(struct fetch_call *call, const struct fetch_request *request)
{
    size_t size = 0;
    if (request->auth == FETCH_NO_AUTH || !request->secret)
        return;
    const unsigned char *bytes = secret_bytes(request->secret, &size);
    char *text = strndup((const char *)bytes, size);
    if (!text)
        abort();
    if (request->auth == FETCH_BASIC) {
        curl_easy_setopt(call->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(call->easy, CURLOPT_USERNAME, request->user ? request->user : "");
        curl_easy_setopt(call->easy, CURLOPT_PASSWORD, text);
    } else {
        curl_easy_setopt(call->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(call->easy, CURLOPT_XOAUTH2_BEARER, text);
    }
    wipe(text, size);
    free(text);
}

static void call_set_limits(struct fetch_call *call, const struct fetch_request *request)
{
    CURL *easy = call->easy;
    int64_t deadline = request->deadline > 0 ? request->deadline : FETCH_DEADLINE_S * US_PER_SEC;
    long deadline_ms = deadline < 1000 ? 1 : (long)(deadline / 1000);
    call->answer_max = request->answer_max ? request->answer_max : FETCH_BODY_DEFAULT;
    if (call->answer_max > FETCH_BODY_MOST)
        call->answer_max = FETCH_BODY_MOST;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, deadline_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)FETCH_CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)call->answer_max);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (call->fetcher->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, call->fetcher->ca_file);
    /* A name that is being resolved when the call ends is left to its thread: the loop would wait for it. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

static void call_set_callbacks(struct fetch_call *call)
{
    CURL *easy = call->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, call_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, call_hear);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, call_receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
}

enum status fetch_call_new(
    struct fetcher *fetcher, const struct fetch_request *request, struct fetch_call **ret, struct error *err)
{
    enum status status = request_check(request, err);
    if (status != ST_OK)
        return status;
    struct fetch_call *call = calloc(1, sizeof *call);
    if (!call || !(call->easy = curl_easy_init()))
        abort();
    call->fetcher = fetcher;
    call->done = request->done;
    call->context = request->context;
    call->answer = fetch_answer_new(request->url);
    buf_init(&call->body, 0);
    buf_init(&call->received, 0);
    status = call_read_host(call, request->url, err);
    if (status != ST_OK) {
        fetch_call_free(call);
        return status;
    }
    curl_easy_setopt(call->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(call->easy, CURLOPT_USERAGENT, fetcher->user_agent);
    curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    call_set_limits(call, request);
    call_set_callbacks(call);
    call_set_body(call, request);
    call_set_fields(call, request);
    call_set_auth(call, request);
    *ret = call;
    return ST_OK;
}

/* ---- the end */

static enum fetch_outcome call_outcome(const struct fetch_call *call, CURLcode result)
{
    if (result == CURLE_OK)
        return FETCH_ANSWERED;
    if (call->over || result == CURLE_FILESIZE_EXCEEDED)
        return FETCH_TOO_LARGE;
    bool guarded = result == CURLE_COULDNT_CONNECT && *call->refused;
    return guarded || result == CURLE_PEER_FAILED_VERIFICATION ? FETCH_REFUSED : FETCH_FAILED;
}

/* One line without controls. */
static void call_describe(struct fetch_call *call, enum fetch_outcome outcome, CURLcode result)
{
    struct fetch_answer *answer = call->answer;
    size_t room = sizeof answer->problem;
    if (outcome == FETCH_ANSWERED)
        return;
    if (outcome == FETCH_TOO_LARGE)
        (void)snprintf(answer->problem, room, "the answer is over %zu bytes, or its header over %d",
            call->answer_max, FETCH_HEADER_MAX);
    else if (outcome == FETCH_REFUSED && *call->refused)
        (void)text_copy(answer->problem, room, call->refused);
    else
        (void)text_copy(answer->problem, room, *call->error ? call->error : curl_easy_strerror(result));
    for (char *c = answer->problem; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

struct fetch_answer *fetch_call_end(struct fetch_call *call, CURLcode result)
{
    struct fetch_answer *answer = call->answer;
    long code = 0;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &code);
    answer->outcome = call_outcome(call, result);
    answer->status = (int)code;
    answer->took = call->began ? clock_monotonic() - call->began : 0;
    call_describe(call, answer->outcome, result);
    if (answer->outcome == FETCH_ANSWERED)
        fetch_answer_set_body(answer, &call->received);
    fetch_answer_read_retry(answer, clock_now(call->fetcher->clock));
    call->answer = NULL;
    fetch_call_free(call);
    return answer;
}

void fetch_call_free(struct fetch_call *call)
{
    curl_easy_cleanup(call->easy);
    for (struct curl_slist *at = call->fields; at; at = at->next)
        wipe(at->data, strlen(at->data));
    curl_slist_free_all(call->fields);
    wipe(call->body.data, call->body.size);
    buf_free(&call->body);
    buf_free(&call->received);
    curl_free(call->host);
    fetch_answer_free(call->answer);
    free(call);
}
