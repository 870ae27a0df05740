/* /v1/letters: what people are written, looked at before it is sent. */
#include "ops.h"

#include "work/letter.h"
#include "work/organisation.h"

#include <string.h>

static enum status letters_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct letter_shown *all;
    size_t count = letters_show(call->arena, &all);
    struct json_writer w = call_items_open(call);
    (void)snapshot, (void)err;
    for (size_t i = 0; i < count; i++)
        field_write(&letter_table, &w, &all[i]);
    call_items_close(call, &w, NULL);
    return ST_OK;
}

const struct op letters_list = {.name = "letters_list",
    .summary = "The letters there are, who reads them and what their sources may use",
    .output = &letter_table,
    .list = true,
    .any_organisation = true,
    .read = letters_read};

static const struct field letter_question_fields[] = {
    FIELD(struct letter_question, locale, FIELD_ENUM, .names = lang_names,
        .doc = "The language; the organisation's unless told."),
    FIELD(struct letter_question, annual, FIELD_BOOL, .doc = "As it is for an annual review."),
    FIELD(
        struct letter_question, remote, FIELD_BOOL, .doc = "false: as it is when nobody meets at a distance."),
};
static const struct field_table letter_question_table =
    FIELD_TABLE("LetterQuery", struct letter_question, letter_question_fields, -1);

static enum status letter_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct letter_shown shown;
    enum status status =
        letter_show(snapshot, call->organisation, call_param(call, "name"), call->params, &shown, err);
    if (status != ST_OK)
        return status;
    bool html = call->accept && strstr(call->accept, "text/html");
    bool plain = call->accept && strstr(call->accept, "text/plain");
    call_header(call, "Vary", "Accept");
    if (!html && !plain) {
        call_answer(call, &shown, 0);
        return ST_OK;
    }
    if (plain)
        buf_printf(&call->body, "Subject: %s\n\n", shown.subject);
    buf_text(&call->body, plain ? shown.text : shown.html);
    call->body_type = plain ? "text/plain; charset=utf-8" : "text/html; charset=utf-8";
    call_header(call, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return ST_OK;
}

const struct op letter_one = {.name = "letter_preview",
    .summary = "A letter with sample people; with `Accept: text/html` or `text/plain` as it is read",
    .query = &letter_question_table,
    .output = &letter_table,
    .read = letter_read};
