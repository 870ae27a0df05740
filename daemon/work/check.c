/* Rows beside their audit records, bytes beside their hashes. On a read lane. */
#include "work/check.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "internal.h"
#include "review/work.h"
#include "store/audit.h"
#include "store/check.h"
#include "store/completion.h"
#include "store/duty.h"
#include "store/employee.h"
#include "training/plan_work.h"
#include "work/changes.h"
#include "work/employee.h"

#include <string.h>

enum { CHECK_SEEN = 96, CHECK_RECORDS = 1000, CHECK_PAGE = 50 };

/* ---- one row beside its records */

struct testimony {
    const char *verb;
    const struct json *payload;
};

/* `current` is what changes_write() says of the row as if it were new. */
struct witness {
    const struct snapshot *snapshot;
    const char *organisation, *subject;
    const char *verbs;          /* only records whose verb begins so; NULL: any */
    const char *member, *value; /* only records with this; NULL: any */
    const char *seen[CHECK_SEEN];
    size_t seen_count;
    const struct json *current;
    struct testimony *records; /* of the subject; NULL: not read yet */
    size_t count;
    const char *found; /* the first member that differs */
};

/* What is not told is null, false, 0 or empty. */
static bool witness_blank(const struct json *value)
{
    switch (json_type(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return true;
    case JSON_TEXT:
        return !*json_text(value);
    case JSON_INT:
        return json_int(value) == 0;
    case JSON_ARRAY:
    case JSON_OBJECT:
        return json_count(value) == 0;
    default:
        return false;
    }
}

/* Whoever is erased is taken out of rows about others, without a record about those. */
static bool witness_may_be_gone(const char *key)
{
    return !strcmp(key, "manager") || !strcmp(key, "interviewer");
}

static enum status witness_member(void *context, const char *key, const struct json *change)
{
    struct witness *w = context;
    for (size_t i = 0; i < w->seen_count; i++)
        if (!strcmp(w->seen[i], key))
            return ST_OK;
    if (w->seen_count == CHECK_SEEN)
        return ST_OK;
    w->seen[w->seen_count++] = key;
    const struct json *told = json_at(change, 1), *is = json_at(json_get(w->current, key), 1);
    bool same = json_equal(told, is) || (witness_blank(told) && witness_blank(is));
    if (!same && !(witness_may_be_gone(key) && witness_blank(is)) && !w->found)
        w->found = key;
    return ST_OK;
}

/* The records of the subject, the newest first, up to the first that is erased; read once for all its rows. */
static enum status witness_load(struct witness *w, struct error *err)
{
    const struct audit_filter filter = {.subject = w->subject, .newest_first = true};
    struct page page = {.limit = CHECK_PAGE};
    w->records = ARENA_ARRAY(snapshot_arena(w->snapshot), CHECK_RECORDS, struct testimony);
    for (bool more = true; more && w->count < CHECK_RECORDS;) {
        struct audit_list list;
        enum status status = audit_list(w->snapshot, w->organisation, &filter, &page, &list, err);
        if (status != ST_OK)
            return status;
        more = list.next != NULL;
        page.cursor = list.next;
        for (size_t i = 0; i < list.count && w->count < CHECK_RECORDS; i++) {
            const struct audit_row *row = &list.items[i];
            struct testimony *one = &w->records[w->count];
            if (row->erased_at != INSTANT_NONE)
                return ST_OK;
            if (row->payload && json_parse(snapshot_arena(w->snapshot), row->payload, strlen(row->payload),
                                    &one->payload, NULL) == ST_OK) {
                one->verb = row->verb;
                w->count++;
            }
        }
    }
    return ST_OK;
}

/* The first mention of a member is what holds. */
static void witness_hear(struct witness *w)
{
    for (size_t i = 0; i < w->count && !w->found; i++) {
        const struct testimony *one = &w->records[i];
        if (w->verbs && strncmp(one->verb, w->verbs, strlen(w->verbs)) != 0)
            continue;
        if (w->member && !text_equal(json_text(json_get(one->payload, w->member)), w->value))
            continue;
        const struct json *changed = json_get(one->payload, "changed");
        if (json_type(changed) == JSON_OBJECT)
            (void)json_each(changed, witness_member, w);
    }
}

static enum status witness_table(
    struct witness *w, const struct field_table *table, const void *row, struct error *err)
{
    struct arena *arena = snapshot_arena(w->snapshot);
    const struct json *json = NULL;
    const char *text = changes_payload(arena, table, NULL, row, NULL, NULL);
    enum status status = json_parse(arena, text, strlen(text), &json, err);
    w->current = json_get(json, "changed");
    if (status == ST_OK && !w->records)
        status = witness_load(w, err);
    if (status == ST_OK)
        witness_hear(w);
    return status;
}

/* ---- the kinds */

/* What of the row does not hold: the name of a member or "its bytes"; NULL: all of it holds. */
typedef enum status (*check_one)(struct witness *w, struct error *err);

static enum status check_review(struct witness *w, struct error *err)
{
    struct review_row row;
    struct review review;
    enum status status = review_get(w->snapshot, w->subject, &row, err);
    if (status == ST_OK)
        status = review_of_row(snapshot_arena(w->snapshot), &row, &review, err);
    return status == ST_OK ? witness_table(w, &review_audit_table, &review, err) : status;
}

static enum status check_need(struct witness *w, struct error *err)
{
    struct need_row row;
    struct need need;
    enum status status = need_get(w->snapshot, w->subject, &row, err);
    if (status == ST_OK)
        status = need_of_row(snapshot_arena(w->snapshot), &row, &need, err);
    return status == ST_OK ? witness_table(w, &need_audit_table, &need, err) : status;
}

static enum status check_action(struct witness *w, struct error *err)
{
    struct action_row row;
    struct action action;
    enum status status = action_get(w->snapshot, w->subject, &row, err);
    if (status == ST_OK)
        status = action_of_row(snapshot_arena(w->snapshot), &row, &action, err);
    return status == ST_OK ? witness_table(w, &action_audit_table, &action, err) : status;
}

static enum status check_employee(struct witness *w, struct error *err)
{
    struct employee_row row;
    struct employee employee;
    enum status status = employee_get(w->snapshot, w->subject, &row, err);
    if (status != ST_OK)
        return status;
    employee_of_row(snapshot_arena(w->snapshot), &row, &employee);
    w->verbs = "employee."; /* those of duties and facts have the same subject */
    return witness_table(w, &employee_table, &employee, err);
}

/* Records about duties are the person's. */
static enum status check_duties(struct witness *w, struct error *err)
{
    struct duty_list list;
    enum status status = duty_of_employee(w->snapshot, w->subject, &list, err);
    if (status == ST_OK && list.count > 0)
        status = witness_load(w, err);
    for (size_t i = 0; status == ST_OK && i < list.count && !w->found; i++) {
        struct witness one = {.snapshot = w->snapshot,
            .organisation = w->organisation,
            .subject = w->subject,
            .member = "duty",
            .value = list.items[i].id,
            .records = w->records,
            .count = w->count};
        status = witness_table(
            &one, &duty_audit_table, duty_audited(snapshot_arena(w->snapshot), &list.items[i]), err);
        if (one.found)
            w->found = arena_printf(snapshot_arena(w->snapshot), "%s of duty %s", one.found, list.items[i].id);
    }
    return status;
}

/* The latest record that tells the day of a completion that somebody is known for. */
static enum status check_completion(struct witness *w, struct error *err)
{
    char text[INSTANT_TEXT_MAX] = "";
    struct completion_row row;
    enum status status = completion_get(w->snapshot, w->subject, &row, err);
    if (status != ST_OK || !row.employee || row.occurred_at == INSTANT_NONE ||
        strcmp(row.state, "completed") != 0)
        return status;
    instant_text(row.occurred_at, text);
    status = witness_load(w, err);
    const char *told = NULL;
    for (size_t i = 0; status == ST_OK && !told && i < w->count; i++)
        told = json_text(json_get(w->records[i].payload, "occurred_at"));
    if (told && strcmp(told, text) != 0)
        w->found = "occurred_at";
    return status;
}

static enum status check_bytes(struct witness *w, enum check_table table, struct error *err)
{
    struct check_bytes held;
    char hex[SHA256_HEX];
    enum status status = store_check_bytes(w->snapshot, w->organisation, table, w->subject, &held, err);
    if (status != ST_OK || !held.sha256)
        return status;
    struct sha256 sum = sha256(held.bytes.data, held.bytes.size);
    if (strcmp(sha256_hex(&sum, hex), held.sha256) != 0)
        w->found = "its bytes";
    return ST_OK;
}

static enum status check_document(struct witness *w, struct error *err)
{
    return check_bytes(w, CHECK_DOCUMENTS, err);
}

static enum status check_item(struct witness *w, struct error *err)
{
    return check_bytes(w, CHECK_ITEMS, err);
}

static enum status check_envelope(struct witness *w, struct error *err)
{
    return check_bytes(w, CHECK_ENVELOPES, err);
}

struct check_kind {
    const char *name;
    enum check_table table;
    check_one check;
    unsigned slice; /* rows */
    const char *against;
};

static const struct check_kind check_kinds[] = {
    {"review", CHECK_REVIEWS, check_review, 50, "audit records"},
    {"need", CHECK_NEEDS, check_need, 100, "audit records"},
    {"action", CHECK_ACTIONS, check_action, 100, "audit records"},
    {"employee", CHECK_EMPLOYEES, check_employee, 50, "audit records"},
    {"employee", CHECK_EMPLOYEES, check_duties, 20, "audit records"},
    {"completion", CHECK_COMPLETIONS, check_completion, 100, "audit records"},
    {"document", CHECK_DOCUMENTS, check_document, 4, "hash"},
    {"record", CHECK_ITEMS, check_item, 100, "hash"},
    {"body", CHECK_ENVELOPES, check_envelope, 50, "hash"},
};
enum { CHECK_KINDS = sizeof check_kinds / sizeof check_kinds[0] };

/* ---- slices */

static enum status check_slice_row(const struct snapshot *snapshot, const char *organisation,
    const struct check_kind *kind, const char *id, const char **ret_found, struct error *err)
{
    struct witness w = {.snapshot = snapshot, .organisation = organisation, .subject = id};
    struct error why = ERROR_INIT;
    enum status status = kind->check(&w, &why);
    if (status == ST_INTERNAL ||
        status == ST_NOT_FOUND) { /* a body that cannot be read is a fault of the row */
        *ret_found = arena_printf(snapshot_arena(snapshot), "%s %s: %s", kind->name, id, why.detail);
        return ST_OK;
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", why.detail);
    if (w.found)
        *ret_found = arena_printf(snapshot_arena(snapshot), "%s %s: %s is not what its %s says", kind->name, id,
            w.found, kind->against);
    return ST_OK;
}

enum status check_rows(const struct snapshot *snapshot, const char *organisation, struct check_cursor *cursor,
    int64_t *ret_rows, const char **ret_found, struct error *err)
{
    const struct check_kind *kind = &check_kinds[cursor->kind];
    struct check_ids ids;
    *ret_found = NULL;
    enum status status =
        store_check_ids(snapshot, organisation, kind->table, cursor->after, kind->slice, &ids, err);
    for (size_t i = 0; status == ST_OK && !*ret_found && i < ids.count; i++) {
        status = check_slice_row(snapshot, organisation, kind, ids.items[i], ret_found, err);
        (void)text_copy(cursor->after, sizeof cursor->after, ids.items[i]);
        ++*ret_rows;
    }
    if (status != ST_OK || *ret_found || ids.count == kind->slice)
        return status;
    cursor->kind++;
    cursor->after[0] = '\0';
    cursor->ended = cursor->kind == CHECK_KINDS;
    return ST_OK;
}
