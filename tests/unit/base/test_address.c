/* Which mail addresses and URLs are let in. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(bool (*valid)(const char *), bool expected, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (valid(texts[i]) != expected)
            fail_msg("%s should be %s", texts[i], expected ? "accepted" : "refused");
}
#define EXPECT(valid, expected, texts) expect(valid, expected, texts, sizeof(texts) / sizeof *(texts))

static void test_email(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b", "jean.dupont@example.fr", "o'neil+rh@mail.example.co.uk",
        "x_y-z@sub-domain.example", "1@1.fr", "!#$%&'*+-/=?^_`{|}~@example.org", "a@xn--bcher-kva.example"};
    static const char *const bad[] = {NULL, "", "@", "a@", "@b", "a", "a@b@c", "a b@c", "a@b c", ".a@b", "a.@b",
        "a..b@c", "\"a\"@b", "a,b@c", "a;b@c", "<a@b>", "a\\b@c", "a@b\n", "a\r\nBcc: x@y@c", "a\t@b",
        "a@-b.fr", "a@b-.fr", "a@b-", "a@.fr", "a@b..fr", "a@b.", "a@[127.0.0.1]", "a@b_c.fr", "é@b.fr",
        "a@é.fr", "a@b,c", "a(b)@c", "a:b@c", "a\x7F@b", "a\x01@b", "mailto:a@b"};
    EXPECT(email_valid, true, good);
    EXPECT(email_valid, false, bad);
}

static void test_email_ceilings(void **state)
{
    (void)state;
    char text[400] = "";
    memset(text, 'a', 64);
    memcpy(text + 64, "@example.fr", 12);
    assert_true(email_valid(text));
    memset(text, 'a', 65);
    memcpy(text + 65, "@example.fr", 12);
    assert_false(email_valid(text));
    memset(text, 'a', sizeof text - 1);
    text[1] = '@';
    text[65] = text[129] = text[193] = '.';
    text[254] = '\0';
    assert_true(email_valid(text));
    text[65] = 'a';
    assert_false(email_valid(text));
    text[65] = '.';
    text[254] = 'a';
    text[255] = '\0';
    assert_false(email_valid(text));
}

static void test_url(void **state)
{
    (void)state;
    static const char *const good[] = {"http://a", "https://example.fr/",
        "HTTPS://Example.FR:8443/a/b?c=d&e=%20f#g", "http://[::1]:80/x", "https://[2001:db8::1]",
        "http://127.0.0.1:8080", "https://a?b", "https://a#b", "https://meet.example/room/a@b;c=d,e",
        "http://a:65535/", "http://a_b/", "https://a/?x=(y)*~!$"};
    static const char *const bad[] = {NULL, "", "http", "http:", "http:/a", "http://", "https:///a", "ftp://a",
        "javascript:alert(1)", "//a/b", "/a", "http://u@a/", "http://u:p@a/", "http://a b/", "http://a/b c",
        "http://a/\"", "http://a/'", "http://a/<x>", "http://a\\b", "http://a/\\b", "http://a/%", "http://a/%2",
        "http://a/%zz", "http://a:/", "http://a:0/", "http://a:65536/", "http://a:x/", "http://a:123456/",
        "http://[::1", "http://[]/", "http://[::1]x/", "http://[:::1]/", "http://a/\n", "http://a/\x7F",
        "http://a/é", "http://é/", "http://-a/", "http://a-/", "http://a./", "http://.a/", "http://a..b/",
        "http://a/#b#c", "http://a/{b}", "http://a/|", "http://a/^", "http://a/`", "http://a/[b]", " http://a/",
        "http://a/\r\nX: y", "http://[::1%25eth0]/", "http://a#@b\\"};
    EXPECT(url_valid, true, good);
    EXPECT(url_valid, false, bad);
    char text[2100] = "http://a/";
    memset(text + 9, 'x', 2039);
    text[2048] = '\0';
    assert_true(url_valid(text));
    text[2048] = 'x';
    text[2049] = '\0';
    assert_false(url_valid(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_email),
        cmocka_unit_test(test_email_ceilings),
        cmocka_unit_test(test_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
