/*
 * Whom an entry names, as text in its row: an address, PARTSTAT and SCHEDULE-STATUS (RFC 6638, 3.2.9) a line.
 * Pure, any thread.
 */
#include "work.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

#define NO_STATUS "-"

const char *calendar_people_text(struct arena *arena, const struct ical_message *message)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    for (size_t i = 0; i < message->attendee_count; i++) {
        const struct ical_read_attendee *one = &message->attendees[i];
        bool plain = one->schedule_status && !strpbrk(one->schedule_status, " \n");
        if (!strpbrk(one->email, " \n"))
            buf_printf(&text, "%s %s %s\n", one->email, partstat_name(one->partstat),
                plain ? one->schedule_status : NO_STATUS);
    }
    return text.size ? arena_strndup(arena, text.data, text.size) : NULL;
}

/* The next word of a line, NULL at its end. */
static const char *people_word(struct arena *arena, const char **at)
{
    size_t size = strcspn(*at, " \n");
    const char *word = size ? arena_strndup(arena, *at, size) : NULL;
    *at += size + ((*at)[size] == ' ');
    return word;
}

static bool people_read_line(struct arena *arena, const char *line, struct calendar_person *ret)
{
    const char *email = people_word(arena, &line);
    const char *partstat = people_word(arena, &line);
    const char *status = people_word(arena, &line);
    if (!email || !partstat || !status)
        return false;
    *ret = (struct calendar_person){.email = email,
        .partstat = partstat_parse(partstat),
        .status = strcmp(status, NO_STATUS) ? status : NULL};
    return true;
}

struct calendar_people calendar_people_read(struct arena *arena, const char *text)
{
    size_t lines = 0;
    for (const char *at = text; at && *at; at++)
        lines += *at == '\n';
    struct calendar_person *items = ARENA_ARRAY(arena, lines, struct calendar_person);
    size_t count = 0;
    for (const char *line = text; lines > 0; lines--, line = strchr(line, '\n') + 1)
        count += people_read_line(arena, line, &items[count]);
    return (struct calendar_people){.items = items, .count = count};
}

const struct calendar_person *calendar_people_find(const struct calendar_people *people, const char *email)
{
    for (size_t i = 0; i < people->count; i++)
        if (!strcasecmp(people->items[i].email, email))
            return &people->items[i];
    return NULL;
}

/* 1.x and 2.x are on their way or there (RFC 5546, 3.6); there may be several codes. */
bool calendar_missed(const char *status)
{
    bool failed = false;
    for (const char *code = status; code && *code; code += strcspn(code, ",") + (strchr(code, ',') != NULL)) {
        if (code[0] == '1' || code[0] == '2')
            return false;
        failed |= code[0] >= '3' && code[0] <= '5' && code[1] == '.';
    }
    return failed;
}
