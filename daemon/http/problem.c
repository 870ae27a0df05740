/*
 * Problem details (RFC 9457), and the one table of HTTP statuses. Loop thread.
 */
#include "base/json.h"
#include "internal.h"

#include <strings.h>

static const struct http_status http_statuses[] = {
    {200, "OK", {0}},
    {201, "Created", {0}},
    {202, "Accepted", {0}},
    {204, "No Content", {0}},
    {301, "Moved Permanently", {0}},
    {302, "Found", {0}},
    {303, "See Other", {0}},
    {304, "Not Modified", {0}},
    {307, "Temporary Redirect", {0}},
    {308, "Permanent Redirect", {0}},
    {400, "Bad Request", {0}},
    {401, "Unauthorized", {"WWW-Authenticate", "Bearer"}},
    {403, "Forbidden", {0}},
    {404, "Not Found", {0}},
    {405, "Method Not Allowed", {0}},
    {406, "Not Acceptable", {0}},
    {408, "Request Timeout", {0}},
    {409, "Conflict", {0}},
    {410, "Gone", {0}},
    {412, "Precondition Failed", {0}},
    {413, "Content Too Large", {0}},
    {414, "URI Too Long", {0}},
    {415, "Unsupported Media Type", {0}},
    {417, "Expectation Failed", {0}},
    {422, "Unprocessable Content", {0}},
    {428, "Precondition Required", {0}},
    {429, "Too Many Requests", {"Retry-After", "1"}},
    {431, "Request Header Fields Too Large", {0}},
    {500, "Internal Server Error", {0}},
    {501, "Not Implemented", {0}},
    {502, "Bad Gateway", {0}},
    {503, "Service Unavailable", {"Retry-After", "1"}},
    {504, "Gateway Timeout", {0}},
    {505, "HTTP Version Not Supported", {0}},
    {507, "Insufficient Storage", {0}},
};

const struct http_status *http_status_find(int code)
{
    size_t low = 0, high = sizeof http_statuses / sizeof *http_statuses;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (http_statuses[middle].code == code)
            return &http_statuses[middle];
        if (http_statuses[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int http_status_of(enum status status)
{
    static const int codes[ST_COUNT] = {
        [ST_OK] = 200,
        [ST_SYNTAX] = 400,
        [ST_INVALID] = 422,
        [ST_UNAUTHENTICATED] = 401,
        [ST_FORBIDDEN] = 403,
        [ST_NOT_FOUND] = 404,
        [ST_CONFLICT] = 409,
        [ST_PRECONDITION] = 412,
        [ST_TOO_LARGE] = 413,
        [ST_BUSY] = 503,
        [ST_FULL] = 507,
        [ST_INTERNAL] = 500,
    };
    return (unsigned)status < ST_COUNT ? codes[status] : 500;
}

static void problem_fields(struct json_writer *w, const struct error *err)
{
    unsigned count = err->count < ERROR_FIELDS_MAX ? err->count : ERROR_FIELDS_MAX;
    jw_key(w, "errors");
    jw_open(w, '[');
    for (unsigned i = 0; i < count; i++) {
        jw_open(w, '{');
        jw_member(w, "pointer", err->fields[i].pointer);
        jw_member(w, "detail", err->fields[i].detail);
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

void http_problem_write(struct buf *out, int status, const struct error *err, const char *request_id)
{
    const struct http_status *row = http_status_find(status);
    struct json_writer w = json_writer(out);
    bool told = err && status != 500; /* what broke inside is for the log */
    jw_open(&w, '{');
    jw_member(&w, "type", "about:blank");
    jw_member(&w, "title", row ? row->reason : "Error");
    jw_member_int(&w, "status", status);
    if (told && err->detail[0])
        jw_member(&w, "detail", err->detail);
    if (told && err->count)
        problem_fields(&w, err);
    jw_member(&w, "request_id", request_id);
    jw_close(&w, '}');
}

static bool problem_gives(const struct http_header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(headers[i].name, name) == 0)
            return true;
    return false;
}

void http_respond_problem(struct http_exchange *exchange, int status, const struct error *err,
    const struct http_header *extra, size_t extra_count)
{
    const struct http_status *row = http_status_find(status);
    struct http_header *headers = ARENA_ARRAY(exchange->arena, extra_count + 1, struct http_header);
    size_t count = extra_count;
    for (size_t i = 0; i < extra_count; i++)
        headers[i] = extra[i];
    if (row && row->hint.name && !problem_gives(extra, extra_count, row->hint.name))
        headers[count++] = row->hint;
    BUF_AUTO body;
    buf_init(&body, 0);
    http_problem_write(&body, status, err, exchange->id);
    struct http_response response = {
        .status = status,
        .content_type = "application/problem+json",
        .body = {body.data, body.size},
        .headers = headers,
        .header_count = count,
    };
    http_respond(exchange, &response);
}
