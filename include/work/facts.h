#pragma once
/*
 * Facts of people and organisations as use cases see them: one row per kind says how a fact is read, checked,
 * stored and recognised, one set of verbs serves them all. Every version is kept (store/fact.h).
 *
 * Each struct of a fact begins with a fact_head. A change of an employee's fact recomputes that employee's
 * duties in the same transaction.
 */
#include "base/date.h"
#include "base/field.h"
#include "store/fact.h"
#include "work/outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fact_head {
    const char *id;
    const char *organisation;
    const char *employee; /* NULL for facts of an organisation */
    const char *reason;   /* of the latest correction; of this one, in a patch */
    const char *actor;    /* who recorded this version */
    instant_t recorded_at;
    int64_t version;
    struct given given;
};

struct fact_kind {
    const char *name;                /* "absence": also the audit's subject, "absence.added" */
    const struct field_table *table; /* of the interface; its struct begins with a fact_head */
    const struct field_table *body;  /* of what is stored: the same struct, without the head */
    size_t from_at, to_at;           /* offsets of its civil dates, 0 = none */
    /* Whether two speak of the same thing, so that the second is a correction of the first. */
    bool (*same)(const void *a, const void *b);
    /* Beyond the table. `hired` (employee_first_day()) and `today` are the employee's. May be NULL. */
    enum status (*check)(const void *fact, date_t hired, date_t today, struct error *err);
    bool silent; /* not audited by itself: the use case around it says what happened */
};

struct absence {
    struct fact_head head;
    const char *type; /* a name of the rules' absence types */
    date_t start, end, announced;
};

/* Only the date of a mid-career visit is kept, nothing about it. */
struct career_event {
    struct fact_head head;
    int type; /* enum event_type */
    date_t date;
};

enum progression_kind { PROGRESSION_PAY, PROGRESSION_CAREER };
extern const char *const progression_kind_names[];

struct progression {
    struct fact_head head;
    date_t date;
    int kind; /* enum progression_kind */
    const char *description, *proof;
};

/* What the rules know of a review; written by the use cases of reviews, recognised by the review's id. */
struct review_fact {
    struct fact_head head;
    const char *review; /* "rev_..." */
    int type;           /* enum review_type */
    int recap;
    date_t planned, held, reported, copy_handed, refused;
};

/* What the rules know of the employee; written by the use cases of employees. */
struct terms {
    struct fact_head head;
    date_t hire_date, seniority_date, birth_date, contract_end, exit_date;
    int contract; /* enum contract_kind */
};

/* That somebody took note of a duty that was missed: it leaves the lists of what is to do, the breach stays. */
struct acknowledgement {
    struct fact_head head;
    const char *duty; /* its id */
    const char *note;
};

extern const struct fact_kind absence_facts, event_facts, progression_facts, review_facts, terms_facts,
    acknowledgement_facts;
/* Of the interface. */
extern const struct field_table absence_table, event_table, progression_table;

/* At most so many current facts of a kind for one employee. */
enum { FACTS_MAX = 500 };

/* Adds a fact of the employee and fills its head. ST_CONFLICT when the same thing is known already, ST_INVALID
 * with pointers, ST_NOT_FOUND without such an employee. */
enum status facts_add(
    struct txn *txn, const struct fact_kind *kind, const char *employee, void *fact, struct error *err);
/* Adds it, or corrects the one that speaks of the same thing when it says otherwise: imports, reviews. */
enum status facts_put(struct txn *txn, const struct fact_kind *kind, const char *employee, void *fact,
    enum outcome *ret, struct error *err);
/* Merges the patch, whose head.reason is the reason. `expected` as in the store. */
enum status facts_correct(struct txn *txn, const struct fact_kind *kind, const char *id, const void *patch,
    int64_t expected, void *ret, struct error *err);
enum status facts_withdraw(struct txn *txn, const struct fact_kind *kind, const char *id, int64_t expected,
    const char *reason, struct error *err);

/* ST_NOT_FOUND when it is of another kind, too. */
enum status facts_get(const struct snapshot *snapshot, const struct fact_kind *kind, const char *id, void *ret,
    struct error *err);
/* All of a subject (an employee, or "org_..."), in the order of their ids: structs of the kind. */
enum status facts_of(const struct snapshot *snapshot, const struct fact_kind *kind, const char *subject,
    instant_t known_at, struct list *ret, struct error *err);
/* A stored row as a struct of the kind. */
enum status facts_read(struct arena *arena, const struct fact_kind *kind, const struct fact_row *row, void *ret,
    struct error *err);

/* Makes the list of the organisation's facts of a kind be `wanted`: adds, corrects, withdraws. Whether anything
 * changed. */
enum status facts_replace(struct txn *txn, const struct fact_kind *kind, const char *organisation,
    const struct list *wanted, bool *ret_changed, struct error *err);
