#pragma once
/*
 * The audit records about everything that belongs to one employee: the person, facts, duties, reviews and their
 * documents, deliveries, needs, actions, completions.
 */
#include "store/audit.h"

/* In the order of the chain; the cursor is that of this list. */
enum status trace_list(const struct snapshot *snapshot, const char *employee, const struct page *page,
    struct audit_list *ret, struct error *err);
