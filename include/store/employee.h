#pragma once
/*
 * Employees: one row per person and organisation. Search keys (number, name and e-mail folded with text_fold)
 * are made here. next_check and facts_version belong to the watching of duties: update leaves them alone.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct employee_row {
    const char *id; /* "emp_..." */
    const char *number;
    const char *given_name, *family_name;
    const char *email;
    const char *manager; /* id of an employee of the same organisation */
    const char *establishment, *category;
    const char *sex;      /* "female", "male" */
    const char *contract; /* a name of the contract kinds */
    date_t hire_date, seniority_date, birth_date, contract_end, exit_date;
    const char *locale;
    const char *calendar_url;
    const char *external_ids; /* JSON object */
    int64_t version;
    date_t next_check;     /* the civil day on which the duties have to be computed again */
    int64_t facts_version; /* the organisation's, when they were computed last */
    instant_t created_at, updated_at;
};

struct employee_list {
    struct employee_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL, version 1, the times, and writes them into `row`. next_check is taken from the
 * row, the organisation's facts_version is set. ST_CONFLICT at "/number" when it is taken (case and accents do
 * not count), at
 * "/manager" when there is no such employee. */
enum status employee_add(struct txn *txn, struct employee_row *row, struct error *err);
/* Writes all members but id, next_check, facts_version and created_at. */
enum status employee_update(struct txn *txn, struct employee_row *row, int64_t expected, struct error *err);
/* Only the row: what refers to it (reviews, duties, a team) makes it ST_CONFLICT. */
enum status employee_delete(struct txn *txn, const char *id, int64_t expected, struct error *err);

enum status employee_get(
    const struct snapshot *snapshot, const char *id, struct employee_row *ret, struct error *err);
enum status employee_by_number(const struct snapshot *snapshot, const char *organisation, const char *number,
    struct employee_row *ret, struct error *err);
/* All with this address (at most 10): two people may share a mailbox. Maybe none. */
enum status employee_by_email(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct employee_list *ret, struct error *err);
struct employee_ids {
    const char **items;
    size_t count;
};
/* The ids of the people with this address, which an index alone tells. */
enum status employee_ids_by_email(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct employee_ids *ret, struct error *err);

/* Everybody of an organisation, as short as can be, in no order; in the arena given. */
struct employee_key {
    const char *id;
    const char *number, *email; /* folded; email may be NULL */
    const char *manager;
    date_t hire_date, seniority_date, exit_date;
};
struct employee_keys {
    struct employee_key *items;
    size_t count;
};
enum status employee_keys(const struct snapshot *snapshot, const char *organisation, struct arena *arena,
    struct employee_keys *ret, struct error *err);

struct employee_filter {
    const char *search;  /* start of the number, of "family given" or of the e-mail, folded here; NULL = all */
    const char *manager; /* direct reports only */
    const char *establishment, *category;
    date_t employed_on; /* hired by then and not left; DATE_NONE = all */
    bool left;          /* with employed_on: those who had left by then, instead */
};
/* In the order of family name, given name, id. */
enum status employee_list(const struct snapshot *snapshot, const char *organisation,
    const struct employee_filter *filter, const struct page *page, struct employee_list *ret,
    struct error *err);

/* Those whose next_check is on or before `day`, then those computed under an older facts_version than the
 * organisation's; at most `limit` ids together. */
enum status employee_due(const struct snapshot *snapshot, const char *organisation, date_t day, unsigned limit,
    struct employee_ids *ret, struct error *err);
/* Notes that the duties are computed: next_check as given, facts_version the organisation's, and that reminders
 * are to be looked at (store/reminder.h). Not a new version. */
enum status employee_computed(struct txn *txn, const char *id, date_t next_check, struct error *err);
