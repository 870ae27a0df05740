/*
 * Applies a mapping to a body: finds the records, reads each into an item. Nothing is lost on the way: what
 * cannot be read stays as an item with the reason. Pure, any thread.
 */
#include "base/zone.h"
#include "mapping_ref.h"
#include "read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

struct mapping_run {
    struct arena *arena;
    const struct lms_mapping *mapping;
    const struct lms_input *input;
    struct span text; /* what `root` was parsed from */
    bool form;
    const struct json *root;
    struct lms_item *items;
    size_t count;
};

static bool mapping_among(const struct list *values, const char *text)
{
    const char *const *list = values->items;
    for (size_t i = 0; i < values->count; i++)
        if (!strcasecmp(list[i], text))
            return true;
    return false;
}

/* A value of the record, with a problem when it is a list or an object. */
static const char *mapping_read(struct item_reading *reading, const struct ref_record *record, const char *ref)
{
    bool single;
    const char *text = ref_text(record, ref, &single);
    if (!single)
        item_problem(reading, "%s is not a single value", ref);
    return text;
}

static void mapping_read_user(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping_user *user)
{
    item_key(reading, LMS_KEY_NUMBER, mapping_read(reading, record, user->number));
    item_key(reading, LMS_KEY_EMAIL, mapping_read(reading, record, user->email));
    item_key(reading, LMS_KEY_USERNAME, mapping_read(reading, record, user->username));
    item_key(reading, LMS_KEY_ID, mapping_read(reading, record, user->id));
}

static bool mapping_read_time(struct item_reading *reading, const struct ref_record *record,
    const struct lms_mapping_time *time, struct value_time *ret)
{
    int format = time->format == FIELD_UNSET ? LMS_TIME_ISO : time->format;
    const char *text = time->at ? mapping_read(reading, record, time->at) : NULL;
    const struct zone *zone = time->zone ? zone_load(time->zone, NULL) : NULL;
    if (!text)
        return false;
    if (time->zone && !zone)
        item_problem(reading, "the zone %s is not known here", time->zone);
    else if (value_time(text, (enum lms_time_format)format, zone, ret))
        return true;
    else
        item_problem(reading, "%s is not a time in the format expected", time->at);
    return false;
}

static void mapping_read_occurred(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping_time *time)
{
    struct value_time at;
    if (time->format == LMS_TIME_ARRIVAL) {
        reading->item->completion.occurred = reading->input->now;
        reading->item->completion.arrival = true;
    } else if (mapping_read_time(reading, record, time, &at)) {
        item_occurred(reading, at);
    }
}

static double mapping_read_number(
    struct item_reading *reading, const struct ref_record *record, const char *ref)
{
    const char *text = mapping_read(reading, record, ref);
    double value = value_number(text);
    if (text && isnan(value))
        item_problem(reading, "%s is not a number", ref);
    return value;
}

static void mapping_read_score(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping_score *score)
{
    struct completion_in *completion = &reading->item->completion;
    completion->score = mapping_read_number(reading, record, score->raw);
    completion->score_min = mapping_read_number(reading, record, score->min);
    completion->score_max = mapping_read_number(reading, record, score->max);
    if (isnan(completion->score_max) && score->out_of != FIELD_INT_NONE && !isnan(completion->score))
        completion->score_max = (double)score->out_of;
}

static void mapping_read_extras(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping *mapping)
{
    struct completion_in *completion = &reading->item->completion;
    if (mapping->score)
        mapping_read_score(reading, record, mapping->score);
    if (mapping->hours) {
        const char *text = mapping_read(reading, record, mapping->hours->at);
        int unit = mapping->hours->unit == FIELD_UNSET ? LMS_UNIT_HOURS : mapping->hours->unit;
        completion->minutes = text ? value_minutes(text, (enum lms_duration_unit)unit) : FIELD_INT_NONE;
        if (text && completion->minutes == FIELD_INT_NONE)
            item_problem(reading, "%s is not a duration", mapping->hours->at);
    }
    if (mapping->certificate) {
        struct value_time expires;
        completion->certificate_id = mapping_read(reading, record, mapping->certificate->id);
        item_certificate_url(reading, mapping_read(reading, record, mapping->certificate->url));
        if (mapping->certificate->expires &&
            mapping_read_time(reading, record, mapping->certificate->expires, &expires))
            completion->expires = expires.at;
    }
}

