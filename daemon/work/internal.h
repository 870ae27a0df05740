#pragma once
/*
 * What the use cases of people share.
 */
#include "store/txn.h"
#include "work/duties.h"
#include "work/employee.h"
#include "work/facts.h"
#include "work/organisation.h"

/* The frame of the job's organisation as known now: loaded once per job. */
enum status work_frame(struct txn *txn, const struct duties_frame **ret, struct error *err);
/* Only its zone: for those who need nothing else of the frame. */
enum status work_zone(struct txn *txn, const struct zone **ret, struct error *err);
/* After a change of the organisation: the next one asking loads it anew. */
void work_frame_forget(struct txn *txn);

/* The index of `text` among the names, FIELD_UNSET when it is none of them. */
int work_name_index(const char *const names[], const char *text);
/* A mail address as addresses are compared: in lower case. */
const char *work_address(struct arena *arena, const char *email);
/* ST_PRECONDITION unless `expected` is 0 or the version. */
enum status work_expect(int64_t version, int64_t expected, struct error *err);
/* Drops `prefix` from the pointers of all fields at fault: the rules name fields in the shape of a simulation.
 */
void work_strip(struct error *err, const char *prefix);

/* Agreements and headcounts as known at an instant. */
enum status organisation_facts(const struct snapshot *snapshot, const char *id, instant_t known_at,
    struct organisation *ret, struct error *err);
/* What is not given gets its default. */
void organisation_complete(struct arena *arena, struct organisation *organisation);
/* Refuses what contradicts itself, with pointers. */
enum status organisation_check(struct arena *arena, const struct organisation *organisation, struct error *err);
struct duty_policies organisation_duty_policies(const struct organisation *organisation);
/* The terms of its agreements, as the engine takes them. */
const struct case_agreement *organisation_agreements(
    struct arena *arena, const struct organisation *organisation);
/* The settings column. */
const char *organisation_settings(struct arena *arena, const struct organisation *organisation);

struct duty_row;
/* A stored duty as its audit records have it: a struct of the table, in the arena. */
extern const struct field_table duty_audit_table;
const void *duty_audited(struct arena *arena, const struct duty_row *row);

void employee_fill_row(struct arena *arena, const struct employee *from, struct employee_row *row);
/* What contradicts itself, whoever the manager is. */
enum status employee_check_alone(const struct employee *employee, struct error *err);
struct terms employee_terms(const struct employee *employee);
