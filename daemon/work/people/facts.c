/*
 * The verbs of facts, the same for every kind: add, put, correct, withdraw, read. A change of an employee's
 * fact computes that employee's duties again. On a lane.
 */
#include "internal.h"

#include "base/buf.h"
#include "store/employee.h"
#include "work/changes.h"

#include <string.h>

static struct fact_head *fact_head(void *fact)
{
    return fact;
}

static date_t fact_date(const void *fact, size_t at)
{
    date_t date = DATE_NONE;
    if (at > 0)
        memcpy(&date, (const char *)fact + at, sizeof date);
    return date;
}

static const char *fact_body(struct arena *arena, const struct fact_kind *kind, const void *fact)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(kind->body, &w, fact, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static struct fact_row fact_row_of(struct arena *arena, const struct fact_kind *kind, const void *fact)
{
    const struct fact_head *head = fact;
    return (struct fact_row){.id = head->id,
        .kind = kind->name,
        .valid_from = fact_date(fact, kind->from_at),
        .valid_to = fact_date(fact, kind->to_at),
        .body = fact_body(arena, kind, fact),
        .reason = head->reason};
}

static void fact_fill_head(struct arena *arena, const struct fact_row *row, struct fact_head *head)
{
    char key[ORG_KEY_MAX];
    head->id = row->id;
    head->employee = id_parse(row->subject, "emp", NULL) ? row->subject : NULL;
    head->organisation = id_parse(row->id, NULL, key) ? arena_printf(arena, "org_%s", key) : NULL;
    head->reason = row->reason;
    head->actor = row->actor;
    head->recorded_at = row->recorded_at;
    head->version = row->version;
}

/* ---- reading */

enum status facts_read(
    struct arena *arena, const struct fact_kind *kind, const struct fact_row *row, void *ret, struct error *err)
{
    enum status status =
        field_parse(kind->body, arena, row->body, strlen(row->body), FIELD_MODE_STORED, ret, NULL);
    if (status != ST_OK)
        return error_set(err, ST_INTERNAL, "the body of %s cannot be read", row->id);
    fact_fill_head(arena, row, fact_head(ret));
    return ST_OK;
}

enum status facts_get(
    const struct snapshot *snapshot, const struct fact_kind *kind, const char *id, void *ret, struct error *err)
{
    struct fact_row row;
    enum status status = fact_get(snapshot, id, INSTANT_NONE, &row, err);
    if (status != ST_OK)
        return status;
    if (strcmp(row.kind, kind->name) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no %s %s", kind->name, id);
    return facts_read(snapshot_arena(snapshot), kind, &row, ret, err);
}

enum status facts_of(const struct snapshot *snapshot, const struct fact_kind *kind, const char *subject,
    instant_t known_at, struct list *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct fact_list rows;
    enum status status = fact_of(snapshot, subject, kind->name, known_at, &rows, err);
    if (status != ST_OK)
        return status;
    char *items = arena_array(arena, rows.count, kind->table->size);
    for (size_t i = 0; i < rows.count; i++) {
        status = facts_read(arena, kind, &rows.items[i], items + i * kind->table->size, err);
        if (status != ST_OK)
            return status;
    }
    *ret = (struct list){.items = items, .count = rows.count};
    return ST_OK;
}

static const void *facts_find_same(const struct fact_kind *kind, const struct list *known, const void *fact)
{
    for (size_t i = 0; i < known->count; i++) {
        const void *one = (const char *)known->items + i * kind->table->size;
        if (kind->same(one, fact))
            return one;
    }
    return NULL;
}

/* ---- writing */

/* The subject is the person, so that everything about them is found, and erased, together. */
static void facts_audit(struct txn *txn, const struct fact_kind *kind, const char *verb, const void *before,
    const void *after, const char *reason)
{
    const struct fact_head *head = after ? after : before;
    struct arena *arena = txn_arena(txn);
    if (kind->silent)
        return;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{'); /* in the order of the canonical form */
    changes_write(&w, arena, kind->body, before, after);
    jw_member(&w, "fact", head->id);
    if (reason)
        jw_member(&w, "reason", reason);
    jw_close(&w, '}');
    txn_audit(txn, arena_printf(arena, "%s.%s", kind->name, verb), head->employee, text.data);
}

static enum status facts_check(
    struct txn *txn, const struct fact_kind *kind, const char *employee, const void *fact, struct error *err)
{
    struct employee_row row;
    const struct duties_frame *frame;
    enum status status = employee_get(txn_snapshot(txn), employee, &row, err);
    if (status == ST_OK)
        status = work_frame(txn, &frame, err);
    if (status == ST_OK && kind->check)
        status = kind->check(fact, employee_first_day(row.hire_date, row.seniority_date), frame->today, err);
    return status;
}

static enum status facts_insert(struct txn *txn, const struct fact_kind *kind, const char *subject,
    const struct list *known, void *fact, struct error *err)
{
    if (known->count >= FACTS_MAX)
        return error_set(err, ST_CONFLICT, "there are %d facts of the kind %s already", FACTS_MAX, kind->name);
    struct fact_row row = fact_row_of(txn_arena(txn), kind, fact);
    row.id = NULL;
    row.subject = subject;
    enum status status = fact_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    fact_fill_head(txn_arena(txn), &row, fact_head(fact));
    facts_audit(txn, kind, "added", NULL, fact, row.reason);
    return ST_OK;
}

/* `fact` becomes the next version of what `before` is. */
static enum status facts_supersede(struct txn *txn, const struct fact_kind *kind, const void *before,
    void *fact, int64_t expected, struct error *err)
{
    struct fact_row row = fact_row_of(txn_arena(txn), kind, fact);
    row.id = ((const struct fact_head *)before)->id;
    enum status status = fact_correct(txn, &row, expected, err);
    if (status != ST_OK)
        return status;
    fact_fill_head(txn_arena(txn), &row, fact_head(fact));
    facts_audit(txn, kind, "corrected", before, fact, row.reason);
    return ST_OK;
}

enum status facts_add(
    struct txn *txn, const struct fact_kind *kind, const char *employee, void *fact, struct error *err)
{
    struct list known;
    enum status status = facts_check(txn, kind, employee, fact, err);
    if (status == ST_OK)
        status = facts_of(txn_snapshot(txn), kind, employee, INSTANT_NONE, &known, err);
    if (status != ST_OK)
        return status;
    const struct fact_head *same = facts_find_same(kind, &known, fact);
    if (same)
        return error_set(err, ST_CONFLICT, "this is recorded already as %s; change that one", same->id);
    status = facts_insert(txn, kind, employee, &known, fact, err);
    return status == ST_OK ? duties_recompute(txn, employee, fact_head(fact)->id, err) : status;
}

enum status facts_put(struct txn *txn, const struct fact_kind *kind, const char *employee, void *fact,
    enum outcome *ret, struct error *err)
{
    struct list known;
    enum status status = facts_check(txn, kind, employee, fact, err);
    if (status == ST_OK)
        status = facts_of(txn_snapshot(txn), kind, employee, INSTANT_NONE, &known, err);
    if (status != ST_OK)
        return status;
    const void *same = facts_find_same(kind, &known, fact);
    enum outcome outcome = !same ? OUTCOME_CREATED : OUTCOME_UPDATED;
    if (same && field_equal(kind->body, same, fact)) {
        *ret = OUTCOME_UNCHANGED;
        *fact_head(fact) = *(const struct fact_head *)same;
        return ST_OK;
    }
    status = same ? facts_supersede(txn, kind, same, fact, 0, err)
                  : facts_insert(txn, kind, employee, &known, fact, err);
    if (status == ST_OK)
        status = duties_recompute(txn, employee, fact_head(fact)->id, err);
    if (status == ST_OK)
        *ret = outcome;
    return status;
}

/* Whether a corrected fact now speaks of what another one says already. */
static enum status facts_refuse_second(
    struct txn *txn, const struct fact_kind *kind, const void *fact, struct error *err)
{
    const struct fact_head *head = fact;
    struct list known;
    enum status status = facts_of(txn_snapshot(txn), kind, head->employee, INSTANT_NONE, &known, err);
    for (size_t i = 0; status == ST_OK && i < known.count; i++) {
        const void *one = (const char *)known.items + i * kind->table->size;
        const char *id = ((const struct fact_head *)one)->id;
        if (strcmp(id, head->id) != 0 && kind->same(one, fact))
            return error_set(err, ST_CONFLICT, "this is recorded already as %s", id);
    }
    return status;
}

enum status facts_correct(struct txn *txn, const struct fact_kind *kind, const char *id, const void *patch,
    int64_t expected, void *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    void *before = arena_alloc(arena, kind->table->size);
    enum status status = facts_get(txn_snapshot(txn), kind, id, before, err);
    if (status == ST_OK)
        status = work_expect(fact_head(before)->version, expected, err);
    if (status != ST_OK)
        return status;
    void *after = arena_copy(arena, before, kind->table->size);
    fact_head(after)->reason = NULL;
    (void)field_merge(kind->table, after, patch);
    if (field_equal(kind->body, before, after)) {
        memcpy(ret, before, kind->table->size);
        return ST_OK;
    }
    const char *employee = fact_head(before)->employee;
    status = field_check(kind->table, after, err);
    if (status == ST_OK)
        status = facts_check(txn, kind, employee, after, err);
    if (status == ST_OK)
        status = facts_refuse_second(txn, kind, after, err);
    if (status == ST_OK)
        status = facts_supersede(txn, kind, before, after, expected, err);
    if (status == ST_OK)
        status = duties_recompute(txn, employee, id, err);
    if (status == ST_OK)
        memcpy(ret, after, kind->table->size);
    return status;
}

enum status facts_withdraw(struct txn *txn, const struct fact_kind *kind, const char *id, int64_t expected,
    const char *reason, struct error *err)
{
    void *before = arena_alloc(txn_arena(txn), kind->table->size);
    enum status status = facts_get(txn_snapshot(txn), kind, id, before, err);
    if (status == ST_OK)
        status = fact_withdraw(txn, id, expected, reason, err);
    if (status != ST_OK)
        return status;
    facts_audit(txn, kind, "withdrawn", before, NULL, reason);
    return duties_recompute(txn, fact_head(before)->employee, id, err);
}

/* ---- lists of an organisation */

static enum status facts_replace_one(struct txn *txn, const struct fact_kind *kind, const char *organisation,
    const struct list *known, void *fact, bool *ret_changed, struct error *err)
{
    const void *same = facts_find_same(kind, known, fact);
    if (same && field_equal(kind->body, same, fact))
        return ST_OK;
    *ret_changed = true;
    return same ? facts_supersede(txn, kind, same, fact, 0, err)
                : facts_insert(txn, kind, organisation, known, fact, err);
}

enum status facts_replace(struct txn *txn, const struct fact_kind *kind, const char *organisation,
    const struct list *wanted, bool *ret_changed, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct list known;
    bool changed = false;
    enum status status = facts_of(txn_snapshot(txn), kind, organisation, INSTANT_NONE, &known, err);
    for (size_t i = 0; status == ST_OK && i < known.count; i++) {
        const struct fact_head *one = (const void *)((const char *)known.items + i * kind->table->size);
        if (facts_find_same(kind, wanted, one))
            continue;
        changed = true;
        status = fact_withdraw(txn, one->id, 0, NULL, err);
    }
    for (size_t i = 0; status == ST_OK && i < wanted->count; i++) {
        const void *fact = (const char *)wanted->items + i * kind->table->size;
        status = facts_replace_one(
            txn, kind, organisation, &known, arena_copy(arena, fact, kind->table->size), &changed, err);
    }
    if (status == ST_OK)
        *ret_changed = changed;
    return status;
}