static void mapping_ignore(struct item_reading *reading, const char *why)
{
    reading->item->state = LMS_ITEM_IGNORED;
    reading->item->problem = why;
}

/* Whether the record is of a kind that is read at all. */
static bool mapping_wanted(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping_only *only)
{
    bool single;
    const char *kind = only ? ref_text(record, only->at, &single) : NULL;
    if (only && (!kind || !mapping_among(&only->values, kind))) {
        mapping_ignore(reading, "another kind of event");
        return false;
    }
    return true;
}

static void mapping_read_status(
    struct item_reading *reading, const struct ref_record *record, const struct lms_mapping *mapping)
{
    struct completion_in *completion = &reading->item->completion;
    const struct lms_mapping_status *status = mapping->status;
    completion->status = status ? mapping_read(reading, record, status->at) : NULL;
    if (!completion->status) {
        completion->effect = mapping->always == 1 ? LMS_COMPLETED : LMS_OTHER;
        if (mapping->always != 1)
            mapping_ignore(reading, "there is no status");
        return;
    }
    completion->effect = mapping_among(&status->completed, completion->status) ? LMS_COMPLETED
                         : mapping_among(&status->failed, completion->status)  ? LMS_FAILED
                         : mapping_among(&status->undone, completion->status)  ? LMS_UNDONE
                                                                               : LMS_OTHER;
    if (completion->effect == LMS_OTHER)
        mapping_ignore(reading, "a status that does not count");
}

/* `number` tells the records of a list apart, 0 when there is one. */
static void mapping_read_item(struct mapping_run *run, const struct json *value, struct span raw, size_t number)
{
    const struct lms_mapping *mapping = run->mapping;
    struct lms_item *item = &run->items[run->count++];
    *item = item_init(raw);
    struct item_reading reading = {.arena = run->arena, .input = run->input, .item = item};
    struct ref_record record = {
        .arena = run->arena, .root = run->root, .record = value, .request = run->input->request};
    const char *shared = run->input->message_id;
    if (json_type(value) != JSON_OBJECT) {
        item_unreadable(&reading, "it is not an object");
    } else if (mapping_wanted(&reading, &record, mapping->only)) {
        mapping_read_user(&reading, &record, mapping->user);
        item->completion.course_id = mapping_read(&reading, &record, mapping->course->id);
        item->completion.course_code = mapping_read(&reading, &record, mapping->course->code);
        item->completion.course_title = mapping_read(&reading, &record, mapping->course->title);
        mapping_read_occurred(&reading, &record, mapping->occurred);
        mapping_read_extras(&reading, &record, mapping);
        mapping_read_status(&reading, &record, mapping);
    }
    const char *id = mapping->event_id ? mapping_read(&reading, &record, mapping->event_id) : NULL;
    if (id && ref_shared(mapping->event_id))
        shared = id;
    else
        item->completion.event_id = id;
    item_finish(&reading, shared, number);
}

static enum status mapping_read_list(
    struct mapping_run *run, const struct json *list, struct span raw, struct error *err)
{
    size_t count = json_count(list);
    if (count > LMS_ITEMS_MAX)
        return error_set(err, ST_TOO_LARGE, "%zu records in one body, at most %d", count, LMS_ITEMS_MAX);
    run->items = ARENA_ARRAY(run->arena, count, struct lms_item);
    struct slice_cursor cursor = slice_open(raw);
    struct span element;
    for (size_t i = 0; i < count && slice_next(&cursor, &element); i++)
        mapping_read_item(run, json_at(list, i), element, count > 1 ? i + 1 : 0);
    return ST_OK;
}

