/*
 * Rows that tell what happened to people: absences, progressions, reviews held. Nothing is sent for any of
 * them. On lanes.
 */
#include "base/text.h"
#include "work.h"

#include <string.h>

/* ---- facts */

static const void *fact_row_is(const struct import_file *file, const struct import_head *row)
{
    return (const char *)row + file->kind->at;
}

enum status import_fact_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    struct error found = ERROR_INIT;
    const struct fact_kind *kind = file->kind->facts;
    const void *fact = fact_row_is(file, row);
    (void)snapshot;
    (void)err;
    if (field_check(kind->table, fact, &found) == ST_OK && kind->check)
        (void)kind->check(fact, file->people[row->person].first_day, file->today, &found);
    import_refuse_error(file, row, &found);
    return ST_OK;
}

enum status import_fact_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    const struct fact_kind *kind = file->kind->facts;
    const void *fact = fact_row_is(file, row);
    struct list known;
    enum status status = facts_of(snapshot, kind, file->people[row->person].id, INSTANT_NONE, &known, err);
    *ret = OUTCOME_CREATED;
    for (size_t i = 0; status == ST_OK && i < known.count; i++) {
        const void *one = (const char *)known.items + i * kind->table->size;
        if (kind->same(one, fact))
            *ret = field_equal(kind->body, one, fact) ? OUTCOME_UNCHANGED : OUTCOME_UPDATED;
    }
    return status;
}

enum status import_fact_apply(struct txn *txn, const struct import_file *file, const struct import_head *row,
    enum outcome *ret, struct error *err)
{
    const struct fact_kind *kind = file->kind->facts;
    void *fact = arena_copy(txn_arena(txn), fact_row_is(file, row), kind->table->size);
    return facts_put(txn, kind, file->people[row->person].id, fact, ret, err);
}

const char *import_absence_identity(struct arena *arena, const struct import_head *row)
{
    const struct absence *is = &((const struct import_absence *)(const void *)row)->is;
    return arena_printf(arena, "%d %s", (int)is->start, is->type);
}

const char *import_progression_identity(struct arena *arena, const struct import_head *row)
{
    const struct progression *is = &((const struct import_progression *)(const void *)row)->is;
    return arena_printf(arena, "%d %d %s", (int)is->date, is->kind, is->description ? is->description : "");
}

/* ---- reviews */

static const struct field review_fields[] = {
    FIELD(struct review_record, held, FIELD_DATE, .flags = FIELD_REQUIRED),
    FIELD(struct review_record, type, FIELD_ENUM, .names = review_type_names),
    FIELD(struct review_record, recap, FIELD_BOOL),
    FIELD(struct review_record, report_reference, FIELD_TEXT),
    FIELD(struct review_record, copy_handed, FIELD_DATE),
};
const struct field_table import_review_table =
    FIELD_TABLE("ImportReview", struct review_record, review_fields, -1);

static const struct review_record *review_row_is(const struct import_head *row)
{
    return &((const struct import_review *)(const void *)row)->is;
}

static void review_check_day(
    struct import_file *file, struct import_head *row, const char *pointer, date_t day, date_t first)
{
    if (day > file->today)
        import_refuse_row(file, row, pointer, "is in the future");
    else if (first != DATE_NONE && day < first)
        import_refuse_row(file, row, pointer, "is before %s", date_show(first).text);
}

static struct review_record review_recorded(const struct import_file *file, const struct import_head *row)
{
    struct review_record record = *review_row_is(row);
    record.employee = file->people[row->person].id;
    if (record.type == FIELD_UNSET)
        record.type = REVIEW_PROFESSIONAL;
    if (row->other_person != IMPORT_NOBODY)
        record.interviewer = file->people[row->other_person].id;
    return record;
}

/* The one that the line is about; NULL: none yet. */
static const struct review_row *review_among(const struct review_list *list, const struct review_record *record)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].held_on == record->held &&
            strcmp(list->items[i].type, review_type_names[record->type]) == 0)
            return &list->items[i];
    return NULL;
}

static enum status review_known(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, struct review *ret, bool *ret_found, struct error *err)
{
    struct review_record record = review_recorded(file, row);
    struct review_list list;
    enum status status = review_of(snapshot, record.employee, &list, err);
    const struct review_row *known = status == ST_OK ? review_among(&list, &record) : NULL;
    *ret_found = known != NULL;
    return known ? review_view(snapshot, known->id, ret, err) : status;
}

/* What is on record is proof: a file adds what is missing and overwrites nothing. */
static void review_check_known(struct import_file *file, struct import_head *row, const struct review *known)
{
    const struct review_record record = review_recorded(file, row);
    const char *reference = known->report && known->report->reference ? known->report->reference : "";
    if (record.report_reference && known->report && strcmp(record.report_reference, reference) != 0)
        import_refuse_row(file, row, "/report_reference",
            "a report \"%s\" is on record for this review: correct the review itself", reference);
    if (record.copy_handed != DATE_NONE && known->copy && known->copy->date != record.copy_handed)
        import_refuse_row(file, row, "/copy_handed",
            "%s is on record for this review: correct the review itself", date_show(known->copy->date).text);
    if (record.recap == 0 && known->recap == 1)
        import_refuse_row(
            file, row, "/recap", "a recap is on record for this review: correct the review itself");
    if (record.interviewer && known->interviewer && strcmp(record.interviewer, known->interviewer) != 0)
        import_refuse_row(
            file, row, "/interviewer", "somebody else is on record for this review: correct the review itself");
}

enum status import_review_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    const struct review_record *is = review_row_is(row);
    review_check_day(file, row, "/held", is->held, file->people[row->person].first_day);
    if (is->copy_handed != DATE_NONE)
        review_check_day(file, row, "/copy_handed", is->copy_handed, is->held);
    if (row->other_person == row->person)
        import_refuse_row(file, row, "/interviewer", "an employee does not hold their own review");
    if (is->type == REVIEW_ANNUAL && is->recap == 1)
        import_refuse_row(file, row, "/recap", "an annual review is no recap of the path");
    struct review known;
    bool found;
    enum status status = review_known(snapshot, file, row, &known, &found, err);
    if (status == ST_OK && found)
        review_check_known(file, row, &known);
    if (status == ST_OK && is->copy_handed != DATE_NONE && !is->report_reference && !(found && known.report))
        import_refuse_row(
            file, row, "/report_reference", "is required where a copy was handed over: a copy of what");
    return status;
}

enum status import_review_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    struct review_record record = review_recorded(file, row);
    struct review_list list;
    enum status status = review_of(snapshot, record.employee, &list, err);
    const struct review_row *known = status == ST_OK ? review_among(&list, &record) : NULL;
    bool adds =
        known && ((record.report_reference && known->reported_on == DATE_NONE) ||
                     (record.copy_handed != DATE_NONE && known->copied_on == DATE_NONE) ||
                     (record.recap == 1 && !known->recap) || (record.interviewer && !known->interviewer));
    *ret = !known ? OUTCOME_CREATED : adds ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
    return status;
}

enum status import_review_apply(struct txn *txn, const struct import_file *file, const struct import_head *row,
    enum outcome *ret, struct error *err)
{
    struct review_record record = review_recorded(file, row);
    const char *id;
    return review_record(txn, &record, ret, &id, err);
}

const char *import_review_identity(struct arena *arena, const struct import_head *row)
{
    const struct review_record *is = review_row_is(row);
    return arena_printf(arena, "%d %d", (int)is->held, is->type == REVIEW_ANNUAL);
}
