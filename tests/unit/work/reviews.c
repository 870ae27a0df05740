/* See reviews.h. */
#include "reviews.h"

#include "base/buf.h"
#include "store/delivery.h"

#include <stdio.h>

struct reviews_job {
    struct reviews *r;
    const char *body;
    const struct review_step *step;
    struct itip_received received;
    struct itip_outcome outcome;
    const struct review_record *record;
    enum outcome recorded;
    struct span content;
    int64_t number;
    bool accept;
};

static char *keep(const struct reviews *r, const char *text)
{
    return arena_strdup(r->p->f.arena, text);
}

static void remember(struct reviews *r, const struct review *review)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    r->id = keep(r, review->id);
    r->state = review->state;
    r->sequence = review->sequence;
    r->version = review->version;
    const struct review_warning *warnings = review->warnings.items;
    for (size_t i = 0; i < review->warnings.count; i++)
        buf_printf(&text, "%s%s", i ? " " : "", warnings[i].code);
    r->warnings = keep(r, text.data);
    buf_reset(&text);
    for (size_t i = 0; i < review->missing_themes.count; i++)
        buf_printf(&text, "%s%s", i ? " " : "", ((const char *const *)review->missing_themes.items)[i]);
    r->missing = keep(r, text.data);
    buf_reset(&text);
    const struct review_duty *duties = review->duties.items;
    for (size_t i = 0; i < review->duties.count; i++)
        buf_printf(&text, "%s%s %s", i ? "; " : "", duties[i].kind, duties[i].state);
    r->duties = keep(r, text.data);
    buf_reset(&text);
    const struct review_attendee *people = review->attendees.items;
    for (size_t i = 0; i < review->attendees.count; i++)
        buf_printf(&text, "%s%s %s", i ? "; " : "", people[i].role, people[i].partstat);
    r->partstats = keep(r, text.data);
}

static enum status run(struct reviews *r, txn_run run_job, struct reviews_job *job)
{
    error_clear(&r->p->err);
    job->r = r;
    return store_write_now(r->p->f.store, r->p->org, "tester", run_job, job, &r->p->err);
}

struct reviews reviews_open(struct people *p)
{
    struct reviews r = {.p = p};
    r.boss = people_hire(p, "{\"number\":\"1\",\"given_name\":\"Grace\",\"family_name\":\"Hopper\",\"email\":"
                            "\"boss@x.example\",\"hire_date\":\"2019-03-04\"}");
    char body[300];
    (void)snprintf(body, sizeof body,
        "{\"number\":\"2\",\"given_name\":\"Ada\",\"family_name\":\"Byron\",\"email\":\"ada@x.example\","
        "\"hire_date\":\"2026-01-12\",\"manager\":\"%s\"}",
        r.boss);
    r.ada = people_hire(p, body);
    assert_non_null(r.boss);
    assert_non_null(r.ada);
    return r;
}

static enum status job_create(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review in, made;
    enum status status =
        field_parse(&review_table, txn_arena(txn), job->body, strlen(job->body), FIELD_MODE_CREATE, &in, err);
    if (status == ST_OK)
        status = review_create(txn, &in, &made, err);
    if (status == ST_OK)
        remember(job->r, &made);
    return status;
}

enum status reviews_create(struct reviews *r, const char *body)
{
    const char *at = strstr(body, "%s");
    const char *filled =
        at ? arena_printf(r->p->f.arena, "%.*s%s%s", (int)(at - body), body, r->ada, at + 2) : body;
    struct reviews_job job = {.body = filled};
    return run(r, job_create, &job);
}

static enum status job_change(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review patch, made;
    enum status status =
        field_parse(&review_table, txn_arena(txn), job->body, strlen(job->body), FIELD_MODE_PATCH, &patch, err);
    if (status == ST_OK)
        status = review_change(txn, job->r->id, &patch, 0, &made, err);
    if (status == ST_OK)
        remember(job->r, &made);
    return status;
}

enum status reviews_change(struct reviews *r, const char *patch)
{
    struct reviews_job job = {.body = patch};
    return run(r, job_change, &job);
}

static enum status job_step(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review made;
    enum status status = review_do(txn, job->r->id, job->step, 0, &made, err);
    if (status == ST_OK)
        remember(job->r, &made);
    return status;
}

