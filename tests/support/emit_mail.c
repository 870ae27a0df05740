/*
 * Writes every letter in both languages as a message into a folder, with what it holds as JSON beside it, for
 * the tests that read them with other programs' parsers: emit_mail DIRECTORY.
 */
#include "base/json.h"
#include "ical/write.h"
#include "ical_samples.h"
#include "mail/letter.h"
#include "mail/message.h"
#include "mail_samples.h"

#include <stdio.h>
#include <stdlib.h>

static const char *directory;
static struct json_writer expected;
static struct letters *letters;
static struct arena *arena;

static void emit_fail(const char *what)
{
    (void)fprintf(stderr, "emit_mail: %s\n", what);
    exit(1);
}

static void emit_file(const char *name, const struct buf *out)
{
    const char *path = arena_printf(arena, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");

    if (file == NULL || out->failed || fwrite(out->data, 1, out->size, file) != out->size || fclose(file) != 0)
        emit_fail(path);
}

static void emit_expected(const char *name, const struct mail_message *m)
{
    jw_key(&expected, name);
    jw_open(&expected, '{');
    jw_member(&expected, "from_name", m->from.name);
    jw_member(&expected, "from_email", m->from.email);
    jw_member(&expected, "to_name", m->to.name);
    jw_member(&expected, "to_email", m->to.email);
    jw_member(&expected, "subject", m->subject);
    jw_member(&expected, "message_id", m->message_id);
    jw_member(&expected, "text", m->text);
    jw_member(&expected, "html", m->html);
    jw_member(&expected, "calendar", m->calendar != NULL ? m->calendar->text : NULL);
    jw_member(&expected, "method", m->calendar != NULL ? itip_method_name(m->calendar->method) : NULL);
    jw_close(&expected, '}');
}

static void emit_letter(
    enum letter letter, enum lang lang, const struct letter_values *values, const char *kind)
{
    static const enum itip_method methods[LETTER_COUNT] = {
        [LETTER_INVITATION] = ITIP_REQUEST,
        [LETTER_INVITATION_INTERVIEWER] = ITIP_REQUEST,
        [LETTER_UPDATE] = ITIP_REQUEST,
        [LETTER_CANCELLATION] = ITIP_CANCEL,
        [LETTER_COUNTER_DECLINED] = ITIP_DECLINECOUNTER,
    };
    const char *name =
        arena_printf(arena, "%s-%s-%s.eml", letter_name(letter), lang == LANG_EN ? "en" : "fr", kind);
    struct letter_text text = letter_write(letters, letter, lang, values, arena);
    BUF_AUTO ics;
    BUF_AUTO out;

    buf_init(&ics, 0);
    buf_init(&out, 0);
    if (methods[letter] != ITIP_NONE &&
        ical_write_message(&ics, methods[letter], &sample_events[1], NULL) != ST_OK)
        emit_fail("the calendar object");
    const struct mail_calendar calendar = {.method = methods[letter], .text = ics.data, .size = ics.size};
    const struct mail_message message = {
        .from = {.name = sample_events[1].organiser.name, .email = "rh@example.fr"},
        .to = {.name = sample_attendees[letter % 4].person.name,
            .email = sample_attendees[letter % 4].person.email},
        .subject = text.subject,
        .message_id = arena_printf(arena, "%s@rh.example.fr", name),
        .date = SAMPLE_STAMP,
        .lang = lang,
        .text = text.text,
        .html = text.html,
        .calendar = methods[letter] != ITIP_NONE ? &calendar : NULL,
    };
    if (mail_build(&out, &message, NULL) != ST_OK)
        emit_fail(name);
    emit_file(name, &out);
    emit_expected(name, &message);
}

int main(int argc, char **argv)
{
    BUF_AUTO json;

    buf_init(&json, 0);
    if (argc != 2)
        emit_fail("usage: emit_mail DIRECTORY");
    directory = argv[1];
    arena = arena_new(0);
    mail_init();
    letters = letters_load(NULL, NULL);
    if (letters == NULL)
        emit_fail("the letters");
    expected = json_writer(&json);
    jw_open(&expected, '{');
    for (unsigned letter = 0; letter < LETTER_COUNT; letter++) {
        for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
            emit_letter((enum letter)letter, (enum lang)lang, &sample_values, "plain");
            emit_letter((enum letter)letter, (enum lang)lang, &hostile_values, "hostile");
        }
    }
    jw_close(&expected, '}');
    emit_file("expected.json", &json);
    letters_free(letters);
    arena_free(arena);
    return 0;
}
