/*
 * Organisations: creating, changing, and the whole of one read from its row, its settings and its facts. On a
 * lane.
 */
#include "internal.h"

#include "base/buf.h"
#include "base/text.h"
#include "store/delivery.h"
#include "work/changes.h"

#include <stdlib.h>
#include <string.h>

extern const struct field_table organisation_settings_table;

static int organisation_headcount_order(const void *a, const void *b)
{
    int64_t one = ((const struct headcount *)a)->year;
    int64_t other = ((const struct headcount *)b)->year;
    return one < other ? -1 : one > other;
}

enum status organisation_facts(const struct snapshot *snapshot, const char *id, instant_t known_at,
    struct organisation *ret, struct error *err)
{
    enum status status = facts_of(snapshot, &agreement_facts, id, known_at, &ret->agreements, err);
    if (status != ST_OK)
        return status;
    struct list headcounts;
    status = facts_of(snapshot, &headcount_facts, id, known_at, &headcounts, err);
    if (status != ST_OK)
        return status;
    struct headcount *sorted =
        arena_copy(snapshot_arena(snapshot), headcounts.items, headcounts.count * sizeof(struct headcount));
    qsort(sorted, headcounts.count, sizeof *sorted, organisation_headcount_order);
    ret->headcounts = (struct list){sorted, headcounts.count};
    return ST_OK;
}

enum status organisation_of_row(const struct snapshot *snapshot, const struct organisation_row *row,
    struct organisation *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct organisation made;
    enum status status = field_parse(&organisation_settings_table, arena, row->settings, strlen(row->settings),
        FIELD_MODE_STORED, &made, NULL);
    if (status != ST_OK)
        return error_set(err, ST_INTERNAL, "the settings of %s cannot be read", row->id);
    made.id = row->id;
    made.name = row->name;
    made.siren = row->siren;
    made.locale = work_name_index(lang_names, row->locale);
    made.zone = row->zone;
    made.deliveries = (int)row->deliveries;
    made.created_at = row->created_at;
    made.updated_at = row->updated_at;
    made.version = row->version;
    organisation_complete(arena, &made);
    status = organisation_facts(snapshot, row->id, INSTANT_NONE, &made, err);
    if (status == ST_OK)
        *ret = made;
    return status;
}

enum status organisation_view(
    const struct snapshot *snapshot, const char *key, struct organisation *ret, struct error *err)
{
    struct organisation_row row;
    enum status status = organisation_get(snapshot, key, &row, err);
    return status == ST_OK ? organisation_of_row(snapshot, &row, ret, err) : status;
}

const char *organisation_settings(struct arena *arena, const struct organisation *organisation)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(&organisation_settings_table, &w, organisation, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

/* What has a column of its own. */
static void organisation_fill_row(
    struct arena *arena, const struct organisation *from, struct organisation_row *row)
{
    row->name = from->name;
    row->siren = from->siren;
    row->locale = lang_names[from->locale];
    row->zone = from->zone;
    row->deliveries = (enum delivery_mode)from->deliveries;
    row->settings = organisation_settings(arena, from);
}

static enum status organisation_write_facts(
    struct txn *txn, const char *id, const struct organisation *from, struct error *err)
{
    bool changed;
    enum status status = facts_replace(txn, &agreement_facts, id, &from->agreements, &changed, err);
    if (status == ST_OK)
        status = facts_replace(txn, &headcount_facts, id, &from->headcounts, &changed, err);
    return status;
}

enum status organisation_create(
    struct txn *txn, const struct organisation *in, struct organisation *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct organisation made = *in;
    organisation_complete(arena, &made);
    enum status status = organisation_check(arena, &made, err);
    if (status != ST_OK)
        return status;
    struct organisation_row row = {0};
    organisation_fill_row(arena, &made, &row);
    row.rules = duties_rules_name();
    status = organisation_add(txn, &row, err);
    if (status == ST_OK)
        status = txn_enter(txn, row.key, err);
    if (status == ST_OK)
        status = organisation_write_facts(txn, row.id, &made, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "organisation.created", row.id,
        changes_payload(arena, &organisation_table, NULL, &made, NULL, NULL));
    return organisation_view(txn_snapshot(txn), row.key, ret, err);
}

/* Whether duties computed before still hold. Facts of the organisation tell so by themselves. */
static bool organisation_moves_duties(const struct organisation *before, const struct organisation *after)
{
    return !text_equal(before->zone, after->zone) ||
           !field_equal(&policies_table, before->policies, after->policies);
}

/* What was held leaves when it goes live; what waits is dropped when nothing is to leave any more. */
static enum status organisation_release(struct txn *txn, int before, int after, struct error *err)
{
    if (before == after || after == DELIVERY_HELD)
        return ST_OK;
    return delivery_release(txn, after == DELIVERY_LIVE, NULL, err);
}

static enum status organisation_write(struct txn *txn, struct organisation_row *row,
    const struct organisation *before, const struct organisation *after, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    organisation_fill_row(arena, after, row);
    enum status status = organisation_update(txn, row, row->version, err);
    if (status == ST_OK)
        status = organisation_write_facts(txn, row->id, after, err);
    if (status == ST_OK)
        status = organisation_release(txn, before->deliveries, after->deliveries, err);
    if (status == ST_OK && organisation_moves_duties(before, after))
        status = organisation_raise_facts(txn, "organisation.changed", NULL, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "organisation.changed", row->id,
        changes_payload(arena, &organisation_table, before, after, NULL, NULL));
    work_frame_forget(txn);
    return ST_OK;
}

enum status organisation_change(struct txn *txn, const struct organisation *patch, int64_t expected,
    struct organisation *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct organisation_row row;
    struct organisation before = {0};
    enum status status = organisation_get(snapshot, txn_organisation(txn), &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status == ST_OK)
        status = organisation_of_row(snapshot, &row, &before, err);
    if (status != ST_OK)
        return status;
    struct organisation after = before;
    (void)field_merge(&organisation_table, &after, patch);
    organisation_complete(arena, &after);
    status = field_check(&organisation_table, &after, err);
    if (status == ST_OK)
        status = organisation_check(arena, &after, err);
    if (status == ST_OK && !field_equal(&organisation_table, &before, &after))
        status = organisation_write(txn, &row, &before, &after, err);
    return status == ST_OK ? organisation_view(snapshot, row.key, ret, err) : status;
}
