/*
 * Badges that are handed in: asked for by a request, kept once a job has fetched them. On a write lane.
 */
#include "work/badge.h"

#include "completion.h"
#include "internal.h"
#include "own.h"

#include <string.h>

#define BADGE_SOURCE "badges"

static const struct field badge_order_fields[] = {
    FIELD(struct badge_order, url, FIELD_URL, .flags = FIELD_REQUIRED,
        .doc = "Where the assertion stands (Open Badges 2.0, hosted)."),
    FIELD(struct badge_order, employee, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED,
        .doc = "Whom it was issued to: one of the person's mail addresses, or a former one."),
    FIELD(struct badge_order, completion, FIELD_ID, .kind = "cpl", .flags = FIELD_NULL,
        .doc = "The completion it is evidence of; null: it is one of its own."),
};
const struct field_table badge_order_table =
    FIELD_TABLE("BadgeOrder", struct badge_order, badge_order_fields, -1);

enum status badge_order_read(
    struct arena *arena, const char *request, struct badge_order *ret, struct error *err)
{
    field_clear(&badge_order_table, ret);
    if (field_parse(&badge_order_table, arena, request, strlen(request), FIELD_MODE_STORED, ret, err) == ST_OK)
        return ST_OK;
    return error_set(err, ST_INTERNAL, "the order of a badge cannot be read");
}

/* ---- handing in */

static enum status badge_check_completion(
    struct txn *txn, const struct badge_order *order, struct completion_row *ret, struct error *err)
{
    struct error found = ERROR_INIT;
    enum status status = own_id(txn, order->completion, "cpl")
                             ? completion_get(txn_snapshot(txn), order->completion, ret, &found)
                             : ST_NOT_FOUND;
    if (status == ST_NOT_FOUND)
        return error_field(err, "/completion", "is no completion of this organisation");
    if (status != ST_OK)
        return error_set(err, status, "%s", found.detail);
    if (!ret->employee || strcmp(ret->employee, order->employee) != 0)
        return error_set(err, ST_CONFLICT, "%s is not a completion of that employee", order->completion);
    return ST_OK;
}

enum status badge_hand_in(
    struct txn *txn, const struct badge_order *order, struct operation_row *ret, struct error *err)
{
    struct employee_row person;
    struct completion_row completion;
    enum status status = own_employee(txn, order->employee, "/employee", &person, err);
    if (status == ST_OK && order->completion)
        status = badge_check_completion(txn, order, &completion, err);
    if (status != ST_OK)
        return status;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    field_write(&badge_order_table, &w, order);
    *ret = (struct operation_row){.kind = BADGE_VERIFY,
        .subject = order->employee,
        .request = arena_strdup(txn_arena(txn), out.data),
        .next_at = txn_now(txn)};
    return operation_add(txn, ret, err);
}

/* ---- keeping */

/* The person's address, and those it was before. */
static enum status badge_addresses(struct txn *txn, const char *employee, struct list *ret, struct error *err)
{
    struct employee_row person;
    struct alias_list known = {0};
    struct alias_filter filter = {.employee = employee};
    struct page page = {.limit = PAGE_MAX};
    enum status status = employee_get(txn_snapshot(txn), employee, &person, err);
    if (status == ST_OK)
        status = alias_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &known, err);
    if (status != ST_OK)
        return status;
    const char **all = ARENA_ARRAY(txn_arena(txn), known.count + 1, const char *);
    size_t count = 0;
    if (person.email)
        all[count++] = person.email;
    for (size_t i = 0; i < known.count; i++)
        if (!strcmp(known.items[i].kind, lms_key_names[LMS_KEY_EMAIL]))
            all[count++] = known.items[i].value;
    *ret = (struct list){.items = all, .count = count};
    return ST_OK;
}

static enum status badge_enter(struct txn *txn, const char *employee, const char *url,
    const struct lms_badge *badge, const struct item_row *item, const char **ret, struct error *err)
{
    bool fresh = false;
    struct completion_said said;
    struct course_row course = {.source = item->source,
        .code = badge->class_url,
        .title = badge->name,
        .mandatory = "unknown",
        .body = "{}"};
    enum status status = course_see(txn, &course, &fresh, err);
    if (status != ST_OK)
        return status;
    if (fresh)
        txn_audit(txn, "course.seen", course.id, NULL);
    field_clear(&completion_said_table, &said);
    said.event_id = url;
    said.course_id = badge->class_url;
    said.course_title = badge->name;
    said.status = said.effect = lms_effect_names[LMS_COMPLETED];
    said.certificate_url = url;
    said.expires = badge->expires;
    return completion_enter(txn, &course, item, employee, badge->issued, &said, ret, err);
}

static enum status badge_prove(
    struct txn *txn, const struct badge_order *order, struct item_row *item, bool fresh, struct error *err)
{
    struct completion_row completion;
    enum status status = badge_check_completion(txn, order, &completion, err);
    if (status == ST_OK && fresh)
        status = item_set(txn, item->id, completion.state, NULL, completion.id, err);
    if (status == ST_OK)
        status = completion_prove(txn, completion.id, item->id, item->sha256, err);
    if (status == ST_OK)
        completion_audit(txn, &completion, item, "completion.confirmed");
    return status;
}

static const char *badge_result(struct arena *arena, const char *completion, const char *employee,
    const struct lms_badge *badge, const struct item_row *item)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "completion", completion);
    jw_member(&w, "employee", employee);
    jw_member(&w, "badge", badge->name);
    jw_member(&w, "issuer", badge->issuer);
    jw_member_instant(&w, "issued", badge->issued);
    jw_member_instant(&w, "expires", badge->expires);
    jw_member(&w, "sha256", item->sha256);
    jw_close(&w, '}');
    return arena_strdup(arena, out.data);
}

enum status badge_keep(struct txn *txn, const struct badge_order *order, const struct lms_badge_documents *docs,
    const char **ret_result, const char **ret_problem, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct list addresses;
    struct lms_badge badge;
    const char *source = NULL, *completion = order->completion;
    struct item_row item;
    bool fresh = false;
    enum status status = badge_addresses(txn, order->employee, &addresses, err);
    if (status != ST_OK)
        return status;
    *ret_problem = lms_badge_wrong(arena, docs, &addresses, txn_now(txn), &badge);
    if (*ret_problem)
        return ST_OK;
    status = completion_own_source(txn, BADGE_SOURCE, "Open Badges", &source, err);
    if (status == ST_OK)
        status = completion_keep(txn, source, arena_printf(arena, "id:%s", order->url),
            lms_badge_evidence(arena, docs), &item, &fresh, err);
    if (status == ST_OK && order->completion)
        status = badge_prove(txn, order, &item, fresh, err);
    else if (status == ST_OK && fresh)
        status = badge_enter(txn, order->employee, order->url, &badge, &item, &completion, err);
    else if (status == ST_OK)
        completion = item.completion;
    if (status == ST_OK)
        *ret_result = badge_result(arena, completion, order->employee, &badge, &item);
    return status;
}
