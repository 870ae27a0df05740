#pragma once
/*
 * Recurrence rules (RFC 5545, 3.3.10) of strangers, as a question about one day: never as a walk through what
 * a rule generates, which can take as long as a stranger likes.
 */
#include "base/date.h"

#include <stdbool.h>
#include <stdint.h>

enum { RECUR_ORDINALS_MAX = 32 };

struct ical_rule {
    int frequency; /* of recur.c */
    int interval, count;
    instant_t until;                          /* INSTANT_NONE: for ever */
    date_t until_day;                         /* the last one; DATE_NONE */
    unsigned weekdays, months;                /* bits, 1 = Monday, January */
    uint32_t month_days, month_days_from_end; /* bits, 1 = the first, the last */
    struct {
        int n, weekday; /* 2 = Tuesday, -1 = the last */
    } ordinals[RECUR_ORDINALS_MAX];
    int ordinal_count;
    int week_start;
    bool loose; /* something narrows it that is not looked at: it may be on fewer days */
};

/* False: it recurs within a day, or is none. */
bool ical_rule_read(const char *text, struct ical_rule *ret);
/* Whether it may be on that day, the first being `start`; COUNT and UNTIL apart. */
bool ical_rule_meets(const struct ical_rule *rule, date_t start, date_t day);
