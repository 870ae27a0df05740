/*
 * Counts lines of a mail or form, once, as a parser of MIME would take them; where two readings are possible,
 * as the one that builds more. Any thread.
 */
#include "bound.h"

#include <string.h>
#include <strings.h>

struct bound_scan {
    const struct mail_bounds *bounds;
    size_t header;
    unsigned typed, begun;
    bool in_header, in_type; /* of which the Content-Type, folded lines included */
    bool nests;              /* behind this header another begins: message/rfc822 */
    bool digest;   /* what follows may be headers: the default of multipart/digest is message/rfc822 */
    bool multiple; /* a part may hold parts */
};

static bool bound_says(const char *line, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= size; i++)
        if (strncasecmp(line + i, word, length) == 0)
            return true;
    return false;
}

static bool bound_begins(const struct mail_bounds *bounds, const char *line, size_t size)
{
    size_t length = bounds->boundary ? strlen(bounds->boundary) : 0;
    return size >= 2 + length && line[0] == '-' && line[1] == '-' &&
           (length == 0 || memcmp(line + 2, bounds->boundary, length) == 0);
}

static void bound_header_line(struct bound_scan *scan, const char *line, size_t size)
{
    static const char name[] = "content-type";
    bool folded = line[0] == ' ' || line[0] == '\t';
    bool typed = bound_says(line, size < sizeof(name) - 1 ? size : sizeof(name) - 1, name);
    scan->header += size;
    scan->in_type = typed || (folded && scan->in_type);
    if (!scan->in_type)
        return;
    bool digest = bound_says(line, size, "digest");
    bool message = bound_says(line, size, "message");
    scan->digest = scan->digest || digest;
    scan->nests = scan->nests || message;
    scan->multiple = scan->multiple || digest || message || bound_says(line, size, "multipart");
}

/* A line without its end. */
static void bound_line(struct bound_scan *scan, const char *line, size_t size)
{
    static const char name[] = "content-type";
    scan->typed += size >= sizeof(name) - 1 && strncasecmp(line, name, sizeof(name) - 1) == 0;
    if (bound_begins(scan->bounds, line, size)) {
        scan->begun++;
        scan->in_header = true;
        scan->in_type = scan->nests = false;
    } else if (size == 0) {
        scan->in_header = (scan->in_header && scan->nests) || scan->digest;
        scan->in_type = scan->nests = false;
    } else if (scan->in_header) {
        bound_header_line(scan, line, size);
    }
}

static const char *bound_past(const struct bound_scan *scan)
{
    const struct mail_bounds *bounds = scan->bounds;
    if (scan->typed > bounds->typed_max || scan->begun > bounds->begun_max)
        return "too many parts";
    if (scan->header > bounds->header_max)
        return "too long a header";
    return bounds->flat && scan->multiple ? "parts in a part" : NULL;
}

const char *mail_past_bounds(const struct mail_bounds *bounds, const char *bytes, size_t size)
{
    /* a mail begins with a header, the body of a form with a boundary */
    struct bound_scan scan = {.bounds = bounds, .in_header = !bounds->boundary};
    const char *end = bytes + size;
    const char *past = NULL;
    while (bytes < end && !past) {
        const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *stop = feed ? feed : end;
        size_t length = (size_t)(stop - bytes);
        if (length > 0 && bytes[length - 1] == '\r')
            length--;
        bound_line(&scan, bytes, length);
        past = bound_past(&scan);
        bytes = feed ? feed + 1 : end;
    }
    return past;
}
