/*
 * /v1/campaigns: reviews of many people planned together. What was asked is stored, the work goes on by itself;
 * the request is held until that has ended or its patience has.
 */
#include "work/campaign.h"

#include "ops.h"
#include "work/organisation.h"

#include <string.h>

enum { CAMPAIGN_WAIT_DEFAULT = 10, CAMPAIGN_WAIT_MAX = 120 };

struct campaign_shown {
    const char *id, *organisation, *label, *state;
    const struct campaign_options *options;
    struct placement_counts counts;
    instant_t created_at, updated_at;
};
#define SHOWN(member, type, ...) FIELD(struct campaign_shown, member, type, __VA_ARGS__)
#define COUNT(member, text)      FIELD_AS(#member, struct campaign_shown, counts.member, FIELD_INT, .doc = (text))
static const struct field shown_fields[] = {
    SHOWN(id, FIELD_ID, .kind = "cmp", .doc = "Identifier."),
    SHOWN(organisation, FIELD_ID, .kind = "org", .doc = "The organisation."),
    SHOWN(label, FIELD_TEXT, .flags = FIELD_NULL, .doc = "What people call it."),
    SHOWN(state, FIELD_TEXT, .doc = "selecting (whom it concerns), planning, inviting, discarding, done."),
    SHOWN(options, FIELD_OBJECT, .of = &campaign_options_table, .doc = "What was asked."),
    COUNT(waiting, "Employees for whom no time was looked for yet."),
    COUNT(planned, "A time is found, there is no review yet: all of a dry run."),
    COUNT(created, "Reviews created that nobody is invited to yet."),
    COUNT(refused, "Employees without a time: their placements say why."),
    COUNT(invited, "Reviews created that people are invited to."),
    COUNT(discarded, "What nobody was invited to and is given up."),
    SHOWN(created_at, FIELD_INSTANT, .doc = "When it was asked for."),
    SHOWN(updated_at, FIELD_INSTANT, .doc = "When it last went on."),
};
static const struct field_table shown_table = FIELD_TABLE("Campaign", struct campaign_shown, shown_fields, -1);

static enum status campaign_show(const struct snapshot *snapshot, struct call *call,
    const struct campaign_row *row, struct campaign_shown *ret, struct error *err)
{
    struct campaign_options *options = ARENA_NEW(call->arena, struct campaign_options);
    enum status status = field_parse(&campaign_options_table, call->arena, row->options, strlen(row->options),
        FIELD_MODE_STORED, options, err);
    *ret = (struct campaign_shown){.id = row->id,
        .organisation = arena_printf(call->arena, "org_%s", call->organisation),
        .label = row->label,
        .state = row->state,
        .options = options,
        .created_at = row->created_at,
        .updated_at = row->updated_at};
    return status == ST_OK ? placement_counts(snapshot, row->id, &ret->counts, err) : status;
}

/* ---- reading */

static enum status campaign_find(
    const struct snapshot *snapshot, struct call *call, struct campaign_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "cmp", &id, err);
    return status == ST_OK ? campaign_get(snapshot, id, ret, err) : status;
}

static enum status campaign_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct campaign_row row;
    struct campaign_shown shown;
    enum status status = campaign_find(snapshot, call, &row, err);
    if (status == ST_OK)
        status = campaign_show(snapshot, call, &row, &shown, err);
    if (status != ST_OK)
        return status;
    call_answer(call, &shown, 0);
    call_etag_of_body(call);
    return ST_OK;
}

const struct op campaign_one = {.name = "campaign_get",
    .summary = "One campaign, and how far it is",
    .output = &shown_table,
    .read = campaign_read};

struct campaigns_query {
    struct page_params page;
};
static const struct field campaigns_query_fields[] = {PAGE_FIELDS(struct campaigns_query)};
static const struct field_table campaigns_query_table =
    FIELD_TABLE("CampaignsQuery", struct campaigns_query, campaigns_query_fields, -1);

