#pragma once
/*
 * What the verbs of the store take. A read verb takes a `const struct snapshot *`: one consistent state of the
 * store. A write verb takes a `struct txn *`: a job inside a transaction of one organisation, which also gives
 * a snapshot of what it has done so far. Both exist only while the job's `run` is on a lane (see
 * store/store.h), on that lane's thread; they are never kept.
 *
 * Rules of all verbs, one file per resource (store/employee.h, store/fact.h ...):
 *  - Rows in, rows out, no decisions: what is allowed is decided above, with the rules of model.
 *  - Strings of rows read live in snapshot_arena(), until the job ends. Render or copy them before.
 *  - Enumerations of other modules are text here, as they are stored. NULL, DATE_NONE, INSTANT_NONE = none.
 *  - A row that is not there, or is another organisation's, is ST_NOT_FOUND. A write verb only touches rows of
 *    txn_organisation(); an id that embeds another key is ST_NOT_FOUND too.
 *  - `expected` in update and delete is the version the caller has seen (If-Match): ST_PRECONDITION when the
 * row has another by now; 0 = whatever it is. Each update adds 1; the new version is written back into the row
 * given.
 *  - A unique value that is taken is ST_CONFLICT with the pointer of the field.
 *  - Any other failure is sticky: the rest of the job sees it again and the job is undone as a whole, whatever
 * it returns. So `run` may check only the last verb of a series of writes.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/id.h"
#include "base/secret.h"

#include <stdbool.h>

struct snapshot;
struct txn;

/* A write job. It may run again (after a lost connection or a serialization failure): it starts from its input
 * and resets its output. A status other than ST_OK undoes all it wrote, its audit records and deliveries
 * included. */
typedef enum status (*txn_run)(struct txn *txn, void *context, struct error *err);
/* A read job. It may run again too. */
typedef enum status (*snapshot_run)(const struct snapshot *snapshot, void *context, struct error *err);

const struct snapshot *txn_snapshot(const struct txn *txn);
/* One instant for the whole job; with a set clock, the set instant. */
instant_t txn_now(const struct txn *txn);
const char *txn_organisation(const struct txn *txn); /* its key */
const char *txn_actor(const struct txn *txn);
const struct keyring *txn_keyring(const struct txn *txn); /* may be NULL: sealing fails then */
/* Memory until the end of the job's batch: for rows and the verbs' own needs. Answers belong in the request's
 * own arena. */
struct arena *txn_arena(const struct txn *txn);
struct arena *snapshot_arena(const struct snapshot *snapshot);
instant_t snapshot_now(const struct snapshot *snapshot);
/* Runs `run` on the same state with memory of its own, which is gone afterwards: for work on many rows. */
enum status snapshot_aside(const struct snapshot *snapshot, snapshot_run run, void *context, struct error *err);

/* Goes on in an organisation that this job of "system" has just added: rows, facts and audit records from here
 * on are its own. */
enum status txn_enter(struct txn *txn, const char *organisation, struct error *err);
/* One pointer of the caller's for as long as the job runs, NULL at its start: what the verbs of a use case
 * would load again and again. */
void **txn_slot(struct txn *txn);

/* Appends to the audit chain of the job's organisation, when and if the job is committed. `payload` is a JSON
 * text (what changed; NULL = {}). All three are copied. */
void txn_audit(struct txn *txn, const char *verb, const char *subject, const char *payload);

/* Runs `run` under a savepoint of its own inside the job; a failure undoes it alone (rows of a partial import)
 * and its status is the answer. */
enum status txn_try(struct txn *txn, txn_run run, void *context, struct error *err);
