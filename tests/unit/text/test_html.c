/* The HTML writer: escapes, nesting, links, misuse. */
#include "text/html.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_elements_and_escapes(void **state)
{
    (void)state;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct html h = html_writer(&out);
    html_open(&h, "p");
    html_attr(&h, "class", "a\"><script>");
    html_attr(&h, "id", NULL);
    html_text(&h, "<b>Tom & 'Zoé'</b>\x01\x1b");
    html_void(&h, "br");
    html_element(&h, "em", "🎓");
    html_lines(&h, "one\n<two>\n");
    html_close(&h);
    html_raw(&h, "<hr>");
    assert_false(out.failed);
    assert_string_equal(out.data,
        "<p class=\"a&quot;&gt;&lt;script&gt;\">&lt;b&gt;Tom &amp; &#39;Zoé&#39;&lt;/b&gt;<br><em>🎓</em>"
        "one<br>\n&lt;two&gt;<br>\n</p><hr>");
}

static void test_links(void **state)
{
    static const struct {
        const char *url;
        bool kept;
    } cases[] = {
        {"https://rh.example/me/abc?x=1&y=2", true},
        {"/console/", true},
        {"mailto:rh@example.fr", true},
        {"javascript:alert(1)", false},
        {"JaVaScript:alert(1)", false},
        {"data:text/html,x", false},
        {"//evil.example/", false},
        {"/\\evil.example/", false},
        {"mailto:rh@example.fr?bcc=x@y.z", false},
        {"", false},
        {NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        BUF_AUTO out;
        buf_init(&out, 0);
        struct html h = html_writer(&out);
        html_open(&h, "a");
        html_link_attr(&h, "href", cases[i].url);
        html_close(&h);
        assert_int_equal(strstr(out.data, "href=") != NULL, cases[i].kept);
    }
}

static void test_document(void **state)
{
    (void)state;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct html h = html_writer(&out);
    html_document(&h, "fr", "A & B", "p { margin: 0 }");
    html_element(&h, "p", "x");
    html_finish(&h);
    assert_string_equal(out.data,
        "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>A &amp; B</title><style>p { margin: 0 }</style>"
        "</head>\n<body><p>x</p></body></html>");
}

static void test_misuse_fails_the_buffer(void **state)
{
    (void)state;
    BUF_AUTO out;
    buf_init(&out, 0);
    struct html h = html_writer(&out);
    html_close(&h);
    assert_true(out.failed);

    BUF_AUTO late;
    buf_init(&late, 0);
    h = html_writer(&late);
    html_open(&h, "p");
    html_text(&h, "x");
    html_attr(&h, "class", "y");
    assert_true(late.failed);

    BUF_AUTO deep;
    buf_init(&deep, 0);
    h = html_writer(&deep);
    for (int i = 0; i < HTML_DEPTH_MAX; i++)
        html_open(&h, "div");
    assert_false(deep.failed);
    html_open(&h, "div");
    assert_true(deep.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_and_escapes),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_misuse_fails_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
