/*
 * The audit records about an employee and all that belongs to the person, in the order of the chain.
 */
#include "store/trace.h"

#include "audit_rows.h"

STATEMENT(trace_page,
    "SELECT " AUDIT_COLUMNS AUDIT_FROM "WHERE a.organisation = $1 AND a.seq > $3 AND a.subject IN ("
    "SELECT id FROM employee WHERE organisation = $1 AND id = $2 "
    "UNION SELECT id FROM fact WHERE organisation = $1 AND subject = $2 "
    "UNION SELECT id FROM duty WHERE organisation = $1 AND employee = $2 "
    "UNION SELECT id FROM review WHERE organisation = $1 AND employee = $2 "
    "UNION SELECT d.id FROM document d JOIN review r ON r.organisation = d.organisation AND r.id = d.review "
    "WHERE r.organisation = $1 AND r.employee = $2 "
    "UNION SELECT id FROM delivery WHERE organisation = $1 AND employee = $2 "
    "UNION SELECT id FROM need WHERE organisation = $1 AND employee = $2 "
    "UNION SELECT id FROM action WHERE organisation = $1 AND employee = $2 "
    "UNION SELECT id FROM completion WHERE organisation = $1 AND employee = $2) "
    "ORDER BY a.seq LIMIT $4");

enum status trace_list(const struct snapshot *snapshot, const char *employee, const struct page *page,
    struct audit_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    int64_t after;
    enum status status = cursor_read_int(snapshot->arena, page, 0, &after, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct audit_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &trace_page,
        DB_VALUES(db_text(organisation), db_text(employee), db_int(after), db_int(limit + 1)));
    while (db_next(rows))
        audit_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct audit_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct audit_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make_int(snapshot->arena, items[limit - 1].seq);
    return db_status(snapshot->db, err);
}
