#pragma once
/* What delivery.c and delivery_read.c share. */
#include "store/delivery.h"

#include "internal.h"

#define DELIVERY_COLUMNS                                                                                       \
    "id, channel, kind, employee, review, subject, recipient, uid, sequence, message_id, due_at, state, "      \
    "attempts, next_at, lease_owner, last_error, payload, created_at, sent_at, sha256"
enum { DELIVERY_COLUMN_COUNT = 20 };

void delivery_fill(const struct db_rows *rows, struct arena *arena, struct delivery_row *row);
