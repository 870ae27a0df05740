#pragma once
/*
 * The recap ("état des lieux récapitulatif", L6315-1 II): for each period between two recaps, what the employee
 * was owed and what is proved, and what it may cost the employer. Pure: no clock, no I/O; memory only from the
 * caller's arena; any thread. Results borrow from what was given: all of it must outlive them.
 *
 * A cycle runs from the start of the seniority, or the last recap held, to the day the recap is held, or due
 * (six years under the law of 2014, eight since the reform). It asks four things: every professional review
 * that fell due in it, each judged by the regime of its date; a training that is not mandatory (L6321-2);
 * elements of a certification; a progression in pay or career. Employers of fifty and more owe 3 000 EUR to the
 * personal training account when both the reviews and the training fail (Cass. soc. 2026-01-21 n° 24-12.972).
 *
 * A fact that is missing never counts as compliant: it makes a verdict `unknown` and is listed among the gaps.
 * A missing birth date costs nothing before the recap is due: until then it is a gap, afterwards an exposure.
 */
#include "model/duty.h"
#include "model/plan.h"

/* An action of the plan, or a completion that proves none. */
struct recap_training {
    const char *id;
    const char *title;
    int nature;      /* enum action_nature */
    int mandatory;   /* enum action_mandatory */
    date_t done;     /* DATE_NONE: done, the day is not known */
    bool proved;     /* a completion or a certificate stands for it */
    bool cpf;        /* paid by the personal training account ... */
    bool cofinanced; /* ... and by the employer too, the four conditions on record */
    int certified;   /* enum certification_register, FIELD_UNSET: no certification came of it */
    const char *certification;
    date_t certified_on; /* DATE_NONE: `done` */
};

struct recap_progression {
    const char *id;
    const char *description;
    int kind; /* enum progression_kind of work/facts.h: 0 pay, 1 career */
    date_t date;
    bool proved;
};

/* Average over a civil year, whole persons. */
struct recap_headcount {
    int year;
    int64_t average;
};

struct recap_case {
    const struct duty_case *facts;
    const struct duties *duties; /* of these facts */
    const struct recap_training *trainings;
    size_t training_count;
    const struct recap_progression *progressions;
    size_t progression_count;
    const struct recap_headcount *headcounts; /* in any order */
    size_t headcount_count;
};

enum recap_verdict {
    RECAP_MET,
    RECAP_LATE,    /* reviews only: all held, at least one after its limit, or past its prudent date */
    RECAP_UNKNOWN, /* a fact is missing */
    RECAP_UNMET,
    RECAP_VERDICT_COUNT
};

/* How a review that was due was met. */
enum recap_outcome {
    RECAP_DUTY_PENDING, /* not due yet */
    RECAP_DUTY_MET,
    RECAP_DUTY_EXEMPT,
    RECAP_DUTY_REFUSED,   /* proposal and refusal are proved */
    RECAP_DUTY_TOLERATED, /* not held; the prudent date has passed, the limit has not */
    RECAP_DUTY_LATE,      /* held after the limit */
    RECAP_DUTY_UNPROVED,  /* held; without a written report the employer cannot prove it */
    RECAP_DUTY_UNMET,
    RECAP_OUTCOME_COUNT
};

struct recap_duty {
    const struct duty *duty;
    int outcome; /* enum recap_outcome */
};

enum recap_criterion_name {
    RECAP_TRAINING,      /* at least one action de formation that is not mandatory */
    RECAP_CERTIFICATION, /* elements acquired by training or VAE */
    RECAP_PROGRESSION,   /* of pay or career */
    RECAP_CRITERIA
};

/* Why a piece of evidence counts, or does not. */
enum recap_reason {
    RECAP_COUNTS,
    RECAP_MANDATORY_UNKNOWN, /* nobody said yet whether it is mandatory */
    RECAP_UNDATED,
    RECAP_WITHOUT_PROOF,
    RECAP_REGISTER_UNKNOWN, /* a certification of no register */
    RECAP_MANDATORY,        /* L6321-2 */
    RECAP_OTHER_NATURE,     /* no action de formation (L6313-1 1°): skills assessment, VAE, mentoring ... */
    RECAP_CPF_ALONE,        /* paid by the personal account without the employer */
    RECAP_REASON_COUNT
};

struct recap_evidence {
    const struct recap_training *training; /* or */
    const struct recap_progression *progression;
    date_t date;
    int reason; /* enum recap_reason; from RECAP_MANDATORY on it does not count, before that it may */
};

struct recap_criterion {
    int verdict;                        /* enum recap_verdict */
    const struct recap_evidence *items; /* of the cycle; those that count come first, then by date */
    size_t count;
};

