/*
 * What comes in, as far as it can be read without the store: the mail, the calendar object in it, and whose
 * business it claims to be. Pure, any thread.
 */
#include "reply_work.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

_Static_assert((int)REPLY_MAIL_MAX == (int)MAIL_READ_MAX, "what is fetched can be read");

/* The id inside "review-<id>@<domain>" or "<id>@<domain>" of ours; NULL when it is none. */
static const char *read_own_id(struct arena *arena, const char *text, const char *prefix, const char *kind)
{
    size_t skip = strlen(prefix);
    if (!text || strncasecmp(text, prefix, skip) != 0)
        return NULL;
    const char *id = arena_strndup(arena, text + skip, strcspn(text + skip, "@"));
    return id_valid(id, kind) ? id : NULL;
}

static void read_calendar(struct arena *arena, struct reply_reading *reading)
{
    const struct incoming *in = &reading->in;
    const struct mail_received *mail = reading->mail;
    const char *bytes = in->is_calendar ? in->raw.data : mail ? mail->calendar : NULL;
    size_t size = in->is_calendar ? in->raw.size : mail ? mail->calendar_size : 0;
    if (!bytes)
        return;
    reading->calendar = (struct span){bytes, size};
    struct error err = ERROR_INIT;
    if (ical_read(arena, bytes, size, zone_load("Europe/Paris", NULL), &reading->ical, &err) != ST_OK)
        reading->trouble = arena_strdup(arena, err.detail);
}

/* Of a bounce the message of ours that came back, of a letter the one it answers. */
static const char *read_delivery(struct arena *arena, const struct mail_received *mail)
{
    if (!mail)
        return NULL;
    const char *delivery = read_own_id(arena, mail->bounced_message_id, "", "dlv");
    return delivery || mail->is_bounce ? delivery : read_own_id(arena, mail->in_reply_to, "", "dlv");
}

static bool read_is_answer(const struct ical_message *ical)
{
    return ical && (ical->method == ITIP_REPLY || ical->method == ITIP_COUNTER || ical->method == ITIP_REFRESH);
}

const struct reply_reading *reply_read(struct arena *arena, const struct incoming *incoming)
{
    struct error err = ERROR_INIT;
    struct reply_reading *reading = ARENA_NEW(arena, struct reply_reading);
    *reading = (struct reply_reading){.in = *incoming, .organisation = "system"};
    if (!incoming->is_calendar && mail_read(arena, incoming->raw.data, incoming->raw.size,
                                      incoming->authserv_id, &reading->mail, &err) != ST_OK)
        reading->trouble = arena_strdup(arena, err.detail);
    if (incoming->is_head && !reading->trouble)
        reading->trouble = "too large to be read: only its header is kept";
    read_calendar(arena, reading);
    reading->delivery = read_delivery(arena, reading->mail);
    if (reading->ical)
        reading->review = read_own_id(arena, reading->ical->uid, "review-", "rev");
    const char *id = reading->review ? reading->review : reading->delivery;
    char *key = arena_alloc(arena, ORG_KEY_MAX);
    if (id && id_parse(id, NULL, key))
        reading->organisation = key;
    return reading;
}

const struct reply_reading *reply_read_failed(
    struct arena *arena, const struct incoming *incoming, const char *why)
{
    struct reply_reading *reading = ARENA_NEW(arena, struct reply_reading);
    *reading = (struct reply_reading){
        .in = *incoming, .organisation = "system", .trouble = arena_strdup(arena, why), .is_failed = true};
    return reading;
}

/* An answer of somebody's, what may be one, or anything that goes back to one of our messages. */
bool reply_concerns(const struct reply_reading *reading)
{
    bool broken = reading->calendar.size > 0 && !reading->ical;
    return read_is_answer(reading->ical) || broken || reading->delivery || reading->in.is_calendar ||
           reading->is_failed;
}

const char *reply_organisation(const struct reply_reading *reading)
{
    return reading->organisation;
}

const struct ical_read_attendee *reply_attendee(const struct reply_reading *reading)
{
    const struct ical_message *ical = reading->ical;
    const char *from = reading->mail ? reading->mail->from : reading->in.attested_by;
    for (size_t i = 0; from && i < ical->attendee_count; i++)
        if (!strcasecmp(ical->attendees[i].email, from))
            return &ical->attendees[i];
    return ical->attendee_count == 1 ? &ical->attendees[0] : NULL;
}

bool reply_is_verified(const struct reply_reading *reading, const char *attendee)
{
    const char *attested = reading->in.attested_by;
    if (attested)
        return !strcasecmp(attested, attendee);
    return reading->mail && mail_speaks_for(reading->mail, attendee);
}
