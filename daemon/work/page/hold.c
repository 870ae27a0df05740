/*
 * Acts of who holds a review: choose its time, record it, hand in the summary, hand over the copy. On a write
 * lane.
 */
#include "act.h"
#include "base/text.h"

#include <string.h>

static const int64_t hold_minute = 60 * US_PER_SEC;

enum status page_review(
    const struct snapshot *snapshot, const struct link_row *link, const char *review, struct error *err)
{
    struct review_row row;
    bool own = false;
    if (page_is_interviewer(link))
        own = page_review_of_link(snapshot, link, &row) && text_equal(row.id, review);
    else
        own = review_get(snapshot, review, &row, NULL) == ST_OK && text_equal(row.employee, link->employee);
    return own ? ST_OK : error_set(err, ST_NOT_FOUND, "there is no such review here");
}

/* ---- before */

/* The form was of a page that knew of no review: one is made, unless there is one by now that has its time. */
static enum status hold_review(const struct act *act, struct review_row *ret, struct error *err)
{
    struct review in, made;
    const struct snapshot *snapshot = txn_snapshot(act->txn);
    *ret = act->review;
    if (ret->id)
        return ST_OK;
    if (page_review_of_link(snapshot, act->request->link, ret))
        return ret->starts_at == INSTANT_NONE
                   ? ST_OK
                   : error_set(err, ST_CONFLICT, "the review has a time already: %s", ret->id);
    field_clear(&review_table, &in);
    in.employee = act->request->link->employee;
    in.interviewer = act->person.id;
    in.type = REVIEW_PROFESSIONAL;
    enum status status = review_create(act->txn, &in, &made, err);
    return status == ST_OK ? review_get(snapshot, made.id, ret, err) : status;
}

/* The time becomes the slot; who is not convened yet is. */
enum status act_choose(const struct act *act, struct error *err)
{
    struct review patch, shown = {0};
    struct review_row review;
    instant_t start;
    int64_t minutes = 60;
    const char *text = act_value(act, "start");
    if (!text || !instant_parse(text, &start))
        return error_field(err, "/start", "expected one of the times");
    enum status status = hold_review(act, &review, err);
    if (status != ST_OK)
        return status;
    if (review.starts_at != INSTANT_NONE && review.ends_at != INSTANT_NONE)
        minutes = (review.ends_at - review.starts_at) / hold_minute;
    const char *body =
        arena_printf(act->arena, "{\"start\":\"%s\",\"duration\":%lld}", text, (long long)minutes);
    status = field_parse(&review_table, act->arena, body, strlen(body), FIELD_MODE_PATCH, &patch, err);
    if (status == ST_OK)
        status = review_change(act->txn, review.id, &patch, 0, &shown, err);
    if (status != ST_OK || (shown.state != REVIEW_DRAFT && shown.state != REVIEW_PROPOSED))
        return status;
    const struct review_step step = act_step(REVIEW_EVENT_INVITE);
    return review_do(act->txn, review.id, &step, 0, &shown, err);
}

enum status act_take_counter(const struct act *act, struct error *err)
{
    struct review shown;
    return review_answer_counter(act->txn, act->review.id, true, 1, 0, &shown, err);
}

enum status act_keep_slot(const struct act *act, struct error *err)
{
    struct review shown;
    return review_answer_counter(act->txn, act->review.id, false, 0, 0, &shown, err);
}

/* ---- after */

static enum status hold_date(const struct act *act, date_t *ret, struct error *err)
{
    const char *text = act_value(act, "date");
    return text && date_parse(text, ret) ? ST_OK : error_field(err, "/date", "expected a date");
}

static enum status hold_text(const struct act *act, const char *name, const char **ret, struct error *err)
{
    *ret = act_value(act, name);
    if (*ret && strlen(*ret) > 500)
        return error_field(err, "/text", "expected at most 500 bytes");
    return ST_OK;
}

/* The values of all ticks of one name. */
static struct list hold_ticks(const struct act *act, const char *name)
{
    const char **values = ARENA_ARRAY(act->arena, act->form->count, const char *);
    size_t count = 0;
    for (size_t i = 0; i < act->form->count; i++)
        if (strcmp(act->form->fields[i].name, name) == 0)
            values[count++] = act->form->fields[i].value;
    return (struct list){.items = values, .count = count};
}

enum status act_held(const struct act *act, struct error *err)
{
    struct review_step step = act_step(REVIEW_EVENT_HOLD);
    enum status status = hold_date(act, &step.date, err);
    step.by = act->person.id;
    step.themes = hold_ticks(act, "themes");
    step.information = hold_ticks(act, "information");
    return status == ST_OK ? act_do(act, &step, err) : status;
}

enum status act_absent(const struct act *act, struct error *err)
{
    struct review_step step = act_step(REVIEW_EVENT_ABSENCE);
    enum status status = hold_text(act, "reason", &step.reason, err);
    return status == ST_OK ? act_do(act, &step, err) : status;
}

static enum status hold_keep(const struct act *act, struct document_row *ret, struct error *err)
{
    enum outcome outcome;
    struct error refused = ERROR_INIT;
    const struct form_field *file = form_file(act->form, "file");
    if (!file)
        return error_field(err, "/file", "expected a PDF");
    enum status status =
        review_keep_document(act->txn, act->review.id, DOCUMENT_REPORT, file->content, &outcome, ret, &refused);
    if (status == ST_INVALID)
        return error_field(err, "/file", "expected a PDF of at most %d bytes", REVIEW_DOCUMENT_MAX);
    return status == ST_OK ? ST_OK : error_set(err, status, "%s", refused.detail);
}

enum status act_report(const struct act *act, struct error *err)
{
    struct document_row document;
    struct review_step step = act_step(REVIEW_EVENT_REPORT);
    enum status status = hold_text(act, "reference", &step.reference, err);
    if (status == ST_OK)
        status = hold_keep(act, &document, err);
    if (status != ST_OK)
        return status;
    if (!step.reference)
        step.reference = document.id;
    step.sha256 = document.sha256;
    return act_do(act, &step, err);
}

enum status act_copy(const struct act *act, struct error *err)
{
    struct review_step step = act_step(REVIEW_EVENT_COPY);
    const char *means = act_value(act, "means");
    for (int i = 0; means && copy_means_names[i]; i++)
        if (i != COPY_PORTAL && strcmp(copy_means_names[i], means) == 0)
            step.means = i;
    if (step.means == FIELD_UNSET)
        return error_field(err, "/means", "expected how the copy was handed over");
    enum status status = hold_date(act, &step.date, err);
    if (status == ST_OK)
        status = hold_text(act, "proof", &step.proof, err);
    return status == ST_OK ? act_do(act, &step, err) : status;
}
