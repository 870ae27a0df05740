/*
 * Whom a platform means. Ambiguity is never resolved by a guess: two people behind one key are nobody. On a
 * lane.
 */
#include "completion.h"

#include "internal.h"
#include "work/plan_proof.h"

#include <string.h>

struct person_search {
    struct txn *txn;
    const char *source;
    date_t day;
    const char *found; /* an employee's id */
    bool ambiguous;
};

static void person_found(struct person_search *search, const char *employee)
{
    if (search->found && strcmp(search->found, employee) != 0)
        search->ambiguous = true;
    search->found = employee;
}

static enum status person_by_alias(
    struct person_search *search, const struct completion_key *key, struct error *err)
{
    const char *employee = NULL;
    enum status status = alias_find(txn_snapshot(search->txn), txn_organisation(search->txn), search->source,
        key->kind, key->value, search->day, &employee, err);
    if (status == ST_OK && employee)
        person_found(search, employee);
    return status;
}

static enum status person_by_number(
    struct person_search *search, const struct completion_key *key, struct error *err)
{
    struct employee_row row;
    enum status status =
        employee_by_number(txn_snapshot(search->txn), txn_organisation(search->txn), key->value, &row, err);
    if (status == ST_OK)
        person_found(search, row.id);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static enum status person_by_email(
    struct person_search *search, const struct completion_key *key, struct error *err)
{
    struct employee_list list;
    enum status status =
        employee_by_email(txn_snapshot(search->txn), txn_organisation(search->txn), key->value, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        person_found(search, list.items[i].id);
    return status;
}

static const struct person_way {
    const char *kind; /* NULL: any key */
    enum status (*find)(struct person_search *search, const struct completion_key *key, struct error *err);
} person_ways[] = {{NULL, person_by_alias}, {"number", person_by_number}, {"email", person_by_email}};

enum status completion_person(struct txn *txn, const char *source, const struct completion_key *keys,
    size_t count, date_t day, const char **ret_employee, const char **ret_reason, struct error *err)
{
    struct person_search search = {.txn = txn, .source = source, .day = day};
    for (size_t way = 0; way < sizeof person_ways / sizeof person_ways[0] && !search.found; way++) {
        for (size_t i = 0; i < count; i++) {
            if (person_ways[way].kind && strcmp(person_ways[way].kind, keys[i].kind) != 0)
                continue;
            enum status status = person_ways[way].find(&search, &keys[i], err);
            if (status != ST_OK)
                return status;
        }
    }
    *ret_employee = search.ambiguous ? NULL : search.found;
    *ret_reason = search.ambiguous ? "ambiguous_person" : search.found ? NULL : "unknown_person";
    return ST_OK;
}

/* ---- what follows once the person is known */

enum status completion_day(struct txn *txn, const struct completion_row *row, date_t *ret, struct error *err)
{
    const struct duties_frame *frame = NULL;
    enum status status = work_frame(txn, &frame, err);
    if (status == ST_OK)
        *ret = row->occurred_at == INSTANT_NONE ? frame->today : zone_date(frame->zone, row->occurred_at);
    return status;
}

static enum status completion_take_back(struct txn *txn, const struct completion_row *undone, struct error *err)
{
    struct completion_filter filter = {
        .employee = undone->employee, .course = undone->course, .state = "completed"};
    struct page page = {.limit = PAGE_MAX};
    struct completion_list list;
    enum status status = completion_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct evidence_list evidence;
        status = evidence_of_completion(txn_snapshot(txn), list.items[i].id, &evidence, err);
        for (size_t e = 0; status == ST_OK && e < evidence.count; e++)
            if (evidence.items[e].undone_at == INSTANT_NONE)
                status = action_unprove(txn, evidence.items[e].action, list.items[i].id,
                    "the platform took the completion back", err);
    }
    return status;
}

enum status completion_settle(struct txn *txn, struct completion_row *row, const struct completion_said *said,
    const char *sha256, struct error *err)
{
    size_t proved = 0;
    struct action_proof proof = {.completion = row->id,
        .source = row->source,
        .sha256 = sha256,
        .minutes = said->minutes,
        .certificate = said->certificate_id};
    if (!row->employee || !row->course)
        return ST_OK;
    if (!strcmp(row->state, "undone"))
        return completion_take_back(txn, row, err);
    if (strcmp(row->state, "completed") != 0)
        return ST_OK;
    const char *code = said->course_id     ? said->course_id
                       : said->course_code ? said->course_code
                                           : said->course_title;
    enum status status = completion_day(txn, row, &proof.done_on, err);
    return status == ST_OK ? action_match(txn, row->employee, code, &proof, &proved, err) : status;
}
