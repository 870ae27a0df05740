#pragma once
/*
 * The rules as data. The engine knows shapes ("a period after an anchor", "the day before a leave"), a rules
 * file knows the law: one row per rule with its article, its grade and the day it was checked, one row per type
 * of absence, per competing reading, per postponement. config/rules/fr-l6315-1.json is built in.
 *
 * Grades: A text of the Code, B doctrine of the Ministry of Labour, C case law, D practice, E own choice;
 * several are joined by a slash ("A/B").
 *
 * Everything here is immutable once read, lives in the arena it was read into, and may be shared by threads.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/lang.h"

#include <stdbool.h>
#include <stddef.h>

enum duty_family {
    DUTY_FIRST,           /* the first professional review */
    DUTY_PERIODIC,        /* the next one */
    DUTY_RETURN,          /* after an absence */
    DUTY_BEFORE_LEAVE,    /* before a leave */
    DUTY_MIDCAREER_VISIT, /* the occupational health visit, only watched */
    DUTY_MIDCAREER,       /* the review after that visit */
    DUTY_SENIOR,          /* the one before sixty */
    DUTY_RECAP,           /* the six- or eight-yearly assessment */
    DUTY_FAMILY_COUNT
};

/* R1: law of 2014 and 2018. T: the transition. R2: law 2025-989. */
enum regime { REGIME_R1, REGIME_T, REGIME_R2 };

/* The fact a duty counts from. */
enum anchor_kind {
    ANCHOR_HIRE,      /* hire date */
    ANCHOR_REVIEW,    /* a professional review held */
    ANCHOR_SENIORITY, /* start of the seniority: no recap held yet */
    ANCHOR_RECAP,     /* the last recap held */
    ANCHOR_RETURN,    /* the day after a chain of absences */
    ANCHOR_LEAVE,     /* first day of a leave */
    ANCHOR_VISIT,     /* mid-career visit */
    ANCHOR_BIRTH,
    ANCHOR_COUNT
};

/* How the dates of a rule are made; `a` is the anchor (see anchor_floor). */
enum rule_shape {
    SHAPE_TERM,       /* due a + period + days; limit a + limit_period + limit_days, `due` without a
                         limit_period, never before `due` */
    SHAPE_TRANSITION, /* due a + early_period when that is not before valid_from, else a + period; limit
                         a + limit_period */
    SHAPE_AGREED,     /* the agreement's period, when it is at most `period` or ends before `lapse` */
    SHAPE_LAPSED,     /* the agreement's period ends on or after `lapse`: due max(a + period, lapse), limit
                         min(a + agreed period, lapse + period); not for an anchor from `lapse` on */
    SHAPE_RECAP,      /* as SHAPE_TERM, days of absence that do not count push the limit; opens `opens_period`
                         after the first review for those hired since valid_from, otherwise on `due` */
    SHAPE_BEFORE,     /* due a + days; only what is held from a - window to the day before a satisfies it */
    SHAPE_YEAR_END,   /* due 31 December of the year of a + period; exists from 1 January of that year; a visit
                         from 1 January of the year of a + window on satisfies it */
    SHAPE_BIRTHDAY,   /* due a + period + days; opens a + window, not before valid_from; exists from then on */
};

struct rule {
    const char *id; /* "R2.PERIODIC" */
    int regime;     /* enum regime, -1: of none (leaves have their own articles) */
    int family;     /* enum duty_family, "kind" in the file */
    int shape;      /* enum rule_shape */
    int anchor;     /* enum anchor_kind */

    struct period period;
    struct period early_period; /* SHAPE_TRANSITION */
    struct period limit_period;
    struct period opens_period;    /* SHAPE_RECAP */
    struct period window;          /* SHAPE_BEFORE, SHAPE_YEAR_END, SHAPE_BIRTHDAY */
    struct period exempt_window;   /* a review held in [a - this, a) exempts; none = no exemption */
    struct period conflict_period; /* SHAPE_RECAP: opening less than this after a periodic duty is a conflict */
    int64_t days;
    int64_t limit_days;

    date_t anchor_floor;   /* an earlier hire or start of seniority counts as this one */
    date_t valid_from;     /* first day (`as_of`) on which the rule exists */
    date_t valid_to;       /* last one */
    date_t anchor_from;    /* applies to anchors on or after */
    date_t anchor_before;  /* ... and before */
    date_t expired_before; /* from this day on, only for terms that expired before it */
    date_t due_from;       /* no duty due before */
    date_t lapse;

    int agreed;      /* an agreement in force replaces `period` */
    int postponable; /* see struct postponement */
    int capped;      /* the end of the contract comes first */
    int refusal;     /* a proved proposal and refusal satisfies it */

