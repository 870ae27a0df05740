#pragma once
/*
 * The staff of an organisation in the orders that streams go on by: everybody once, a slice at a time, from a
 * place that is kept between snapshots. Who comes or goes between two slices is seen or not; who moves to
 * another group meanwhile may be seen in both, or in none.
 */
#include "store/txn.h"

#include <stddef.h>

struct staff_row {
    const char *id, *number, *given_name, *family_name;
    const char *manager; /* id; NULL without one */
    const char *manager_number, *manager_given_name, *manager_family_name;
    const char *establishment, *category, *sex;
    const char *group; /* manager or establishment, by the order; "" for none of either, and by id */
};

struct staff_list {
    struct staff_row *items;
    size_t count;
};

enum staff_order { STAFF_BY_ID, STAFF_BY_MANAGER, STAFF_BY_ESTABLISHMENT, STAFF_ORDERS };

struct staff_place {
    const char *group, *id; /* of the last one seen; "" and "" at the start */
};

/* At most `limit` from behind the place; fewer: that was the end. `manager`, `establishment`: only who belongs
 * to them, NULL = all. A `manager` wants the order by id or by manager. */
enum status staff_next(const struct snapshot *snapshot, const char *organisation, enum staff_order order,
    const char *manager, const char *establishment, struct staff_place after, unsigned limit,
    struct staff_list *ret, struct error *err);
