/*
 * Erasing a person: one list of statements, children before parents, each by organisation ($1) and employee
 * ($2). A lint holds the list against the schema. On the write lane's thread.
 */
#include "store/retention.h"

#include "internal.h"

#define THEIR(table) "(SELECT id FROM " table " WHERE organisation = $1 AND employee = $2)"
/* Theirs now, as it was entered and as it is compared, and all that they were written to at; none that is
 * somebody else's by now. */
#define THEIR_ADDRESS                                                                                          \
    "(SELECT address FROM (SELECT email AS address FROM employee WHERE organisation = $1 AND id = $2 "         \
    "UNION SELECT email_folded FROM employee WHERE organisation = $1 AND id = $2 "                             \
    "UNION SELECT email FROM attendee WHERE organisation = $1 AND employee = $2 "                              \
    "UNION SELECT recipient FROM delivery WHERE organisation = $1 AND reader = $2 "                            \
    "UNION SELECT LOWER(recipient) FROM delivery WHERE organisation = $1 AND reader = $2) w "                  \
    "WHERE address IS NOT NULL AND NOT EXISTS (SELECT 1 FROM employee e WHERE e.organisation = $1 "            \
    "AND e.email_folded = LOWER(address) AND e.id <> $2))"
/* Answers of theirs about others, what came back from their address, what they wrote about nothing known. */
#define THEIR_REPLIES                                                                                          \
    "(SELECT id FROM reply WHERE organisation = $1 AND email IN " THEIR_ADDRESS " "                            \
    "UNION ALL SELECT id FROM reply WHERE organisation = $1 AND sender IN " THEIR_ADDRESS " "                  \
    "UNION ALL SELECT id FROM reply WHERE organisation = $1 AND review IN "                                    \
    "(SELECT review FROM attendee WHERE organisation = $1 AND employee = $2) AND email IN "                    \
    "(SELECT email FROM attendee WHERE organisation = $1 AND employee = $2))"
/* What was written to them, whatever their address was then. */
#define THEIR_MAIL                                                                                             \
    "(SELECT id FROM delivery WHERE organisation = $1 AND reader = $2 "                                        \
    "UNION ALL SELECT id FROM delivery WHERE organisation = $1 AND recipient IN " THEIR_ADDRESS ")"
#define THEIR_SUBJECTS                                                                                         \
    "(SELECT CAST($2 AS TEXT) UNION ALL SELECT id FROM review WHERE organisation = $1 AND employee = $2 "      \
    "UNION ALL SELECT id FROM duty WHERE organisation = $1 AND employee = $2 "                                 \
    "UNION ALL SELECT id FROM need WHERE organisation = $1 AND employee = $2 "                                 \
    "UNION ALL SELECT id FROM action WHERE organisation = $1 AND employee = $2 "                               \
    "UNION ALL SELECT id FROM completion WHERE organisation = $1 AND employee = $2 "                           \
    "UNION ALL SELECT id FROM alias WHERE organisation = $1 AND employee = $2 "                                \
    "UNION ALL SELECT id FROM delivery WHERE organisation = $1 AND employee = $2 "                             \
    "UNION ALL SELECT id FROM " THEIR_MAIL " m "                                                               \
    "UNION ALL SELECT id FROM feed WHERE organisation = $1 AND subject = $2 "                                  \
    "UNION ALL SELECT id FROM link WHERE organisation = $1 AND person = $2 "                                   \
    "UNION ALL SELECT d.id FROM document d JOIN review r ON r.organisation = d.organisation "                  \
    "AND r.id = d.review WHERE r.organisation = $1 AND r.employee = $2 "                                       \
    "UNION ALL SELECT id FROM reply WHERE organisation = $1 AND review IN " THEIR(                             \
        "review") " "                                                                                          \
                  "UNION ALL SELECT id FROM " THEIR_REPLIES " p)"
/* What an address becomes that stands in a row about somebody else. */
#define NOBODY "CAST($2 AS TEXT) || '@erased.invalid'"

STATEMENT(erase_payloads,
    "UPDATE audit_payload SET payload = NULL, salt = NULL, erased_at = $3 WHERE organisation = $1 "
    "AND payload IS NOT NULL AND seq IN (SELECT seq FROM audit WHERE organisation = $1 AND subject "
    "IN " THEIR_SUBJECTS ")");

/* ---- what was received about them */

STATEMENT(erase_action_evidence, "DELETE FROM action_evidence WHERE organisation = $1 AND (action IN " THEIR(
                                     "action") " OR completion IN " THEIR("completion") ")");
