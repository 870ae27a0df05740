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
/* The rest of a group, then the groups behind it: a range over both at once would not be found in the index. */
#define STAFF_GROUPED(name, group)                                                                             \
    STATEMENT(name##_rest, STAFF_COLUMNS group STAFF_FROM group                                                \
        " = $6 AND e.id > $2 AND " OF_MANAGER("$4") " AND " OF_ESTABLISHMENT("$5") " ORDER BY e.id LIMIT $3"); \
    STATEMENT(name##_behind,                                                                                   \
        STAFF_COLUMNS group STAFF_FROM group " > $6 AND " OF_MANAGER("$4") " AND " OF_ESTABLISHMENT(           \
            "$5") " AND CAST($2 AS TEXT) IS NOT NULL ORDER BY " group ", e.id LIMIT $3")

STAFF_GROUPED(staff_by_manager, "COALESCE(e.manager, '')");
STAFF_GROUPED(staff_by_establishment, "COALESCE(e.establishment, '')");

struct staff_ask {
    const struct snapshot *snapshot;
    const struct db_value *values;
    unsigned limit;
    struct row_array array;
};

static void staff_read_rows(struct staff_ask *ask, const struct statement *statement, size_t count)
{
    struct arena *arena = ask->snapshot->arena;
    if (ask->array.count >= ask->limit)
        return;
    struct db_rows *rows = db_query(ask->snapshot->db, statement, ask->values, count);
    while (db_next(rows) && ask->array.count < ask->limit) {
        struct staff_row *row = row_push(&ask->array);
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
}

enum status staff_next(const struct snapshot *snapshot, const char *organisation, enum staff_order order,
    const char *manager, const char *establishment, struct staff_place after, unsigned limit,
    struct staff_list *ret, struct error *err)
{
    const struct db_value values[] = {db_text(organisation), db_text(after.id), db_int(limit), db_text(manager),
        db_text(establishment), db_text(after.group)};
    struct staff_ask ask = {.snapshot = snapshot,
        .values = values,
        .limit = limit,
        .array = ROW_ARRAY(snapshot->arena, struct staff_row)};
    switch (order) {
    case STAFF_BY_MANAGER:
        staff_read_rows(&ask, &staff_by_manager_rest, 6);
        staff_read_rows(&ask, &staff_by_manager_behind, 6);
        break;
    case STAFF_BY_ESTABLISHMENT:
        staff_read_rows(&ask, &staff_by_establishment_rest, 6);
        staff_read_rows(&ask, &staff_by_establishment_behind, 6);
        break;
    default:
        staff_read_rows(&ask, manager ? &staff_of_manager : &staff_by_id, 5);
        break;
    }
    *ret = (struct staff_list){.items = ask.array.items, .count = ask.array.count};
    return db_status(snapshot->db, err);
}
