/*
 * Everything stored about an employee, for the employee: the rows as the interface shows them, and the history
 * with its audit records. On a lane.
 */
#include "data.h"

#include "base/json.h"
#include "store/completion.h"
#include "store/delivery.h"
#include "store/plan.h"
#include "training/plan_work.h"
#include "work/completion.h"
#include "work/duties.h"
#include "work/employee.h"
#include "work/facts.h"
#include "work/preparation.h"
#include "work/trace.h"

#include <string.h>

struct data {
    const struct snapshot *snapshot;
    struct arena *arena;
    const char *organisation, *employee;
    enum lang lang;
    struct json_writer *w;
};

static void data_instant(struct data *d, const char *name, instant_t at)
{
    char text[INSTANT_TEXT_MAX];
    if (at != INSTANT_NONE)
        jw_member(d->w, name, instant_text(at, text));
}

static void data_list(struct data *d, const char *name)
{
    jw_key(d->w, name);
    jw_open(d->w, '[');
}

/* ---- the person and the facts */

static enum status data_person(struct data *d, struct error *err)
{
    struct employee_row row;
    struct employee employee;
    enum status status = employee_get(d->snapshot, d->employee, &row, err);
    if (status != ST_OK)
        return status;
    employee_of_row(d->arena, &row, &employee);
    jw_key(d->w, "employee");
    field_write(&employee_table, d->w, &employee);
    return ST_OK;
}

static enum status data_facts(struct data *d, struct error *err)
{
    static const struct {
        const char *name;
        const struct fact_kind *kind;
    } kinds[] = {{"absences", &absence_facts}, {"events", &event_facts}, {"progressions", &progression_facts}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct list facts;
        const struct field_table *table = kinds[k].kind->table;
        enum status status = facts_of(d->snapshot, kinds[k].kind, d->employee, INSTANT_NONE, &facts, err);
        if (status != ST_OK)
            return status;
        data_list(d, kinds[k].name);
        for (size_t i = 0; i < facts.count; i++)
            field_write(table, d->w, (const char *)facts.items + i * table->size);
        jw_close(d->w, ']');
    }
    return ST_OK;
}

static enum status data_duties(struct data *d, struct error *err)
{
    struct duties_frame frame;
    struct duties_view view;
    enum status status = duties_frame_load(d->snapshot, d->organisation, INSTANT_NONE, &frame, err);
    if (status == ST_OK)
        status = duties_view(d->snapshot, &frame, d->employee, frame.today, INSTANT_NONE, &view, err);
    if (status != ST_OK)
        return status;
    size_t open = view.duties.open_count;
    data_list(d, "duties");
    for (size_t i = 0; i < open + view.duties.history_count; i++) {
        const struct duty *duty = i < open ? &view.duties.open[i] : &view.duties.history[i - open];
        jw_open(d->w, '{');
        duty_write_members(duty, d->lang, DUTY_DETAIL_FULL, "", d->w);
        jw_close(d->w, '}');
    }
    jw_close(d->w, ']');
    return ST_OK;
}

/* ---- reviews */

static enum status data_preparation(struct data *d, const char *review, struct error *err)
{
    struct preparation_state state;
    enum status status = preparation_view(d->snapshot, review, &state, err);
    if (status != ST_OK || state.saved_at == INSTANT_NONE)
        return status;
    jw_key(d->w, "preparation");
    field_write(&preparation_table, d->w, &state.draft);
    if (state.is_handed) {
        jw_key(d->w, "handed_in");
        field_write(&preparation_table, d->w, &state.handed);
    }
    return ST_OK;
}

static enum status data_review(struct data *d, const struct review_row *row, struct error *err)
{
    struct review review;
    enum status status = review_view_of(d->snapshot, row, &review, err);
    if (status != ST_OK)
        return status;
    jw_open(d->w, '{');
    field_write_members(&review_table, d->w, &review, false);
    status = data_preparation(d, review.id, err);
    jw_close(d->w, '}');
    return status;
}

static enum status data_reviews(struct data *d, struct error *err)
{
    struct review_list reviews;
    enum status status = review_of(d->snapshot, d->employee, &reviews, err);
    data_list(d, "reviews");
    for (size_t i = 0; status == ST_OK && i < reviews.count; i++)
        status = data_review(d, &reviews.items[i], err);
    jw_close(d->w, ']');
    return status;
}

/* ---- lists of rows: one page each, then the next */

static enum status data_need_page(struct data *d, struct page *page, struct error *err)
{
    const struct need_filter filter = {.employee = d->employee};
    struct need_list list;
    enum status status = need_list(d->snapshot, d->organisation, &filter, page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct need need;
        status = need_of_row(d->arena, &list.items[i], &need, err);
        if (status == ST_OK)
            field_write(&need_table, d->w, &need);
    }
    page->cursor = status == ST_OK ? list.next : NULL;
    return status;
}

