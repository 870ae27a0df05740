/* See people.h. */
#include "people.h"

#include "base/buf.h"
#include "store/audit.h"
#include "store/duty.h"

#include <stdio.h>

/* ---- one verb as a job */

struct job {
    struct people *p;
    const char *id, *body, *reason;
    const struct fact_kind *kind;
    enum outcome outcome;
    const char *result;
    struct organisation organisation;
    struct employee_row row;
};

static char *keep(struct people *p, const char *text)
{
    return arena_strdup(p->f.arena, text);
}

static enum status read_body(struct txn *txn, const struct field_table *table, const char *body,
    enum field_mode mode, void *ret, struct error *err)
{
    return field_parse(table, txn_arena(txn), body, strlen(body), mode, ret, err);
}

static enum status run_in(struct people *p, const char *organisation, txn_run run, struct job *job)
{
    error_clear(&p->err);
    job->p = p;
    return store_write_now(p->f.store, organisation, "tester", run, job, &p->err);
}

static enum status run(struct people *p, txn_run run_job, struct job *job)
{
    return run_in(p, p->org, run_job, job);
}

/* ---- organisations */

static enum status job_create(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    struct organisation in;
    struct organisation made;
    enum status status = read_body(txn, &organisation_table, job->body, FIELD_MODE_CREATE, &in, err);
    if (status == ST_OK)
        status = organisation_create(txn, &in, &made, err);
    if (status == ST_OK) {
        (void)id_parse(made.id, "org", job->p->org);
        (void)snprintf(job->p->org_id, sizeof job->p->org_id, "%s", made.id);
    }
    return status;
}

void people_move(struct people *p, date_t today)
{
    clock_move(p->f.clock, today * US_PER_DAY + US_PER_DAY / 2);
}

void people_open(struct people *p, date_t today, const char *settings)
{
    *p = (struct people){.err = ERROR_INIT};
    fixture_open(&p->f, NULL, false);
    people_move(p, today);
    struct job job = {.body = settings};
    if (run_in(p, "system", job_create, &job) != ST_OK)
        fail_msg("no organisation: %s %s", p->err.detail, p->err.count ? p->err.fields[0].pointer : "");
}

void people_close(struct people *p)
{
    fixture_close(&p->f);
}

int people_set_up(void **state)
{
    static struct people people;
    people_open(
        &people, date_of(2026, 11, 22), "{\"name\":\"Essai\",\"organiser\":{\"email\":\"rh@x.example\"}}");
    *state = &people;
    return 0;
}

int people_tear_down(void **state)
{
    people_close(*state);
    return 0;
}

static enum status job_change_organisation(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    struct organisation patch;
    struct organisation changed;
    enum status status = read_body(txn, &organisation_table, job->body, FIELD_MODE_PATCH, &patch, err);
    return status == ST_OK ? organisation_change(txn, &patch, 0, &changed, err) : status;
}

enum status people_organisation_change(struct people *p, const char *patch)
{
    struct job job = {.body = patch};
    return run(p, job_change_organisation, &job);
}

/* Through JSON: what is read in a job ends with it. */
static enum status job_show_organisation(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct job *job = context;
    struct organisation shown;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    enum status status = organisation_view(snapshot, job->p->org, &shown, err);
    if (status != ST_OK)
        return status;
    field_write(&organisation_table, &w, &shown);
    status = field_parse(
        &organisation_table, job->p->f.arena, text.data, text.size, FIELD_MODE_STORED, &job->organisation, err);
    job->organisation.version = shown.version;
    return status;
}

struct organisation people_organisation(struct people *p)
{
    struct job job = {.p = p};
    fixture_see(&p->f, job_show_organisation, &job);
    return job.organisation;
}

/* ---- employees */

static enum status job_hire(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    struct employee in;
    struct employee_row row;
    enum status status = read_body(txn, &employee_table, job->body, FIELD_MODE_CREATE, &in, err);
    if (status == ST_OK)
        status = employee_create(txn, &in, &row, err);
    if (status == ST_OK)
        job->result = keep(job->p, row.id);
    return status;
}

const char *people_hire(struct people *p, const char *body)
{
    struct job job = {.body = body};
    return run(p, job_hire, &job) == ST_OK ? job.result : NULL;
}

static enum status job_change(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    struct employee patch;
    struct employee_row row;
    enum status status = read_body(txn, &employee_table, job->body, FIELD_MODE_PATCH, &patch, err);
    return status == ST_OK ? employee_change(txn, job->id, &patch, 0, &job->outcome, &row, err) : status;
}

enum status people_change(struct people *p, const char *id, const char *patch, enum outcome *ret)
{
    struct job job = {.id = id, .body = patch};
    enum status status = run(p, job_change, &job);
    if (status == ST_OK && ret)
        *ret = job.outcome;
    return status;
}

static enum status job_remove(struct txn *txn, void *context, struct error *err)
{
    const struct job *job = context;
    return employee_remove(txn, job->id, 0, err);
}

enum status people_remove(struct people *p, const char *id)
{
    struct job job = {.id = id};
    return run(p, job_remove, &job);
}

static enum status job_employee(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct job *job = context;
    enum status status = employee_get(snapshot, job->id, &job->row, err);
    if (status != ST_OK)
        return status;
    job->row.id = keep(job->p, job->row.id);
    job->row.number = keep(job->p, job->row.number);
    job->row.email = keep(job->p, job->row.email);
    job->row.contract = keep(job->p, job->row.contract);
    job->row.manager = keep(job->p, job->row.manager);
    return ST_OK;
}

