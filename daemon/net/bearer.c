/*
 * Bearer tokens from a file or an authorization server, on a mail lane's thread.
 */
#include "net/bearer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { BEARER_ANSWER_MAX = 64 * 1024, BEARER_TOKEN_MAX = 16 * 1024, BEARER_SPARE_S = 60, BEARER_LIFE_S = 300 };

struct bearer {
    const struct bearer_source *source;
    char *token;
    int64_t good_until;     /* monotonic */
    struct secret *rotated; /* a refresh token that replaces the configured one, until the end of the process */
};

struct bearer *bearer_new(const struct bearer_source *source)
{
    struct bearer *bearer = calloc(1, sizeof *bearer);
    if (!bearer)
        abort();
    bearer->source = source;
    return bearer;
}

void bearer_forget(struct bearer *bearer)
{
    if (bearer->token)
        explicit_bzero(bearer->token, strlen(bearer->token));
    free(bearer->token);
    bearer->token = NULL;
}

void bearer_free(struct bearer *bearer)
{
    if (!bearer)
        return;
    bearer_forget(bearer);
    secret_free(bearer->rotated);
    free(bearer);
}

static enum status bearer_keep(struct bearer *bearer, const char *token, size_t size, struct error *err)
{
    bearer_forget(bearer);
    for (size_t i = 0; i < size; i++)
        if (token[i] <= 0x20 || token[i] > 0x7e)
            return error_set(err, ST_BUSY, "what should be a bearer token is none");
    if (size == 0 || size > BEARER_TOKEN_MAX)
        return error_set(err, ST_BUSY, "what should be a bearer token is none");
    bearer->token = strndup(token, size);
    if (!bearer->token)
        abort();
    return ST_OK;
}

static enum status bearer_read(struct bearer *bearer, struct error *err)
{
    struct error why = ERROR_INIT;
    size_t size;
    struct secret *secret = secret_read_file(bearer->source->file, &why);
    if (!secret)
        return error_set(err, ST_BUSY, "no bearer token: %.150s", why.detail);
    const char *bytes = (const char *)secret_bytes(secret, &size);
    enum status status = bearer_keep(bearer, bytes, size, err);
    secret_free(secret);
    return status;
}

/* ---- asking */

static size_t bearer_take(char *bytes, size_t size, size_t count, void *context)
{
    struct buf *answer = context;
    if (answer->size + size * count > BEARER_ANSWER_MAX)
        return 0;
    buf_add(answer, bytes, size * count);
    return size * count;
}

static int bearer_progress(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    const struct bearer_source *source = context;
    (void)down_total, (void)down, (void)up_total, (void)up;
    return source->stopping && atomic_load(source->stopping);
}

static void bearer_add(CURL *curl, struct buf *form, const char *name, const void *value, size_t size)
{
    char *escaped = size ? curl_easy_escape(curl, value, (int)size) : NULL;
    if (escaped)
        buf_printf(form, "&%s=%s", name, escaped);
    curl_free(escaped);
}

static void bearer_add_secret(CURL *curl, struct buf *form, const char *name, const struct secret *secret)
{
    size_t size = 0;
    const unsigned char *bytes = secret ? secret_bytes(secret, &size) : NULL;
    bearer_add(curl, form, name, bytes, size);
}

static void bearer_form(const struct bearer *bearer, CURL *curl, struct buf *form)
{
    const struct bearer_source *source = bearer->source;
    const struct secret *refresh = bearer->rotated ? bearer->rotated : source->refresh_token;
    buf_printf(form, "grant_type=%s", refresh ? "refresh_token" : "client_credentials");
    bearer_add_secret(curl, form, "refresh_token", refresh);
    bearer_add(curl, form, "client_id", source->client_id, strlen(source->client_id));
    bearer_add_secret(curl, form, "client_secret", source->client_secret);
    if (source->scope)
        bearer_add(curl, form, "scope", source->scope, strlen(source->scope));
}

static enum status bearer_read_answer(
    struct bearer *bearer, long code, const struct buf *answer, struct error *err)
{
    struct arena *arena = arena_new(0);
    const struct json *body = NULL;
    bool parsed = json_parse(arena, answer->data, answer->size, &body, NULL) == ST_OK;
    const char *token = parsed ? json_text(json_get(body, "access_token")) : NULL;
    const char *refused = parsed ? json_text(json_get(body, "error")) : NULL;
    const char *rotated = parsed ? json_text(json_get(body, "refresh_token")) : NULL;
    enum status status = code == 200 && token
                             ? bearer_keep(bearer, token, strlen(token), err)
                             : error_set(err, ST_BUSY, "the authorization server refuses a token: %ld %.80s",
                                   code, refused ? refused : "");
    int64_t life = parsed ? json_int(json_get(body, "expires_in")) : 0;
    life = life > BEARER_SPARE_S ? life - BEARER_SPARE_S : BEARER_LIFE_S;
    if (status == ST_OK && rotated) {
        secret_free(bearer->rotated);
        bearer->rotated = secret_new(rotated, strlen(rotated));
    }
    bearer->good_until = clock_monotonic() + life * US_PER_SEC;
    arena_free(arena);
    return status;
}

static void bearer_set_up(const struct bearer *bearer, CURL *curl, struct buf *form, struct buf *answer)
{
    const struct bearer_source *source = bearer->source;
    curl_easy_setopt(curl, CURLOPT_URL, source->endpoint);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)form->size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->data);
    if (source->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, source->ca_file);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, source->timeout_s);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, bearer_take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, bearer_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, source);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static enum status bearer_ask(struct bearer *bearer, struct error *err)
{
    BUF_AUTO form;
    BUF_AUTO answer;
    long code = 0;
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();
    buf_init(&form, 0);
    buf_init(&answer, 0);
    bearer_form(bearer, curl, &form);
    bearer_set_up(bearer, curl, &form, &answer);
    CURLcode done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_cleanup(curl);
    explicit_bzero(form.data, form.size);
    enum status status = done == CURLE_OK
                             ? bearer_read_answer(bearer, code, &answer, err)
                             : error_set(err, ST_BUSY, "the authorization server cannot be reached: %s",
                                   curl_easy_strerror(done));
    if (answer.size)
        explicit_bzero(answer.data, answer.size);
    return status;
}

enum status bearer_get(struct bearer *bearer, const char **ret, struct error *err)
{
    enum status status = ST_OK;
    if (bearer->source->file)
        status = bearer_read(bearer, err);
    else if (!bearer->token || bearer->good_until <= clock_monotonic())
        status = bearer_ask(bearer, err);
    if (status == ST_OK)
        *ret = bearer->token;
    return status;
}
