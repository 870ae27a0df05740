/* Templates: blocks, escapes per output, and every error at loading time with its line. */
#include "text/template.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NAME, NOTE, LINK, ITEMS, SLOTS };
static const struct template_slot slots[SLOTS] = {
    [NAME] = {.name = "name", .type = TEMPLATE_TEXT},
    [NOTE] = {.name = "note", .type = TEMPLATE_LINES},
    [LINK] = {.name = "link", .type = TEMPLATE_LINK},
    [ITEMS] = {.name = "items", .type = TEMPLATE_LIST},
};
static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static enum status parse(const char *text, size_t size, const struct template_slot *own,
    const struct template **ret, struct error *err)
{
    const struct template_source source = {.name = "t", .text = text, .size = size};

    return template_parse(arena, &source, own, own == slots ? SLOTS : 2, ret, err);
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void expect(
    const char *text, const struct template_value *values, enum template_output output, const char *expected)
{
    const struct template *t = NULL;
    struct error err = ERROR_INIT;
    BUF_AUTO out;

    buf_init(&out, 0);
    assert_int_equal(parse(text, strlen(text), slots, &t, &err), ST_OK);
    template_render(t, values, output, &out);
    assert_string_equal(out.data, expected);
}

static void test_values_are_escaped_for_the_output(void **state)
{
    const struct template_value values[SLOTS] = {
        [NAME] = {.text = "<b>\"É\" & 'x'</b>\r\nBcc: y\x07\t."},
        [NOTE] = {.text = "one\r\ntwo\n{{name}}"},
        [LINK] = {.text = "https://rh.example/?a=1&b=2"},
    };
    (void)state;
    expect("Hi {{name}}!\n{{ note }}\n{{link}}", values, TEMPLATE_PLAIN,
        "Hi <b>\"É\" & 'x'</b> Bcc: y .!\none\ntwo\n{{name}}\nhttps://rh.example/?a=1&b=2");
    expect("<p>{{name}}</p><p>{{note}}</p><a href=\"{{link}}\">", values, TEMPLATE_HTML,
        "<p>&lt;b&gt;&quot;É&quot; &amp; &#39;x&#39;&lt;/b&gt; Bcc: y .</p><p>one<br>\ntwo<br>\n{{name}}</p>"
        "<a href=\"https://rh.example/?a=1&amp;b=2\">");
}

static void test_conditions(void **state)
{
    const struct template_value some[SLOTS] = {[NAME] = {.text = "Zoé"}};
    const struct template_value none[SLOTS] = {[NAME] = {.text = ""}};
    static const char text[] = "a{{#if name}}[{{name}}]{{else}}(nobody){{/if}}b";
    static const char nested[] = "{{#if name}}1{{#if note}}2{{else}}3{{/if}}4{{else}}5{{/if}}";
    (void)state;
    expect(text, some, TEMPLATE_PLAIN, "a[Zoé]b");
    expect(text, none, TEMPLATE_PLAIN, "a(nobody)b");
    expect(nested, some, TEMPLATE_PLAIN, "134");
    expect(nested, none, TEMPLATE_PLAIN, "5");
}

static void test_tags_alone_on_a_line_leave_no_line(void **state)
{
    static const char *const items[] = {"one", "<two>\nline"};
    const struct template_value values[SLOTS] = {
        [NAME] = {.text = "Zoé"}, [ITEMS] = {.items = items, .count = 2}};
    const struct template_value none[SLOTS] = {[NAME] = {.text = NULL}};
    static const char text[] = "begin\n"
                               "{{#if items}}\n"
                               "list:\n"
                               "  {{#each items}}  \r\n"
                               "- {{item}} of {{name}}\n"
                               "{{/each}}\n"
                               "{{else}}\n"
                               "nothing\n"
                               "{{/if}}\n"
                               "end {{#if name}}x{{/if}}\n";
    (void)state;
    expect(text, values, TEMPLATE_PLAIN, "begin\nlist:\n- one of Zoé\n- <two> line of Zoé\nend x\n");
    expect(text, values, TEMPLATE_HTML, "begin\nlist:\n- one of Zoé\n- &lt;two&gt; line of Zoé\nend x\n");
    expect(text, none, TEMPLATE_PLAIN, "begin\nnothing\nend \n");
}

static void test_items_have_links(void **state)
{
    static const char *const items[] = {"<one>", "two", "three"};
    static const char *const urls[] = {"https://rh.example/?a=1&b=2", NULL, "javascript:alert(1)"};
    const struct template_value values[SLOTS] = {[ITEMS] = {.items = items, .urls = urls, .count = 3}};
    const struct template_value bare[SLOTS] = {[ITEMS] = {.items = items, .count = 1}};
    static const char text[] =
        "{{#each items}}{{#if url}}<a href=\"{{url}}\">{{item}}</a>{{else}}{{item}}{{/if}};{{/each}}";
    (void)state;
    expect(
        text, values, TEMPLATE_HTML, "<a href=\"https://rh.example/?a=1&amp;b=2\">&lt;one&gt;</a>;two;three;");
    expect(text, bare, TEMPLATE_PLAIN, "<one>;");
}

static void test_links_are_checked(void **state)
{
    const struct template_value values[SLOTS] = {[LINK] = {.text = "javascript:alert(1)"}};
    (void)state;
    expect("{{#if link}}{{link}}{{else}}none{{/if}}{{link}}", values, TEMPLATE_HTML, "none");
}

static void test_errors_name_their_line(void **state)
{
    static const struct {
        const char *text, *detail;
    } cases[] = {
        {"a\nb {{nom}}", "t line 2: unknown slot \"nom\""},
        {"a\n\n{{#if x}}{{/if}}", "t line 3: unknown slot \"x\""},
        {"{{#if name}}\n{{name}}\n", "t line 1: a block that is never closed"},
        {"a\n{{/if}}", "t line 2: {{/if}} does not close a block"},
        {"{{#if name}}\n{{/each}}", "t line 2: {{/each}} does not close a block"},
        {"{{#each items}}\n\n{{/if}}", "t line 3: {{/if}} does not close a block"},
        {"\n{{else}}", "t line 2: {{else}} outside"},
        {"{{#if name}}{{else}}\n{{else}}{{/if}}", "t line 2: {{else}} outside"},
        {"{{#each name}}{{/each}}", "line 1: \"name\" is not a list"},
        {"{{items}}", "line 1: \"items\" is a list"},
        {"{{item}}", "line 1: {{item}} outside"},
        {"{{url}}", "line 1: {{url}} outside"},
        {"{{#if url}}{{/if}}", "line 1: unknown slot \"url\""},
        {"{{#each items}}{{#each items}}{{/each}}{{/each}}", "a list inside a list"},
        {"x\ny {{name", "line 2: {{ without }}"},
        {"x {{na\nme}}", "line 1: {{ without }}"},
        {"{{}}", "unknown slot \"\""},
        {"{{#if name}}{{#if name}}{{#if name}}{{#if name}}{{#if name}}{{#if name}}{{#if name}}{{#if name}}\n"
         "{{#if name}}",
            "line 2: more than 8 blocks"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct template *t = NULL;
        struct error err = ERROR_INIT;
        const char *text = cases[i].text;
        assert_int_equal(parse(text, strlen(text), slots, &t, &err), ST_INVALID);
        assert_null(t);
        if (strstr(err.detail, cases[i].detail) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", cases[i].detail, err.detail);
    }
}

static void test_required_slots(void **state)
{
    static const struct template_slot required[] = {
        {.name = "a", .use = TEMPLATE_REQUIRED}, {.name = "b", .use = TEMPLATE_FORBIDDEN}};
    const struct template *t = NULL;
    struct error err = ERROR_INIT;
    (void)state;
    assert_int_equal(parse("x\n\n", 3, required, &t, &err), ST_INVALID);
    assert_string_equal(err.detail, "t line 3: the required slot \"a\" is not used");
    assert_int_equal(parse("{{a}}\n{{b}}", 11, required, &t, &err), ST_INVALID);
    assert_string_equal(err.detail, "t line 2: \"b\" may not be used here");
    const struct template_source later = {.name = "t", .text = "x\n{{c}}", .size = 7, .line = 10};
    assert_int_equal(template_parse(arena, &later, required, 2, &t, &err), ST_INVALID);
    assert_string_equal(err.detail, "t line 11: unknown slot \"c\"");
    assert_int_equal(parse("{{#if a}}{{/if}}", 16, required, &t, &err), ST_OK);
}

static void test_ceilings(void **state)
{
    const struct template *t = NULL;
    struct error err = ERROR_INIT;
    BUF_AUTO text;
    (void)state;
    buf_init(&text, 0);
    while (text.size <= TEMPLATE_SIZE_MAX)
        buf_text(&text, "0123456789");
    assert_int_equal(parse(text.data, text.size, slots, &t, &err), ST_TOO_LARGE);
    buf_reset(&text);
    for (int i = 0; i < 5000; i++)
        buf_text(&text, "{{name}}");
    assert_int_equal(parse(text.data, text.size, slots, &t, &err), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_escaped_for_the_output),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_tags_alone_on_a_line_leave_no_line),
        cmocka_unit_test(test_links_are_checked),
        cmocka_unit_test(test_items_have_links),
        cmocka_unit_test(test_errors_name_their_line),
        cmocka_unit_test(test_required_slots),
        cmocka_unit_test(test_ceilings),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
