/* Reading CSV: what spreadsheets write, and what breaks. */
#include "text/csv.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct csv_table *read_table(const char *text)
{
    const struct csv_table *table = NULL;
    struct error err = ERROR_INIT;

    assert_int_equal(csv_read(arena, text, strlen(text), 1000, &table, &err), ST_OK);
    return table;
}

static void refuse(const char *text, size_t size, size_t rows, enum status expected, const char *detail)
{
    const struct csv_table *table = NULL;
    struct error err = ERROR_INIT;

    assert_int_equal(csv_read(arena, text, size, rows, &table, &err), expected);
    assert_null(table);
    assert_non_null(strstr(err.detail, detail));
}

static void test_no_break_spaces_around_a_cell_are_removed(void **state)
{
    (void)state;
    const struct csv_table *table = read_table(
        "number;name\n37\xC2\xA0;\xE2\x80\xAF\xC2\xA0 A\xC2\xA0\x42 \xC2\xA0\n\xC2\xA0;\" kept \"\n");
    assert_int_equal(table->row_count, 2);
    assert_string_equal(table->rows[0].cells[0], "37");
    assert_string_equal(table->rows[0].cells[1], "A\xC2\xA0\x42");
    assert_string_equal(table->rows[1].cells[0], "");
    assert_string_equal(table->rows[1].cells[1], " kept ");
}

static void test_finds_the_delimiter(void **state)
{
    static const struct {
        const char *text;
        char delimiter;
    } cases[] = {
        {"a;b;c\n1;2;3\n", ';'},
        {"a,b,c\n1,2,3\n", ','},
        {"a\tb\tc\n1\t2\t3\n", '\t'},
        {"\"a;a;a;a\",b,c\n1,2,3\n", ','},
        {"sep=,\r\na,b,c\r\n1,2,3\r\n", ','},
        {"\xEF\xBB\xBF"
         "a;b;c\r1;2;3",
            ';'},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct csv_table *table = read_table(cases[i].text);
        assert_int_equal(table->delimiter, cases[i].delimiter);
        assert_int_equal(table->heading.count, 3);
        assert_int_equal(table->row_count, 1);
        assert_string_equal(csv_cell(&table->rows[0], 2), "3");
        assert_string_equal(csv_cell(&table->rows[0], 3), "");
        assert_int_equal(table->fault_count, 0);
    }
}

static void test_one_column_and_no_rows(void **state)
{
    (void)state;
    const struct csv_table *table = read_table("matricule\n");
    assert_string_equal(csv_cell(&table->heading, 0), "matricule");
    assert_int_equal(table->row_count, 0);
    table = read_table("matricule\n12\n\n  \n13");
    assert_int_equal(table->row_count, 2);
    assert_int_equal(table->rows[1].line, 5);
}

static void test_quotes_and_physical_lines(void **state)
{
    (void)state;
    const struct csv_table *table = read_table("n;note\r\n"
                                               "1;\"line one\r\nline \"\"two\"\"\r\n\r\nline four\"\r\n"
                                               " 2 ; plain; \r\n"
                                               ";;\r\n"
                                               "3;\"a;b\"\r\n");
    assert_int_equal(table->fault_count, 0);
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->rows[0].line, 2);
    assert_string_equal(csv_cell(&table->rows[0], 1), "line one\nline \"two\"\n\nline four");
    assert_int_equal(table->rows[1].line, 6);
    assert_string_equal(csv_cell(&table->rows[1], 0), "2");
    assert_string_equal(csv_cell(&table->rows[1], 1), "plain");
    assert_int_equal(table->rows[2].line, 8);
    assert_string_equal(csv_cell(&table->rows[2], 1), "a;b");
}

static void test_encodings(void **state)
{
    (void)state;
    const struct csv_table *table = read_table("nom;prénom\nÉlodie;🎓\n");
    assert_false(table->windows1252);
    assert_string_equal(csv_cell(&table->rows[0], 1), "🎓");
    table = read_table("nom;pr\xE9nom\nL\x92H\xF4te;\x80\n");
    assert_true(table->windows1252);
    assert_string_equal(csv_cell(&table->heading, 1), "prénom");
    assert_string_equal(csv_cell(&table->rows[0], 0), "L’Hôte");
    assert_string_equal(csv_cell(&table->rows[0], 1), "€");
    table = read_table("\xEF\xBB\xBFnom;b\nx;\xE9\ny;é\n");
    assert_int_equal(table->fault_count, 1);
    assert_int_equal(table->faults[0].line, 2);
    assert_int_equal(table->faults[0].column, 2);
    assert_int_equal(table->row_count, 1);
}

