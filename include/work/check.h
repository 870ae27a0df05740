#pragma once
/*
 * Whether rows still say what the audit chain says of them, and bytes still are what their hash says: what a
 * verified chain and an intact database do not tell, when somebody wrote into the file by hand. Looked at:
 * reviews, needs, planned actions, employees and their duties, as far as the latest record of each member
 * tells; the day of completions that are attributed; documents, records and bodies of platforms that are still
 * kept. What was erased tells nothing. In slices, with the memory of one.
 */
#include "base/id.h"
#include "store/txn.h"

#include <stdint.h>

/* Start with a zeroed one. */
struct check_cursor {
    unsigned kind;
    char after[ID_MAX];
    bool ended;
};

/* Goes on by one slice. *ret_found: what does not hold, NULL: nothing; in the snapshot's arena. The slice ends
 * with it, so that the next one begins behind it. */
enum status check_rows(const struct snapshot *snapshot, const char *organisation, struct check_cursor *cursor,
    int64_t *ret_rows, const char **ret_found, struct error *err);
