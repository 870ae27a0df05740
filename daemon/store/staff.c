/* The staff in the orders that streams go on by. Any lane's thread. */
#include "store/staff.h"

#include "internal.h"

#define STAFF_COLUMNS                                                                                          \
    "SELECT e.id, e.number, e.given_name, e.family_name, e.manager, e.establishment, e.category, e.sex, "      \
    "m.number, "                                                                                               \
    "m.given_name, m.family_name, "
#define STAFF_FROM                                                                                             \
    " FROM employee e LEFT JOIN employee m ON m.organisation = e.organisation AND m.id = e.manager "           \
    "WHERE e.organisation = $1 AND "
#define OF_MANAGER(n)       "(CAST(" n " AS TEXT) IS NULL OR e.manager = " n ")"
#define OF_ESTABLISHMENT(n) "(CAST(" n " AS TEXT) IS NULL OR e.establishment = " n ")"

/* $2 the id of the place, $3 the limit, $4 manager, $5 establishment, $6 the group of the place. */
STATEMENT(staff_by_id, STAFF_COLUMNS
    "''" STAFF_FROM "e.id > $2 AND " OF_MANAGER("$4") " AND " OF_ESTABLISHMENT("$5") " ORDER BY e.id LIMIT $3");
STATEMENT(staff_of_manager, STAFF_COLUMNS
    "''" STAFF_FROM "e.manager = $4 AND e.id > $2 AND " OF_ESTABLISHMENT("$5") " ORDER BY e.id LIMIT $3");
STATEMENT(staff_by_manager, STAFF_COLUMNS
    "COALESCE(e.manager, '')" STAFF_FROM "(COALESCE(e.manager, ''), e.id) > ($6, $2) AND " OF_MANAGER(
        "$4") " AND " OF_ESTABLISHMENT("$5") " ORDER BY COALESCE(e.manager, ''), e.id LIMIT $3");
STATEMENT(staff_by_establishment, STAFF_COLUMNS
    "COALESCE(e.establishment, '')" STAFF_FROM
    "(COALESCE(e.establishment, ''), e.id) > ($6, $2) AND " OF_MANAGER("$4") " AND " OF_ESTABLISHMENT(
        "$5") " ORDER BY COALESCE(e.establishment, ''), e.id LIMIT $3");

static const struct statement *staff_statement(enum staff_order order, const char *manager)
{
    static const struct statement *const by_order[STAFF_ORDERS] = {[STAFF_BY_ID] = &staff_by_id,
        [STAFF_BY_MANAGER] = &staff_by_manager,
        [STAFF_BY_ESTABLISHMENT] = &staff_by_establishment};
    return manager && order == STAFF_BY_ID ? &staff_of_manager : by_order[order];
}

enum status staff_next(const struct snapshot *snapshot, const char *organisation, enum staff_order order,
    const char *manager, const char *establishment, struct staff_place after, unsigned limit,
    struct staff_list *ret, struct error *err)
{
    struct arena *arena = snapshot->arena;
    struct row_array array = ROW_ARRAY(arena, struct staff_row);
    const struct db_value values[] = {db_text(organisation), db_text(after.id), db_int(limit), db_text(manager),
        db_text(establishment), db_text(after.group)};
    struct db_rows *rows =
        db_query(snapshot->db, staff_statement(order, manager), values, order == STAFF_BY_ID ? 5 : 6);
    while (db_next(rows)) {
        struct staff_row *row = row_push(&array);
        *row = (struct staff_row){.id = db_get_text(rows, 0, arena),
            .number = db_get_text(rows, 1, arena),
            .given_name = db_get_text(rows, 2, arena),
            .family_name = db_get_text(rows, 3, arena),
            .manager = db_get_text(rows, 4, arena),
            .establishment = db_get_text(rows, 5, arena),
            .category = db_get_text(rows, 6, arena),
            .sex = db_get_text(rows, 7, arena),
            .manager_number = db_get_text(rows, 8, arena),
            .manager_given_name = db_get_text(rows, 9, arena),
            .manager_family_name = db_get_text(rows, 10, arena),
            .group = db_get_text(rows, 11, arena)};
    }
    db_done(rows);
    *ret = (struct staff_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
