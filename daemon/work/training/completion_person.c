/*
 * Whom a platform means. Ambiguity is never resolved by a guess: two people behind one key are nobody. On a
 * lane.
 */
#include "completion.h"

#include "internal.h"
#include "work/course.h"
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

/* Whoever the source means by it, else whoever means it now by a former number or address. */
static enum status person_by_alias(
    struct person_search *search, const struct completion_key *key, bool *ret, struct error *err)
{
    const char *employee = NULL;
    const char *value = completion_wait_value(txn_arena(search->txn), key->kind, key->value);
    const char *ways[] = {key->value, strcmp(value, key->value) != 0 ? value : NULL};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && !employee && i < 2 && ways[i]; i++)
        status = alias_find(txn_snapshot(search->txn), txn_organisation(search->txn), search->source, key->kind,
            ways[i], search->day, &employee, err);
    *ret = employee != NULL;
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
    struct employee_ids ids;
    enum status status =
        employee_ids_by_email(txn_snapshot(search->txn), txn_organisation(search->txn), key->value, &ids, err);
    for (size_t i = 0; status == ST_OK && i < ids.count; i++)
        person_found(search, ids.items[i]);
    return status;
}

static enum status person_by_key(
    struct person_search *search, const struct completion_key *key, struct error *err)
{
    bool known = false;
    enum status status = person_by_alias(search, key, &known, err);
    if (status != ST_OK || known)
        return status;
    if (!strcmp(key->kind, "number"))
        return person_by_number(search, key, err);
    return !strcmp(key->kind, "email") ? person_by_email(search, key, err) : ST_OK;
}

/* Every key that means somebody has to mean the same person. */
enum status completion_person(struct txn *txn, const char *source, const struct completion_key *keys,
    size_t count, date_t day, const char **ret_employee, const char **ret_reason, struct error *err)
{
    struct person_search search = {.txn = txn, .source = source, .day = day};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < count; i++)
        status = person_by_key(&search, &keys[i], err);
    *ret_employee = search.ambiguous ? NULL : search.found;
    *ret_reason = search.ambiguous ? "ambiguous_person" : search.found ? NULL : "unknown_person";
    return status;
}

/* ---- what follows once the person is known */

enum status completion_day(struct txn *txn, const struct completion_row *row, date_t *ret, struct error *err)
{
    const struct zone *zone = NULL;
    enum status status = work_zone(txn, &zone, err);
    if (status == ST_OK)
        *ret = zone_date(zone, row->occurred_at == INSTANT_NONE ? txn_now(txn) : row->occurred_at);
    return status;
}

bool completion_superseded(const struct completion_row *row, const struct completion_row *latest)
{
    return !strcmp(latest->state, "undone") && latest->occurred_at >= row->occurred_at;
}

static enum status settle_superseded(
    struct txn *txn, const struct completion_row *row, bool *ret, struct error *err)
{
    struct completion_row latest;
    enum status status = completion_latest(txn_snapshot(txn), txn_organisation(txn), row, &latest, err);
    *ret = status == ST_OK && completion_superseded(row, &latest);
    if (status != ST_NOT_FOUND)
        return status;
    error_clear(err);
    return ST_OK;
}

/* What was completed after it was taken back stays. */
static enum status completion_take_back(struct txn *txn, const struct completion_row *undone, struct error *err)
{
    struct completion_filter filter = {
        .employee = undone->employee, .course = undone->course, .state = "completed"};
    struct page page = {.limit = PAGE_MAX};
    struct completion_list list;
    enum status status = completion_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct evidence_list evidence;
        if (list.items[i].occurred_at > undone->occurred_at)
            continue;
        status = evidence_of_completion(txn_snapshot(txn), list.items[i].id, &evidence, err);
        for (size_t e = 0; status == ST_OK && e < evidence.count; e++)
            if (evidence.items[e].undone_at == INSTANT_NONE)
                status = action_unprove(txn, evidence.items[e].action, list.items[i].id,
                    "the platform took the completion back", err);
    }
    return status;
}

const char *completion_course_code(const struct completion_said *said)
{
    return said->course_id ? said->course_id : said->course_code ? said->course_code : said->course_title;
}

/* An action of the course's code, else of the code that the source's rules give it. */
static enum status settle_match(struct txn *txn, const struct completion_row *row,
    const struct completion_said *said, const char *sha256, struct error *err)
{
    size_t proved = 0;
    const char *code = completion_course_code(said);
    struct action_proof proof = {.completion = row->id,
        .source = row->source,
        .sha256 = sha256,
        .minutes = said->minutes,
        .certificate = said->certificate_id};
    enum status status = completion_day(txn, row, &proof.done_on, err);
    if (status == ST_OK)
        status = action_match(txn, row->employee, code, &proof, &proved, err);
    if (status == ST_OK && !proved && said->course_code && strcmp(code, said->course_code) != 0)
        status = action_match(txn, row->employee, said->course_code, &proof, &proved, err);
    if (status == ST_OK && !proved)
        status = completion_rule_course(txn, row->source, said, &code, err);
    return status == ST_OK && !proved && code ? action_match(txn, row->employee, code, &proof, &proved, err)
                                              : status;
}

enum status completion_settle_standing(struct txn *txn, struct completion_row *row,
    const struct completion_said *said, const char *sha256, bool superseded, struct error *err)
{
    if (!row->employee || !row->course)
        return ST_OK;
    if (!strcmp(row->state, "undone"))
        return completion_take_back(txn, row, err);
    if (strcmp(row->state, "completed") != 0 || superseded)
        return ST_OK;
    enum status status = settle_match(txn, row, said, sha256, err);
    return status == ST_OK ? completion_follow_course(txn, row, err) : status;
}

enum status completion_settle(struct txn *txn, struct completion_row *row, const struct completion_said *said,
    const char *sha256, struct error *err)
{
    bool superseded = false, counts = row->employee && row->course && !strcmp(row->state, "completed");
    enum status status = counts ? settle_superseded(txn, row, &superseded, err) : ST_OK;
    return status == ST_OK ? completion_settle_standing(txn, row, said, sha256, superseded, err) : status;
}
