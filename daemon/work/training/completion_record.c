/*
 * Completions of the past, recorded from a file: each is kept as its own evidence, of a source that stands for
 * all files of the organisation. On a lane.
 */
#include "completion.h"

#include "base/crypto.h"
#include "base/text.h"
#include "internal.h"

#include <string.h>

#define RECORD_SOURCE "import"

/* What is kept as the record's own bytes, and hashed. */
static const char *record_raw(struct arena *arena, const struct completion_record *record)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "employee", record->employee);
    jw_member(&w, "course", record->course);
    jw_member_date(&w, "day", record->day);
    if (record->minutes != FIELD_INT_NONE)
        jw_member_int(&w, "minutes", record->minutes);
    if (record->mandatory)
        jw_member(&w, "mandatory", record->mandatory);
    if (record->reference)
        jw_member(&w, "reference", record->reference);
    jw_close(&w, '}');
    return arena_strdup(arena, out.data);
}

static const char *record_identity(struct arena *arena, const struct completion_record *record)
{
    char hex[SHA256_HEX];
    const char *text = arena_printf(arena, "%s\n%s\n%s\n%s", record->employee, date_show(record->day).text,
        text_fold(arena, record->course), record->reference ? record->reference : "");
    struct sha256 hash = sha256(text, strlen(text));
    return arena_printf(arena, "import:%s", sha256_hex(&hash, hex));
}

static bool record_classifies(const struct completion_record *record, const struct course_row *course)
{
    return record->mandatory && strcmp(record->mandatory, course->mandatory) != 0;
}

/* The course by its title; the record may say whether it is mandatory. */
static enum status record_course(struct txn *txn, const struct completion_record *record, const char *source,
    struct course_row *ret, bool *ret_changed, struct error *err)
{
    bool fresh = false;
    *ret = (struct course_row){.source = source,
        .code = record->course,
        .title = record->course,
        .mandatory = record->mandatory ? record->mandatory : "unknown",
        .body = "{}"};
    enum status status = course_see(txn, ret, &fresh, err);
    *ret_changed = status == ST_OK && !fresh && record_classifies(record, ret);
    if (status == ST_OK && fresh)
        txn_audit(txn, "course.seen", ret->id, NULL);
    if (!*ret_changed)
        return status;
    struct arena *arena = txn_arena(txn);
    const char *payload =
        arena_printf(arena, "{\"changed\":{\"mandatory\":[\"%s\",\"%s\"]}}", ret->mandatory, record->mandatory);
    ret->mandatory = record->mandatory;
    status = course_update(txn, ret, 0, err);
    if (status == ST_OK)
        txn_audit(txn, "course.changed", ret->id, payload);
    return status;
}

static struct completion_said record_said(struct arena *arena, const struct completion_record *record)
{
    struct completion_said said;
    field_clear(&completion_said_table, &said);
    said.keys = (struct list){.items = ARENA_NEW(arena, struct completion_key), .count = 0};
    said.course_title = record->course;
    said.status = said.effect = "completed";
    said.minutes = record->minutes;
    said.day_only = 1;
    said.certificate_id = record->reference;
    return said;
}

static enum status record_item(struct txn *txn, const struct completion_record *record, const char *source,
    struct item_row *ret, bool *ret_new, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const char *raw = record_raw(arena, record);
    return completion_keep(txn, source, record_identity(arena, record), SPAN_TEXT(raw), ret, ret_new, err);
}

static enum status record_add(struct txn *txn, const struct completion_record *record,
    const struct course_row *course, const struct item_row *item, struct error *err)
{
    const struct duties_frame *frame;
    struct completion_said said = record_said(txn_arena(txn), record);
    enum status status = work_frame(txn, &frame, err);
    if (status != ST_OK)
        return status;
    const char *made;
    return completion_enter(
        txn, course, item, record->employee, zone_instant(frame->zone, record->day, 0), &said, &made, err);
}

/* Of the source that stands for files. */
static enum status record_known(const struct snapshot *snapshot, const char *organisation,
    const struct completion_record *record, const char *source, bool *ret, struct error *err)
{
    struct completion_filter filter = {.employee = record->employee, .source = source};
    struct page page = {.limit = PAGE_MAX};
    struct completion_list list;
    const char *identity = record_identity(snapshot_arena(snapshot), record);
    enum status status;
    *ret = false;
    do {
        status = completion_list(snapshot, organisation, &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            *ret |= strcmp(list.items[i].identity, identity) == 0;
        page.cursor = list.next;
    } while (status == ST_OK && !*ret && list.next);
    return status;
}

enum status completion_record(
    struct txn *txn, const struct completion_record *record, enum outcome *ret, struct error *err)
{
    const char *source = NULL;
    struct course_row course;
    struct item_row item;
    bool known = false, fresh = false, changed = false;
    enum status status = completion_own_source(txn, RECORD_SOURCE, "CSV", &source, err);
    if (status == ST_OK)
        status = record_known(txn_snapshot(txn), txn_organisation(txn), record, source, &known, err);
    if (status == ST_OK)
        status = record_course(txn, record, source, &course, &changed, err);
    if (status == ST_OK && !known)
        status = record_item(txn, record, source, &item, &fresh, err);
    if (status == ST_OK && fresh)
        status = record_add(txn, record, &course, &item, err);
    if (status == ST_OK)
        *ret = fresh ? OUTCOME_CREATED : changed ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
    return status;
}

static enum status record_foresee_course(const struct snapshot *snapshot, const char *organisation,
    const struct completion_record *record, const char *source, enum outcome *ret, struct error *err)
{
    struct course_row course;
    struct error missing = ERROR_INIT;
    enum status status = course_named(snapshot, organisation, source, record->course, &course, &missing);
    if (status == ST_OK && record_classifies(record, &course))
        *ret = OUTCOME_UPDATED;
    return status == ST_OK || status == ST_NOT_FOUND ? ST_OK : error_set(err, status, "%s", missing.detail);
}

enum status completion_foresee(const struct snapshot *snapshot, const char *organisation,
    const struct completion_record *record, enum outcome *ret, struct error *err)
{
    const char *source = NULL;
    bool known = false;
    enum status status = completion_find_source(snapshot, organisation, RECORD_SOURCE, &source, err);
    *ret = OUTCOME_CREATED;
    if (status == ST_OK && source)
        status = record_known(snapshot, organisation, record, source, &known, err);
    if (status != ST_OK || !known)
        return status;
    *ret = OUTCOME_UNCHANGED;
    return record_foresee_course(snapshot, organisation, record, source, ret, err);
}
