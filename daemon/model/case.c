/* The facts of a case: an empty one, and what is refused before the engine sees it. Pure, any thread. */
#include "model/case.h"

#include <stdio.h>

enum { HIRE_AGE_MIN = 15, POINTER_MAX = 64 };

struct duty_case duty_case_init(const struct rules *rules, date_t as_of)
{
    return (struct duty_case){
        .as_of = as_of,
        .forecast = DATE_NONE,
        .employee = {.hire_date = DATE_NONE,
            .seniority_date = DATE_NONE,
            .birth_date = DATE_NONE,
            .contract_end = DATE_NONE,
            .exit_date = DATE_NONE,
            .contract = CONTRACT_UNKNOWN},
        .policies = DUTY_POLICIES_DEFAULT,
        .rules = rules,
    };
}

date_t case_first_day(const struct case_employee *employee)
{
    bool taken_over = employee->seniority_date != DATE_NONE && employee->seniority_date < employee->hire_date;
    return employee->hire_date != DATE_NONE && taken_over ? employee->seniority_date : employee->hire_date;
}

/* A date that another makes impossible. */
static void check_order(
    date_t early, date_t late, const char *pointer, const char *sentence, unsigned *faults, struct error *err)
{
    if (early != DATE_NONE && late != DATE_NONE && late < early) {
        (void)error_field(err, pointer, "%s", sentence);
        (*faults)++;
    }
}

static bool in_range(date_t date)
{
    return date >= date_of(1900, 1, 1) && date <= date_of(2199, 12, 31);
}

static void check_range(date_t date, const char *pointer, unsigned *faults, struct error *err)
{
    if (date != DATE_NONE && !in_range(date)) {
        (void)error_field(err, pointer, "expected a date from 1900-01-01 to 2199-12-31");
        (*faults)++;
    }
}

/* Nothing is recorded about an employment before it began. */
static void check_begun(
    const struct duty_case *facts, date_t date, const char *pointer, unsigned *faults, struct error *err)
{
    date_t first = case_first_day(&facts->employee);
    if (in_range(first) && in_range(date))
        check_order(first, date, pointer, "is before the hire date", faults, err);
}

static unsigned check_employee(const struct duty_case *facts, struct error *err)
{
    const struct case_employee *employee = &facts->employee;
    const struct period youth = {.years = HIRE_AGE_MIN};
    unsigned faults = 0;
    if (employee->hire_date == DATE_NONE) {
        (void)error_field(err, "/employee/hire_date", "is required");
        faults++;
    }
    check_range(employee->hire_date, "/employee/hire_date", &faults, err);
    check_range(employee->seniority_date, "/employee/seniority_date", &faults, err);
    check_range(employee->birth_date, "/employee/birth_date", &faults, err);
    check_range(employee->contract_end, "/employee/contract_end", &faults, err);
    check_range(employee->exit_date, "/employee/exit_date", &faults, err);
    if (faults > 0)
        return faults;
    check_order(employee->hire_date, employee->exit_date, "/employee/exit_date", "is before the hire date",
        &faults, err);
    check_order(employee->hire_date, employee->contract_end, "/employee/contract_end",
        "is before the hire date", &faults, err);
    check_order(date_add(employee->birth_date, youth), employee->hire_date, "/employee/birth_date",
        "is less than 15 years before the hire date", &faults, err);
    return faults;
}

static unsigned check_reviews(const struct duty_case *facts, struct error *err)
{
    unsigned faults = 0;
    for (size_t i = 0; i < facts->review_count; i++) {
        const struct case_review *review = &facts->reviews[i];
        const date_t dates[] = {
            review->held, review->planned, review->reported, review->copy_handed, review->refused};
        static const char *const names[] = {"held", "planned", "reported", "copy_handed", "refused"};
        char pointer[POINTER_MAX];
        bool dated = false;
        for (size_t k = 0; k < sizeof dates / sizeof dates[0]; k++) {
            (void)snprintf(pointer, sizeof pointer, "/reviews/%zu/%s", i, names[k]);
            check_range(dates[k], pointer, &faults, err);
            check_begun(facts, dates[k], pointer, &faults, err);
            dated = dated || dates[k] != DATE_NONE;
        }
        if (!dated) {
            (void)snprintf(pointer, sizeof pointer, "/reviews/%zu/held", i);
            (void)error_field(err, pointer, "is required, unless the review is planned or refused");
            faults++;
        }
    }
    return faults;
}

