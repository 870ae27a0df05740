/*
 * One employee across the tables. Any lane's thread.
 */
#include "store/person.h"

#include "internal.h"

STATEMENT(
    person_facts, "SELECT COUNT(*) FROM fact WHERE organisation = $1 AND subject = $2 AND kind <> 'terms'");
STATEMENT(person_reviews,
    "SELECT COUNT(*) FROM review WHERE organisation = $1 AND (employee = $2 OR interviewer = $2)");
STATEMENT(person_sent, "SELECT COUNT(*) FROM delivery WHERE organisation = $1 AND employee = $2 "
                       "AND (attempts > 0 OR state IN ('leased', 'sent', 'failed', 'dead'))");
STATEMENT(person_plan, "SELECT (SELECT COUNT(*) FROM need WHERE organisation = $1 AND employee = $2) + "
                       "(SELECT COUNT(*) FROM action WHERE organisation = $1 AND employee = $2)");
STATEMENT(person_completions, "SELECT COUNT(*) FROM completion WHERE organisation = $1 AND employee = $2");
STATEMENT(person_team, "SELECT COUNT(*) FROM employee WHERE organisation = $1 AND manager = $2");

STATEMENT(person_forget_duties, "DELETE FROM duty WHERE organisation = $1 AND employee = $2");
STATEMENT(person_forget_facts, "DELETE FROM fact WHERE organisation = $1 AND subject = $2");
STATEMENT(person_forget_aliases, "DELETE FROM alias WHERE organisation = $1 AND employee = $2");
STATEMENT(person_forget_feeds, "DELETE FROM feed WHERE organisation = $1 AND subject = $2");
STATEMENT(person_forget_links, "DELETE FROM link WHERE organisation = $1 AND (person = $2 OR employee = $2)");
STATEMENT(person_forget_tokens, "DELETE FROM token WHERE organisation = $1 AND employee = $2");
STATEMENT(person_forget_deliveries, "DELETE FROM delivery WHERE organisation = $1 AND employee = $2");

static int64_t person_count(const struct snapshot *snapshot, const struct statement *statement,
    const char *organisation, const char *employee)
{
    struct db_rows *rows =
        db_query(snapshot->db, statement, DB_VALUES(db_text(organisation), db_text(employee)));
    int64_t count = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    return count;
}

enum status person_traces(
    const struct snapshot *snapshot, const char *employee, struct person_traces *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    const struct person_traces traces = {.facts = person_count(snapshot, &person_facts, organisation, employee),
        .reviews = person_count(snapshot, &person_reviews, organisation, employee),
        .sent = person_count(snapshot, &person_sent, organisation, employee),
        .plan = person_count(snapshot, &person_plan, organisation, employee),
        .completions = person_count(snapshot, &person_completions, organisation, employee),
        .team = person_count(snapshot, &person_team, organisation, employee)};
    enum status status = db_status(snapshot->db, err);
    if (status == ST_OK)
        *ret = traces;
    return status;
}

enum status person_forget(struct txn *txn, const char *employee, struct error *err)
{
    static const struct statement *const statements[] = {&person_forget_duties, &person_forget_facts,
        &person_forget_aliases, &person_forget_feeds, &person_forget_links, &person_forget_tokens,
        &person_forget_deliveries};
    enum status status = row_own(txn, employee, "emp", err);
    if (status != ST_OK)
        return status;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        db_exec(txn->snapshot.db, statements[i], DB_VALUES(db_text(txn->organisation), db_text(employee)));
    return db_status(txn->snapshot.db, err);
}
