/* /v1/organisations: legal entities, their agreements, headcounts and policies. */
#include "op.h"
#include "ops.h"
#include "work/organisation.h"

#include <string.h>

struct organisation_query {
    struct page_params page;
};
static const struct field organisation_query_fields[] = {PAGE_FIELDS(struct organisation_query)};
static const struct field_table organisation_query_table =
    FIELD_TABLE("OrganisationQuery", struct organisation_query, organisation_query_fields, -1);

static enum status organisations_write_one(const struct snapshot *snapshot, const struct organisation_row *row,
    struct json_writer *w, struct error *err)
{
    struct organisation shown;
    enum status status = organisation_of_row(snapshot, row, &shown, err);
    if (status == ST_OK)
        field_write(&organisation_table, w, &shown);
    return status;
}

/* A token of one organisation sees that one. */
static enum status organisations_find(
    const struct snapshot *snapshot, const struct call *call, struct organisation_list *ret, struct error *err)
{
    const struct page page = call_page(call);
    if (strcmp(call->organisation, "system") == 0)
        return organisation_list(snapshot, &page, ret, err);
    struct organisation_row *row = ARENA_NEW(snapshot_arena(snapshot), struct organisation_row);
    *ret = (struct organisation_list){.items = row, .count = 1};
    return organisation_get(snapshot, call->organisation, row, err);
}

static enum status organisations_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct organisation_list list;
    enum status status = organisations_find(snapshot, call, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        status = organisations_write_one(snapshot, &list.items[i], &w, err);
    call_items_close(call, &w, list.next);
    return status;
}

const struct op organisations_list = {.name = "organisations_list",
    .summary = "The organisations the token may see",
    .query = &organisation_query_table,
    .output = &organisation_table,
    .list = true,
    .any_organisation = true,
    .read = organisations_read};

static enum status organisation_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct organisation shown;
    const char *id;
    enum status status = call_id(call, "id", "org", &id, err);
    if (status == ST_OK)
        status = organisation_view(snapshot, call->organisation, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op organisation_one = {.name = "organisation_one",
    .summary = "One organisation",
    .output = &organisation_table,
    .read = organisation_read};

static enum status organisation_may_create(struct call *call, struct error *err)
{
    if (call->who.organisation[0])
        return error_set(err, ST_FORBIDDEN, "only a token for all organisations may create one");
    if (strcmp(call->organisation, "system") != 0)
        return error_field(err, "/organisation", "leave it out: the new organisation gets its own id");
    return ST_OK;
}

static enum status organisation_make(struct txn *txn, struct call *call, struct error *err)
{
    struct organisation made;
    enum status status = organisation_create(txn, call->in, &made, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/organisations/%s", made.id);
    call_answer(call, &made, made.version);
    return ST_OK;
}

const struct op organisation_post = {.name = "organisation_create",
    .summary = "Creates an organisation; needs a token for all",
    .input = &organisation_table,
    .output = &organisation_table,
    .any_organisation = true,
    .created = 201,
    .parse = organisation_may_create,
    .write = organisation_make};

static enum status organisation_alter(struct txn *txn, struct call *call, struct error *err)
{
    struct organisation_row row;
    struct organisation changed;
    const char *id;
    enum status status = call_id(call, "id", "org", &id, err);
    if (status == ST_OK)
        status = organisation_get(txn_snapshot(txn), call->organisation, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    if (status == ST_OK)
        status = organisation_change(txn, call->in, row.version, &changed, err);
    if (status == ST_OK)
        call_answer(call, &changed, changed.version);
    return status;
}

const struct op organisation_patch = {.name = "organisation_change",
    .summary = "Changes an organisation; the duties of its employees follow",
    .input = &organisation_table,
    .mode = FIELD_MODE_PATCH,
    .output = &organisation_table,
    .write = organisation_alter};
