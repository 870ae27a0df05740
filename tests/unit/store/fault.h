#pragma once
/*
 * A driver over SQLite that fails one call of your choice. Calls are counted from the moment the fault is set;
 * the counted ones are those that can fail. A lost connection undoes the transaction under way and stays lost
 * until it is opened again.
 */
#include "db/driver.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_CONSTRAINT,
    FAULT_RETRY,
    FAULT_GONE,
    FAULT_FULL,
    FAULT_CORRUPT,
    FAULT_BUG,
    FAULT_COMMIT_LOST, /* at a COMMIT: the connection is lost before it is done; elsewhere as FAULT_GONE */
    FAULT_ANSWER_LOST, /* at a COMMIT: it is done, the connection is lost before the answer; elsewhere as
                          FAULT_GONE */
    FAULT_KIND_COUNT
};

extern const struct db_driver fault_driver;
extern const char *const fault_kind_names[FAULT_KIND_COUNT];

/* Fails the call number `call`, from 1; 0 = none. */
void fault_set(enum fault_kind kind, unsigned call);
/* No fault from now on; what was reached stays known. */
void fault_stop(void);
/* Whether it was reached. */
bool fault_fired(void);
/* Whether it was a COMMIT. */
bool fault_hit_commit(void);
