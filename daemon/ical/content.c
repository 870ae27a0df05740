/*
 * Lines of calendar objects taken apart in place. Pure, any thread.
 */
#include "content.h"

#include <string.h>
#include <strings.h>

char *ical_unfold(char *line)
{
    char *to = line;
    char *from = line;
    for (; *from; from++) {
        if (*from == '\r')
            continue;
        if (*from != '\n') {
            *to++ = *from;
            continue;
        }
        if (from[1] != ' ' && from[1] != '\t')
            break;
        from++;
    }
    char *next = *from ? from + 1 : NULL;
    *to = '\0';
    return next;
}

/* The next of two bytes outside quotes, the end of the text without one. */
static char *content_find(char *text, char one, char other)
{
    bool quoted = false;
    for (; *text; text++) {
        quoted ^= *text == '"';
        if (!quoted && (*text == one || *text == other))
            break;
    }
    return text;
}

bool ical_content_split(char *line, struct ical_content *ret)
{
    char *after = line + strcspn(line, ";:");
    char *colon = content_find(after, ':', ':');
    if (!*colon)
        return false;
    bool params = after != colon;
    *colon = *after = '\0';
    *ret = (struct ical_content){.name = line, .params = params ? after + 1 : "", .value = colon + 1};
    return true;
}

bool ical_content_is(const struct ical_content *content, const char *name)
{
    return !strcasecmp(content->name, name);
}

const char *ical_content_param(struct arena *arena, const struct ical_content *content, const char *name)
{
    size_t size = strlen(name);
    char *at = arena_strdup(arena, content->params);
    while (*at) {
        char *end = content_find(at, ';', ';');
        bool last = !*end;
        *end = '\0';
        if (!strncasecmp(at, name, size) && at[size] == '=') {
            char *value = at + size + 1;
            size_t length = strlen(value);
            bool quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
            return quoted ? arena_strndup(arena, value + 1, length - 2) : value;
        }
        at = last ? end : end + 1;
    }
    return NULL;
}
