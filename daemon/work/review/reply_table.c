/* Replies as the interface shows them, and the part of them that is kept as JSON. */
#include "reply_work.h"

#include "internal.h"

#include <string.h>

const char *const reply_channel_names[] = {"mail", "itip", NULL};
const char *const reply_state_names[] = {"taken", "duplicate", "stale", "outdated", "unmatched", "stranger",
    "over", "unusable", "unverified", "written", "bounced", "unreadable", "dismissed", NULL};
_Static_assert(
    sizeof(reply_state_names) / sizeof(reply_state_names[0]) == REPLY_STATE_COUNT + 1, "a name each");
_Static_assert((int)REPLY_UNVERIFIED == (int)ITIP_UNVERIFIED && (int)REPLY_UNMATCHED == (int)ITIP_ELSEWHERE,
    "the verdicts come first");

#define KEPT_FIELDS                                                                                            \
    FIELD(struct reply, media_type, FIELD_TEXT, .flags = FIELD_READ,                                           \
        .doc = "Of what was kept: message/rfc822, or text/calendar without a mail around it."),                \
        FIELD(struct reply, sender, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL, .max = 254,                  \
            .doc = "From whom it says to be."),                                                                \
        FIELD(struct reply, sender_name, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL, .max = 4000,            \
            .doc = "The sender's name."),                                                                      \
        FIELD(struct reply, subject, FIELD_LINES, .flags = FIELD_READ | FIELD_NULL,                            \
            .doc = "Subject of the mail."),                                                                    \
        FIELD(struct reply, text, FIELD_LINES, .flags = FIELD_READ | FIELD_NULL,                               \
            .doc = "What is written in it, cut at 4000 bytes."),                                               \
        FIELD(struct reply, comment, FIELD_LINES, .flags = FIELD_READ | FIELD_NULL,                            \
            .doc = "What the person added to the answer."),                                                    \
        FIELD(struct reply, proposed_start, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL,                   \
            .doc = "The other time that is proposed (COUNTER)."),                                              \
        FIELD(struct reply, proposed_end, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL, .doc = "Its end.")

static const struct field reply_fields[] = {
    FIELD(struct reply, id, FIELD_ID, .kind = "rpl", .flags = FIELD_READ, .doc = "Identifier."),
    FIELD(struct reply, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ,
        .doc = "Whose; org_system: of no invitation that is known."),
    FIELD(struct reply, channel, FIELD_ENUM, .names = reply_channel_names, .flags = FIELD_READ,
        .doc = "mail: read in the mailbox; itip: handed over at /itip."),
    FIELD(struct reply, state, FIELD_ENUM, .names = reply_state_names, .flags = FIELD_READ,
        .doc = "taken; unverified (waits for a person); written (a letter to read); bounced; dismissed; "
               "without effect: duplicate, stale, outdated, unmatched, stranger, over, unusable, unreadable."),
    FIELD(struct reply, reason, FIELD_LINES, .flags = FIELD_READ | FIELD_NULL, .doc = "Why."),
    FIELD(struct reply, review, FIELD_ID, .kind = "rev", .flags = FIELD_READ | FIELD_NULL,
        .doc = "The review it is about."),
    FIELD(struct reply, attendee, FIELD_TEXT, .max = 254, .flags = FIELD_READ | FIELD_NULL,
        .doc = "The address it speaks for; of a bounce, the one that fails."),
    FIELD(struct reply, method, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "REPLY, COUNTER or REFRESH (RFC 5546)."),
    FIELD(struct reply, partstat, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "The answer, as in RFC 5545."),
    FIELD(struct reply, sequence, FIELD_INT, .flags = FIELD_READ | FIELD_NULL, .doc = "Its SEQUENCE."),
    FIELD(struct reply, dtstamp, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL, .doc = "Its DTSTAMP."),
    FIELD(struct reply, verified, FIELD_BOOL, .flags = FIELD_READ,
        .doc = "Whether the sender was proved to be the attendee, or a person has confirmed it."),
    KEPT_FIELDS,
    FIELD(struct reply, message_id, FIELD_LINES, .flags = FIELD_READ | FIELD_NULL, .doc = "Message-ID."),
    FIELD(struct reply, sha256, FIELD_TEXT, .flags = FIELD_READ, .doc = "Hash of its bytes, hexadecimal."),
    FIELD(struct reply, received_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was read."),
    FIELD(struct reply, decided_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "When a person confirmed or dismissed it."),
};
const struct field_table reply_table = FIELD_TABLE("Reply", struct reply, reply_fields, -1);

static const struct field reply_body[] = {KEPT_FIELDS};
const struct field_table reply_body_table = FIELD_TABLE("ReplyBody", struct reply, reply_body, -1);

enum status reply_of_row(struct arena *arena, const struct reply_row *row, struct reply *ret, struct error *err)
{
    char key[ORG_KEY_MAX] = "";
    struct reply made;
    field_clear(&reply_table, &made);
    enum status status =
        field_parse(&reply_body_table, arena, row->body, strlen(row->body), FIELD_MODE_STORED, &made, err);
    if (status != ST_OK)
        return status;
    (void)id_parse(row->id, "rpl", key);
    made.id = row->id;
    made.organisation = arena_printf(arena, "org_%s", key);
    made.channel = work_name_index(reply_channel_names, row->channel);
    made.state = work_name_index(reply_state_names, row->state);
    made.reason = row->reason;
    made.review = row->review;
    made.attendee = row->email;
    made.method = row->method;
    made.partstat = row->partstat;
    made.sequence = row->method ? row->sequence : FIELD_INT_NONE;
    made.dtstamp = row->dtstamp;
    made.verified = row->verified;
    made.message_id = row->message_id;
    made.sha256 = row->sha256;
    made.received_at = row->received_at;
    made.decided_at = row->decided_at;
    *ret = made;
    return ST_OK;
}
