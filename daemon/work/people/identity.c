/*
 * Identities merged and split: the keys go over, then what was attributed by them. On a write lane.
 */
#include "work/identity.h"

#include "internal.h"
#include "own.h"
#include "training/completion.h"
#include "work/alias.h"
#include "work/plan_proof.h"

#include "base/text.h"

#include <string.h>

static const struct field merge_fields[] = {
    FIELD(struct identity_merge, employee, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED,
        .doc = "Who turned out to be another one."),
    FIELD(struct identity_merge, into, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED, .doc = "Who it is."),
};
const struct field_table identity_merge_table =
    FIELD_TABLE("IdentityMerge", struct identity_merge, merge_fields, -1);

static const struct field split_fields[] = {
    FIELD(struct identity_split, employee, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED,
        .doc = "Whom the key was taken for."),
    FIELD(
        struct identity_split, into, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED, .doc = "Whom it means."),
    FIELD(struct identity_split, source, FIELD_ID, .kind = "src", .flags = FIELD_NULL,
        .doc = "The platform that uses the key; null: any."),
    FIELD(struct identity_split, kind, FIELD_ENUM, .names = lms_key_names, .flags = FIELD_REQUIRED,
        .doc = "What the key is."),
    FIELD(struct identity_split, value, FIELD_TEXT, .max = 1000, .flags = FIELD_REQUIRED),
    FIELD(struct identity_split, from, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "The first day it means the other person; null: it always did."),
};
const struct field_table identity_split_table =
    FIELD_TABLE("IdentitySplit", struct identity_split, split_fields, -1);

static const struct field outcome_fields[] = {
    FIELD(struct identity_outcome, employee, FIELD_ID, .kind = "emp", .doc = "Who has it now."),
    FIELD(struct identity_outcome, keys, FIELD_INT, .doc = "Keys that went over."),
    FIELD(struct identity_outcome, completions, FIELD_INT, .doc = "Completions that went over."),
    FIELD(struct identity_outcome, ambiguous, FIELD_INT,
        .doc = "Completions put aside: their other keys mean the former person."),
    FIELD(struct identity_outcome, more, FIELD_BOOL,
        .doc = "Completions are left: the same request again moves the next ones."),
};
const struct field_table identity_outcome_table =
    FIELD_TABLE("IdentityOutcome", struct identity_outcome, outcome_fields, -1);

struct moving {
    struct txn *txn;
    struct employee_row from, into;
    const struct identity_split *key; /* NULL: all of them */
    struct identity_outcome *outcome;
};

static enum status moving_open(struct moving *m, const char *employee, const char *into, struct error *err)
{
    enum status status = own_employee(m->txn, employee, "/employee", &m->from, err);
    enum status other = own_employee(m->txn, into, "/into", &m->into, err);
    if (status == ST_OK)
        status = other;
    if (status == ST_OK && !strcmp(employee, into))
        status = error_field(err, "/into", "expected another employee");
    *m->outcome = (struct identity_outcome){.employee = into};
    return status;
}

/* ---- keys */

/* The alias means the other person, from a day on or always. */
static enum status moving_alias(struct moving *m, const struct alias_row *row, date_t from, struct error *err)
{
    struct alias_row fresh = *row;
    enum status status;
    fresh.id = NULL;
    fresh.employee = m->into.id;
    if (from != DATE_NONE && row->valid_to != DATE_NONE && row->valid_to < from)
        return ST_OK;
    if (from == DATE_NONE || (row->valid_from != DATE_NONE && row->valid_from >= from)) {
        status = alias_remove(m->txn, row->id, err);
    } else {
        struct alias_row ended = *row;
        status = alias_stop(m->txn, &ended, from - 1, err);
        fresh.valid_from = from;
    }
    m->outcome->keys++;
    return status == ST_OK ? alias_put(m->txn, &fresh, err) : status;
}

