#pragma once
/* Audit records as they are selected: every list of them reads the same columns. */
#include "internal.h"
#include "store/audit.h"

#define AUDIT_COLUMNS                                                                                          \
    "a.seq, a.at, a.organisation, a.actor, a.verb, a.subject, a.subject_prev, a.payload_hash, a.prev, "        \
    "a.hash, "                                                                                                 \
    "p.payload, p.salt, p.erased_at"
#define AUDIT_FROM                                                                                             \
    " FROM audit a LEFT JOIN audit_payload p ON p.organisation = a.organisation AND p.seq = a.seq "

void audit_fill(const struct db_rows *rows, struct arena *arena, struct audit_row *row);