struct employee_row people_employee(struct people *p, const char *id)
{
    struct job job = {.p = p, .id = id};
    fixture_see(&p->f, job_employee, &job);
    return job.row;
}

/* ---- facts */

static enum status job_add(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    void *fact = arena_alloc(txn_arena(txn), job->kind->table->size);
    enum status status = read_body(txn, job->kind->table, job->body, FIELD_MODE_CREATE, fact, err);
    if (status == ST_OK)
        status = facts_add(txn, job->kind, job->id, fact, err);
    if (status == ST_OK)
        job->result = keep(job->p, ((const struct fact_head *)fact)->id);
    return status;
}

const char *people_add(struct people *p, const struct fact_kind *kind, const char *employee, const char *body)
{
    struct job job = {.kind = kind, .id = employee, .body = body};
    return run(p, job_add, &job) == ST_OK ? job.result : NULL;
}

static enum status job_put(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    void *fact = arena_alloc(txn_arena(txn), job->kind->table->size);
    enum status status = read_body(txn, job->kind->table, job->body, FIELD_MODE_CREATE, fact, err);
    return status == ST_OK ? facts_put(txn, job->kind, job->id, fact, &job->outcome, err) : status;
}

enum status people_put(
    struct people *p, const struct fact_kind *kind, const char *employee, const char *body, enum outcome *ret)
{
    struct job job = {.kind = kind, .id = employee, .body = body};
    enum status status = run(p, job_put, &job);
    if (status == ST_OK && ret)
        *ret = job.outcome;
    return status;
}

static enum status job_correct(struct txn *txn, void *context, struct error *err)
{
    const struct job *job = context;
    void *patch = arena_alloc(txn_arena(txn), job->kind->table->size);
    void *fact = arena_alloc(txn_arena(txn), job->kind->table->size);
    enum status status = read_body(txn, job->kind->table, job->body, FIELD_MODE_PATCH, patch, err);
    return status == ST_OK ? facts_correct(txn, job->kind, job->id, patch, 0, fact, err) : status;
}

enum status people_correct(struct people *p, const struct fact_kind *kind, const char *id, const char *patch)
{
    struct job job = {.kind = kind, .id = id, .body = patch};
    return run(p, job_correct, &job);
}

static enum status job_withdraw(struct txn *txn, void *context, struct error *err)
{
    const struct job *job = context;
    return facts_withdraw(txn, job->kind, job->id, 0, job->reason, err);
}

enum status people_withdraw(struct people *p, const struct fact_kind *kind, const char *id, const char *reason)
{
    struct job job = {.kind = kind, .id = id, .reason = reason};
    return run(p, job_withdraw, &job);
}

void people_held(struct people *p, const char *employee, const char *day, bool recap)
{
    char review[ID_MAX];
    char body[300];
    id_new(review, "rev", p->org, 0);
    (void)snprintf(body, sizeof body,
        "{\"review\":\"%s\",\"type\":\"professional\",\"recap\":%s,\"held\":\"%s\"}", review,
        recap ? "true" : "false", day);
    assert_int_equal(people_put(p, &review_facts, employee, body, NULL), ST_OK);
}

/* ---- what is stored */

struct looking {
    struct people *p;
    const char *id, *verb, *organisation;
    bool closed;
    const char *text;
};

static enum status look_duties(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct looking *looking = context;
    struct duty_list duties;
    BUF_AUTO text;
    buf_init(&text, 0);
    enum status status = duty_of_employee(snapshot, looking->id, &duties, err);
    for (size_t i = 0; status == ST_OK && i < duties.count; i++) {
        const struct duty_row *row = &duties.items[i];
        char due[DATE_TEXT_MAX];
        if (row->closed && !looking->closed)
            continue;
        buf_printf(&text, "%s%s %s %s %s%s", text.size ? "; " : "", row->kind, row->rule,
            date_text(row->due, due), row->closed ? "= " : "", row->state);
    }
    looking->text = keep(looking->p, text.data);
    return status;
}

const char *people_duties(struct people *p, const char *employee, bool closed)
{
    struct looking looking = {.p = p, .id = employee, .closed = closed};
    fixture_see(&p->f, look_duties, &looking);
    return looking.text;
}

static enum status look_audit(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct looking *looking = context;
    const struct audit_filter filter = {.subject = looking->id};
    const struct page page = {.limit = PAGE_MAX};
    struct audit_list list;
    BUF_AUTO text;
    buf_init(&text, 0);
    enum status status = audit_list(snapshot, looking->organisation, &filter, &page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        if (!looking->verb)
            buf_printf(&text, "%s%s", i ? " " : "", list.items[i].verb);
        else if (strcmp(looking->verb, list.items[i].verb) == 0)
            looking->text = keep(looking->p, list.items[i].payload);
    }
    if (!looking->verb)
        looking->text = keep(looking->p, text.data);
    return status;
}

const char *people_audit(struct people *p, const char *organisation, const char *subject)
{
    struct looking looking = {.p = p, .id = subject, .organisation = organisation};
    fixture_see(&p->f, look_audit, &looking);
    return looking.text;
}

const char *people_payload(struct people *p, const char *subject, const char *verb)
{
    struct looking looking = {.p = p, .id = subject, .organisation = p->org, .verb = verb};
    fixture_see(&p->f, look_audit, &looking);
    return looking.text ? looking.text : "";
}

void people_expect_field(const struct people *p, const char *pointer)
{
    if (p->err.count == 0 || strcmp(p->err.fields[0].pointer, pointer) != 0)
        fail_msg("expected a complaint at %s, got %s %s", pointer, p->err.detail,
            p->err.count ? p->err.fields[0].pointer : "");
}
