/* Forms with files: what browsers send, and what nobody should. */
#include "mail/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

#define TYPE       "multipart/form-data; boundary=\"b1\""
#define PART(name) "--b1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE(name, f)                                                                                          \
    "--b1\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" f                                 \
    "\"\r\nContent-Type: application/pdf\r\n\r\n"
#define END "\r\n--b1--\r\n"

static enum status form_of(struct arena *arena, const char *type, const char *body, struct form *ret)
{
    struct error err = ERROR_INIT;
    return form_read_multipart(arena, type, SPAN_TEXT(body), ret, &err);
}

static void test_texts_and_files(void **state)
{
    struct form form;
    assert_int_equal(form_of(*state, TYPE,
                         PART("act") "report\r\n" PART("words") "un\r\ndeux é\r\n" FILE(
                             "file", "a b.pdf") "%PDF-1.4\r\n\x01 end" END,
                         &form),
        ST_OK);
    assert_int_equal(form.count, 3);
    assert_string_equal(form_value(&form, "act"), "report");
    assert_string_equal(form_value(&form, "words"), "un\ndeux é");
    const struct form_field *file = form_file(&form, "file");
    assert_non_null(file);
    assert_string_equal(file->file_name, "a b.pdf");
    assert_int_equal(file->content.size, 15);
    assert_memory_equal(file->content.data, "%PDF-1.4\r\n\x01 end", 15);
    assert_null(form_value(&form, "file"));
    assert_null(form_file(&form, "act"));
    assert_null(form_value(&form, "none"));
}

static void test_no_file_was_chosen(void **state)
{
    struct form form;
    assert_int_equal(form_of(*state, TYPE, PART("act") "\r\n" FILE("file", "") END, &form), ST_OK);
    assert_null(form_file(&form, "file"));
    assert_null(form_value(&form, "act"));
}

static void test_what_is_refused(void **state)
{
    struct form form;
    static const char *const bodies[] = {"", "--b1\r\n\r\nno name" END,
        "--b1\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx" END, PART("a") "\x80\xff" END,
        PART("a") "bell \x07" END,
        "--b1\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; "
        "boundary=c\r\n\r\n"
        "--c\r\n\r\nx\r\n--c--" END};
    for (size_t i = 1; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(form_of(*state, TYPE, bodies[i], &form), ST_SYNTAX);
    assert_int_equal(form_of(*state, "multipart/form-data", PART("a") "x" END, &form), ST_SYNTAX);
    assert_int_equal(form_of(*state, "multipart/mixed; boundary=b1", PART("a") "x" END, &form), ST_SYNTAX);
    assert_int_equal(form_of(*state, "text/plain", "x", &form), ST_SYNTAX);
}

static void test_ceilings(void **state)
{
    struct form form;
    BUF_AUTO many;
    buf_init(&many, 0);
    for (int i = 0; i < FORM_FIELDS_MAX + 2; i++)
        buf_printf(&many, "%s\r\n", PART("a") "x");
    buf_text(&many, END);
    assert_int_equal(form_of(*state, TYPE, many.data, &form), ST_SYNTAX);
    BUF_AUTO longer;
    buf_init(&longer, 0);
    buf_text(&longer, PART("a"));
    for (int i = 0; i < FORM_TEXT_MAX / 16 + 1; i++)
        buf_text(&longer, "0123456789abcdef");
    buf_text(&longer, END);
    assert_int_equal(form_of(*state, TYPE, longer.data, &form), ST_SYNTAX);
    BUF_AUTO fields;
    buf_init(&fields, 0);
    buf_text(&fields, "--b1\r\nContent-Disposition: form-data; name=\"a\"\r\n");
    while (fields.size < 4000000)
        buf_text(&fields, "a:\n");
    buf_text(&fields, "\r\nx" END);
    assert_int_equal(form_of(*state, TYPE, fields.data, &form), ST_SYNTAX);
}

/* What a file holds begins no part: only its own boundary does. */
static void test_a_file_of_dashes(void **state)
{
    struct form form;
    BUF_AUTO dashes;
    buf_init(&dashes, 0);
    buf_text(&dashes, FILE("file", "message multipart.pdf") "%PDF-1.4\n");
    while (dashes.size < 200000)
        buf_text(&dashes, "--b\n--\nContent-Type: multipart/mixed; boundary=b\n");
    buf_text(&dashes, END);
    assert_int_equal(form_of(*state, TYPE, dashes.data, &form), ST_OK);
    assert_true(form_file(&form, "file")->content.size > 190000);
}

#define FORM_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORM_TEST(test_texts_and_files),
        FORM_TEST(test_no_file_was_chosen),
        FORM_TEST(test_what_is_refused),
        FORM_TEST(test_ceilings),
        FORM_TEST(test_a_file_of_dashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
