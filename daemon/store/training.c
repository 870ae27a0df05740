/*
 * What an employee was trained in: actions with their evidence, completions without an action; and what they
 * said before they were changed.
 */
#include "store/training.h"

#include "completion.h"
#include "store/plan.h"
#include "store/source.h"

/* Evidence that stood at the instant $3. */
#define STANDING "e.recorded_at <= $3 AND (e.undone_at IS NULL OR e.undone_at > $3)"
/* Joins as `as` the version of `of` that was the current one at the instant $3; no row when today's is. */
#define JOIN_THEN(as, of)                                                                                      \
    " LEFT JOIN training_version " as " ON " as ".organisation = " of ".organisation "                         \
    "AND " as ".id = " of ".id AND " as ".superseded_at = (SELECT MIN(x.superseded_at) "                       \
    "FROM training_version x WHERE x.organisation = " of ".organisation AND x.id = " of ".id "                 \
    "AND x.superseded_at > $3) "
/* What `of` said then: of its version when there is one. */
#define THEN(as, of, column)                                                                                   \
    " CASE WHEN " as ".id IS NULL THEN " of "." column " ELSE " as "." column " END AS " column " "
#define COURSE_THEN "COALESCE(kv.title, k.title, k.code), COALESCE(kv.mandatory, k.mandatory) "
#define ACTIONS_THEN                                                                                           \
    "SELECT o.organisation, o.id," THEN("v", "o", "state") "," THEN("v", "o", "nature") "," THEN(              \
        "v", "o", "mandatory") "," THEN("v", "o", "body") "FROM action o" JOIN_THEN("v",                       \
        "o") "WHERE o.organisation = $1 AND o.employee = $2 AND o.created_at <= $3"
#define COMPLETIONS_THEN                                                                                       \
    "SELECT o.organisation, o.id," THEN("v", "o", "employee") "," THEN("v", "o", "state") "," THEN(            \
        "v", "o", "course") "," THEN("v", "o", "occurred_at") "FROM completion o" JOIN_THEN("v",               \
        "o") "WHERE o.organisation = $1 AND o.created_at <= $3 AND (o.employee = $2 OR o.id IN "               \
             "(SELECT id FROM training_version WHERE organisation = $1 AND employee = $2) OR o.id IN "         \
             "(SELECT completion FROM action_evidence e WHERE e.organisation = $1 AND e.action IN "            \
             "(SELECT id FROM action WHERE organisation = $1 AND employee = $2)))"

STATEMENT(training_actions,
    "SELECT a.id, a.state, a.nature, a.mandatory, a.body, c.id, c.occurred_at, COALESCE(k.title, k.code), "
    "k.mandatory FROM action a "
    "LEFT JOIN action_evidence e ON e.organisation = a.organisation AND e.action = a.id "
    "AND e.undone_at IS NULL "
    "LEFT JOIN completion c ON c.organisation = e.organisation AND c.id = e.completion "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course "
    "WHERE a.organisation = $1 AND a.employee = $2 "
    "AND (a.state = 'done' OR e.completion IS NOT NULL) ORDER BY a.id, c.id");
STATEMENT(training_completions,
    "SELECT c.id, c.occurred_at, COALESCE(k.title, k.code), k.mandatory FROM completion c "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course "
    "WHERE c.organisation = $1 AND c.employee = $2 AND c.state = 'completed' "
    "AND NOT EXISTS (SELECT 1 FROM action_evidence e WHERE e.organisation = c.organisation "
    "AND e.completion = c.id AND e.undone_at IS NULL) AND " COMPLETION_STANDS("c") " ORDER BY c.id");
STATEMENT(training_actions_then,
    "WITH a AS (" ACTIONS_THEN "), c AS (" COMPLETIONS_THEN ") "
    "SELECT a.id, a.state, a.nature, a.mandatory, a.body, c.id, c.occurred_at, " COURSE_THEN "FROM a "
    "LEFT JOIN action_evidence e ON e.organisation = a.organisation AND e.action = a.id AND " STANDING
    " LEFT JOIN c ON c.id = e.completion "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course" JOIN_THEN(
        "kv", "k") "WHERE a.state = 'done' OR e.completion IS NOT NULL ORDER BY a.id, c.id");
STATEMENT(training_completions_then,
    "WITH c AS (" COMPLETIONS_THEN ") "
    "SELECT c.id, c.occurred_at, " COURSE_THEN "FROM c "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course" JOIN_THEN(
        "kv", "k") "WHERE c.employee = $2 AND c.state = 'completed' AND NOT EXISTS (SELECT 1 FROM c u "
                   "WHERE u.employee = $2 AND u.course = c.course AND u.state = 'undone' AND u.occurred_at >= "
                   "c.occurred_at) "
                   "AND NOT EXISTS (SELECT 1 FROM action_evidence e WHERE e.organisation = c.organisation "
                   "AND e.completion = c.id AND " STANDING ") ORDER BY c.id");
