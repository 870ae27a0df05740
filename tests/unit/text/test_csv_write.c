/* Writing CSV: quoting, and cells that a spreadsheet must not run. */
#include "text/csv.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_text(char delimiter, const char *cell, const char *written)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct csv_writer w = csv_writer(&out, delimiter, false);
    csv_put_text(&w, cell);
    csv_end_row(&w);
    assert_int_equal(strlen(written) + 2, out.size);
    assert_memory_equal(out.data, written, strlen(written));
    assert_string_equal(out.data + out.size - 2, "\r\n");
}

static void test_quotes_when_needed(void **state)
{
    (void)state;
    expect_text(';', "plain", "plain");
    expect_text(';', "a,b", "a,b");
    expect_text(',', "a,b", "\"a,b\"");
    expect_text(';', "a;b", "\"a;b\"");
    expect_text(';', "dit \"x\"", "\"dit \"\"x\"\"\"");
    expect_text(';', "one\ntwo", "\"one\ntwo\"");
    expect_text(';', " blank", "\" blank\"");
    expect_text(';', "blank ", "\"blank \"");
    expect_text(';', NULL, "");
    expect_text(';', "", "");
    expect_text(';', "Élodie 🎓", "Élodie 🎓");
}

static void test_formulas_are_defused(void **state)
{
    (void)state;
    expect_text(';', "=1+1", "'=1+1");
    expect_text(';', "+33 6", "'+33 6");
    expect_text(';', "-2", "'-2");
    expect_text(';', "@SUM(A1)", "'@SUM(A1)");
    expect_text(';', "\tx", "\"'\tx\"");
    expect_text(';', "\rx", "\"'\rx\"");
    expect_text(';', "=HYPERLINK(\"http://x\";\"y\")", "\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\"");
    expect_text(';', "a=b", "a=b");
}

static void test_values_and_rows(void **state)
{
    (void)state;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct csv_writer w = csv_writer(&out, ';', true);
    csv_put_text(&w, "a");
    csv_put_int(&w, -12);
    csv_put_cents(&w, -123456);
    csv_put_cents(&w, 5);
    csv_end_row(&w);
    csv_put_date(&w, date_of(2024, 3, 8));
    csv_put_date(&w, DATE_NONE);
    csv_put_instant(&w, 0);
    csv_put_instant(&w, INSTANT_NONE);
    csv_end_row(&w);
    w = csv_writer(&out, ',', false);
    csv_put_cents(&w, INT64_MIN);
    csv_end_row(&w);
    assert_string_equal(out.data, "\xEF\xBB\xBF"
                                  "a;-12;-1234,56;0,05\r\n2024-03-08;;1970-01-01T00:00:00Z;\r\n"
                                  "-92233720368547758.08\r\n");
}

static void test_reads_back(void **state)
{
    static const char *const cells[] = {"a\"b", "c;d", "e\nf", " g ", "é", ""};
    enum { COUNT = sizeof(cells) / sizeof(cells[0]) };
    const struct csv_table *table = NULL;
    struct arena *arena_of_test = arena_new(0);
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    struct csv_writer w = csv_writer(&out, ';', true);
    for (size_t i = 0; i < COUNT; i++)
        csv_put_text(&w, "h");
    csv_end_row(&w);
    for (size_t i = 0; i < COUNT; i++)
        csv_put_text(&w, cells[i]);
    csv_end_row(&w);
    assert_int_equal(csv_read(arena_of_test, out.data, out.size, 10, &table, NULL), ST_OK);
    assert_int_equal(table->row_count, 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(csv_cell(&table->rows[0], i), cells[i]);
    arena_free(arena_of_test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_when_needed),
        cmocka_unit_test(test_formulas_are_defused),
        cmocka_unit_test(test_values_and_rows),
        cmocka_unit_test(test_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
