#pragma once
/*
 * Where employees stand, one and many together: pure sums over results of duties_compute() and recap_compute().
 * Any thread.
 */
#include "model/duty.h"
#include "model/recap.h"

/* What is worst about an employee, from what is well to what is not. */
enum standing {
    STANDING_EXCLUDED,  /* no duty on that day: not hired yet, left, or temporary work */
    STANDING_COMPLIANT, /* nothing is late, nothing is missing */
    STANDING_UNPROVED,  /* a review of this cycle was held; its report, or the copy handed over, is missing */
    STANDING_TOLERATED, /* a prudent date has passed, the limit has not */
    STANDING_UNKNOWN,   /* a fact is missing: never shown as compliant */
    STANDING_BREACH,    /* a limit has passed, a window was missed, or the recap has failed */
    STANDING_COUNT
};

/* Facts that are missing about an employee. */
enum missing_fact {
    MISSING_HIRE_DATE,
    MISSING_BIRTH_DATE,
    MISSING_MANDATORY, /* whether a training is mandatory, on which the recap depends */
    MISSING_TRAINING,  /* the day or the proof of one, or the register of a certification */
    MISSING_HEADCOUNT, /* of the organisation: whether it counts fifty */
    MISSING_COUNT
};

struct compliance {
    int standing;                  /* enum standing */
    unsigned missing;              /* 1 << enum missing_fact */
    unsigned overdue;              /* open duties past their due date, tolerated or not, and missed ones */
    date_t since;                  /* the cycle began; DATE_NONE without one */
    int exposure;                  /* enum recap_exposure; also of those who have left */
    int64_t exposed, possible;     /* cents that are, and that may be, owed */
    date_t payable_on;             /* DATE_NONE without exposure */
    const struct recap_cure *cure; /* the cheapest, NULL without exposure */
    const struct duty *next;       /* the open duty that asks for something first, NULL without one */
};

/* `recap` is of the same facts. */
void compliance_judge(const struct duties *duties, const struct recap *recap, struct compliance *ret);

struct compliance_sums {
    int64_t employees;
    int64_t standings[STANDING_COUNT];
    int64_t duties[DUTY_FAMILY_COUNT][DUTY_STATE_COUNT]; /* open ones, and closed ones of this cycle */
    int64_t missing[MISSING_COUNT];
    int64_t exposures[RECAP_EXPOSURE_EXPOSED + 1];
    int64_t exposed, possible;
    int64_t cures[RECAP_CURE_COUNT];
};

void compliance_add(
    struct compliance_sums *sums, const struct duties *duties, const struct compliance *compliance);

/* Whether a closed duty belongs to the cycle under way. */
bool compliance_counts(const struct compliance *compliance, const struct duty *closed);

const char *standing_name(enum standing standing);
const char *missing_fact_name(enum missing_fact fact);
