#pragma once
/* When to try again: exponential with full jitter between half and the whole step. Pure, any thread. */
#include "base/date.h"

struct backoff {
    int64_t first_us; /* after the first failure */
    int64_t most_us;
    int attempts; /* after so many failures it is dead */
};

/* For mail: 1 min, 2, 4 ... at most 6 h, given up after 20 tries (about three days). */
extern const struct backoff backoff_mail;
/* For calendars, beside which there is mail: 1 min, 2, 4 ... at most 1 h, given up after 10 tries (some hours).
 */
extern const struct backoff backoff_calendar;

/* Microseconds to wait after the `failures`-th failure in a row (>= 1); `random` is any 64 random bits. -1 =
 * give up. */
int64_t backoff_delay(const struct backoff *backoff, int failures, uint64_t random);
