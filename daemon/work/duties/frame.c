/*
 * What the use cases share: the frame of a job's organisation, loaded once a job, and small helpers. On a lane.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

const char *work_address(struct arena *arena, const char *email)
{
    char *lower = arena_strdup(arena, email);
    for (char *c = lower; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    return lower;
}

int work_name_index(const char *const names[], const char *text)
{
    for (int i = 0; text && names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return FIELD_UNSET;
}

enum status work_expect(int64_t version, int64_t expected, struct error *err)
{
    if (expected == 0 || expected == version)
        return ST_OK;
    return error_set(
        err, ST_PRECONDITION, "it has version %lld by now, not %lld", (long long)version, (long long)expected);
}

void work_strip(struct error *err, const char *prefix)
{
    size_t length = strlen(prefix);
    for (unsigned i = 0; i < err->count; i++) {
        char *pointer = err->fields[i].pointer;
        if (strncmp(pointer, prefix, length) == 0 && (pointer[length] == '/' || pointer[length] == '\0'))
            memmove(pointer, pointer + length, strlen(pointer + length) + 1);
    }
}

enum status duties_frame_load(const struct snapshot *snapshot, const char *organisation, instant_t known_at,
    struct duties_frame *ret, struct error *err)
{
    struct organisation_row row;
    struct organisation known;
    enum status status = organisation_get(snapshot, organisation, &row, err);
    if (status == ST_OK)
        status = organisation_of_row(snapshot, &row, &known, err);
    if (status == ST_OK && known_at != INSTANT_NONE)
        status = organisation_facts(snapshot, row.id, known_at, &known, err);
    if (status != ST_OK)
        return status;
    *ret = (struct duties_frame){.organisation = row.key,
        .lang = (enum lang)known.locale,
        .zone = organisation_zone(&known),
        .today = organisation_today(&known, snapshot_now(snapshot)),
        .facts_version = row.facts_version,
        .facts_cause = row.facts_cause,
        .policies = organisation_duty_policies(&known),
        .agreements = organisation_agreements(snapshot_arena(snapshot), &known),
        .agreement_count = known.agreements.count};
    return ST_OK;
}

/* What a job knows of its organisation, once somebody has asked. */
struct frame_slot {
    const struct duties_frame *frame;
    const struct zone *zone;
};

static struct frame_slot *frame_slot(struct txn *txn)
{
    void **slot = txn_slot(txn);
    if (!*slot)
        *slot = ARENA_NEW(txn_arena(txn), struct frame_slot);
    return *slot;
}

enum status work_frame(struct txn *txn, const struct duties_frame **ret, struct error *err)
{
    struct frame_slot *slot = frame_slot(txn);
    if (!slot->frame) {
        struct duties_frame *frame = ARENA_NEW(txn_arena(txn), struct duties_frame);
        enum status status =
            duties_frame_load(txn_snapshot(txn), txn_organisation(txn), INSTANT_NONE, frame, err);
        if (status != ST_OK)
            return status;
        slot->frame = frame;
        slot->zone = frame->zone;
    }
    *ret = slot->frame;
    return ST_OK;
}

enum status work_zone(struct txn *txn, const struct zone **ret, struct error *err)
{
    struct frame_slot *slot = frame_slot(txn);
    const char *name = NULL;
    if (!slot->zone) {
        enum status status = organisation_zone_name(txn_snapshot(txn), txn_organisation(txn), &name, err);
        if (status != ST_OK)
            return status;
        slot->zone = zone_load(name, NULL);
    }
    *ret = slot->zone;
    return *ret ? ST_OK : error_set(err, ST_INTERNAL, "the zone %s is not known here", name);
}

void work_frame_forget(struct txn *txn)
{
    *txn_slot(txn) = NULL;
}