/* A fact that is missing. */
enum recap_gap_kind {
    RECAP_GAP_BIRTH_DATE, /* reviews that depend on the age cannot be known */
    RECAP_GAP_HEADCOUNT,  /* `year`: whether the employer counts fifty */
    RECAP_GAP_REPORT,     /* `id`: a review without a written report */
    RECAP_GAP_MANDATORY,  /* `id`: a training nobody classified */
    RECAP_GAP_DATE,       /* `id`: a training without a day */
    RECAP_GAP_REGISTER,   /* `id`: a certification of no register */
    RECAP_GAP_PROOF,      /* `id`: a training or progression without proof */
    RECAP_GAP_COUNT
};

struct recap_gap {
    int kind; /* enum recap_gap_kind */
    const char *id;
    int year;
};

enum recap_exposure { RECAP_EXPOSURE_NONE, RECAP_EXPOSURE_POSSIBLE, RECAP_EXPOSURE_EXPOSED };
/* Whether the employer has fifty employees in the meaning of L130-1 CSS. */
enum recap_size { RECAP_SIZE_UNKNOWN, RECAP_SIZE_BELOW, RECAP_SIZE_REACHED };

enum recap_cure_kind {
    RECAP_CURE_CLASSIFY,  /* `id`: say that this training is not mandatory, if it is not */
    RECAP_CURE_HEADCOUNT, /* record the average headcounts that are missing */
    RECAP_CURE_DATE,      /* `id`: say when this training took place */
    RECAP_CURE_PROVE,     /* `id`: prove this training */
    RECAP_CURE_REPORT,    /* `id`: write the report of this review and hand over its copy */
    RECAP_CURE_BIRTH_DATE,
    RECAP_CURE_HOLD,     /* hold the review, or the recap, that is tolerated until `by` */
    RECAP_CURE_TRAINING, /* one provable training that is not mandatory, done by `by` */
    RECAP_CURE_PAY,      /* nothing else is left: pay by `by` */
    RECAP_CURE_COUNT
};

struct recap_cure {
    int kind; /* enum recap_cure_kind */
    const char *id;
    date_t by; /* last day, DATE_NONE: none */
};

struct recap_cycle {
    const struct duty *duty; /* the recap itself, open or closed */
    int outcome;             /* enum recap_outcome, of the recap */
    date_t held;             /* DATE_NONE: not held */
    date_t from, to;         /* the window */
    date_t until;            /* last day whose evidence counts: `to`, or what is left of the limit after it */
    bool left;               /* the employee left before the recap was due: nothing comes of it */

    const struct recap_duty *duties; /* by due date */
    size_t duty_count;
    int reviews; /* enum recap_verdict: all of them */
    struct recap_criterion criteria[RECAP_CRITERIA];
    const struct recap_gap *gaps;
    size_t gap_count;

    int size;       /* enum recap_size, on the day of the recap or the day looked from */
    int size_year;  /* the last civil year that counts */
    int exposure;   /* enum recap_exposure */
    int64_t amount; /* cents; 0 without exposure */
    int64_t amount_after_notice;
    date_t payable_on; /* last day of the civil quarter after the recap (R6323-3) */
    date_t settled_on; /* the contribution was paid */
    bool prescribed;   /* too long ago to be claimed */

    const struct recap_cure *cures; /* cheapest first; [] without exposure */
    size_t cure_count;
};

struct recap {
    const struct recap_cycle *cycles; /* oldest first; NULL without any */
    size_t count;
    const struct recap_cycle *current; /* the open one, NULL when there is none */
    /* Of the cycles that are neither settled nor prescribed. */
    int exposure;                      /* the worst */
    const struct recap_cycle *at_risk; /* the latest of the worst, NULL without exposure */
    int64_t exposed, possible;         /* cents */
};

void recap_compute(struct arena *arena, const struct recap_case *given, struct recap *ret);

/* The last day of the civil quarter after the one of `date`: 2028-02-11 gives 2028-06-30. */
date_t recap_payable_on(date_t date);
/* Whether the threshold is reached on `date`: by the average of each of the civil years before it, as many as
 * the rules ask for. *ret_missing: the latest year that would have to be known, 0 = none. */
enum recap_size recap_size_on(const struct rules *rules, const struct recap_headcount *headcounts, size_t count,
    date_t date, int *ret_missing);

const char *recap_verdict_name(enum recap_verdict verdict);
const char *recap_outcome_name(enum recap_outcome outcome);
const char *recap_criterion_name(enum recap_criterion_name criterion);
const char *recap_reason_name(enum recap_reason reason);
const char *recap_gap_name(enum recap_gap_kind gap);
const char *recap_exposure_name(enum recap_exposure exposure);
const char *recap_size_name(enum recap_size size);
const char *recap_cure_name(enum recap_cure_kind cure);
