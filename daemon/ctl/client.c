/*
 * libcurl behind a door of one function. What the server may do to us is limited here: protocols, time, size of
 * header and body.
 */
#include "client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_S = 10, ANSWER_S = 300, SILENCE_S = 900, HEADER_MAX = 256 * 1024 };

struct client {
    CURL *curl;
    const struct settings *settings;
    bool local; /* loopback */
    char error[CURL_ERROR_SIZE];
    struct buf body;
    size_t header_size;
    const struct request *request; /* under way */
    bool taken;                    /* some of its answer is */
};

/* ---- who the server is */

static bool client_host_is_local(const char *host)
{
    struct in_addr four;
    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127;
}

static bool client_is_local(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool local = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && client_host_is_local(host);
    curl_free(host);
    curl_url_cleanup(parts);
    return local;
}

struct client *client_new(const struct settings *settings)
{
    struct client *client = calloc(1, sizeof(*client));
    if (!client || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(client->curl = curl_easy_init()))
        abort();
    client->settings = settings;
    client->local = client_is_local(settings->url);
    buf_init(&client->body, CLIENT_ANSWER_MAX);
    return client;
}

void client_free(struct client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    curl_global_cleanup();
    buf_free(&client->body);
    free(client);
}

bool client_is_exposed(const struct client *client)
{
    return client->settings->token && !client->local && strncasecmp(client->settings->url, "http:", 5) == 0;
}

/* ---- one request */

static size_t client_take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct client *client = context;
    const struct request *request = client->request;
    long status = 0;
    if (request->take)
        curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) {
        client->taken = true;
        return request->take(request->context, bytes, size * count) ? size * count : 0;
    }
    buf_add(&client->body, bytes, size * count);
    return client->body.failed ? 0 : size * count;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of libcurl's callbacks */
static size_t client_take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct client *client = context;
    (void)bytes;
    client->header_size += size * count;
    return client->header_size > HEADER_MAX ? 0 : size * count;
}

static struct curl_slist *client_add_header(
    struct curl_slist *list, const char *name, const char *separator, const char *value)
{
    BUF_AUTO line;
    buf_init(&line, 0);
    buf_printf(&line, "%s: %s%s", name, separator, value);
    struct curl_slist *longer = curl_slist_append(list, line.data);
    explicit_bzero(line.data, line.size);
    if (!longer)
        abort();
    return longer;
}

static struct curl_slist *client_headers(const struct client *client, const struct request *request)
{
    const struct secret *token = client->settings->token;
    const char *accept = request->accept ? request->accept : "application/json, application/problem+json";
    struct curl_slist *list = client_add_header(NULL, "Accept", "", accept);
    if (token)
        list = client_add_header(list, "Authorization", "Bearer ", (const char *)secret_bytes(token, NULL));
    if (request->type)
        list = client_add_header(list, "Content-Type", "", request->type);
    if (request->key)
        list = client_add_header(list, "Idempotency-Key", "", request->key);
    list = curl_slist_append(list, "Expect:");
    return list;
}

static void client_headers_free(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at; at = at->next)
        explicit_bzero(at->data, strlen(at->data));
    curl_slist_free_all(list);
}

static void client_set_options(struct client *client)
{
    CURL *curl = client->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, client->request->take ? 0L : (long)ANSWER_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, client->request->take ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "entretienctl/" ENTRETIEND_VERSION);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, client_take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, client_take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
    if (client->local)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    if (client->settings->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, client->settings->ca_file);
}

static CURLcode client_perform(struct client *client, const struct request *request)
{
    CURL *curl = client->curl;
    BUF_AUTO url;
    buf_init(&url, 0);
    buf_printf(&url, "%s%s", client->settings->url, request->target);
    struct curl_slist *headers = client_headers(client, request);
    client->request = request;
    client->taken = false;
    client_set_options(client);
    client->error[0] = '\0';
    client->header_size = 0;
    buf_reset(&client->body);
    curl_easy_setopt(curl, CURLOPT_URL, url.data);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (request->type) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    CURLcode code = curl_easy_perform(curl);
    client_headers_free(headers);
    return code;
}

/* ---- the answer */

struct span span_keep(struct arena *arena, const struct buf *bytes)
{
    char *copy = arena_alloc(arena, bytes->size + 1);
    memcpy(copy, bytes->data, bytes->size);
    return (struct span){.data = copy, .size = bytes->size};
}

static const char *client_header(const struct client *client, struct arena *arena, const char *name)
{
    struct curl_header *header = NULL;
    if (curl_easy_header(client->curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return arena_strdup(arena, header->value);
}

static const char *client_media_type(const struct client *client, struct arena *arena)
{
    const char *field = client_header(client, arena, "Content-Type");
    if (!field)
        return "";
    char *type = arena_strndup(arena, field, strcspn(field, "; \t"));
    for (char *c = type; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return type;
}

static enum status client_answer(
    struct client *client, struct arena *arena, struct answer *ret, struct error *err)
{
    struct answer answer = {.type = client_media_type(client, arena),
        .location = client_header(client, arena, "Location"),
        .request_id = client_header(client, arena, "X-Request-Id")};
    curl_off_t retry = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &retry) == CURLE_OK && retry > 0 && retry < 86400)
        answer.retry_after = (long)retry;
    if (answer.status < 200)
        return error_set(err, ST_INTERNAL, "%s does not speak HTTP", client->settings->url);
    /* Copied, so that the buffer's memory is used again for the next answer. */
    answer.body = span_keep(arena, &client->body);
    *ret = answer;
    return ST_OK;
}

static enum status client_explain(const struct client *client, CURLcode code, struct error *err)
{
    if (client->body.failed)
        return error_set(err, ST_INTERNAL, "the answer of %s is over 64 MiB", client->settings->url);
    if (client->header_size > HEADER_MAX)
        return error_set(err, ST_INTERNAL, "the header of %s's answer is over 256 KiB", client->settings->url);
    const char *why = client->error[0] ? client->error : curl_easy_strerror(code);
    const char *hint = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST
                           ? " (is it running there? --url or ENTRETIENCTL_URL says where)"
                           : "";
    return error_set(err, ST_INTERNAL, "%s: %s%s", client->settings->url, why, hint);
}

/* Whether the connection was lost with the request on its way: with a key it may be sent again. */
static bool client_was_cut(CURLcode code)
{
    return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
}

enum status client_send(struct client *client, struct arena *arena, const struct request *request,
    struct answer *ret, struct error *err)
{
    bool repeatable = request->key || strcmp(request->method, "GET") == 0;
    CURLcode code = client_perform(client, request);
    if (client_was_cut(code) && repeatable && !client->taken && !client->body.failed &&
        client->header_size <= HEADER_MAX)
        code = client_perform(client, request);
    return code == CURLE_OK ? client_answer(client, arena, ret, err) : client_explain(client, code, err);
}
