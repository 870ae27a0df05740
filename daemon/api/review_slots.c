/* /v1/reviews/{id}/slots: times to propose. */
#include "ops.h"
#include "reviews.h"
#include "work/review.h"

static const struct field slot_query_fields[] = {
    FIELD(struct review_slot_search, from, FIELD_DATE, .doc = "First day; by the duty to satisfy unless told."),
    FIELD(struct review_slot_search, to, FIELD_DATE, .doc = "Last day, at most half a year later."),
    FIELD(struct review_slot_search, duration, FIELD_INT, .min = 5, .max = 480,
        .doc = "Minutes; of the slot that is set, else 60."),
    FIELD(struct review_slot_search, limit, FIELD_INT, .min = 1, .max = SLOTS_MAX,
        .doc = "How many; 20 unless told."),
};
static const struct field_table slot_query_table =
    FIELD_TABLE("SlotQuery", struct review_slot_search, slot_query_fields, -1);

static const struct field slot_fields[] = {
    FIELD(struct review_slot, start, FIELD_INSTANT, .doc = "Start."),
    FIELD(struct review_slot, end, FIELD_INSTANT, .doc = "End."),
    FIELD(struct review_slot, employee, FIELD_TEXT,
        .doc = "free: so says the calendar, as of employee_calendar; unknown: it is not known, nothing "
               "recorded here is in the way."),
    FIELD(struct review_slot, interviewer, FIELD_TEXT, .flags = FIELD_NULL,
        .doc = "The same of who holds it; null when nobody is named."),
};
static const struct field_table slot_table = FIELD_TABLE("Slot", struct review_slot, slot_fields, -1);

static void slots_put_calendar(struct json_writer *w, const char *name, const struct review_calendar *calendar)
{
    jw_key(w, name);
    jw_open(w, '{');
    jw_member_instant(w, "as_of", calendar->as_of);
    if (calendar->problem)
        jw_member(w, "problem", calendar->problem);
    jw_close(w, '}');
}

static enum status slots_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct review_row row;
    struct review_slots slots;
    enum status status = call_review(snapshot, call, &row, err);
    if (status == ST_OK)
        status = review_propose_slots(snapshot, row.id, call->params, &slots, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member_date(&w, "from", slots.from);
    jw_member_date(&w, "to", slots.to);
    slots_put_calendar(&w, "employee_calendar", &slots.employee);
    slots_put_calendar(&w, "interviewer_calendar", &slots.interviewer);
    if (slots.explanation)
        jw_member(&w, "explanation", slots.explanation);
    jw_key(&w, "items");
    jw_open(&w, '[');
    for (size_t i = 0; i < slots.count; i++)
        field_write(&slot_table, &w, &slots.items[i]);
    call_items_close(call, &w, NULL);
    return ST_OK;
}

const struct op review_slots_get = {.name = "review_slots",
    .summary = "Times to propose: working hours, holidays, absences and other reviews are looked at",
    .query = &slot_query_table,
    .output = &slot_table,
    .list = true,
    .read = slots_read};