static enum status campaigns_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct page page = call_page(call);
    struct campaign_list list;
    enum status status = campaign_list(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct campaign_shown shown;
        status = campaign_show(snapshot, call, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&shown_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op campaigns_list = {.name = "campaigns_list",
    .summary = "Campaigns, newest first",
    .query = &campaigns_query_table,
    .output = &shown_table,
    .list = true,
    .read = campaigns_read};

/* ---- placements */

struct placements_query {
    struct page_params page;
    int state;
};
static const struct field placements_query_fields[] = {PAGE_FIELDS(struct placements_query),
    FIELD(struct placements_query, state, FIELD_ENUM, .names = placement_state_names, .doc = "In this state.")};
static const struct field_table placements_query_table =
    FIELD_TABLE("PlacementQuery", struct placements_query, placements_query_fields, -1);

#define PLACED(member, type, ...) FIELD(struct placement_row, member, type, __VA_ARGS__)
static const struct field placement_fields[] = {
    PLACED(employee, FIELD_ID, .kind = "emp", .doc = "Who is owed a review."),
    PLACED(duty, FIELD_ID, .kind = "duty", .doc = "The duty that is due first."),
    PLACED(due, FIELD_DATE, .doc = "Until when."),
    PLACED(interviewer, FIELD_ID, .flags = FIELD_NULL, .kind = "emp", .doc = "Who holds it."),
    PLACED(from, FIELD_DATE, .doc = "First day looked at."),
    PLACED(to, FIELD_DATE, .doc = "Last day looked at."),
    PLACED(state, FIELD_TEXT, .doc = "waiting, planned, created, refused, invited, discarded."),
    FIELD_AS(
        "start", struct placement_row, starts_at, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "The time found."),
    FIELD_AS("end", struct placement_row, ends_at, FIELD_INSTANT, .flags = FIELD_NULL, .doc = "Its end."),
    PLACED(review, FIELD_ID, .flags = FIELD_NULL, .kind = "rev", .doc = "The review created."),
    PLACED(reason, FIELD_TEXT, .flags = FIELD_NULL,
        .doc =
            "What took most of the time, of those refused: employee_away, interviewer_review, week_full ...; "
            "not_invited, of those who could not be."),
    PLACED(explanation, FIELD_TEXT, .flags = FIELD_NULL, .doc = "The same as a sentence with numbers."),
};
static const struct field_table placement_table =
    FIELD_TABLE("Placement", struct placement_row, placement_fields, -1);

static enum status placements_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct placements_query *query = call->params;
    const struct page page = call_page(call);
    struct campaign_row row;
    struct placement_list list;
    enum status status = campaign_find(snapshot, call, &row, err);
    if (status == ST_OK)
        status = placement_list(snapshot, row.id,
            query->state == FIELD_UNSET ? NULL : placement_state_names[query->state], &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct placement_row shown = list.items[i];
        if (!shown.interviewer[0])
            shown.interviewer = NULL;
        field_write(&placement_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op placements_get = {.name = "campaign_placements",
    .summary = "The employees of a campaign: the time found for each, or why there is none",
    .query = &placements_query_table,
    .output = &placement_table,
    .list = true,
    .read = placements_read};

/* ---- starting */

struct campaign_query {
    int64_t wait;
};
static const struct field campaign_query_fields[] = {
    FIELD(struct campaign_query, wait, FIELD_INT, .min = 0, .max = CAMPAIGN_WAIT_MAX,
        .doc = "Seconds to wait for the end, 10 unless told; 202 when it has not come by then."),
};
static const struct field_table campaign_query_table =
    FIELD_TABLE("CampaignQuery", struct campaign_query, campaign_query_fields, -1);

/* The work goes on by itself; the request is held for a while. */
static enum status campaign_await(
    struct txn *txn, struct call *call, const struct campaign_row *row, struct error *err)
{
    const struct campaign_query *query = call->params;
    struct campaign_shown shown;
    int64_t wait = query->wait == FIELD_INT_NONE ? CAMPAIGN_WAIT_DEFAULT : query->wait;
    enum status status = campaign_show(txn_snapshot(txn), call, row, &shown, err);
    if (status != ST_OK)
        return status;
    char *id = arena_strdup(call->arena, row->id);
    call->state = id;
    call->status = 202;
    call_location(call, "/v1/campaigns/%s", id);
    call_answer(call, &shown, 0);
    call_await(call, id, wait * US_PER_SEC);
    return ST_OK;
}

static enum status campaign_write(struct txn *txn, struct call *call, struct error *err)
{
    struct campaign_row row;
    enum status status = campaign_start(txn, call->in, &row, err);
    return status == ST_OK ? campaign_await(txn, call, &row, err) : status;
}

static enum status campaign_look_again(
    const struct snapshot *snapshot, struct call *call, int done, struct error *err)
{
    struct campaign_row row;
    struct campaign_shown shown;
    enum status status = campaign_get(snapshot, call->state, &row, err);
    if (status == ST_OK)
        status = campaign_show(snapshot, call, &row, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/campaigns/%s", row.id);
    call->status = strcmp(row.state, campaign_state_names[CAMPAIGN_DONE]) ? 202 : done;
    call_answer(call, &shown, 0);
    return ST_OK;
}

static enum status campaign_refresh(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    return campaign_look_again(snapshot, call, 201, err);
}

static enum status campaign_end_refresh(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    return campaign_look_again(snapshot, call, 200, err);
}

const struct op campaign_post = {.name = "campaign_create",
    .summary = "Plans the reviews of all who are owed one",
    .query = &campaign_query_table,
    .input = &campaign_options_table,
    .output = &shown_table,
    .body_optional = true,
    .created = 201,
    .write = campaign_write,
    .refresh = campaign_refresh};

/* ---- as a whole */

struct campaign_invitation {
    int short_notice;
};
static const struct field invitation_fields[] = {
    FIELD(struct campaign_invitation, short_notice, FIELD_BOOL,
        .doc = "Also those who have less than eight days left by now."),
};
static const struct field_table invitation_table =
    FIELD_TABLE("CampaignInvitation", struct campaign_invitation, invitation_fields, -1);

static enum status campaign_invite_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct campaign_invitation *in = call->in;
    const char *id;
    struct campaign_row row;
    enum status status = call_id(call, "id", "cmp", &id, err);
    if (status == ST_OK)
        status = campaign_invite(txn, id, in->short_notice == 1, &row, err);
    return status == ST_OK ? campaign_await(txn, call, &row, err) : status;
}

const struct op campaign_invite_all = {.name = "campaign_invite",
    .summary = "Invites to all reviews of a campaign that nobody is invited to yet",
    .query = &campaign_query_table,
    .input = &invitation_table,
    .output = &shown_table,
    .body_optional = true,
    .write = campaign_invite_write,
    .refresh = campaign_end_refresh};

static enum status campaign_discard_write(struct txn *txn, struct call *call, struct error *err)
{
    const char *id;
    struct campaign_row row;
    enum status status = call_id(call, "id", "cmp", &id, err);
    if (status == ST_OK)
        status = campaign_discard(txn, id, &row, err);
    return status == ST_OK ? campaign_await(txn, call, &row, err) : status;
}

const struct op campaign_discard_rest = {.name = "campaign_discard",
    .summary = "Gives up what nobody was invited to yet; what people were invited to stays",
    .query = &campaign_query_table,
    .output = &shown_table,
    .write = campaign_discard_write,
    .refresh = campaign_end_refresh};
