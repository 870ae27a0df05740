/*
 * What a platform said of a completion, as it is kept. Pure.
 */
#include "completion.h"

#include <string.h>

static const struct field completion_key_fields[] = {
    FIELD(struct completion_key, kind, FIELD_TEXT, .doc = "number, email, username, id, account ..."),
    FIELD(struct completion_key, value, FIELD_TEXT, .max = 1000),
};
static const struct field_table completion_key_table =
    FIELD_TABLE("CompletionKey", struct completion_key, completion_key_fields, -1);

static const struct field completion_said_fields[] = {
    FIELD(struct completion_said, keys, FIELD_LIST, .of = &completion_key_table,
        .doc = "How the platform names the person."),
    FIELD(struct completion_said, event_id, FIELD_TEXT, .max = 1000, .doc = "The platform's id of the event."),
    FIELD(struct completion_said, course_id, FIELD_TEXT, .max = 1000),
    FIELD(struct completion_said, course_code, FIELD_TEXT, .max = 1000),
    FIELD(struct completion_said, course_title, FIELD_TEXT, .max = 1000),
    FIELD(struct completion_said, status, FIELD_TEXT, .max = 1000, .doc = "As received."),
    FIELD(struct completion_said, effect, FIELD_TEXT, .doc = "completed, failed, undone."),
    FIELD(struct completion_said, problem, FIELD_TEXT, .max = 1000, .doc = "What could not be read."),
    FIELD(struct completion_said, score, FIELD_TEXT, .doc = "raw/max."),
    FIELD(struct completion_said, minutes, FIELD_INT, .max = 1000000, .doc = "Of training."),
    FIELD(struct completion_said, day_only, FIELD_BOOL, .doc = "Only the day was given."),
    FIELD(struct completion_said, certificate_id, FIELD_TEXT, .max = 1000),
    FIELD(struct completion_said, certificate_url, FIELD_TEXT, .max = 2048),
    FIELD(struct completion_said, expires, FIELD_INSTANT),
};
const struct field_table completion_said_table =
    FIELD_TABLE("CompletionSaid", struct completion_said, completion_said_fields, -1);

const char *completion_said_json(struct arena *arena, const struct completion_said *said)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    field_write(&completion_said_table, &w, said);
    return arena_strdup(arena, out.data);
}

enum status completion_said_of_row(
    struct arena *arena, const struct completion_row *row, struct completion_said *ret, struct error *err)
{
    field_clear(&completion_said_table, ret);
    if (field_parse(
            &completion_said_table, arena, row->body, strlen(row->body), FIELD_MODE_STORED, ret, NULL) == ST_OK)
        return ST_OK;
    return error_set(err, ST_INTERNAL, "the stored record of %s cannot be read", row->id);
}