static enum status data_action_page(struct data *d, struct page *page, struct error *err)
{
    const struct action_filter filter = {.employee = d->employee};
    struct action_list list;
    enum status status = action_list(d->snapshot, d->organisation, &filter, page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct action action;
        status = action_of_row(d->arena, &list.items[i], &action, err);
        if (status == ST_OK)
            field_write(&action_table, d->w, &action);
    }
    page->cursor = status == ST_OK ? list.next : NULL;
    return status;
}

static enum status data_completion_page(struct data *d, struct page *page, struct error *err)
{
    const struct completion_filter filter = {.employee = d->employee};
    struct completion_list list;
    enum status status = completion_list(d->snapshot, d->organisation, &filter, page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct completion_said said;
        const struct completion_row *row = &list.items[i];
        status = completion_said_of_row(d->arena, row, &said, err);
        if (status != ST_OK)
            break;
        jw_open(d->w, '{');
        jw_member(d->w, "id", row->id);
        jw_member(d->w, "state", row->state);
        data_instant(d, "occurred_at", row->occurred_at);
        jw_key(d->w, "said");
        field_write(&completion_said_table, d->w, &said);
        jw_close(d->w, '}');
    }
    page->cursor = status == ST_OK ? list.next : NULL;
    return status;
}

static enum status data_message_page(struct data *d, struct page *page, struct error *err)
{
    const struct delivery_filter filter = {.state = -1, .employee = d->employee};
    struct delivery_list list;
    enum status status = delivery_list(d->snapshot, d->organisation, &filter, page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct delivery_row *row = &list.items[i];
        jw_open(d->w, '{');
        jw_member(d->w, "kind", row->kind);
        jw_member(d->w, "recipient", row->recipient);
        jw_member(d->w, "state", delivery_state_names[row->state]);
        data_instant(d, "created_at", row->created_at);
        data_instant(d, "sent_at", row->sent_at);
        jw_close(d->w, '}');
    }
    page->cursor = status == ST_OK ? list.next : NULL;
    return status;
}

static enum status data_link_page(struct data *d, struct page *page, struct error *err)
{
    struct link_list list;
    enum status status = link_list(d->snapshot, d->organisation, d->employee, page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        jw_open(d->w, '{');
        jw_member(d->w, "id", list.items[i].id);
        jw_member(d->w, "kind", list.items[i].kind);
        data_instant(d, "created_at", list.items[i].created_at);
        data_instant(d, "expires_at", list.items[i].expires_at);
        data_instant(d, "revoked_at", list.items[i].revoked_at);
        jw_close(d->w, '}');
    }
    page->cursor = status == ST_OK ? list.next : NULL;
    return status;
}

static enum status data_history_page(struct data *d, struct page *page, struct error *err)
{
    struct trace_steps steps;
    enum status status = trace_read(d->snapshot, d->employee, d->lang, true, page, &steps, err);
    for (size_t i = 0; status == ST_OK && i < steps.count; i++) {
        const struct trace_step *step = &steps.items[i];
        jw_open(d->w, '{');
        data_instant(d, "at", step->record->at);
        jw_member(d->w, "what", step->what);
        jw_member(d->w, "verb", step->record->verb);
        jw_member(d->w, "id", step->id);
        if (step->details) {
            jw_key(d->w, "details");
            jw_value(d->w, step->details);
        }
        jw_close(d->w, '}');
    }
    page->cursor = status == ST_OK ? steps.next : NULL;
    return status;
}

static enum status data_lists(struct data *d, struct error *err)
{
    static const struct {
        const char *name;
        enum status (*page)(struct data *d, struct page *page, struct error *err);
    } lists[] = {{"needs", data_need_page}, {"actions", data_action_page},
        {"completions", data_completion_page}, {"messages", data_message_page}, {"links", data_link_page},
        {"history", data_history_page}};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < sizeof lists / sizeof lists[0]; i++) {
        struct page page = {.limit = PAGE_MAX};
        data_list(d, lists[i].name);
        do {
            status = lists[i].page(d, &page, err);
        } while (status == ST_OK && page.cursor);
        jw_close(d->w, ']');
    }
    return status;
}

/* ---- the whole */

enum status page_data_write(const struct page_writer *p, struct buf *out, struct error *err)
{
    static enum status (*const parts[])(struct data * d, struct error * err) = {
        data_person, data_facts, data_duties, data_reviews, data_lists};
    struct json_writer w = json_writer(out);
    struct data d = {.snapshot = p->snapshot,
        .arena = p->arena,
        .organisation = p->request->link->organisation,
        .employee = p->employee.id,
        .lang = p->lang,
        .w = &w};
    enum status status = ST_OK;
    jw_open(&w, '{');
    jw_member(&w, "organisation", p->organisation.name);
    data_instant(&d, "exported_at", p->now);
    for (size_t i = 0; status == ST_OK && i < sizeof parts / sizeof parts[0]; i++)
        status = parts[i](&d, err);
    jw_close(&w, '}');
    return status;
}
