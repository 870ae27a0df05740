#pragma once
/*
 * Duties kept up to date: every change of a fact of an employee computes that employee's duties again in its
 * own transaction; time and facts of the organisation make them due for the watcher. Duties of a day or as
 * known on a day are computed from the versions of facts that were recorded by then.
 */
#include "base/date.h"
#include "base/lang.h"
#include "base/zone.h"
#include "model/duty.h"
#include "store/employee.h"
#include "store/txn.h"
#include "work/facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rules of the configuration, NULL = those built in. Once, before lanes run; they must outlive them. */
void duties_begin(const struct rules *rules);
/* The rules in use. Any thread. */
const struct rules *duties_rules(void);
/* Id and hash of the rules in use: an organisation whose duties were computed by others is stale. */
const char *duties_rules_name(void);

/* What the duties of all employees of an organisation share. */
struct duties_frame {
    const char *organisation; /* key */
    enum lang lang;
    const struct zone *zone;
    date_t today;
    int64_t facts_version;   /* of the organisation */
    const char *facts_cause; /* what raised it last, may be NULL */
    struct duty_policies policies;
    const struct case_agreement *agreements;
    size_t agreement_count;
};
/* The organisation as known at an instant (INSTANT_NONE: now). Lives as long as the snapshot's arena. */
enum status duties_frame_load(const struct snapshot *snapshot, const char *organisation, instant_t known_at,
    struct duties_frame *ret, struct error *err);

/* The end of a civil day in the organisation's zone: what was known on that day. */
instant_t duties_day_end(const struct duties_frame *frame, date_t day);

/* The duties of one employee on `as_of`, from what was known at `known_at`. */
struct duties_view {
    bool known; /* false: nothing was known of the employee then */
    struct duty_case facts;
    struct duties duties;
    const char *const *open_ids; /* beside duties.open and duties.history */
    /* Beside duties.open: who took note that it was missed, NULL for the others. */
    const struct acknowledgement *const *acknowledged;
    const char *const *history_ids;
};
enum status duties_view(const struct snapshot *snapshot, const struct duties_frame *frame, const char *employee,
    date_t as_of, instant_t known_at, struct duties_view *ret, struct error *err);

/* Computes the duties from what is known now, writes what differs from the stored rows (ids are stable), audits
 * duty.opened, duty.changed, duty.closed and duty.withdrawn with `cause` (id of the fact that made the change,
 * of the employee or of the organisation; the name of other rules; NULL = time) and notes when to look again.
 * ST_NOT_FOUND without such an employee. */
enum status duties_recompute(struct txn *txn, const char *employee, const char *cause, struct error *err);
/* Somebody takes note of a duty of an employee that was missed. ST_CONFLICT: it is not missed (the sentence
 * says what it is), or was acknowledged already. */
enum status duty_acknowledge(struct txn *txn, const char *duty, const char *note, struct error *err);

/* The watcher's verb: takes up the rules in use when they are others than before (audited), computes the duties
 * of at most `limit` employees of the job's organisation whose day has come or whose organisation has changed
 * since. *ret_done < limit: nothing is left for today. */
enum status duties_tick(struct txn *txn, unsigned limit, unsigned *ret_done, struct error *err);
