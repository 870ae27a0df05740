/*
 * Aliases: added, ended, withdrawn, each with its audit record, and what waits for their keys woken up. On a
 * write lane.
 */
#include "work/alias.h"

#include "base/text.h"
#include "internal.h"
#include "own.h"
#include "training/completion.h"

#include <string.h>

static const struct field alias_fields[] = {
    FIELD(struct alias, id, FIELD_ID, .kind = "als", .flags = FIELD_READ),
    FIELD(struct alias, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct alias, source, FIELD_ID, .kind = "src", .flags = FIELD_CREATE | FIELD_NULL,
        .doc = "The platform that uses the key; null: any."),
    FIELD(struct alias, kind, FIELD_ENUM, .names = lms_key_names, .flags = FIELD_REQUIRED | FIELD_CREATE,
        .doc = "What the key is."),
    FIELD(struct alias, value, FIELD_TEXT, .max = 1000, .flags = FIELD_REQUIRED | FIELD_CREATE),
    FIELD(struct alias, employee, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED | FIELD_CREATE),
    FIELD(struct alias, valid_from, FIELD_DATE, .flags = FIELD_CREATE | FIELD_NULL,
        .doc = "The first day it holds; null: it always did."),
    FIELD(struct alias, valid_to, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "The last day it holds; null: it goes on."),
    FIELD(struct alias, recorded_at, FIELD_INSTANT, .flags = FIELD_READ),
};
const struct field_table alias_table =
    FIELD_TABLE("Alias", struct alias, alias_fields, offsetof(struct alias, given));

void alias_of_row(struct arena *arena, const struct alias_row *row, struct alias *ret)
{
    char org[ORG_KEY_MAX] = "";
    field_clear(&alias_table, ret);
    (void)id_parse(row->id, "als", org);
    ret->id = row->id;
    ret->organisation = arena_printf(arena, "org_%s", org);
    ret->source = row->source;
    ret->kind = work_name_index(lms_key_names, row->kind);
    ret->value = row->value;
    ret->employee = row->employee;
    ret->valid_from = row->valid_from;
    ret->valid_to = row->valid_to;
    ret->recorded_at = row->recorded_at;
}

static void alias_audit(struct txn *txn, const char *verb, const struct alias_row *row, date_t before)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "alias", row->id);
    jw_member(&w, "source", row->source);
    jw_member(&w, "kind", row->kind);
    jw_member(&w, "value", row->value);
    jw_member_date(&w, "valid_from", row->valid_from);
    if (before != row->valid_to)
        jw_member_date(&w, "valid_to_before", before);
    jw_member_date(&w, "valid_to", row->valid_to);
    jw_close(&w, '}');
    txn_audit(txn, verb, row->employee, out.data);
}

static enum status alias_check_period(const struct alias_row *row, struct error *err)
{
    if (row->valid_to == DATE_NONE || row->valid_from == DATE_NONE || row->valid_to >= row->valid_from)
        return ST_OK;
    return error_field(err, "/valid_to", "expected a day on or after valid_from");
}

/* A key means one person a day. */
static enum status alias_check_free(struct txn *txn, const struct alias_row *row, struct error *err)
{
    struct alias_row other;
    enum status status = alias_overlapping(txn_snapshot(txn), txn_organisation(txn), row, &other, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status != ST_OK)
        return status;
    return error_set(err, ST_CONFLICT,
        "on some of these days the key means %s already (%s): end that alias first", other.employee, other.id);
}

enum status alias_put(struct txn *txn, struct alias_row *row, struct error *err)
{
    row->value = completion_wait_value(txn_arena(txn), row->kind, row->value);
    enum status status = alias_check_period(row, err);
    if (status == ST_OK)
        status = alias_check_free(txn, row, err);
    if (status == ST_OK)
        status = alias_add(txn, row, err);
    if (status != ST_OK)
        return status;
    alias_audit(txn, "alias.added", row, row->valid_to);
    return completion_key_appears(txn, row->kind, row->value, err);
}

enum status alias_create(struct txn *txn, const struct alias *in, struct alias *ret, struct error *err)
{
    struct employee_row person;
    struct source_row source;
    struct alias_row row = {.source = in->source,
        .kind = lms_key_names[in->kind],
        .value = in->value,
        .employee = in->employee,
        .valid_from = in->valid_from,
        .valid_to = in->valid_to};
    enum status status = own_employee(txn, in->employee, "/employee", &person, err);
    if (status == ST_OK && in->source &&
        (!own_id(txn, in->source, "src") || source_get(txn_snapshot(txn), in->source, &source, NULL) != ST_OK))
        status = error_field(err, "/source", "there is no source %s", in->source);
    if (status == ST_OK)
        status = alias_put(txn, &row, err);
    if (status == ST_OK)
        alias_of_row(txn_arena(txn), &row, ret);
    return status;
}

enum status alias_stop(struct txn *txn, struct alias_row *row, date_t last, struct error *err)
{
    date_t before = row->valid_to;
    row->valid_to = last;
    enum status status = alias_check_period(row, err);
    if (status != ST_OK || before == last)
        return status;
    status = alias_check_free(txn, row, err);
    if (status == ST_OK)
        status = alias_end(txn, row, err);
    if (status == ST_OK)
        alias_audit(txn, "alias.ended", row, before);
    return status;
}

enum status alias_change(
    struct txn *txn, const char *id, const struct alias *patch, struct alias *ret, struct error *err)
{
    struct alias_row row;
    enum status status = alias_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK && field_given(&alias_table, patch, "valid_to"))
        status = alias_stop(txn, &row, patch->valid_to, err);
    if (status == ST_OK)
        alias_of_row(txn_arena(txn), &row, ret);
    return status;
}

enum status alias_remove(struct txn *txn, const char *id, struct error *err)
{
    struct alias_row row;
    enum status status = alias_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = alias_delete(txn, id, err);
    if (status == ST_OK)
        alias_audit(txn, "alias.withdrawn", &row, row.valid_to);
    return status;
}

enum status alias_keep_history(
    struct txn *txn, const char *kind, const char *value, const char *employee, date_t until, struct error *err)
{
    struct alias_row other,
        row = {.kind = kind, .value = value, .employee = employee, .valid_from = DATE_NONE, .valid_to = until};
    enum status status = alias_overlapping(txn_snapshot(txn), txn_organisation(txn), &row, &other, err);
    if (status != ST_NOT_FOUND)
        return status;
    error_clear(err);
    status = alias_add(txn, &row, err);
    if (status == ST_OK)
        alias_audit(txn, "alias.added", &row, until);
    return status;
}
