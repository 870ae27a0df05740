/* Messages as they leave: shape, headers, encodings, and what must never become a header. */
#include "mail/message.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEN(text) text text text text text text text text text text

static const struct mail_calendar invitation = {
    .method = ITIP_REQUEST, .text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", .size = 32};
static struct buf out;

static int start(void **state)
{
    (void)state;
    buf_init(&out, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

static struct mail_message notice(void)
{
    return (struct mail_message){
        .from = {.name = "Ressources humaines", .email = "rh@example.fr"},
        .to = {.name = "Zoe Martin", .email = "zoe@example.fr"},
        .subject = "Entretien",
        .message_id = "dlv_1.0@rh.example.fr",
        .date = INT64_C(1795342530) * US_PER_SEC,
        .lang = LANG_FR,
        .text = "Bonjour,\n\n.\nÀ = bientôt \n",
        .html = "<p>Bonjour</p>\n",
    };
}

static void expect(const char *text)
{
    if (strcmp(out.data, text) != 0)
        fail_msg("%s", out.data);
}

static void test_notice(void **state)
{
    struct mail_message m = notice();
    (void)state;
    m.in_reply_to = "abc@example.org";
    assert_int_equal(mail_build(&out, &m, NULL), ST_OK);
    expect("From: Ressources humaines <rh@example.fr>\r\n"
           "To: Zoe Martin <zoe@example.fr>\r\n"
           "Subject: Entretien\r\n"
           "Date: Sun, 22 Nov 2026 10:15:30 +0000\r\n"
           "Message-Id: <dlv_1.0@rh.example.fr>\r\n"
           "In-Reply-To: <abc@example.org>\r\n"
           "Content-Language: fr\r\n"
           "Auto-Submitted: auto-generated\r\n"
           "MIME-Version: 1.0\r\n"
           "Content-Type: multipart/alternative;\r\n\tboundary=\"=_3d0592541b7858fa0017d335d3957975\"\r\n\r\n"
           "--=_3d0592541b7858fa0017d335d3957975\r\n"
           "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
           "Bonjour,\r\n\r\n.\r\n=C3=80 =3D bient=C3=B4t=20\r\n\r\n"
           "--=_3d0592541b7858fa0017d335d3957975\r\n"
           "Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
           "<p>Bonjour</p>\r\n\r\n"
           "--=_3d0592541b7858fa0017d335d3957975--\r\n");
}

static void test_invitation(void **state)
{
    static const char *const in_order[] = {"Content-Type: multipart/mixed;",
        "Content-Type: multipart/alternative;", "Content-Type: text/plain; charset=UTF-8\r\n",
        "Content-Type: text/html; charset=UTF-8\r\n",
        "Content-Type: text/calendar; charset=UTF-8; method=REQUEST\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n"
        "QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo=\r\n",
        "Content-Type: application/ics; name=invite.ics\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=invite.ics\r\n\r\n"
        "QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo=\r\n"};
    struct mail_message m = notice();
    const char *at = NULL;
    (void)state;
    m.calendar = &invitation;
    assert_int_equal(mail_build(&out, &m, NULL), ST_OK);
    at = out.data;
    for (size_t i = 0; i < sizeof(in_order) / sizeof(in_order[0]); i++) {
        at = strstr(at, in_order[i]);
        if (at == NULL)
            fail_msg("%s is not where it should be in\n%s", in_order[i], out.data);
    }
    assert_null(strstr(out.data, "Content-ID"));
    assert_null(strstr(out.data, "inline"));
}

static void test_same_input_same_bytes(void **state)
{
    struct mail_message m = notice();
    BUF_AUTO again;
    (void)state;
    buf_init(&again, 0);
    m.calendar = &invitation;
    assert_int_equal(mail_build(&out, &m, NULL), ST_OK);
    assert_int_equal(mail_build(&again, &m, NULL), ST_OK);
    assert_string_equal(out.data, again.data);
    buf_reset(&again);
    m.message_id = "dlv_1.1@rh.example.fr";
    assert_int_equal(mail_build(&again, &m, NULL), ST_OK);
    assert_null(strstr(again.data, "=_3d0592541b7858fa0017d335d3957975"));
}

/* ASCII, CRLF, short lines: whatever the texts. */
static void test_transport_form(void **state)
{
    struct mail_message m = notice();
    (void)state;
    m.from.name = TEN(TEN("Éloé"));
    m.to.name = TEN(TEN("abcd"));
    m.subject = TEN("שלום 🎓 à l'année ") TEN("un sujet sans accent ");
    m.text = TEN(TEN("éà🎓 שלום ")) "\n" TEN(TEN("0123456789")) "\nFrom here\n";
    m.html = "<p>" TEN(TEN("0123456789é")) "</p>";
    m.calendar = &invitation;
    assert_int_equal(mail_build(&out, &m, NULL), ST_OK);
    size_t longest = 0;
    for (const char *line = out.data; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        for (const char *c = line; c < end; c++)
            assert_true((*c >= 0x20 && *c < 0x7F) || *c == '\t');
        longest = (size_t)(end - line) > longest ? (size_t)(end - line) : longest;
        line = end + 2;
    }
    assert_in_range(longest, 60, 78);
}

static void refuse(const struct mail_message *m, const char *pointer)
{
    struct error err = ERROR_INIT;

    assert_int_equal(mail_build(&out, m, &err), ST_INVALID);
    assert_int_equal(out.size, 0);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, pointer);
}

#define REFUSE(pointer, member, wrong)                                                                         \
    do {                                                                                                       \
        struct mail_message m = notice();                                                                      \
        m.member = wrong;                                                                                      \
        refuse(&m, pointer);                                                                                   \
    } while (0)

static void test_nothing_becomes_a_header(void **state)
{
    static const struct mail_calendar no_method = {.text = "x", .size = 1};
    static const struct mail_calendar empty = {.method = ITIP_REQUEST, .text = "", .size = 0};
    (void)state;
    REFUSE("/from", from.email, "rh@example.fr\r\nBcc: x@y.fr");
    REFUSE("/from", from.email, "rh@example.fr, x@y.fr");
    REFUSE("/from", from.email, NULL);
    REFUSE("/from", from.name, "RH\nBcc: x@y.fr");
    REFUSE("/to", to.email, "zoe");
    REFUSE("/to", to.name, "Zo\x0b");
    REFUSE("/subject", subject, "a\r\nBcc: x@y.fr");
    REFUSE("/subject", subject, "a\r\n\r\nbody");
    REFUSE("/subject", subject, "\xC3");
    REFUSE("/subject", subject, NULL);
    REFUSE("/subject", subject, TEN(TEN("123456")));
    REFUSE("/message_id", message_id, "a@b>\r\nX: y");
    REFUSE("/message_id", message_id, "a b@c");
    REFUSE("/message_id", message_id, "ab");
    REFUSE("/message_id", message_id, "@b");
    REFUSE("/message_id", message_id, "a@b@c");
    REFUSE("/message_id", message_id, NULL);
    REFUSE("/in_reply_to", in_reply_to, "<a@b>");
    REFUSE("/date", date, INSTANT_NONE);
    REFUSE("/text", text, NULL);
    REFUSE("/text", text, "esc\x1b");
    REFUSE("/html", html, "\xff");
    REFUSE("/calendar", calendar, &no_method);
    REFUSE("/calendar", calendar, &empty);
}

static int init(void **state)
{
    (void)state;
    mail_init();
    return 0;
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        EACH(test_notice),
        EACH(test_invitation),
        EACH(test_same_input_same_bytes),
        EACH(test_transport_form),
        EACH(test_nothing_becomes_a_header),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
