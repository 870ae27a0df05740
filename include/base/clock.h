#pragma once
/*
 * Time as an object. The real clock reads the system's; a set clock reads the instant (RFC 3339) in a file each
 * time it is refreshed, for tests and demonstrations. Thread safe.
 */
#include "base/date.h"
#include "base/error.h"

struct clock;

struct clock *clock_new_real(void);
/* `path` is read now and at each clock_refresh(). Errors: ST_NOT_FOUND (missing file), ST_INVALID (its first
 * line is not an instant). */
struct clock *clock_new_file(const char *path, struct error *err);
/* For unit tests: starts at `now`, moved with clock_move(). */
struct clock *clock_new_set(instant_t now);
void clock_free(struct clock *clock);

instant_t clock_now(const struct clock *clock);
/* Nothing to a real clock. */
void clock_move(struct clock *clock, instant_t now);
/* Reads the file again; a bad file keeps the last good instant and is an error. True in *ret_changed when it
 * moved. */
enum status clock_refresh(struct clock *clock, bool *ret_changed, struct error *err);
bool clock_is_set(const struct clock *clock);
/* Monotonic microseconds, for durations; never set. */
int64_t clock_monotonic(void);
