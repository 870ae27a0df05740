#pragma once
/*
 * Sealing anew what a retired key has sealed. Every column that holds sealed values is a row of one table, with
 * what its values are bound to.
 */
#include "store/txn.h"

#include <stdint.h>

struct rekey_counts {
    int64_t current; /* sealed with the newest key already */
    int64_t renewed;
};

/* In a job of an organisation (or "system"): all of its sealed values, whole or not at all. ST_INTERNAL naming
 * the row that no key opens. */
enum status rekey_organisation(struct txn *txn, struct rekey_counts *ret, struct error *err);
