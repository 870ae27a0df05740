/* Exponential back-off with jitter; pure. */
#include "net/backoff.h"

const struct backoff backoff_mail = {
    .first_us = 60 * US_PER_SEC, .most_us = 6 * 3600 * US_PER_SEC, .attempts = 20};

const struct backoff backoff_calendar = {
    .first_us = 60 * US_PER_SEC, .most_us = 3600 * US_PER_SEC, .attempts = 10};

int64_t backoff_delay(const struct backoff *backoff, int failures, uint64_t random)
{
    if (failures >= backoff->attempts)
        return -1;
    int64_t step = backoff->first_us;
    for (int i = 1; i < failures && step < backoff->most_us; i++)
        step *= 2;
    if (step > backoff->most_us)
        step = backoff->most_us;
    return step / 2 + (int64_t)(random % (uint64_t)(step / 2 + 1));
}
