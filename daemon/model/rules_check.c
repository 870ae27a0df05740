/* What a rules file must hold beyond the types of its fields, so that the engine can trust every row. Runs at
 * start and in check-config. */
#include "rules_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct checking {
    const struct rules_file *file;
    struct error *err;
    unsigned faults;
};

__attribute__((format(printf, 5, 6))) static void complain(
    struct checking *c, const char *list, size_t row, const char *field, const char *format, ...)
{
    char pointer[128];
    char detail[200];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    (void)snprintf(pointer, sizeof pointer, "/%s/%zu/%s", list, row, field);
    (void)error_field(c->err, pointer, "%s", detail);
    c->faults++;
}

/* Which shapes and which anchor a family understands. */
static const struct {
    unsigned shapes;
    int anchor;
} families[] = {
    [DUTY_FIRST] = {1U << SHAPE_TERM | 1U << SHAPE_TRANSITION, ANCHOR_HIRE},
    [DUTY_PERIODIC] = {1U << SHAPE_TERM | 1U << SHAPE_AGREED | 1U << SHAPE_LAPSED, ANCHOR_REVIEW},
    [DUTY_RETURN] = {1U << SHAPE_TERM, ANCHOR_RETURN},
    [DUTY_BEFORE_LEAVE] = {1U << SHAPE_BEFORE, ANCHOR_LEAVE},
    [DUTY_MIDCAREER_VISIT] = {1U << SHAPE_YEAR_END, ANCHOR_BIRTH},
    [DUTY_MIDCAREER] = {1U << SHAPE_TERM, ANCHOR_VISIT},
    [DUTY_SENIOR] = {1U << SHAPE_BIRTHDAY, ANCHOR_BIRTH},
    [DUTY_RECAP] = {1U << SHAPE_TERM | 1U << SHAPE_RECAP, ANCHOR_SENIORITY},
};

/* What a shape cannot do without. */
static const struct {
    int shape;
    bool date; /* a date_t, otherwise a struct period */
    const char *name;
    size_t at;
} needs[] = {
    {SHAPE_TERM, false, "period", offsetof(struct rule, period)},
    {SHAPE_TRANSITION, false, "period", offsetof(struct rule, period)},
    {SHAPE_TRANSITION, false, "early_period", offsetof(struct rule, early_period)},
    {SHAPE_TRANSITION, false, "limit_period", offsetof(struct rule, limit_period)},
    {SHAPE_TRANSITION, true, "valid_from", offsetof(struct rule, valid_from)},
    {SHAPE_AGREED, false, "period", offsetof(struct rule, period)},
    {SHAPE_AGREED, true, "lapse", offsetof(struct rule, lapse)},
    {SHAPE_LAPSED, false, "period", offsetof(struct rule, period)},
    {SHAPE_LAPSED, true, "lapse", offsetof(struct rule, lapse)},
    {SHAPE_RECAP, false, "period", offsetof(struct rule, period)},
    {SHAPE_RECAP, false, "opens_period", offsetof(struct rule, opens_period)},
    {SHAPE_RECAP, false, "conflict_period", offsetof(struct rule, conflict_period)},
    {SHAPE_RECAP, true, "valid_from", offsetof(struct rule, valid_from)},
    {SHAPE_BEFORE, false, "window", offsetof(struct rule, window)},
    {SHAPE_YEAR_END, false, "period", offsetof(struct rule, period)},
    {SHAPE_YEAR_END, false, "window", offsetof(struct rule, window)},
    {SHAPE_BIRTHDAY, false, "period", offsetof(struct rule, period)},
    {SHAPE_BIRTHDAY, false, "window", offsetof(struct rule, window)},
    {SHAPE_BIRTHDAY, true, "valid_from", offsetof(struct rule, valid_from)},
};

static bool need_given(const struct rule *rule, size_t need)
{
    const char *at = (const char *)rule + needs[need].at;
    if (needs[need].date) {
        date_t date;
        memcpy(&date, at, sizeof date);
        return date != DATE_NONE;
    }
    struct period period;
    memcpy(&period, at, sizeof period);
    return !period_is_none(period);
}

/* "A", or several joined: "A/B". */
static bool grade_valid(const char *grade)
{
    for (;; grade += 2) {
        if (grade[0] < 'A' || grade[0] > 'E')
            return false;
        if (grade[1] == '\0')
            return true;
        if (grade[1] != '/')
            return false;
    }
}

static void check_grade(struct checking *c, const char *list, size_t row, const char *grade)
{
    if (!grade_valid(grade))
        complain(c, list, row, "grade", "expected A to E, several joined by a slash");
}

