#pragma once
/* What visits and deliveries to calendars share. Inside the module; on a write lane. */
#include "store/review.h"
#include "work/calendar.h"
#include "work/organisation.h"

/* Copies the row into the arena and opens its password. */
enum status calendar_open(struct txn *txn, struct arena *arena, const struct calendar_row *row,
    struct calendar_row *ret, struct secret **ret_password, struct error *err);
/* Whether a URL lies under that of the store: the same server, a whole number of path segments below. */
bool calendar_holds(const char *store_url, const char *url);
/* When to try a calendar again that has failed so often. */
instant_t calendar_back_off(const struct calendar_row *row, instant_t now);
/* SCHEDULE-STATUS of the attendees, NULL when the server says none. */
const char *calendar_statuses(struct arena *arena, const char *data, const struct zone *zone);
