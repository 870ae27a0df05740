#pragma once
/*
 * Courses as platforms name them, and what people know of them: whether they are mandatory, by which text, how
 * long they take, how long they hold. A change reaches the actions their completions proved and what has to be
 * declared.
 */
#include "base/field.h"
#include "store/completion.h"
#include "store/source.h"
#include "work/plan.h"

struct course {
    const char *id, *organisation, *source, *code, *title;
    int mandatory;              /* enum action_mandatory */
    const char *mandatory_text; /* that requires it, quoted */
    int64_t minutes;            /* FIELD_INT_NONE: not known */
    const char *competency, *certification;
    struct period validity; /* none: for ever, or not known */
    int declarable;         /* to the Passeport de prévention (art. L4141-5) */
    int64_t was;            /* bits of enum action_mandatory: classified so before */
    instant_t created_at, updated_at;
    int64_t version;
    struct given given;
};
extern const struct field_table course_table;

enum status course_of_row(
    struct arena *arena, const struct course_row *row, struct course *ret, struct error *err);
/* ST_INVALID: mandatory without the text that says so. */
enum status course_change(struct txn *txn, const char *id, const struct course *patch, int64_t expected,
    struct course *ret, struct error *err);

/* What a completion owes to its course, and the actions it proved with it: brought up to date. */
enum status completion_follow_course(struct txn *txn, const struct completion_row *row, struct error *err);

/* By when a safety training that ended on that day is declared (décret 2025-748): nine months after the end of
 * the quarter; DATE_NONE before 2026-03-16. */
date_t declaration_due(date_t done_on);
/* On which day it was declared; DATE_NONE: it was not. ST_CONFLICT when it does not have to be. */
enum status completion_declare(
    struct txn *txn, const char *id, date_t declared_on, struct completion_row *ret, struct error *err);
