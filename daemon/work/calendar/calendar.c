/*
 * Calendars as resources: made, changed, forgotten. Passwords are sealed with the calendar's id. On a lane.
 */
#include "work/calendar.h"

#include "base/text.h"
#include "internal.h"
#include "lms/pull.h"
#include "work.h"
#include "work/changes.h"

#include <string.h>

const char *const calendar_kind_names[] = {"scheduling", "store", NULL};

#define CALENDAR(member, type, ...) FIELD(struct calendar, member, type, __VA_ARGS__)
static const struct field calendar_fields[] = {
    CALENDAR(id, FIELD_ID, .kind = "cal", .flags = FIELD_READ, .doc = "Identifier."),
    CALENDAR(organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ, .doc = "The organisation."),
    CALENDAR(kind, FIELD_ENUM, .flags = FIELD_REQUIRED | FIELD_CREATE, .names = calendar_kind_names,
        .doc = "scheduling: HR's calendar on a server that invites; store: people's own calendars."),
    CALENDAR(name, FIELD_TEXT, .max = 100, .flags = FIELD_REQUIRED, .doc = "What people call it."),
    CALENDAR(url, FIELD_URL, .flags = FIELD_REQUIRED,
        .doc = "Of the server, a principal or a calendar; of a store, what all calendar_url begin with."),
    CALENDAR(user, FIELD_TEXT, .flags = FIELD_NULL, .max = 200, .doc = "User name."),
    CALENDAR(
        password, FIELD_TEXT, .flags = FIELD_WRITE, .max = 500, .doc = "Password; kept sealed, never shown."),
    CALENDAR(paused, FIELD_BOOL, .doc = "true: nothing is sent there or asked, invitations leave by mail."),
    CALENDAR(state, FIELD_TEXT, .flags = FIELD_READ, .doc = "unknown, found, failing, paused."),
    CALENDAR(collection, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL, .max = 2048,
        .doc = "HR's calendar, as found."),
    CALENDAR(address, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL, .doc = "Whom the server takes HR for."),
    CALENDAR(
        last_error, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL, .max = 500, .doc = "What went wrong last."),
    CALENDAR(failures, FIELD_INT, .flags = FIELD_READ,
        .doc = "How often in a row it failed; each doubles the time to the next attempt."),
    CALENDAR(found_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL, .doc = "When it was found."),
    CALENDAR(
        visited_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL, .doc = "The last visit that went well."),
    CALENDAR(next_visit_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "Nothing is tried before."),
    CALENDAR(created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was created."),
    CALENDAR(updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table calendar_table =
    FIELD_TABLE("Calendar", struct calendar, calendar_fields, offsetof(struct calendar, given));

void calendar_of_row(struct arena *arena, const struct calendar_row *row, struct calendar *ret)
{
    char key[ORG_KEY_MAX] = "";
    (void)id_parse(row->id, "cal", key);
    *ret = (struct calendar){.id = row->id,
        .organisation = arena_printf(arena, "org_%s", key),
        .kind = work_name_index(calendar_kind_names, row->kind),
        .name = row->name,
        .url = row->url,
        .user = row->user,
        .paused = row->paused,
        .collection = row->collection,
        .address = row->address,
        .last_error = row->last_error,
        .failures = row->failures,
        .found_at = row->found_at,
        .visited_at = row->visited_at,
        .next_visit_at = row->next_at,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .version = row->version};
    if (row->paused)
        ret->state = "paused";
    else if (row->failures > 0)
        ret->state = "failing";
    else
        ret->state = row->found_at == INSTANT_NONE ? "unknown" : "found";
}

bool calendar_is_refused(const struct calendar_row *row)
{
    return row->failures > 0 && row->last_error &&
           !strncmp(row->last_error, CALENDAR_REFUSED, strlen(CALENDAR_REFUSED));
}

static enum status calendar_seal(
    struct txn *txn, const char *id, const char *password, const char **ret, struct error *err)
{
    char *sealed = NULL;
    *ret = NULL;
    if (!password)
        return ST_OK;
    const char *context = arena_printf(txn_arena(txn), "calendars/%s/password", id);
    enum status status =
        seal(txn_keyring(txn), txn_arena(txn), context, password, strlen(password), &sealed, err);
    *ret = sealed;
    return status;
}

static enum status calendar_check(const struct calendar *calendar, struct error *err)
{
    if (calendar->user && strchr(calendar->user, ':'))
        return error_field(err, "/user", "a user name holds no colon");
    const char *host = strstr(calendar->url, "://");
    if (!host || strcspn(host + 3, "@") < strcspn(host + 3, "/"))
        return error_field(err, "/url", "expected a URL without a user name: give `user` and `password`");
    if (strpbrk(calendar->url, "?#"))
        return error_field(err, "/url", "expected a URL without a query");
    return ST_OK;
}

static enum status calendar_check_only(struct txn *txn, struct error *err)
{
    struct calendar_list list;
    enum status status = calendar_all(txn_snapshot(txn), txn_organisation(txn), &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (text_equal(list.items[i].kind, calendar_kind_names[CALENDAR_SCHEDULING]))
            return error_field(err, "/kind", "there is a scheduling server already: %s", list.items[i].name);
    return status;
}

enum status calendar_create(struct txn *txn, const struct calendar *in, struct calendar *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct calendar_row row = {.id = id_make(arena, "cal", txn_organisation(txn), txn_now(txn)),
        .kind = calendar_kind_names[in->kind],
        .name = in->name,
        .url = in->url,
        .user = in->user,
        .paused = in->paused == 1};
    enum status status = calendar_check(in, err);
    if (status == ST_OK && in->kind == CALENDAR_SCHEDULING)
        status = calendar_check_only(txn, err);
    if (status == ST_OK)
        status = calendar_seal(txn, row.id, in->password, &row.password, err);
    if (status == ST_OK)
        status = calendar_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    calendar_of_row(arena, &row, ret);
    txn_audit(txn, "calendar.created", row.id, changes_payload(arena, &calendar_table, NULL, ret, NULL, NULL));
    return ST_OK;
}

/* What is never shown is not sent to another host either, for whoever may change an address. */
static enum status calendar_check_password(
    struct arena *arena, const struct calendar_row *row, const struct calendar *after, struct error *err)
{
    if (!row->password || lms_link_resolve(arena, row->url, after->url))
        return ST_OK;
    return error_field(err, "/password", "expected with an address on another host");
}

enum status calendar_change(struct txn *txn, const char *id, const struct calendar *patch, int64_t expected,
    struct calendar *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct calendar_row row;
    struct calendar before;
    enum status status = calendar_load(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status != ST_OK)
        return status;
    calendar_of_row(arena, &row, &before);
    struct calendar after = before;
    (void)field_merge(&calendar_table, &after, patch);
    status = field_check(&calendar_table, &after, err);
    if (status == ST_OK)
        status = calendar_check(&after, err);
    if (status == ST_OK && !field_given(&calendar_table, patch, "password"))
        status = calendar_check_password(arena, &row, &after, err);
    else if (status == ST_OK)
        status = calendar_seal(txn, id, patch->password, &row.password, err);
    if (status != ST_OK)
        return status;
    row.name = after.name;
    row.url = after.url;
    row.user = after.user;
    row.paused = after.paused == 1;
    status = calendar_update(txn, &row, row.version, err);
    if (status == ST_OK)
        status = calendar_load(txn_snapshot(txn), id, &row, err);
    if (status != ST_OK)
        return status;
    after.password = before.password = NULL;
    txn_audit(
        txn, "calendar.changed", id, changes_payload(arena, &calendar_table, &before, &after, NULL, NULL));
    calendar_of_row(arena, &row, ret);
    return ST_OK;
}

enum status calendar_remove(struct txn *txn, const char *id, struct error *err)
{
    enum status status = calendar_delete(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "calendar.deleted", id, NULL);
    return status;
}
