/*
 * Reads request heads, without I/O; on the loop thread like everything that serves requests.
 */
#include "head.h"

#include "base/text.h"

#include <string.h>

static const char head_tokens[256] = {
    ['!'] = 1,
    ['#' ... '\''] = 1,
    ['*'] = 1,
    ['+'] = 1,
    ['-'] = 1,
    ['.'] = 1,
    ['0' ... '9'] = 1,
    ['A' ... 'Z'] = 1,
    ['^' ... '`'] = 1,
    ['a' ... 'z'] = 1,
    ['|'] = 1,
    ['~'] = 1,
};

static const struct refusal head_fine = {0};

static struct refusal head_refuse(int status, const char *detail)
{
    return (struct refusal){status, detail};
}

bool head_is_token(char c)
{
    return head_tokens[(unsigned char)c];
}

static struct refusal head_overflow(const struct head_scan *scan)
{
    if (scan->lines == 0)
        return head_refuse(414, "the request target is too long");
    return head_refuse(431, "the request header is too large");
}

/* `end` is the position of a line feed. */
static struct refusal head_line(struct head_scan *scan, const char *data, size_t end)
{
    if (end == scan->line || data[end - 1] != '\r')
        return head_refuse(400, "a line of the header does not end with CR LF");
    size_t length = end - 1 - scan->line;
    char first = data[scan->line];
    if (length == 0 && scan->lines == 0) {
        if (scan->line > 0)
            return head_refuse(400, "the request line is empty");
        scan->start = end + 1; /* one empty line before a request is tolerated, RFC 9112 2.2 */
    } else if (length == 0) {
        scan->end = end + 1;
    } else if (scan->lines++ == 0) {
        if (length > HEAD_TARGET_MAX + sizeof "OPTIONS  HTTP/1.1")
            return head_refuse(414, "the request target is too long");
    } else if (first == ' ' || first == '\t') {
        return head_refuse(400, "a header field is folded over lines");
    } else if (scan->lines > HEAD_FIELDS_MAX + 1) {
        return head_refuse(431, "the request has too many header fields");
    }
    scan->line = end + 1;
    return head_fine;
}

struct refusal head_scan(struct head_scan *scan, const char *data, size_t size, size_t limit)
{
    size_t within = size < limit ? size : limit;
    while (!scan->end && scan->seen < within) {
        if (scan->seen == scan->line && scan->lines == 0 && data[scan->line] != '\r' &&
            !head_is_token(data[scan->line]))
            return head_refuse(400, "this is not an HTTP request");
        const char *feed = memchr(data + scan->seen, '\n', within - scan->seen);
        if (!feed) {
            scan->seen = within;
            break;
        }
        size_t end = (size_t)(feed - data);
        struct refusal refusal = head_line(scan, data, end);
        if (refusal.status)
            return refusal;
        scan->seen = end + 1;
    }
    return scan->end || within < limit ? head_fine : head_overflow(scan);
}

static enum http_method head_method(const char *text)
{
    for (enum http_method method = HTTP_GET_; method < HTTP_OTHER_; method++)
        if (strcmp(text, http_method_name(method)) == 0)
            return method;
    return HTTP_OTHER_;
}

static struct refusal head_version(const char *text, int *ret_minor)
{
    if (strncmp(text, "HTTP/", 5) != 0 || text[5] < '0' || text[5] > '9' || text[6] != '.' || text[7] < '0' ||
        text[7] > '9' || text[8])
        return head_refuse(400, "the request line does not end with an HTTP version");
    if (text[5] != '1')
        return head_refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    *ret_minor = text[7] == '0' ? 0 : 1;
    return head_fine;
}

/* `line` is NUL-terminated without its CR LF. */
static struct refusal head_request_line(char *line, size_t size, struct head *head)
{
    char *end = line + size;
    char *p = line;
    while (head_is_token(*p))
        p++;
    if (p == line || *p != ' ')
        return head_refuse(400, "the request line does not start with a method");
    *p++ = '\0';
    char *target = p;
    while (*p > ' ' && *p < 0x7f)
        p++;
    if (p == target || *p != ' ')
        return head_refuse(400, "the request target holds a character that is not allowed");
    if (p - target > HEAD_TARGET_MAX)
        return head_refuse(414, "the request target is too long");
    *p++ = '\0';
    if (strlen(p) != (size_t)(end - p))
        return head_refuse(400, "the request line holds a NUL");
    head->method = head_method(line);
    head->target = target;
    return head_version(p, &head->minor);
}

static bool head_value_valid(const char *value, const char *end)
{
    for (; value < end; value++) {
        unsigned char c = (unsigned char)*value;
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* A line `name ":" OWS value OWS`, from `line` to its CR at `end`. */
static struct refusal head_read_field(char *line, char *end, struct head_field *field)
{
    char *p = line;
    while (head_is_token(*p))
        p++;
    if (p == line || *p != ':')
        return head_refuse(400, "a header field does not start with a name and a colon");
    field->name = line;
    field->name_size = (size_t)(p - line);
    *p++ = '\0';
    while (*p == ' ' || *p == '\t')
        p++;
    while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (!head_value_valid(p, end))
        return head_refuse(400, "a header field holds a control character");
    *end = '\0';
    field->value = p;
    return head_fine;
}

struct refusal head_parse(struct arena *arena, char *text, size_t size, struct head *ret)
{
    if (!utf8_valid(text, size))
        return head_refuse(400, "the request header is not UTF-8");
    struct head head = {0};
    unsigned lines = 0;
    for (const char *p = text; (p = memchr(p, '\n', size - (size_t)(p - text))); p++)
        lines++;
    head.fields = ARENA_ARRAY(arena, lines, struct head_field);
    const char *last = text + size - 2; /* the empty line */
    char *line = text;
    while (line < last) {
        char *end = memchr(line, '\n', size - (size_t)(line - text));
        char *next = end + 1;
        *--end = '\0';
        struct refusal refusal = head.target ? head_read_field(line, end, &head.fields[head.count++])
                                             : head_request_line(line, (size_t)(end - line), &head);
        if (refusal.status)
            return refusal;
        line = next;
    }
    *ret = head;
    return head_fine;
}