static bool moving_names(const struct moving *m, const char *source, const char *kind, const char *value)
{
    struct arena *arena = txn_arena(m->txn);
    const char *wanted = m->key ? lms_key_names[m->key->kind] : NULL;
    if (!m->key)
        return true;
    return text_equal(source, m->key->source) && !strcmp(kind, wanted) &&
           !strcmp(
               completion_wait_value(arena, kind, value), completion_wait_value(arena, wanted, m->key->value));
}

static enum status moving_aliases(struct moving *m, struct error *err)
{
    struct alias_filter filter = {.employee = m->from.id};
    struct page page = {.limit = PAGE_MAX};
    struct alias_list list;
    enum status status;
    do {
        status = alias_list(txn_snapshot(m->txn), txn_organisation(m->txn), &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            if (moving_names(m, list.items[i].source, list.items[i].kind, list.items[i].value))
                status = moving_alias(m, &list.items[i], m->key ? m->key->from : DATE_NONE, err);
        page.cursor = list.next;
    } while (status == ST_OK && list.next);
    return status;
}

/* What is no alias of anybody yet: a number, an address, a key of the platform. */
static enum status moving_new_key(struct moving *m, const char *source, enum lms_key_kind kind,
    const char *value, date_t from, struct error *err)
{
    struct alias_row other;
    struct alias_row row = {.source = source,
        .kind = lms_key_names[kind],
        .value = value ? completion_wait_value(txn_arena(m->txn), lms_key_names[kind], value) : NULL,
        .employee = m->into.id,
        .valid_from = from,
        .valid_to = DATE_NONE};
    if (!value)
        return ST_OK;
    if (alias_overlapping(txn_snapshot(m->txn), txn_organisation(m->txn), &row, &other, NULL) == ST_OK &&
        !strcmp(other.employee, m->into.id))
        return ST_OK;
    m->outcome->keys++;
    return alias_put(m->txn, &row, err);
}

/* ---- completions */

static enum status moving_unprove(struct txn *txn, const char *completion, struct error *err)
{
    struct evidence_list evidence;
    enum status status = evidence_of_completion(txn_snapshot(txn), completion, &evidence, err);
    for (size_t i = 0; status == ST_OK && i < evidence.count; i++)
        if (evidence.items[i].undone_at == INSTANT_NONE)
            status = action_unprove(
                txn, evidence.items[i].action, completion, "the completion is another person's", err);
    return status;
}

static void moving_audit(struct moving *m, const struct completion_row *row)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "from", m->from.id);
    jw_member(&w, "reason", row->reason);
    jw_member(&w, "to", row->employee);
    jw_close(&w, '}');
    txn_audit(m->txn, "completion.reassigned", row->id, out.data);
}

/* To the other person, or to nobody for that reason. */
static enum status moving_give(struct moving *m, struct completion_row *row, const struct completion_said *said,
    const char *reason, struct error *err)
{
    struct completion_items evidence;
    enum status status = moving_unprove(m->txn, row->id, err);
    row->employee = reason ? NULL : m->into.id;
    row->reason = reason;
    row->state = reason ? "quarantined" : row->state;
    if (status == ST_OK)
        status = completion_update(m->txn, row, 0, err);
    if (status == ST_OK && reason)
        status = completion_wait(m->txn, row, said, err);
    if (status == ST_OK)
        status = completion_evidence(txn_snapshot(m->txn), row->id, &evidence, err);
    if (status != ST_OK)
        return status;
    moving_audit(m, row);
    m->outcome->completions += !reason;
    m->outcome->ambiguous += reason != NULL;
    return completion_settle(m->txn, row, said, evidence.count ? evidence.items[0].sha256 : "", err);
}

static bool moving_came_by(
    const struct moving *m, const struct completion_row *row, const struct completion_said *said)
{
    const struct completion_key *keys = said->keys.items;
    const char *source = m->key->source;
    for (size_t i = 0; i < said->keys.count; i++)
        if (moving_names(m, source, keys[i].kind, keys[i].value))
            return !source || !strcmp(row->source, source);
    return false;
}

