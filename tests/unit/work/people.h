#pragma once
/* A store with one organisation and, by their JSON, people and facts in it. Every helper fails the test when
 * the verb does not answer what it should. */
#include "fixture.h"

#include "work/duties.h"
#include "work/employee.h"
#include "work/facts.h"
#include "work/organisation.h"

struct people {
    struct fixture f;
    struct error err; /* of the latest verb */
    char org[ORG_KEY_MAX];
    char org_id[ID_MAX];
};

/* The clock stands at noon UTC of `today`; `settings` is the body of POST /v1/organisations. */
void people_open(struct people *p, date_t today, const char *settings);
void people_close(struct people *p);
/* For cmocka: 2026-11-22, an organisation with nothing special. */
int people_set_up(void **state);
int people_tear_down(void **state);
void people_move(struct people *p, date_t today);

/* Verbs by JSON bodies. Strings of what they return live in the fixture's arena. */
enum status people_organisation_change(struct people *p, const char *patch);
struct organisation people_organisation(struct people *p);
/* The id, or NULL after a refusal (p->err). */
const char *people_hire(struct people *p, const char *body);
enum status people_change(struct people *p, const char *id, const char *patch, enum outcome *ret);
enum status people_remove(struct people *p, const char *id);
struct employee_row people_employee(struct people *p, const char *id);
/* The id of the fact, or NULL after a refusal. */
const char *people_add(struct people *p, const struct fact_kind *kind, const char *employee, const char *body);
enum status people_put(
    struct people *p, const struct fact_kind *kind, const char *employee, const char *body, enum outcome *ret);
enum status people_correct(struct people *p, const struct fact_kind *kind, const char *id, const char *patch);
enum status people_withdraw(struct people *p, const struct fact_kind *kind, const char *id, const char *reason);
/* "professional" review held on that day (DATE text), recorded by the use case of reviews. */
void people_held(struct people *p, const char *employee, const char *day, bool recap);

/* Stored duties as one text: "periodic T.PERIODIC 2028-03-08 upcoming; ..." open ones first; with `closed`,
 * also
 * "... = held". */
const char *people_duties(struct people *p, const char *employee, bool closed);
/* Verbs of the audit chain about a subject, oldest first: "employee.created duty.opened". */
const char *people_audit(struct people *p, const char *organisation, const char *subject);
/* Payload of the latest record with that verb. */
const char *people_payload(struct people *p, const char *subject, const char *verb);

#define PEOPLE_TEST(test) cmocka_unit_test_setup_teardown(test, people_set_up, people_tear_down)

void people_expect_field(const struct people *p, const char *pointer);