STATEMENT(erase_pull_seen,
    "DELETE FROM pull_seen WHERE organisation = $1 AND (source, identity) IN "
    "(SELECT source, identity FROM completion WHERE organisation = $1 AND employee = $2)");
STATEMENT(erase_evidence,
    "DELETE FROM completion_evidence WHERE organisation = $1 AND completion IN " THEIR("completion"));
STATEMENT(erase_items_of,
    "SELECT i.id, i.envelope FROM completion c JOIN completion_evidence e ON e.organisation = c.organisation "
    "AND e.completion = c.id JOIN item i ON i.organisation = e.organisation AND i.id = e.item "
    "WHERE c.organisation = $1 AND c.employee = $2");
/* The row is kept, as what was received under that hash; nothing in it tells of whom. */
STATEMENT(erase_item, "UPDATE item SET raw = $3, identity = id, reason = NULL, completion = NULL "
                      "WHERE organisation = $1 AND id = $2");
STATEMENT(
    erase_envelope, "UPDATE envelope SET body = NULL, headers = '{}' WHERE organisation = $1 AND id = $2");
STATEMENT(
    erase_waits, "DELETE FROM completion_wait WHERE organisation = $1 AND completion IN " THEIR("completion"));
STATEMENT(erase_completions, "DELETE FROM completion WHERE organisation = $1 AND employee = $2");

/* ---- their reviews, with what was sent and answered */

STATEMENT(erase_documents, "DELETE FROM document WHERE organisation = $1 AND review IN " THEIR("review"));
STATEMENT(erase_preparations, "DELETE FROM preparation WHERE organisation = $1 AND review IN " THEIR("review"));
STATEMENT(erase_entries, "DELETE FROM calendar_entry WHERE organisation = $1 AND review IN " THEIR("review"));
STATEMENT(erase_replies, "DELETE FROM reply WHERE organisation = $1 AND review IN " THEIR("review"));
STATEMENT(erase_deliveries,
    "DELETE FROM delivery WHERE organisation = $1 AND (employee = $2 OR review IN " THEIR("review") ")");
STATEMENT(erase_attendees, "DELETE FROM attendee WHERE organisation = $1 AND review IN " THEIR("review"));
STATEMENT(erase_placements, "DELETE FROM placement WHERE organisation = $1 AND employee = $2 "
                            "AND campaign IN (SELECT id FROM campaign WHERE organisation = $1)");
STATEMENT(erase_reminders, "DELETE FROM reminder WHERE organisation = $1 AND subject IN " THEIR_SUBJECTS);
STATEMENT(erase_links, "DELETE FROM link WHERE organisation = $1 AND (person = $2 OR employee = $2)");
STATEMENT(erase_reviews, "DELETE FROM review WHERE organisation = $1 AND employee = $2");

/* ---- the rest of their own */