/* One key went over: what it says now, beside the others. */
static enum status moving_judge(
    struct moving *m, struct completion_row *row, const struct completion_said *said, struct error *err)
{
    date_t day = DATE_NONE;
    const char *employee = NULL, *reason = NULL;
    if (!moving_came_by(m, row, said))
        return ST_OK;
    enum status status = completion_day(m->txn, row, &day, err);
    if (status == ST_OK)
        status = completion_person(
            m->txn, row->source, said->keys.items, said->keys.count, day, &employee, &reason, err);
    bool ambiguous = reason && !strcmp(reason, "ambiguous_person");
    if (status != ST_OK || (!ambiguous && !text_equal(employee, m->into.id)))
        return status;
    return moving_give(m, row, said, ambiguous ? reason : NULL, err);
}

static bool moving_enough(const struct moving *m)
{
    return m->outcome->completions + m->outcome->ambiguous >= IDENTITY_SLICE;
}

static enum status moving_completions(struct moving *m, struct error *err)
{
    struct completion_filter filter = {.employee = m->from.id};
    struct page page = {.limit = PAGE_MAX};
    struct completion_list list;
    enum status status;
    do {
        status = completion_list(txn_snapshot(m->txn), txn_organisation(m->txn), &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            struct completion_said said;
            m->outcome->more = moving_enough(m);
            if (m->outcome->more)
                return ST_OK;
            status = completion_said_of_row(txn_arena(m->txn), &list.items[i], &said, err);
            if (status == ST_OK)
                status = m->key ? moving_judge(m, &list.items[i], &said, err)
                                : moving_give(m, &list.items[i], &said, NULL, err);
        }
        page.cursor = list.next;
    } while (status == ST_OK && list.next);
    return status;
}

static void moving_end(const struct moving *m, const char *verb)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member_int(&w, "ambiguous", m->outcome->ambiguous);
    jw_member_int(&w, "completions", m->outcome->completions);
    jw_member(&w, "from", m->from.id);
    jw_member(&w, "into", m->into.id);
    jw_member_int(&w, "keys", m->outcome->keys);
    jw_member_bool(&w, "more", m->outcome->more);
    jw_close(&w, '}');
    txn_audit(m->txn, verb, m->from.id, out.data);
    txn_audit(m->txn, verb, m->into.id, out.data);
}

/* ---- verbs */

enum status identity_merge(
    struct txn *txn, const struct identity_merge *order, struct identity_outcome *ret, struct error *err)
{
    struct moving m = {.txn = txn, .outcome = ret};
    enum status status = moving_open(&m, order->employee, order->into, err);
    if (status == ST_OK)
        status = moving_aliases(&m, err);
    if (status == ST_OK)
        status = moving_new_key(&m, NULL, LMS_KEY_NUMBER, m.from.number, DATE_NONE, err);
    if (status == ST_OK)
        status = moving_new_key(&m, NULL, LMS_KEY_EMAIL, m.from.email, DATE_NONE, err);
    if (status == ST_OK)
        status = moving_completions(&m, err);
    if (status == ST_OK)
        moving_end(&m, "identity.merged");
    return status;
}

enum status identity_split(
    struct txn *txn, const struct identity_split *order, struct identity_outcome *ret, struct error *err)
{
    struct moving m = {.txn = txn, .key = order, .outcome = ret};
    struct source_row source;
    enum status status = moving_open(&m, order->employee, order->into, err);
    if (status == ST_OK && order->source &&
        (!own_id(txn, order->source, "src") ||
            source_get(txn_snapshot(txn), order->source, &source, NULL) != ST_OK))
        status = error_field(err, "/source", "there is no source %s", order->source);
    if (status == ST_OK)
        status = moving_aliases(&m, err);
    if (status == ST_OK && ret->keys == 0)
        status =
            moving_new_key(&m, order->source, (enum lms_key_kind)order->kind, order->value, order->from, err);
    if (status == ST_OK)
        status = moving_completions(&m, err);
    if (status == ST_OK)
        moving_end(&m, "identity.split");
    return status;
}
