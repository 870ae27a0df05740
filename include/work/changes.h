#pragma once
/*
 * What changed, for audit payloads: the member "changed": {"email": ["old", "new"], ...}, one entry per field
 * of the table that differs. Fields that only answers carry (FIELD_READ) and secrets (FIELD_WRITE) are left
 * out.
 */
#include "base/arena.h"
#include "base/field.h"
#include "base/json.h"

/* `before` or `after` NULL: nothing was there, or nothing is left. */
void changes_write(struct json_writer *w, struct arena *arena, const struct field_table *table,
    const void *before, const void *after);
/* The whole payload: {"changed": {...}}, plus "reason" and "cause" unless they are NULL. */
const char *changes_payload(struct arena *arena, const struct field_table *table, const void *before,
    const void *after, const char *reason, const char *cause);
