/* Files applied in slices: what happened to their people since they were read is refused row by row. */
#include "people.h"

#include "store/import.h"
#include "work/import.h"

#define SLICE_US (INT64_C(60) * US_PER_SEC)

struct slice {
    const struct import_options options;
    const char *text, *id;
    struct import_row row;
    struct import_file *file;
    struct import_counts counts;
    struct arena *arena; /* of the file */
    bool careful;
    size_t next;
};

static enum status job_receive(struct txn *txn, void *context, struct error *err)
{
    struct slice *slice = context;
    struct import_row row;
    enum status status = import_receive(txn, "absences", &slice->options, SPAN_TEXT(slice->text), &row, err);
    slice->id = arena_strdup(slice->arena, row.id);
    return status;
}

static enum status job_read(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct slice *slice = context;
    enum status status = import_get(snapshot, slice->id, &slice->row, err);
    return status == ST_OK ? import_read(snapshot, slice->arena, &slice->row, &slice->file, err) : status;
}

static enum status job_begin(struct txn *txn, void *context, struct error *err)
{
    const struct slice *slice = context;
    return import_begin(txn, slice->file, slice->id, IMPORT_APPLYING, err);
}

static enum status job_apply(struct txn *txn, void *context, struct error *err)
{
    struct slice *slice = context;
    return import_apply(
        txn, slice->file, slice->id, 0, slice->careful, SLICE_US, &slice->counts, &slice->next, err);
}

static enum status put(struct people *p, txn_run run, struct slice *slice)
{
    error_clear(&p->err);
    return store_write_now(p->f.store, p->org, "import", run, slice, &p->err);
}

static const char *hire(struct people *p, const char *number)
{
    return people_hire(
        p, arena_printf(p->f.arena,
               "{\"number\":\"%s\",\"given_name\":\"A\",\"family_name\":\"B\",\"hire_date\":\"2020-03-02\"}",
               number));
}

static void test_who_left_meanwhile_is_refused_alone(void **state)
{
    struct people *p = *state;
    struct slice slice = {.options = {.partial = 1},
        .text = "number;type;start\nM1;parental;2026-05-04\nM2;parental;2026-05-05\n",
        .arena = p->f.arena};
    const char *stays = hire(p, "M1"), *goes = hire(p, "M2");
    assert_int_equal(put(p, job_receive, &slice), ST_OK);
    assert_int_equal(store_read_now(p->f.store, job_read, &slice, &p->err), ST_OK);
    assert_int_equal(import_rows(slice.file), 2);
    slice.counts = import_file_counts(slice.file);
    assert_int_equal(slice.counts.refused, 0);
    assert_int_equal(put(p, job_begin, &slice), ST_OK);
    assert_int_equal(people_remove(p, goes), ST_OK);

    assert_int_equal(put(p, job_apply, &slice), ST_CONFLICT);
    assert_null(strstr(people_audit(p, p->org, stays), "absence.added"));
    assert_int_equal(slice.counts.applied, 0);

    slice.careful = true;
    assert_int_equal(put(p, job_apply, &slice), ST_OK);
    assert_int_equal(slice.next, 2);
    assert_int_equal(slice.counts.applied, 1);
    assert_int_equal(slice.counts.refused, 1);
    assert_non_null(strstr(people_audit(p, p->org, stays), "absence.added"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {PEOPLE_TEST(test_who_left_meanwhile_is_refused_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