STATEMENT(erase_actions, "DELETE FROM action WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_trainings, "DELETE FROM training_version WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_needs, "DELETE FROM need WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_duties, "DELETE FROM duty WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_facts, "DELETE FROM fact WHERE organisation = $1 AND subject = $2");
STATEMENT(erase_aliases, "DELETE FROM alias WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_feeds, "DELETE FROM feed WHERE organisation = $1 AND subject = $2");
STATEMENT(erase_tokens, "DELETE FROM token WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_busy_times, "DELETE FROM busy_time WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_busy_views, "DELETE FROM busy_view WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_failing, "DELETE FROM failing_address WHERE organisation = $1 AND email IN " THEIR_ADDRESS);

/* ---- where they stand in rows about others: they led reviews, or somebody reported to them */

STATEMENT(erase_sent_to_them,
    "UPDATE delivery SET recipient = " NOBODY ", reader = NULL, content = NULL, payload = '{}', "
    "last_error = NULL WHERE organisation = $1 AND id IN " THEIR_MAIL);
/* Lists for HR name many: their texts go with the first of them. */
STATEMENT(erase_digests, "UPDATE delivery SET content = NULL WHERE organisation = $1 AND employee IS NULL "
                         "AND content IS NOT NULL AND CAST($2 AS TEXT) <> '' "
                         "AND state IN ('sent', 'dead', 'superseded', 'dropped')");
STATEMENT(erase_entries_of_theirs,
    "DELETE FROM calendar_entry WHERE organisation = $1 "
    "AND review IN (SELECT review FROM attendee WHERE organisation = $1 AND employee = $2) "
    "AND recipient IN (SELECT email FROM attendee WHERE organisation = $1 AND employee = $2)");
STATEMENT(erase_replies_of_theirs, "UPDATE reply SET email = NULL, sender = NULL, reason = NULL, body = '{}', "
                                   "raw = $3 WHERE organisation = $1 AND id IN " THEIR_REPLIES);
STATEMENT(erase_attending, "UPDATE attendee SET email = " NOBODY ", name = NULL, employee = NULL "
                           "WHERE organisation = $1 AND employee = $2");
STATEMENT(erase_interviewers,
    "UPDATE review SET interviewer = NULL, version = version + 1 WHERE organisation = $1 AND interviewer = $2");
STATEMENT(erase_managers,
    "UPDATE employee SET manager = NULL, version = version + 1 WHERE organisation = $1 AND manager = $2");

STATEMENT(erase_person, "DELETE FROM employee WHERE organisation = $1 AND id = $2");

STATEMENT(person_addresses_of, "SELECT address FROM " THEIR_ADDRESS " a");
STATEMENT(person_items_of,
    "SELECT i.id, i.source, i.raw FROM completion c JOIN completion_evidence e ON e.organisation = "
    "c.organisation "
    "AND e.completion = c.id JOIN item i ON i.organisation = e.organisation AND i.id = e.item "
    "WHERE c.organisation = $1 AND c.employee = $2 AND i.id > $3 ORDER BY i.id LIMIT $4");

/* In the order in which they find each other's traces. */
static const struct statement *const erasures[] = {&erase_action_evidence, &erase_pull_seen, &erase_evidence,
    &erase_waits, &erase_failing, &erase_sent_to_them, &erase_completions, &erase_documents,
    &erase_preparations, &erase_entries, &erase_replies, &erase_deliveries, &erase_attendees, &erase_placements,
    &erase_reminders, &erase_links, &erase_reviews, &erase_actions, &erase_trainings, &erase_needs,
    &erase_duties, &erase_facts, &erase_aliases, &erase_feeds, &erase_tokens, &erase_busy_times,
    &erase_busy_views, &erase_digests, &erase_entries_of_theirs, &erase_attending, &erase_interviewers,
    &erase_managers, &erase_person};

struct erase_item_row {
    const char *id, *envelope;
};

static void erase_received(struct txn *txn, const char *employee)
{
    struct db_conn *db = txn->snapshot.db;
    struct arena *arena = txn->snapshot.arena;
    struct db_value org = db_text(txn->organisation);
    struct row_array array = ROW_ARRAY(arena, struct erase_item_row);
    struct db_rows *rows = db_query(db, &erase_items_of, DB_VALUES(org, db_text(employee)));
    while (db_next(rows))
        *(struct erase_item_row *)row_push(&array) =
            (struct erase_item_row){.id = db_get_text(rows, 0, arena), .envelope = db_get_text(rows, 1, arena)};
    db_done(rows);
    const struct erase_item_row *items = array.items;
    for (size_t i = 0; i < array.count; i++) {
        db_exec(db, &erase_item, DB_VALUES(org, db_text(items[i].id), db_bytes("", 0)));
        db_exec(db, &erase_envelope, DB_VALUES(org, db_text(items[i].envelope)));
    }
}

enum status person_addresses(const struct snapshot *snapshot, const char *organisation, const char *employee,
    struct address_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows =
        db_query(snapshot->db, &person_addresses_of, DB_VALUES(db_text(organisation), db_text(employee)));
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct address_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status person_items(const struct snapshot *snapshot, const char *organisation, const char *employee,
    const char *after, unsigned limit, struct person_item_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct person_item);
    struct db_rows *rows = db_query(snapshot->db, &person_items_of,
        DB_VALUES(db_text(organisation), db_text(employee), db_text(after), db_int(limit)));
    while (db_next(rows))
        *(struct person_item *)row_push(&array) =
            (struct person_item){.id = db_get_text(rows, 0, snapshot->arena),
                .source = db_get_text(rows, 1, snapshot->arena),
                .raw = db_get_bytes(rows, 2, snapshot->arena)};
    db_done(rows);
    *ret = (struct person_item_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status person_erase(struct txn *txn, const char *employee, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct db_value org = db_text(txn->organisation), id = db_text(employee);
    enum status status = row_own(txn, employee, "emp", err);
    if (status != ST_OK)
        return status;
    db_exec(db, &erase_payloads, DB_VALUES(org, id, db_instant(txn->snapshot.now)));
    db_exec(db, &erase_replies_of_theirs, DB_VALUES(org, id, db_bytes("", 0)));
    erase_received(txn, employee);
    for (size_t i = 0; i < sizeof erasures / sizeof erasures[0]; i++)
        db_exec(db, erasures[i], DB_VALUES(org, id));
    return db_status(db, err);
}
