/*
 * Request targets and percent-encoding, without I/O; any thread.
 */
#include "target.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static int percent_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *percent_decode(struct arena *arena, const char *text, size_t size, bool plus)
{
    char *out = arena_alloc(arena, size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < size ? percent_digit(text[i + 1]) : -1;
            int low = high >= 0 ? percent_digit(text[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (!c)
            return NULL;
        out[length++] = c;
    }
    return utf8_valid(out, length) ? out : NULL;
}

static bool target_has_dot_segment(const char *path)
{
    for (const char *p = path; (p = strstr(p, "/.")); p += 2) {
        const char *after = p[2] == '.' ? p + 3 : p + 2;
        if (*after == '/' || *after == '\0')
            return true;
    }
    return false;
}

/* '/' or '\\', which some readers take for one. */
static bool target_has_encoded_slash(const char *text, size_t size)
{
    for (size_t i = 0; i + 2 < size; i++)
        if (strncasecmp(text + i, "%2f", 3) == 0 || strncasecmp(text + i, "%5c", 3) == 0)
            return true;
    return false;
}

/* The part of the target that starts with the path; NULL if there is none. */
static const char *target_origin(const struct head *head)
{
    const char *target = head->target;
    if (*target == '/')
        return target;
    if (strcmp(target, "*") == 0)
        return head->method == HTTP_OPTIONS_ ? "/" : NULL;
    size_t scheme = strncasecmp(target, "http://", 7) == 0    ? 7
                    : strncasecmp(target, "https://", 8) == 0 ? 8
                                                              : 0;
    size_t authority = scheme ? strcspn(target + scheme, "/?#") : 0;
    if (!authority)
        return NULL;
    const char *path = target + scheme + authority;
    return *path ? path : "/";
}

struct refusal target_parse(
    struct arena *arena, const struct head *head, const char **ret_path, const char **ret_query)
{
    const char *target = target_origin(head);
    if (!target || strchr(target, '#'))
        return (struct refusal){400, "the request target is not a path"};
    size_t size = strcspn(target, "?");
    if (target_has_encoded_slash(target, size))
        return (struct refusal){400, "the path holds an encoded slash"};
    const char *path = size ? percent_decode(arena, target, size, false) : "/";
    if (!path || text_has_controls(path, false))
        return (struct refusal){400, "the path is not percent-encoded UTF-8 without control characters"};
    if (target_has_dot_segment(path))
        return (struct refusal){400, "the path holds a \".\" or \"..\" segment"};
    *ret_path = path;
    *ret_query = target[size] ? target + size + 1 : "";
    return (struct refusal){0};
}