    const char *article; /* "L6315-1" */
    const char *source;  /* where the row comes from, in full, as French texts are quoted */
    const char *grade;
    date_t verified_on;
    const char *title_fr, *title_en;
    /* The reason, a clause. In braces: {anchor} its date, {anchor_fact} the same with what happened, {period},
     * {agreement} (", the period of the agreement ..." or nothing), {due}, {limit}, {absence}, {article},
     * {held} the review that exempts, {days} that do not count. */
    const char *because_fr, *because_en;
    const char *capped_fr, *capped_en;   /* instead, when the contract ends first */
    const char *exempt_fr, *exempt_en;   /* added when exempt */
    const char *special_fr, *special_en; /* added with the warning special_article */
    const char *shifted_fr, *shifted_en; /* added when days of absence do not count */
};

/* Due dates of postponable rules in from ... to become `becomes`. */
struct postponement {
    const char *id;
    date_t from, to, becomes;
    const char *article, *source, *grade;
    date_t verified_on;
    const char *because_fr, *because_en;
};

enum absence_return {
    ABSENCE_RETURN_NO,
    ABSENCE_RETURN_YES,
    ABSENCE_RETURN_LONG, /* when it lasted longer than long_period */
};

struct absence_type {
    const char *name;        /* "parental" */
    int64_t counted;         /* percent of its days that count as seniority */
    int64_t counted_reading; /* what a competing reading counts, FIELD_INT_NONE = the same */
    int after;               /* enum absence_return, "return" in the file */
    date_t return_from;      /* asks only when the return is on or after */
    struct period long_period;
    int before;                  /* asks for a review before it starts */
    int away;                    /* not at work: chains, no review on its days */
    int exemptible;              /* a recent review exempts from the one after it */
    const char *special_article; /* grants the review without that exemption: warned about */
    const char *return_article;
    const char *article; /* where the share counted comes from */
    const char *grade;
    date_t verified_on;
    const char *title_fr, *title_en;
};

/* The competing readings. */
enum reading_name {
    READING_STRICT,         /* T.FIRST: one year, or two when that is past */
    READING_LENIENT,        /* T.FIRST: four years */
    READING_ART2222,        /* T.FIRST: article 2222 of the Code civil */
    READING_SHIFTED,        /* recap: due pushed by the days that do not count */
    READING_MINISTRY,       /* recap: the same with the Ministry's shares */
    READING_SENIORITY_GRID, /* recap: eight-yearly dates from the seniority */
    READING_COUNT
};

struct reading_text {
    int name; /* enum reading_name */
    const char *grade, *source;
    const char *because_fr, *because_en;
};

/* What a recap is judged by. */
enum ground_name {
    GROUND_REVIEWS,
    GROUND_TRAINING,
    GROUND_MANDATORY, /* what does not count as training */
    GROUND_CERTIFICATION,
    GROUND_PROGRESSION,
    GROUND_PROOF,        /* who must prove what */
    GROUND_CONTRIBUTION, /* when it is owed */
    GROUND_THRESHOLD,    /* by whom */
    GROUND_PAYMENT,      /* by when */
    GROUND_INCREASE,     /* and more after a formal notice */
    GROUND_LIMITATION,   /* until when it can be claimed */
    GROUND_COUNT
};

struct ground {
    int name; /* enum ground_name */
    const char *article, *source, *grade;
    date_t verified_on;
    const char *because_fr, *because_en;
};

struct recap_rules {
    int64_t threshold;       /* employees, as an average over a civil year */
    int64_t threshold_years; /* reached in so many civil years one after the other */
    int64_t amount;          /* of the contribution, cents */
    int64_t increase;        /* after a formal notice, percent of the amount */
    struct period limitation;
    struct ground grounds[GROUND_COUNT];
};

struct rules {
    const char *id;     /* "fr-l6315-1" */
    const char *sha256; /* of the file, hexadecimal */
    const char *title_fr, *title_en;
    date_t verified_on;
    const struct rule *rules; /* by family, within one in the order of the file */
    size_t rule_count;
    const struct rule *family[DUTY_FAMILY_COUNT]; /* the first row of each, NULL without any */
    size_t family_count[DUTY_FAMILY_COUNT];
    const struct absence_type *absences;
    size_t absence_count;
    const struct postponement *postponements;
    size_t postponement_count;
    struct reading_text readings[READING_COUNT];
    struct recap_rules recap;
};

/* Reads a rules file. ST_SYNTAX when it is not JSON; ST_INVALID with a pointer to the row and field of each
 * mistake ("/rules/3/period"). */
enum status rules_parse(
    struct arena *arena, const char *text, size_t size, const struct rules **ret, struct error *err);
/* The rules built in. */
enum status rules_default(struct arena *arena, const struct rules **ret, struct error *err);

const struct absence_type *rules_absence_type(const struct rules *rules, const char *name); /* or NULL */
const struct rule *rules_find(const struct rules *rules, const char *id);                   /* or NULL */

/* The words of the file and of the interface: "first", "R1", "hire" ... */
const char *duty_family_name(enum duty_family family);
const char *regime_name(enum regime regime);
const char *anchor_kind_name(enum anchor_kind kind);
const char *reading_name(enum reading_name name);
const char *ground_name(enum ground_name name);