static void check_shape(struct checking *c, size_t row, const struct rule *rule)
{
    if (!(families[rule->family].shapes >> rule->shape & 1U))
        complain(c, "rules", row, "shape", "is not a shape of this kind of duty");
    if (families[rule->family].anchor != rule->anchor) {
        complain(c, "rules", row, "anchor", "this kind of duty counts from \"%s\"",
            anchor_kind_name((enum anchor_kind)families[rule->family].anchor));
    }
    if (rule->expired_before != DATE_NONE && rule->shape != SHAPE_TERM && rule->shape != SHAPE_RECAP)
        complain(c, "rules", row, "expired_before", "is not understood by this shape");
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (needs[i].shape == rule->shape && !need_given(rule, i))
            complain(c, "rules", row, needs[i].name, "is required by this shape");
}

static void check_rule(struct checking *c, size_t row)
{
    const struct rule *rules = c->file->rules.items;
    const struct rule *rule = &rules[row];
    check_shape(c, row, rule);
    check_grade(c, "rules", row, rule->grade);
    if (rule->valid_from != DATE_NONE && rule->valid_to != DATE_NONE && rule->valid_to < rule->valid_from)
        complain(c, "rules", row, "valid_to", "is before valid_from");
    if (!period_is_none(rule->exempt_window) && (rule->exempt_fr == NULL || rule->exempt_en == NULL ||
                                                    rule->special_fr == NULL || rule->special_en == NULL))
        complain(c, "rules", row, "exempt_fr", "an exemption needs exempt_ and special_ sentences");
    if (rule->capped == 1 && (rule->capped_fr == NULL || rule->capped_en == NULL))
        complain(c, "rules", row, "capped_fr", "a rule that a contract's end caps needs capped_ sentences");
    if (rule->shape == SHAPE_RECAP && (rule->shifted_fr == NULL || rule->shifted_en == NULL))
        complain(c, "rules", row, "shifted_fr", "this shape needs shifted_ sentences");
    for (size_t i = 0; i < row; i++)
        if (strcmp(rules[i].id, rule->id) == 0)
            complain(c, "rules", row, "id", "is the id of row %zu too", i);
}

static void check_postponement(struct checking *c, size_t row)
{
    const struct postponement *postponement = (const struct postponement *)c->file->postponements.items + row;
    check_grade(c, "postponements", row, postponement->grade);
    if (postponement->to < postponement->from)
        complain(c, "postponements", row, "to", "is before from");
    if (postponement->becomes < postponement->to)
        complain(c, "postponements", row, "becomes", "is before to: nothing would be put off");
}

static void check_absence(struct checking *c, size_t row)
{
    const struct absence_type *types = c->file->absences.items;
    check_grade(c, "absences", row, types[row].grade);
    if (types[row].after == ABSENCE_RETURN_LONG && period_is_none(types[row].long_period))
        complain(c, "absences", row, "long_period", "is required by \"return\": \"long\"");
    for (size_t i = 0; i < row; i++)
        if (strcmp(types[i].name, types[row].name) == 0)
            complain(c, "absences", row, "name", "is the name of row %zu too", i);
}

static void check_readings(struct checking *c)
{
    const struct reading_text *readings = c->file->readings.items;
    unsigned seen = 0;
    for (size_t i = 0; i < c->file->readings.count; i++) {
        check_grade(c, "readings", i, readings[i].grade);
        if (seen >> readings[i].name & 1U)
            complain(c, "readings", i, "name", "is there twice");
        seen |= 1U << readings[i].name;
    }
    for (int name = 0; name < READING_COUNT; name++) {
        if (!(seen >> name & 1U)) {
            (void)error_field(c->err, "/readings", "\"%s\" is missing", reading_name((enum reading_name)name));
            c->faults++;
        }
    }
}

static void check_grounds(struct checking *c)
{
    const struct ground *grounds = c->file->recap->grounds.items;
    unsigned seen = 0;
    for (size_t i = 0; i < c->file->recap->grounds.count; i++) {
        check_grade(c, "recap/grounds", i, grounds[i].grade);
        if (seen >> grounds[i].name & 1U)
            complain(c, "recap/grounds", i, "name", "is there twice");
        seen |= 1U << grounds[i].name;
    }
    for (int name = 0; name < GROUND_COUNT; name++) {
        if (!(seen >> name & 1U)) {
            (void)error_field(
                c->err, "/recap/grounds", "\"%s\" is missing", ground_name((enum ground_name)name));
            c->faults++;
        }
    }
}

enum status rules_check(const struct rules_file *file, struct error *err)
{
    struct checking c = {.file = file, .err = err};
    for (size_t i = 0; i < file->rules.count; i++)
        check_rule(&c, i);
    for (size_t i = 0; i < file->postponements.count; i++)
        check_postponement(&c, i);
    for (size_t i = 0; i < file->absences.count; i++)
        check_absence(&c, i);
    check_readings(&c);
    check_grounds(&c);
    return c.faults > 0 ? ST_INVALID : ST_OK;
}