static void test_malformed_rows_are_reported_and_left(void **state)
{
    static const struct csv_fault expected[] = {{3, 0, "quote"}, {5, 0, "quote"}, {7, 4, "heading"}};
    (void)state;
    const struct csv_table *table = read_table("a;b;c\n"
                                               "1;2;3\n"
                                               "4;5\"5;6\n"
                                               "7;8;9\n"
                                               "\"x\"y;2;3\n"
                                               "10;11;12\n"
                                               "1;2;3;4\n"
                                               "13;14\n");
    assert_int_equal(table->fault_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(table->faults[i].line, expected[i].line);
        assert_int_equal(table->faults[i].column, expected[i].column);
        assert_non_null(strstr(table->faults[i].detail, expected[i].detail));
    }
    assert_int_equal(table->row_count, 4);
    assert_string_equal(csv_cell(&table->rows[3], 0), "13");
    assert_string_equal(csv_cell(&table->rows[3], 2), "");
}

static void test_unclosed_quote_loses_only_its_row(void **state)
{
    (void)state;
    const struct csv_table *table = read_table("a;b\n1;\"open\n2;3\n4;5\n");
    assert_int_equal(table->fault_count, 1);
    assert_int_equal(table->faults[0].line, 2);
    assert_int_equal(table->row_count, 2);
    assert_int_equal(table->rows[0].line, 3);

    BUF_AUTO text;
    buf_init(&text, 0);
    buf_text(&text, "a;b\n1;\"open\n");
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, "%d;x\n", i);
    const struct csv_table *long_table = NULL;
    assert_int_equal(csv_read(arena, text.data, text.size, 5000, &long_table, NULL), ST_OK);
    assert_int_equal(long_table->fault_count, 1);
    assert_int_equal(long_table->row_count, 3000);
    assert_int_equal(long_table->rows[2999].line, 3002);
}

static void test_ceilings(void **state)
{
    (void)state;
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_text(&text, "a;b\n");
    for (int i = 0; i < 4096; i++)
        buf_char(&text, 'x');
    buf_text(&text, ";1\n");
    for (int i = 0; i < 4097; i++)
        buf_char(&text, 'y');
    buf_text(&text, ";2\nz;3\n");
    const struct csv_table *table = read_table(text.data);
    assert_int_equal(table->row_count, 2);
    assert_int_equal(strlen(csv_cell(&table->rows[0], 0)), 4096);
    assert_int_equal(table->fault_count, 1);
    assert_int_equal(table->faults[0].line, 3);
    assert_int_equal(table->faults[0].column, 1);

    refuse("a;b\n1;2\n3;4\n5;6\n", 16, 2, ST_TOO_LARGE, "line 4: more than 2 rows");
    buf_reset(&text);
    for (int i = 0; i < 65; i++)
        buf_text(&text, "h;");
    buf_text(&text, "h\nx\n");
    table = read_table(text.data);
    assert_int_equal(table->faults[0].line, 1);
}

static void test_stops_after_many_faults(void **state)
{
    (void)state;
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_text(&text, "a;b\n");
    for (int i = 0; i < 900; i++)
        buf_text(&text, "x\"y;1\n");
    const struct csv_table *table = read_table(text.data);
    assert_true(table->stopped);
    assert_int_equal(table->fault_count, CSV_FAULTS_MAX);
    assert_int_equal(table->faults[CSV_FAULTS_MAX - 1].line, 201);
}

static void test_what_is_not_text(void **state)
{
    (void)state;
    refuse("", 0, 10, ST_SYNTAX, "empty");
    refuse("\xEF\xBB\xBF\r\n\r\n", 7, 10, ST_SYNTAX, "empty");
    refuse("a;b\n\0;c\n", 8, 10, ST_SYNTAX, "byte 0");
    refuse("\xFF\xFE"
           "a\0;\0",
        6, 10, ST_SYNTAX, "UTF-16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_the_delimiter),
        cmocka_unit_test(test_no_break_spaces_around_a_cell_are_removed),
        cmocka_unit_test(test_one_column_and_no_rows),
        cmocka_unit_test(test_quotes_and_physical_lines),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_malformed_rows_are_reported_and_left),
        cmocka_unit_test(test_unclosed_quote_loses_only_its_row),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_stops_after_many_faults),
        cmocka_unit_test(test_what_is_not_text),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
