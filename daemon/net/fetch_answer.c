/* What came back: its header fields and its body, on memory of their own. Any thread. */
#include "internal.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RETRY_MOST (7 * US_PER_DAY)

const char *const fetch_outcome_names[] = {"answered", "failed", "refused", "too_large"};

struct heard {
    struct heard *next;
    const char *name, *value;
};

struct fetch_fields {
    struct arena *arena;
    struct buf body;
    struct heard *first, **last;
};

struct fetch_answer *fetch_answer_new(const char *url)
{
    struct arena *arena = arena_new(2048);
    struct fetch_answer *answer = ARENA_NEW(arena, struct fetch_answer);
    struct fetch_fields *fields = ARENA_NEW(arena, struct fetch_fields);
    fields->arena = arena;
    fields->last = &fields->first;
    buf_init(&fields->body, 0);
    answer->fields = fields;
    answer->outcome = FETCH_FAILED;
    answer->retry_after = -1;
    answer->url = arena_strdup(arena, url);
    answer->body = SPAN_TEXT("");
    return answer;
}

void fetch_answer_free(struct fetch_answer *answer)
{
    if (!answer)
        return;
    buf_free(&answer->fields->body);
    arena_free(answer->fields->arena);
}

static size_t trimmed(const char **text, size_t size)
{
    while (size > 0 && strchr(" \t\r\n", (*text)[size - 1]))
        size--;
    while (size > 0 && strchr(" \t", **text)) {
        ++*text;
        size--;
    }
    return size;
}

void fetch_answer_hear(struct fetch_answer *answer, const char *line, size_t size)
{
    struct fetch_fields *fields = answer->fields;
    if (size >= 5 && !memcmp(line, "HTTP/", 5)) {
        fields->first = NULL;
        fields->last = &fields->first;
        return;
    }
    const char *colon = memchr(line, ':', size);
    if (!colon || memchr(line, '\0', size))
        return;
    const char *value = colon + 1;
    size_t length = trimmed(&value, size - (size_t)(value - line));
    struct heard *heard = ARENA_NEW(fields->arena, struct heard);
    heard->name = arena_strndup(fields->arena, line, (size_t)(colon - line));
    heard->value = arena_strndup(fields->arena, value, length);
    *fields->last = heard;
    fields->last = &heard->next;
}

const char *fetch_answer_field(const struct fetch_answer *answer, const char *name, unsigned nth)
{
    for (const struct heard *heard = answer->fields->first; heard; heard = heard->next)
        if (!strcasecmp(heard->name, name) && nth-- == 0)
            return heard->value;
    return NULL;
}

size_t fetch_answer_fields(const struct fetch_answer *answer, struct fetch_field *out, size_t most)
{
    size_t count = 0;
    for (const struct heard *heard = answer->fields->first; heard && count < most; heard = heard->next)
        out[count++] = (struct fetch_field){.name = heard->name, .value = heard->value};
    return count;
}

void fetch_answer_set_body(struct fetch_answer *answer, struct buf *received)
{
    struct buf *body = &answer->fields->body;
    buf_free(body);
    *body = *received;
    buf_init(received, 0);
    answer->body = (struct span){body->data, body->size};
}

void fetch_answer_read_retry(struct fetch_answer *answer, instant_t now)
{
    const char *after = fetch_answer_field(answer, "Retry-After", 0);
    int64_t seconds = -1;
    if (!after)
        return;
    if (!parse_int64(after, 0, INT32_MAX, &seconds)) {
        time_t at = curl_getdate(after, NULL);
        const char *date = fetch_answer_field(answer, "Date", 0);
        time_t from = date ? curl_getdate(date, NULL) : -1;
        if (at == -1)
            return;
        seconds = (int64_t)at - (from == -1 ? now / US_PER_SEC : (int64_t)from);
    }
    int64_t wait = seconds > 0 ? seconds * US_PER_SEC : 0;
    answer->retry_after = wait < RETRY_MOST ? wait : RETRY_MOST;
}
