/*
 * What ids in requests name, looked up in the job's organisation only. On a write lane.
 */
#include "own.h"

#include <string.h>

bool own_id(const struct txn *txn, const char *id, const char *kind)
{
    char key[ORG_KEY_MAX];
    return id && id_parse(id, kind, key) && strcmp(key, txn_organisation(txn)) == 0;
}

static enum status own_answer(
    enum status status, const struct error *found, const char *pointer, const char *what, struct error *err)
{
    if (status == ST_OK)
        return ST_OK;
    if (status != ST_NOT_FOUND)
        return error_set(err, status, "%s", found->detail);
    return error_field(err, pointer, "is no %s of this organisation", what);
}

enum status own_employee(
    struct txn *txn, const char *id, const char *pointer, struct employee_row *ret, struct error *err)
{
    struct error found = ERROR_INIT;
    enum status status = ST_NOT_FOUND;
    if (own_id(txn, id, "emp"))
        status = employee_get(txn_snapshot(txn), id, ret, &found);
    return own_answer(status, &found, pointer, "employee", err);
}

enum status own_review(
    struct txn *txn, const char *id, const char *pointer, struct review_row *ret, struct error *err)
{
    struct error found = ERROR_INIT;
    enum status status = ST_NOT_FOUND;
    if (own_id(txn, id, "rev"))
        status = review_get(txn_snapshot(txn), id, ret, &found);
    return own_answer(status, &found, pointer, "review", err);
}