static enum status mapping_read_records(
    struct mapping_run *run, const struct json *value, struct span raw, struct error *err)
{
    if (json_type(value) == JSON_ARRAY)
        return mapping_read_list(run, value, raw, err);
    run->items = ARENA_NEW(run->arena, struct lms_item);
    mapping_read_item(run, value, raw, 0);
    return ST_OK;
}

/* The first place that holds something; when none does, the body is its own record: a test or another event. */
static enum status mapping_read_body(struct mapping_run *run, struct error *err)
{
    const char *const *refs = run->mapping->items.items;
    struct ref_record record = {
        .arena = run->arena, .root = run->root, .record = run->root, .request = run->input->request};
    for (size_t i = 0; i < run->mapping->items.count; i++) {
        const struct json *value = ref_value(&record, refs[i]);
        enum json_type type = json_type(value);
        struct span raw = run->input->content;
        if (type != JSON_ARRAY && type != JSON_OBJECT)
            continue;
        if (!run->form && !slice_pointer(run->root, run->text, ref_pointer(run->arena, refs[i]), &raw))
            continue;
        return mapping_read_records(run, value, raw, err);
    }
    return mapping_read_records(run, run->root, run->form ? run->input->content : slice_trim(run->text), err);
}

static bool mapping_is_form(const struct lms_mapping *mapping, const struct lms_request *request)
{
    static const char form[] = "application/x-www-form-urlencoded";
    if (mapping->format == LMS_FORMAT_JSON || mapping->format == LMS_FORMAT_FORM)
        return mapping->format == LMS_FORMAT_FORM;
    const char *type = lms_header(request, "Content-Type", NULL);
    return type && !strncasecmp(type, form, sizeof form - 1);
}

static void mapping_unreadable(struct mapping_run *run, const char *why)
{
    run->items = ARENA_NEW(run->arena, struct lms_item);
    run->items[0] = item_init(run->input->content);
    struct item_reading reading = {.arena = run->arena, .input = run->input, .item = &run->items[0]};
    item_unreadable(&reading, why);
    item_finish(&reading, run->input->message_id, 0);
    run->count = 1;
}

enum status lms_mapping_apply(struct arena *arena, const struct lms_mapping *mapping,
    const struct lms_input *input, struct lms_envelope *ret, struct error *err)
{
    if (input->content.size > LMS_CONTENT_MAX)
        return error_set(
            err, ST_TOO_LARGE, "a body of %zu bytes, at most %d", input->content.size, LMS_CONTENT_MAX);
    struct mapping_run run = {.arena = arena,
        .mapping = mapping,
        .input = input,
        .text = input->content,
        .form = mapping_is_form(mapping, input->request)};
    BUF_AUTO form;
    buf_init(&form, 4 * (size_t)LMS_CONTENT_MAX);
    struct error why = ERROR_INIT;
    if (run.form && !form_to_json(arena, input->content, &form))
        error_set(&why, ST_SYNTAX, "there are too many fields");
    else if (run.form)
        run.text = (struct span){form.data, form.size};
    else
        run.text = slice_without_mark(run.text);
    if (!why.status)
        (void)json_parse(arena, run.text.data, run.text.size, &run.root, &why);
    enum status status = ST_OK;
    if (why.status)
        mapping_unreadable(&run, why.detail);
    else
        status = mapping_read_body(&run, err);
    if (!status)
        *ret = (struct lms_envelope){.items = run.items, .count = run.count};
    return status;
}

enum status lms_mapping_apply_alone(struct arena *arena, const struct lms_mapping *mapping,
    const struct lms_input *input, struct lms_item *ret, struct error *err)
{
    struct lms_envelope envelope;
    struct lms_mapping alone = *mapping;
    alone.items = (struct list){0};
    enum status status = lms_mapping_apply(arena, &alone, input, &envelope, err);
    if (status == ST_OK && envelope.count != 1)
        status = error_set(err, ST_INTERNAL, "a kept record holds %zu records", envelope.count);
    if (status == ST_OK)
        *ret = envelope.items[0];
    return status;
}
