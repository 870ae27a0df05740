#pragma once
/*
 * Organisations. Two counters tell what changed: facts_version (facts of the organisation itself: duties
 * computed under an older one are stale) and data_version (anything at all: for caches).
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

/* What happens to its deliveries: dropped, kept for a look, sent. */
enum delivery_mode { DELIVERY_OFF, DELIVERY_HELD, DELIVERY_LIVE };
extern const char *const delivery_mode_names[]; /* "off", "held", "live", NULL */

struct organisation_row {
    const char *id;  /* "org_<key>" */
    const char *key; /* the 10 characters that all its ids embed */
    const char *name;
    const char *siren;
    const char *locale; /* "fr", "en" */
    const char *zone;   /* "Europe/Paris" */
    enum delivery_mode deliveries;
    const char *settings; /* JSON object */
    const char *rules;    /* name of those its duties are computed by; not written by update */
    int64_t version;
    int64_t facts_version, data_version; /* not written by update */
    const char *facts_cause; /* what raised facts_version last: id of a fact, name of rules; may be NULL */
    instant_t created_at, updated_at;
};

struct organisation_list {
    struct organisation_row *items;
    size_t count;
    const char *next;
};

/* In a job of "system". Makes key and id (when `id` is NULL), version 1, the times, and writes them into `row`.
 */
enum status organisation_add(struct txn *txn, struct organisation_row *row, struct error *err);
/* In a job of the organisation itself. Writes name, siren, locale, zone, deliveries and settings. */
enum status organisation_update(
    struct txn *txn, struct organisation_row *row, int64_t expected, struct error *err);
/* By key. "system" is none. */
enum status organisation_get(
    const struct snapshot *snapshot, const char *key, struct organisation_row *ret, struct error *err);
/* Only the name of its zone. */
enum status organisation_zone_name(
    const struct snapshot *snapshot, const char *key, const char **ret, struct error *err);
/* In the order of their keys. */
enum status organisation_list(
    const struct snapshot *snapshot, const struct page *page, struct organisation_list *ret, struct error *err);

/* facts_version + 1 with its cause (id of a fact, or a word), and the new one: after a change of what is true
 * of the organisation but not a fact row (a policy). fact_add and its like on the organisation do it by
 * themselves. */
enum status organisation_raise_facts(struct txn *txn, const char *cause, int64_t *ret, struct error *err);

/* In a job of the organisation: its duties follow these rules from now on; other ones than before raise
 * facts_version. */
enum status organisation_rules(struct txn *txn, const char *rules, bool *ret_changed, struct error *err);

/* Where each organisation's watching stands: the earliest next_check of its employees (DATE_NONE = none) and
 * whether duties of any were computed under an older facts_version or other rules than these. */
struct organisation_watch {
    const char *key, *zone;
    date_t next_check;
    bool stale;
};
struct organisation_watch_list {
    struct organisation_watch *items;
    size_t count;
};
/* All organisations that have a next check or stale employees, in the order of their keys. */
enum status organisation_watches(
    const struct snapshot *snapshot, const char *rules, struct organisation_watch_list *ret, struct error *err);
