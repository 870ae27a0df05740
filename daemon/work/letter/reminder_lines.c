/*
 * Lines to managers, interviewers and HR: what became due while the organisation's employees were looked at.
 * Each reader gets one letter: about the one thing there is, or a digest of all of them. On a write lane.
 */
#include "reminder.h"

#include "base/log.h"
#include "base/text.h"
#include "internal.h"
#include "text/sentence.h"
#include "work/duties.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1000, LINES_SHOWN = 100, LINES_NEAR_DAYS = 60 };

struct line {
    struct reminder_words words;
    struct outbox_scene scene;
    struct outbox_reader readers[REMINDER_READERS];
    size_t reader_count;
};

struct lines {
    struct outbox_scene *scene;
    struct line *items;
    size_t count;
};

static const struct reminder_rung *line_rung(const char *name)
{
    for (size_t i = 0; i < reminder_default_policy.count; i++)
        if (!strcmp(reminder_default_policy.rungs[i].name, name))
            return &reminder_default_policy.rungs[i];
    return NULL;
}

/* ---- what still holds when the letter is written */

static bool line_of_duty(struct line *line)
{
    struct duty_row duty;
    date_t day = line->words.day;
    const char *state = line->words.rung->anchor == REMINDER_DUE ? "overdue" : "to_plan";
    if (duty_get(txn_snapshot(line->scene.txn), line->words.subject, &duty, NULL) != ST_OK ||
        !reminder_duty_is_open(&duty) || strcmp(duty.state, state) != 0)
        return false;
    line->words.letter = reminder_letter(line->words.rung, -1);
    return (day == duty.due || day == duty.limit) &&
           outbox_scene_employee(&line->scene, duty.employee, NULL) == ST_OK;
}

static bool line_of_review(struct line *line)
{
    if (outbox_scene_review(line->scene.txn, line->words.subject, &line->scene, NULL) != ST_OK)
        return false;
    const struct review_row *review = &line->scene.review;
    int state = work_name_index(review_state_names, review->state);
    bool passed = review_answerable((enum review_state)state) && review->day < line->scene.today;
    line->words.letter = reminder_letter(line->words.rung, state);
    return line->words.day == review->day && (passed || state == REVIEW_HELD || state == REVIEW_REPORTED);
}

static bool line_read(struct outbox_scene *scene, const struct reminder_row *row, struct line *ret)
{
    const struct reminder_rung *rung = line_rung(row->rung);
    if (!rung)
        return false;
    *ret = (struct line){.words = {.rung = rung,
                             .day = row->on - rung->days,
                             .subject = row->subject,
                             .not_before = INSTANT_NONE},
        .scene = *scene};
    if (!(id_valid(row->subject, "duty") ? line_of_duty(ret) : line_of_review(ret)))
        return false;
    ret->reader_count = reminder_readers(&ret->scene, rung, ret->readers);
    return true;
}

/* ---- one letter for each reader */

static struct letter_list *line_section(struct letter_values *values, enum letter letter)
{
    if (letter == LETTER_OVERDUE)
        return &values->overdue;
    if (letter == LETTER_PLAN_IT)
        return &values->to_plan;
    return letter == LETTER_COPY_MISSING ? &values->copies : &values->reports;
}

/* "Camille Roche – 11 janvier 2027 (dans 49 jours)": far days need no count. */
static const char *line_text(const struct line *line, enum lang lang)
{
    struct arena *arena = line->scene.arena;
    date_t today = line->scene.today;
    const char *name = outbox_shown_name(arena, &line->scene.employee);
    const char *day = sentence_date(arena, lang, line->words.day);
    if (abs(line->words.day - today) > LINES_NEAR_DAYS)
        return arena_printf(arena, "%s – %s", name, day);
    return arena_printf(
        arena, "%s – %s (%s)", name, day, sentence_relative(arena, lang, line->words.day, today));
}

static bool line_is_for(const struct line *line, const char *email)
{
    for (size_t i = 0; i < line->reader_count; i++)
        if (text_equal(line->readers[i].email, email))
            return true;
    return false;
}

/* An earlier line says the same of the same person. */
static bool line_is_said(const struct lines *lines, size_t i, const char *email)
{
    const struct line *line = &lines->items[i];
    for (size_t k = 0; k < i; k++)
        if (lines->items[k].words.letter == line->words.letter && line_is_for(&lines->items[k], email) &&
            text_equal(lines->items[k].scene.employee.id, line->scene.employee.id))
            return true;
    return false;
}

/* A list that nobody would read to its end says how much more there is. */
static void lines_cut(struct arena *arena, enum lang lang, struct letter_list *section)
{
    const char **items = (const char **)section->items;
    size_t more = section->count > LINES_SHOWN ? section->count - LINES_SHOWN : 0;
    if (!more)
        return;
    ((const char **)section->urls)[LINES_SHOWN] = NULL;
    items[LINES_SHOWN] = arena_printf(arena, lang == LANG_FR ? "… et %zu autres" : "… and %zu more", more);
    section->count = LINES_SHOWN + 1;
}

/* One more of its section, with the page on which this reader acts on it. */
static enum status lines_add(const struct lines *lines, const struct line *line,
    const struct outbox_reader *reader, struct letter_values *values, struct error *err)
{
    struct letter_list *section = line_section(values, line->words.letter);
    if (!section->items) {
        section->items = ARENA_ARRAY(lines->scene->arena, lines->count + 1, const char *);
        section->urls = ARENA_ARRAY(lines->scene->arena, lines->count + 1, const char *);
    }
    const char **item = (const char **)section->items + section->count;
    const char **url = (const char **)section->urls + section->count;
    *item = line_text(line, reader->lang);
    return section->count++ < LINES_SHOWN ? outbox_page(&line->scene, reader, url, err) : ST_OK;
}

