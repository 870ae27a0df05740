/* Secret links in kept messages: found through the encodings of mail, and nothing else is touched. */
#include "base/buf.h"
#include "base/crypto.h"
#include "mail/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "oyK9BmPNrG8zL9ZsmuSeuOHLwZw-jX6DAcqZQEN_5nORqqKxCMRHc9sz"
#define STARS  "********************************************************"

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

static void expect(const char *before, unsigned found, const char *after)
{
    char *data = arena_strdup(arena, before);
    assert_int_equal(mail_redact(arena, data, strlen(before), "/me/", strlen(SECRET)), found);
    assert_string_equal(data, after);
}

static void test_text_and_soft_breaks(void **state)
{
    (void)state;
    expect("-> Ma page : https://rh.example/me/" SECRET "\r\n", 1,
        "-> Ma page : https://rh.example/me/" STARS "\r\n");
    expect("/me/" SECRET "?slot=3D2027 /me/" SECRET "/data", 2, "/me/" STARS "?slot=3D2027 /me/" STARS "/data");
    expect("https://rh.example/m=\r\ne/oyK9BmPNrG8zL9Zs=\r\nmuSeuOHLwZw-jX6DAcqZQEN_5nORqqKxCMRHc9s=\nz.", 1,
        "https://rh.example/m=\r\ne/****************=\r\n***************************************=\n*.");
    expect("/me/=\r\n" SECRET, 1, "/me/=\r\n" STARS);
}

static void test_what_is_no_secret_stays(void **state)
{
    static const char *const texts[] = {"", "/", "/me/", "/me/exemple",
        "/me/"
        "oyK9BmPNrG8zL9ZsmuSeuOHLwZw-jX6DAcqZQEN_5nORqqKxCMRHc9s",
        "/us/" SECRET, "/me/oyK9=", "/me/oyK9=\r",
        "/me/oyK9=3DmPNrG8zL9ZsmuSeuOHLwZw-jX6DAcqZQEN_5nORqqKxCMRHc9sz"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect(texts[i], 0, texts[i]);
}

/* As a mail program sends it: lines of `width` characters. */
static const char *wrapped(const char *text, size_t width)
{
    BUF_AUTO out;
    const char *encoded = base64_encode(arena, text, strlen(text));
    buf_init(&out, 0);
    buf_text(&out, "Content-Transfer-Encoding: base64\r\n\r\n");
    for (size_t at = 0; at < strlen(encoded); at += width) {
        size_t left = strlen(encoded) - at;
        buf_add(&out, encoded + at, left < width ? left : width);
        buf_text(&out, "\r\n");
    }
    buf_text(&out, "\r\n--boundary--\r\n");
    return arena_strndup(arena, out.data, out.size);
}

static void test_base64_wherever_it_is_wrapped(void **state)
{
    static const size_t widths[] = {4, 60, 61, 76, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        for (size_t pad = 0; pad < 3; pad++) {
            const char *prefix = &"xx"[pad];
            expect(wrapped(arena_printf(arena, "%s> https://rh.example/me/%s\r\n> Merci", prefix, SECRET),
                       widths[i]),
                1,
                wrapped(
                    arena_printf(arena, "%s> https://rh.example/me/%s\r\n> Merci", prefix, STARS), widths[i]));
        }
    const char *none =
        wrapped("Bonjour, https://rh.example/me/ is where my page was. Nothing secret is in here at all.", 76);
    expect(none, 0, none);
}

/* Every cut of a message, and bytes that are no text. */
static void test_any_bytes(void **state)
{
    char bytes[600];
    const char *whole = wrapped("https://rh.example/me/" SECRET, 60);
    (void)state;
    for (size_t size = 0; size <= strlen(whole); size++) {
        char *cut = arena_copy(arena, whole, size);
        (void)mail_redact(arena, cut, size, "/me/", strlen(SECRET));
    }
    for (int round = 0; round < 200; round++) {
        random_bytes(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i += 7)
            bytes[i] = "/me/=\r\n-"[i % 8];
        (void)mail_redact(arena, bytes, sizeof bytes, "/me/", strlen(SECRET));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_soft_breaks),
        cmocka_unit_test(test_what_is_no_secret_stays),
        cmocka_unit_test(test_base64_wherever_it_is_wrapped),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
