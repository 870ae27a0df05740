/*
 * Campaigns from beginning to end. On a write lane.
 */
#include "campaign_work.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "internal.h"
#include "own.h"
#include "work/review.h"

#include <string.h>

enum { CAMPAIGN_DAYS_MAX = 366 };

const char *const campaign_state_names[] = {"selecting", "planning", "inviting", "discarding", "done", NULL};
const char *const placement_state_names[] = {
    "waiting", "planned", "created", "refused", "invited", "discarded", NULL};

#define OPTION(member, type, ...) FIELD(struct campaign_options, member, type, __VA_ARGS__)
static const struct field options_fields[] = {
    OPTION(label, FIELD_TEXT, .doc = "What people call it: \"Printemps 2027\"."),
    OPTION(due_before, FIELD_DATE,
        .doc = "Duties due before this day; those in the planning horizon, and overdue ones, unless told."),
    OPTION(from, FIELD_DATE, .doc = "No review before this day; as the duties say unless told."),
    OPTION(to, FIELD_DATE, .doc = "No review after this day; as the duties say unless told."),
    OPTION(manager, FIELD_ID, .kind = "emp", .doc = "Only those who report to this employee."),
    OPTION(interviewer, FIELD_ID, .kind = "emp", .doc = "Holds the reviews of people without a manager."),
    OPTION(duration, FIELD_INT, .min = 5, .max = 480, .doc = "Minutes; 60 unless told."),
    OPTION(per_week, FIELD_INT, .min = 1, .max = 100,
        .doc = "Reviews in one week of an interviewer, at most; the organisation's policy unless told."),
    OPTION(mode, FIELD_ENUM, .names = review_mode_names, .doc = "onsite unless told."),
    OPTION(location, FIELD_TEXT, .doc = "Where."),
    OPTION(conference_url, FIELD_URL, .doc = "The link, of remote and hybrid reviews."),
    OPTION(propose, FIELD_BOOL, .doc = "Offer each slot to its employee; otherwise the reviews are drafts."),
    OPTION(dry_run, FIELD_BOOL, .doc = "Find the times only, create nothing."),
    OPTION(short_notice, FIELD_BOOL,
        .doc = "When all are invited: also those who have less than eight days left by then."),
};
const struct field_table campaign_options_table =
    FIELD_TABLE("CampaignOptions", struct campaign_options, options_fields, -1);

const char *campaign_json(struct arena *arena, const struct campaign_options *options)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(&campaign_options_table, &w, options, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

/* ---- the start */

static enum status start_check(struct txn *txn, const struct campaign_options *options, struct error *err)
{
    struct organisation organisation;
    struct employee_row person;
    enum status status = organisation_view(txn_snapshot(txn), txn_organisation(txn), &organisation, err);
    if (status != ST_OK)
        return status;
    date_t today = organisation_today(&organisation, txn_now(txn));
    date_t from = options->from == DATE_NONE ? today : options->from;
    if (options->to != DATE_NONE && (options->to < from || options->to < today))
        return error_field(err, "/to", "is before the first day");
    if (options->to != DATE_NONE && options->to - from > CAMPAIGN_DAYS_MAX)
        return error_field(err, "/to", "is more than %d days after the first", CAMPAIGN_DAYS_MAX);
    if (options->manager && own_employee(txn, options->manager, "/manager", &person, err) != ST_OK)
        return ST_INVALID;
    if (options->interviewer && own_employee(txn, options->interviewer, "/interviewer", &person, err) != ST_OK)
        return ST_INVALID;
    if (options->mode == REVIEW_REMOTE && !options->conference_url)
        return error_field(err, "/conference_url", "a remote review needs its link");
    return ST_OK;
}

enum status campaign_start(
    struct txn *txn, const struct campaign_options *options, struct campaign_row *ret, struct error *err)
{
    enum status status = start_check(txn, options, err);
    if (status != ST_OK)
        return status;
    struct campaign_row row = {.label = options->label,
        .state = campaign_state_names[CAMPAIGN_SELECTING],
        .options = campaign_json(txn_arena(txn), options),
        .actor = txn_actor(txn)};
    status = campaign_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "campaign.started", row.id, row.options);
    *ret = row;
    return ST_OK;
}

/* ---- slices */

static enum status tick_load(struct campaign_work *w, struct error *err)
{
    enum status status =
        organisation_view(txn_snapshot(w->txn), txn_organisation(w->txn), &w->organisation, err);
    if (status != ST_OK)
        return status;
    w->today = organisation_today(&w->organisation, txn_now(w->txn));
    return field_parse(&campaign_options_table, w->arena, w->row.options, strlen(w->row.options),
        FIELD_MODE_STORED, &w->options, err);
}

static enum status tick_end(struct campaign_work *w, const char *verb, struct error *err)
{
    BUF_AUTO text;
    struct placement_counts counts;
    enum status status = placement_counts(txn_snapshot(w->txn), w->row.id, &counts, err);
    if (status != ST_OK)
        return status;
    buf_init(&text, 0);
    struct json_writer writer = json_writer(&text);
    jw_open(&writer, '{');
    jw_member_int(&writer, "planned", counts.planned);
    jw_member_int(&writer, "created", counts.created);
    jw_member_int(&writer, "refused", counts.refused);
    jw_member_int(&writer, "invited", counts.invited);
    jw_member_int(&writer, "discarded", counts.discarded);
    jw_close(&writer, '}');
    txn_audit(w->txn, verb, w->row.id, text.data);
    return ST_OK;
}

static const struct tick_row {
    enum status (*tick)(struct campaign_work *w, struct error *err);
    const char *ended; /* the audit record of its end */
} tick_rows[] = {[CAMPAIGN_SELECTING] = {campaign_select, "campaign.done"},
    [CAMPAIGN_PLANNING] = {campaign_plan, "campaign.done"},
    [CAMPAIGN_INVITING] = {campaign_invite_some, "campaign.invited"},
    [CAMPAIGN_DISCARDING] = {campaign_discard_some, "campaign.discarded"}};

enum status campaign_tick(struct txn *txn, unsigned *ret_done, char ret_ended[static ID_MAX], struct error *err)
{
    struct campaign_work *w = ARENA_NEW(txn_arena(txn), struct campaign_work);
    *w = (struct campaign_work){.txn = txn, .arena = txn_arena(txn)};
    *ret_done = 0;
    ret_ended[0] = '\0';
    enum status status = campaign_next(txn_snapshot(txn), txn_organisation(txn), &w->row, err);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status == ST_OK)
        status = tick_load(w, err);
    if (status != ST_OK)
        return status;
    const struct tick_row *row = &tick_rows[work_name_index(campaign_state_names, w->row.state)];
    status = row->tick(w, err);
    if (status == ST_OK)
        status = campaign_update(txn, &w->row, err);
    bool ended = text_equal(w->row.state, campaign_state_names[CAMPAIGN_DONE]);
    if (status == ST_OK && ended)
        status = tick_end(w, row->ended, err);
    if (status != ST_OK)
        return status;
    if (ended)
        (void)text_copy(ret_ended, ID_MAX, w->row.id);
    *ret_done = w->waits && !w->woke ? 0 : 1;
    return ST_OK;
}