static unsigned check_absence(const struct duty_case *facts, size_t i, struct error *err)
{
    const struct case_absence *absence = &facts->absences[i];
    unsigned faults = 0;
    char pointer[POINTER_MAX];
    if (rules_absence_type(facts->rules, absence->type) == NULL) {
        (void)snprintf(pointer, sizeof pointer, "/absences/%zu/type", i);
        (void)error_field(err, pointer, "is not a type of absence");
        faults++;
    }
    (void)snprintf(pointer, sizeof pointer, "/absences/%zu/start", i);
    check_range(absence->start, pointer, &faults, err);
    if (absence->start == DATE_NONE) {
        (void)error_field(err, pointer, "is required");
        faults++;
    }
    check_begun(facts, absence->start, pointer, &faults, err);
    (void)snprintf(pointer, sizeof pointer, "/absences/%zu/announced", i);
    check_range(absence->announced, pointer, &faults, err);
    (void)snprintf(pointer, sizeof pointer, "/absences/%zu/end", i);
    check_range(absence->end, pointer, &faults, err);
    check_order(absence->start, absence->end, pointer, "is before the start", &faults, err);
    return faults;
}

static unsigned check_event(const struct duty_case *facts, size_t i, struct error *err)
{
    unsigned faults = 0;
    char pointer[POINTER_MAX];
    (void)snprintf(pointer, sizeof pointer, "/events/%zu/date", i);
    check_range(facts->events[i].date, pointer, &faults, err);
    if (facts->events[i].date == DATE_NONE) {
        (void)error_field(err, pointer, "is required");
        faults++;
    }
    check_begun(facts, facts->events[i].date, pointer, &faults, err);
    return faults;
}

static bool agreements_overlap(const struct case_agreement *a, const struct case_agreement *b)
{
    bool starts = a->valid_from == DATE_NONE || b->valid_to == DATE_NONE || a->valid_from <= b->valid_to;
    bool ends = b->valid_from == DATE_NONE || a->valid_to == DATE_NONE || b->valid_from <= a->valid_to;
    return a->level == b->level && starts && ends;
}

static unsigned check_agreement(const struct duty_case *facts, size_t i, struct error *err)
{
    const struct case_agreement *agreement = &facts->agreements[i];
    unsigned faults = 0;
    char pointer[POINTER_MAX];
    if (period_is_none(agreement->period)) {
        (void)snprintf(pointer, sizeof pointer, "/organisation/agreements/%zu/period", i);
        (void)error_field(err, pointer, "is empty, expected a period such as P3Y");
        faults++;
    }
    (void)snprintf(pointer, sizeof pointer, "/organisation/agreements/%zu/valid_to", i);
    check_range(agreement->valid_to, pointer, &faults, err);
    check_order(agreement->valid_from, agreement->valid_to, pointer, "is before valid_from", &faults, err);
    (void)snprintf(pointer, sizeof pointer, "/organisation/agreements/%zu/valid_from", i);
    check_range(agreement->valid_from, pointer, &faults, err);
    for (size_t k = 0; k < i; k++) {
        if (agreements_overlap(agreement, &facts->agreements[k])) {
            (void)error_field(err, pointer, "overlaps agreement %zu of the same level", k);
            return faults + 1;
        }
    }
    return faults;
}

static unsigned check_policies(const struct duty_case *facts, struct error *err)
{
    const struct duty_policies *policies = &facts->policies;
    unsigned faults = 0;
    if (policies->planning_horizon < 0 || policies->planning_horizon > 3660) {
        (void)error_field(err, "/organisation/policies/planning.horizon", "expected 0 to 3660 days");
        faults++;
    }
    if (policies->notice_days < 0 || policies->notice_days > 366) {
        (void)error_field(err, "/organisation/policies/planning.notice", "expected 0 to 366 days");
        faults++;
    }
    return faults;
}

enum status duty_case_check(const struct duty_case *facts, struct error *err)
{
    struct error own = ERROR_INIT;
    unsigned faults = check_employee(facts, &own) + check_reviews(facts, &own) + check_policies(facts, &own);
    if (facts->as_of == DATE_NONE) {
        (void)error_field(&own, "/as_of", "is required");
        faults++;
    }
    check_range(facts->as_of, "/as_of", &faults, &own);
    for (size_t i = 0; i < facts->absence_count; i++)
        faults += check_absence(facts, i, &own);
    for (size_t i = 0; i < facts->event_count; i++)
        faults += check_event(facts, i, &own);
    for (size_t i = 0; i < facts->agreement_count; i++)
        faults += check_agreement(facts, i, &own);
    if (faults == 0)
        return ST_OK;
    if (err != NULL)
        *err = own;
    return ST_INVALID;
}