enum status reviews_step(struct reviews *r, const struct review_step *step)
{
    struct reviews_job job = {.step = step};
    return run(r, job_step, &job);
}

struct review_step reviews_empty(enum review_event event)
{
    return (struct review_step){.event = (int)event,
        .date = DATE_NONE,
        .means = FIELD_UNSET,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .duration = FIELD_INT_NONE,
        .short_notice = FIELD_UNSET};
}

enum status reviews_event(struct reviews *r, enum review_event event)
{
    struct review_step step = reviews_empty(event);
    return reviews_step(r, &step);
}

static enum status job_counter(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review made;
    enum status status = review_answer_counter(txn, job->r->id, job->accept, 0, 0, &made, err);
    if (status == ST_OK)
        remember(job->r, &made);
    return status;
}

enum status reviews_counter(struct reviews *r, bool accept)
{
    struct reviews_job job = {.accept = accept};
    return run(r, job_counter, &job);
}

static enum status job_receive(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review shown;
    struct review_row row;
    assert_int_equal(review_get(txn_snapshot(txn), job->r->id, &row, err), ST_OK);
    job->received.uid = row.uid;
    enum status status = review_receive(txn, &job->received, &job->outcome, err);
    if (status == ST_OK)
        status = review_view(txn_snapshot(txn), job->r->id, &shown, err);
    if (status == ST_OK)
        remember(job->r, &shown);
    return status;
}

int reviews_receive(
    struct reviews *r, const char *email, int method, int partstat, int sequence, instant_t start)
{
    struct reviews_job job = {.received = {.method = method,
                                  .email = email,
                                  .partstat = partstat,
                                  .sequence = sequence,
                                  .dtstamp = INSTANT_NONE,
                                  .start = start,
                                  .end = start == INSTANT_NONE ? INSTANT_NONE : start + 3600 * US_PER_SEC,
                                  .verified = true}};
    assert_int_equal(run(r, job_receive, &job), ST_OK);
    return job.outcome.verdict;
}

static enum status job_record(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct review shown;
    const char *id = NULL;
    enum status status = review_record(txn, job->record, &job->recorded, &id, err);
    if (status == ST_OK)
        status = review_view(txn_snapshot(txn), id, &shown, err);
    if (status == ST_OK)
        remember(job->r, &shown);
    return status;
}

enum status reviews_record(struct reviews *r, const struct review_record *record, enum outcome *ret)
{
    struct reviews_job job = {.record = record};
    enum status status = run(r, job_record, &job);
    *ret = job.recorded;
    return status;
}

static enum status job_document(struct txn *txn, void *context, struct error *err)
{
    struct reviews_job *job = context;
    struct document_row row;
    enum status status =
        review_keep_document(txn, job->r->id, DOCUMENT_REPORT, job->content, &job->recorded, &row, err);
    if (status == ST_OK)
        job->number = row.number;
    return status;
}

enum status reviews_document(struct reviews *r, const char *content, size_t size, int64_t *ret_number)
{
    struct reviews_job job = {.content = {content, size}};
    enum status status = run(r, job_document, &job);
    *ret_number = job.number;
    return status;
}

struct outbox {
    struct reviews *r;
    const char *text;
};

static enum status look_outbox(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct outbox *outbox = context;
    struct delivery_filter filter = {.state = -1, .review = outbox->r->id};
    struct delivery_list list;
    BUF_AUTO text;
    buf_init(&text, 0);
    enum status status =
        delivery_list(snapshot, outbox->r->p->org, &filter, &(struct page){.limit = PAGE_MAX}, &list, err);
    for (size_t i = list.count; status == ST_OK && i > 0; i--) {
        const struct delivery_row *row = &list.items[i - 1];
        buf_printf(&text, "%s%s %s %d %s", text.size ? "; " : "", row->kind, row->recipient, (int)row->sequence,
            delivery_state_names[row->state]);
    }
    outbox->text = keep(outbox->r, text.data);
    return status;
}

const char *reviews_outbox(struct reviews *r)
{
    struct outbox outbox = {.r = r};
    fixture_see(&r->p->f, look_outbox, &outbox);
    return outbox.text;
}
