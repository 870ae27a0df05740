/*
 * What an employee was trained in: actions with their evidence, completions without an action.
 */
#include "store/training.h"

#include "internal.h"

/* Evidence that stood at the instant $3. */
#define STANDING "e.recorded_at <= $3 AND (e.undone_at IS NULL OR e.undone_at > $3)"

STATEMENT(training_actions,
    "SELECT a.id, a.state, a.nature, a.mandatory, a.body, c.id, c.occurred_at, COALESCE(k.title, k.code), "
    "k.mandatory FROM action a "
    "LEFT JOIN action_evidence e ON e.organisation = a.organisation AND e.action = a.id AND " STANDING
    " LEFT JOIN completion c ON c.organisation = e.organisation AND c.id = e.completion "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course "
    "WHERE a.organisation = $1 AND a.employee = $2 AND a.created_at <= $3 "
    "AND (a.state = 'done' OR e.completion IS NOT NULL) ORDER BY a.id, c.id");
STATEMENT(training_completions,
    "SELECT c.id, c.occurred_at, COALESCE(k.title, k.code), k.mandatory FROM completion c "
    "LEFT JOIN course k ON k.organisation = c.organisation AND k.id = c.course "
    "WHERE c.organisation = $1 AND c.employee = $2 AND c.created_at <= $3 AND c.state = 'completed' "
    "AND NOT EXISTS (SELECT 1 FROM action_evidence e WHERE e.organisation = c.organisation "
    "AND e.completion = c.id AND " STANDING ") ORDER BY c.id");

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
        const struct statement *statement;
        void (*fill)(const struct db_rows *rows, struct arena *arena, struct training_row *row);
    } reads[] = {{&training_actions, fill_action}, {&training_completions, fill_completion}};
    struct row_array array = ROW_ARRAY(snapshot->arena, struct training_row);
    int64_t known = known_at == INSTANT_NONE ? INT64_MAX : known_at;
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct db_rows *rows = db_query(snapshot->db, reads[i].statement,
            DB_VALUES(db_text(organisation), db_text(employee), db_int(known)));
        while (db_next(rows))
            reads[i].fill(rows, snapshot->arena, row_push(&array));
        db_done(rows);
    }
    *ret = (struct training_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