static enum status lines_write_digest(
    const struct lines *lines, const struct outbox_reader *reader, bool hr, struct error *err)
{
    struct letter_values values = outbox_values(lines->scene, reader);
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (!line_is_for(line, reader->email) || line_is_said(lines, i, reader->email))
            continue;
        enum status status = lines_add(lines, line, reader, &values, err);
        if (status != ST_OK)
            return status;
    }
    struct letter_list *const sections[] = {&values.overdue, &values.to_plan, &values.reports, &values.copies};
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        lines_cut(lines->scene->arena, reader->lang, sections[i]);
    const struct outbox_mail mail = {.kind = "digest",
        .letter = hr ? LETTER_DIGEST_HR : LETTER_DIGEST_MANAGER,
        .to = reader,
        .values = &values};
    return outbox_add(lines->scene, &mail, err);
}

/* The rule's sentence; of leaves it tells HR only. */
static const char *line_why(const struct line *line, enum lang lang, enum duty_detail detail)
{
    struct duties_frame frame;
    struct duties_view view;
    const struct snapshot *snapshot = txn_snapshot(line->scene.txn);
    struct arena *arena = line->scene.arena;
    BUF_AUTO text;
    buf_init(&text, 0);
    if (line->scene.has_review ||
        duties_frame_load(snapshot, txn_organisation(line->scene.txn), INSTANT_NONE, &frame, NULL) != ST_OK ||
        duties_view(snapshot, &frame, line->scene.employee.id, frame.today, INSTANT_NONE, &view, NULL) != ST_OK)
        return NULL;
    for (size_t i = 0; i < view.duties.open_count; i++)
        if (text_equal(view.open_ids[i], line->words.subject))
            duty_explain(&view.duties.open[i], lang, detail, &text);
    return text.size ? arena_strndup(arena, text.data, text.size) : NULL;
}

static enum status lines_write(const struct lines *lines, const struct outbox_reader *reader, struct error *err)
{
    struct line *only = NULL;
    size_t count = 0;
    bool hr = text_equal(reader->email, lines->scene->organiser.email);
    for (size_t i = 0; i < lines->count; i++) {
        if (!line_is_for(&lines->items[i], reader->email) || line_is_said(lines, i, reader->email))
            continue;
        only = &lines->items[i];
        count++;
    }
    if (count > 1)
        return lines_write_digest(lines, reader, hr, err);
    if (!only)
        return ST_OK;
    struct reminder_words words = only->words;
    words.why = line_why(only, reader->lang, hr ? DUTY_DETAIL_FULL : DUTY_DETAIL_DISCREET);
    return reminder_write(&only->scene, &words, reader, err);
}

struct lines_task {
    const struct lines *lines;
    const struct outbox_reader *reader;
};

static enum status lines_try(struct txn *txn, void *context, struct error *err)
{
    const struct lines_task *task = context;
    (void)txn;
    return lines_write(task->lines, task->reader, err);
}

/* One letter that cannot be written stops none of the others. */
static enum status lines_write_one(
    const struct lines *lines, const struct outbox_reader *reader, struct error *err)
{
    struct error why = ERROR_INIT;
    struct lines_task task = {.lines = lines, .reader = reader};
    enum status status = txn_try(lines->scene->txn, lines_try, &task, &why);
    if (status == ST_BUSY || status == ST_FULL)
        return error_set(err, status, "%s", why.detail);
    if (status != ST_OK)
        log_line(
            LOG_WARNING, "remind", "cannot be written to", "reader=%s detail=%s", reader->email, why.detail);
    return ST_OK;
}

static bool lines_met_reader(const struct lines *lines, size_t line, const char *email)
{
    for (size_t i = 0; i < line; i++)
        if (line_is_for(&lines->items[i], email))
            return true;
    return false;
}

static enum status lines_write_all(const struct lines *lines, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < lines->count; i++)
        for (size_t k = 0; status == ST_OK && k < lines->items[i].reader_count; k++)
            if (!lines_met_reader(lines, i, lines->items[i].readers[k].email))
                status = lines_write_one(lines, &lines->items[i].readers[k], err);
    return status;
}

/* The most urgent first. */
static int line_order(const void *a, const void *b)
{
    const struct line *one = a;
    const struct line *other = b;
    if (one->words.day != other->words.day)
        return one->words.day < other->words.day ? -1 : 1;
    return strcmp(one->words.subject, other->words.subject);
}

static enum status lines_settle(struct txn *txn, const struct reminder_list *rows, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < rows->count; i++) {
        struct reminder_row row = rows->items[i];
        row.state = "sent";
        row.not_before = INSTANT_NONE;
        status = reminder_put(txn, &row, err);
    }
    return status;
}

enum status reminder_write_lines(struct outbox_scene *scene, unsigned *ret_lines, struct error *err)
{
    struct reminder_list rows;
    struct lines lines = {.scene = scene};
    enum status status =
        reminder_waiting(txn_snapshot(scene->txn), txn_organisation(scene->txn), LINES_MAX, &rows, err);
    if (status != ST_OK || rows.count == 0)
        return status;
    lines.items = ARENA_ARRAY(scene->arena, rows.count, struct line);
    for (size_t i = 0; i < rows.count; i++)
        lines.count += line_read(scene, &rows.items[i], &lines.items[lines.count]);
    if (lines.count > 1)
        qsort(lines.items, lines.count, sizeof *lines.items, line_order);
    status = lines_write_all(&lines, err);
    if (status == ST_OK)
        status = lines_settle(scene->txn, &rows, err);
    *ret_lines = (unsigned)rows.count;
    return status;
}