/* What is replaced at the moment it was made was never known to anybody; of several at one moment the first
 * was. */
STATEMENT(training_put_action,
    "INSERT INTO training_version (organisation, id, superseded_at, employee, state, nature, mandatory, body) "
    "SELECT organisation, id, $3, employee, state, nature, mandatory, body FROM action "
    "WHERE organisation = $1 AND id = $2 AND created_at < $3 "
    "AND NOT (state = $4 AND nature = $5 AND mandatory = $6 AND body = $7) "
    "ON CONFLICT (organisation, id, superseded_at) DO NOTHING");
STATEMENT(training_put_completion,
    "INSERT INTO training_version (organisation, id, superseded_at, employee, state, course, occurred_at) "
    "SELECT organisation, id, $3, employee, state, course, occurred_at FROM completion "
    "WHERE organisation = $1 AND id = $2 AND created_at < $3 AND (state <> $5 "
    "OR employee IS DISTINCT FROM $4 OR course IS DISTINCT FROM $6 OR occurred_at IS DISTINCT FROM $7) "
    "ON CONFLICT (organisation, id, superseded_at) DO NOTHING");
STATEMENT(training_put_course,
    "INSERT INTO training_version (organisation, id, superseded_at, mandatory, title) "
    "SELECT organisation, id, $3, mandatory, COALESCE(title, code) FROM course "
    "WHERE organisation = $1 AND id = $2 AND created_at < $3 "
    "AND (mandatory <> $4 OR COALESCE(title, code) <> COALESCE($5, code)) "
    "ON CONFLICT (organisation, id, superseded_at) DO NOTHING");

void training_keep_action(struct txn *txn, const struct action_row *row)
{
    db_exec(txn->snapshot.db, &training_put_action,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(txn->snapshot.now),
            db_text(row->state), db_text(row->nature), db_text(row->mandatory), db_text(row->body)));
}

void training_keep_completion(struct txn *txn, const struct completion_row *row)
{
    db_exec(txn->snapshot.db, &training_put_completion,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(txn->snapshot.now),
            db_text(row->employee), db_text(row->state), db_text(row->course), db_instant(row->occurred_at)));
}

void training_keep_course(struct txn *txn, const struct course_row *row)
{
    db_exec(txn->snapshot.db, &training_put_course,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(txn->snapshot.now),
            db_text(row->mandatory), db_text(row->title)));
}

static void fill_action(const struct db_rows *rows, struct arena *arena, struct training_row *row)
{
    *row = (struct training_row){.action = db_get_text(rows, 0, arena),
        .state = db_get_text(rows, 1, arena),
        .nature = db_get_text(rows, 2, arena),
        .mandatory = db_get_text(rows, 3, arena),
        .body = db_get_text(rows, 4, arena),
        .completion = db_get_text(rows, 5, arena),
        .occurred_at = db_get_instant(rows, 6),
        .course = db_get_text(rows, 7, arena),
        .course_mandatory = db_get_text(rows, 8, arena)};
}

static void fill_completion(const struct db_rows *rows, struct arena *arena, struct training_row *row)
{
    *row = (struct training_row){.completion = db_get_text(rows, 0, arena),
        .occurred_at = db_get_instant(rows, 1),
        .course = db_get_text(rows, 2, arena),
        .course_mandatory = db_get_text(rows, 3, arena)};
}

enum status training_of(const struct snapshot *snapshot, const char *employee, instant_t known_at,
    struct training_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    static const struct {
        const struct statement *now, *then;
        void (*fill)(const struct db_rows *rows, struct arena *arena, struct training_row *row);
    } reads[] = {{&training_actions, &training_actions_then, fill_action},
        {&training_completions, &training_completions_then, fill_completion}};
    struct row_array array = ROW_ARRAY(snapshot->arena, struct training_row);
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct db_rows *rows =
            known_at == INSTANT_NONE
                ? db_query(snapshot->db, reads[i].now, DB_VALUES(db_text(organisation), db_text(employee)))
                : db_query(snapshot->db, reads[i].then,
                      DB_VALUES(db_text(organisation), db_text(employee), db_instant(known_at)));
        while (db_next(rows))
            reads[i].fill(rows, snapshot->arena, row_push(&array));
        db_done(rows);
    }
    *ret = (struct training_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
