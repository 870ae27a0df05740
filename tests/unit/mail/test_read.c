/* Reading mail: answers of the common programs, bounces, and what strangers may try. */
#include "mail/message.h"
#include "mail/read.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                                   \
    "From: =?UTF-8?Q?Zo=C3=A9?= <Zoe@Example.FR>\r\nTo: rh@corp.fr\r\nSubject: =?UTF-8?Q?Accept=C3=A9?= : "    \
    "x\r\n"                                                                                                    \
    "Message-ID: <abc.1@example.fr>\r\nDate: Sun, 22 Nov 2026 11:15:30 +0100\r\nMIME-Version: 1.0\r\n"
#define ICS "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"

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

static const struct mail_received *read_mail(const char *text)
{
    const struct mail_received *mail = NULL;
    struct error err = ERROR_INIT;

    if (mail_read(arena, text, strlen(text), "mx.corp.fr", &mail, &err) != ST_OK)
        fail_msg("%s", err.detail);
    return mail;
}

static void test_reply_with_alternatives(void **state)
{
    (void)state;
    const struct mail_received *m =
        read_mail("Authentication-Results: mx.corp.fr; dmarc=pass header.from=example.fr\r\n" HEAD
                  "In-Reply-To: <dlv_1.0@rh.corp.fr> <other@x>\r\n"
                  "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
                  "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
                  "--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
                  "quoted-printable\r\n\r\n"
                  "Merci=20!\r\nD=E9sol=E9=07\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n"
                  "--a\r\nContent-Type: text/calendar; charset=UTF-8; "
                  "method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                  "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVQTFkNCkVORDpWQ0FMRU5EQVINCg==\r\n--a--\r\n"
                  "--m\r\nContent-Type: application/ics; name=invite.ics\r\n\r\nother\r\n--m--\r\n");
    assert_string_equal(m->message_id, "abc.1@example.fr");
    assert_string_equal(m->in_reply_to, "dlv_1.0@rh.corp.fr");
    assert_string_equal(m->from, "zoe@example.fr");
    assert_string_equal(m->from_name, "Zoé");
    assert_string_equal(m->subject, "Accepté : x");
    assert_int_equal(m->date, INT64_C(1795342530) * US_PER_SEC);
    assert_int_equal(m->authenticity, MAIL_AUTH_PASS);
    assert_false(m->automatic);
    assert_false(m->is_bounce);
    assert_string_equal(m->text, "Merci !\nDésolé");
    assert_string_equal(m->calendar, ICS);
    assert_int_equal(m->calendar_size, strlen(ICS));
    assert_true(mail_speaks_for(m, "ZOE@example.fr"));
    assert_false(mail_speaks_for(m, "bob@example.fr"));
}

static void test_where_calendars_may_be(void **state)
{
    static const struct {
        const char *body;
        bool found;
    } cases[] = {
        {"Content-Type: text/calendar; method=REPLY\r\n\r\n" ICS, true},
        {"Content-Type: application/octet-stream; name=\"Answer.ICS\"\r\n\r\n" ICS, true},
        {"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: "
         "application/ics\r\n\r\nwrong\r\n"
         "--m\r\nContent-Type: text/calendar\r\nContent-Disposition: attachment\r\n\r\n" ICS "\r\n--m--\r\n",
            true},
        {"Content-Type: text/plain\r\n\r\n" ICS, false},
        {"Content-Type: message/rfc822\r\n\r\nSubject: y\r\nContent-Type: text/calendar\r\n\r\n" ICS, false},
        {"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n"
         "Content-Type: text/calendar\r\n\r\n" ICS "\r\n--m--\r\n",
            false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct mail_received *m = read_mail(arena_printf(arena, HEAD "%s", cases[i].body));
        assert_int_equal(m->calendar != NULL, cases[i].found);
        if (cases[i].found)
            assert_memory_equal(m->calendar, ICS, strlen(ICS) - 2);
    }
}

static void test_authenticity(void **state)
{
    static const struct {
        const char *head;
        enum mail_authenticity verdict;
    } cases[] = {
        {"From: zoe@example.fr\r\n", MAIL_AUTH_NONE},
        {"Authentication-Results: mx.evil.fr; dmarc=pass\r\nFrom: zoe@example.fr\r\n", MAIL_AUTH_NONE},
        {"Authentication-Results: mx.corp.fr; spf=pass\r\nAuthentication-Results: mx.corp.fr;\r\n dmarc=pass "
         "header.from=example.fr\r\nFrom: zoe@example.fr\r\n",
            MAIL_AUTH_PASS},
        {"Authentication-Results: mx.corp.fr; dmarc=fail\r\nAuthentication-Results: mx.corp.fr; dmarc=pass\r\n"
         "From: zoe@example.fr\r\n",
            MAIL_AUTH_FAIL},
        {"Authentication-Results: mx.corp.fr; dmarc=pass\r\nFrom: zoe@example.fr, bob@example.fr\r\n",
            MAIL_AUTH_NONE},
        {"Authentication-Results: mx.corp.fr; dmarc=pass\r\nFrom: zoe@example.fr\r\nFrom: bob@example.fr\r\n",
            MAIL_AUTH_NONE},
        {"Authentication-Results: mx.corp.fr; dmarc=pass\r\nFrom: group: zoe@example.fr;\r\n", MAIL_AUTH_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct mail_received *m = read_mail(arena_printf(arena, "%s\r\nx\r\n", cases[i].head));
        assert_int_equal(m->authenticity, cases[i].verdict);
        assert_int_equal(mail_speaks_for(m, "zoe@example.fr"), cases[i].verdict == MAIL_AUTH_PASS);
    }
    static const char google[] = "Authentication-Results: mx.corp.fr; dmarc=pass header.from=google.com\r\n"
                                 "From: Zoe <calendar-notification@google.com>\r\n\r\nx\r\n";
    const struct mail_received *m = NULL;
    assert_true(mail_speaks_for(read_mail(google), "zoe@example.fr"));
    assert_int_equal(mail_read(arena, google, sizeof(google) - 1, NULL, &m, NULL), ST_OK);
    assert_int_equal(m->authenticity, MAIL_AUTH_NONE);
}

static void test_bounce(void **state)
{
    (void)state;
    const struct mail_received *m = read_mail(
        "From: MAILER-DAEMON@mx.corp.fr (Mail Delivery)\r\nSubject: Undelivered\r\nMessage-ID: "
        "<b@mx.corp.fr>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
        "--r\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.corp.fr\r\n\r\n"
        "Final-Recipient: rfc822; Zoe@Example.FR\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <zoe@example.fr>: User\r\n unknown\r\n\r\n"
        "Original-Recipient: rfc822;bob@example.fr\r\nFinal-Recipient: rfc822;bob2@example.fr\r\nAction: "
        "Delayed\r\n"
        "Status: 4.4.1\r\n\r\nFinal-Recipient: rfc822; nonsense\r\nAction: failed\r\n"
        "--r\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-Id:\r\n "
        "<dlv_1.0@rh.corp.fr>\r\n--r--\r\n");
    assert_true(m->is_bounce);
    assert_true(m->automatic);
    assert_int_equal(m->bounce_count, 2);
    assert_string_equal(m->bounces[0].recipient, "zoe@example.fr");
    assert_int_equal(m->bounces[0].action, MAIL_BOUNCE_FAILED);
    assert_string_equal(m->bounces[0].status, "5.1.1");
    assert_string_equal(m->bounces[0].diagnostic, "smtp; 550 5.1.1 <zoe@example.fr>: User unknown");
    assert_string_equal(m->bounces[1].recipient, "bob@example.fr");
    assert_int_equal(m->bounces[1].action, MAIL_BOUNCE_DELAYED);
    assert_null(m->bounces[1].diagnostic);
    assert_string_equal(m->bounced_message_id, "dlv_1.0@rh.corp.fr");
}

static void test_bounce_with_the_whole_message(void **state)
{
    (void)state;
    const struct mail_received *m = read_mail(
        "From: postmaster@x.fr\r\nContent-Type: multipart/report; report-type=\"delivery-status\"; "
        "boundary=r\r\n\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\n\r\nFinal-Recipient: rfc822;a@b.fr\r\nAction: "
        "failed\r\n"
        "--r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <dlv_2.0@rh.corp.fr>\r\n\r\nbody\r\n--r--\r\n");
    assert_int_equal(m->bounce_count, 1);
    assert_string_equal(m->bounces[0].recipient, "a@b.fr");
    assert_string_equal(m->bounced_message_id, "dlv_2.0@rh.corp.fr");
}

static void test_automatic_answers(void **state)
{
    (void)state;
    assert_true(read_mail("Auto-Submitted: auto-replied\r\nFrom: a@b.fr\r\n\r\nx")->automatic);
    assert_true(read_mail("Precedence: auto_reply\r\nFrom: a@b.fr\r\n\r\nx")->automatic);
    assert_false(read_mail("Auto-Submitted: no\r\nFrom: a@b.fr\r\n\r\nx")->automatic);
}

static void test_reads_what_is_written(void **state)
{
    const struct mail_calendar calendar = {.method = ITIP_REQUEST, .text = ICS, .size = sizeof(ICS) - 1};
    const struct mail_message message = {
        .from = {.name = "RH \"É\"", .email = "rh@corp.fr"},
        .to = {.email = "zoe@example.fr"},
        .subject = "Entretien – 🎓",
        .message_id = "dlv_1.0@rh.corp.fr",
        .text = "Bonjour Zoé\n",
        .html = "<p>Bonjour</p>",
        .calendar = &calendar,
    };
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    assert_int_equal(mail_build(&out, &message, NULL), ST_OK);
    const struct mail_received *m = read_mail(out.data);
    assert_string_equal(m->from_name, "RH \"É\"");
    assert_string_equal(m->subject, "Entretien – 🎓");
    assert_string_equal(m->text, "Bonjour Zoé\n");
    assert_string_equal(m->calendar, ICS);
    assert_true(m->automatic);
}

static void refuse(const struct buf *text, enum status status, const char *detail)
{
    const struct mail_received *mail = NULL;
    struct error err = ERROR_INIT;

    assert_int_equal(mail_read(arena, text->data, text->size, NULL, &mail, &err), status);
    assert_null(mail);
    assert_non_null(strstr(err.detail, detail));
}

static void test_ceilings(void **state)
{
    BUF_AUTO text;
    (void)state;
    buf_init(&text, 0);
    refuse(&text, ST_SYNTAX, "not a mail");
    buf_text(&text, HEAD);
    for (int i = 0; i <= MAIL_READ_PARTS; i++)
        buf_printf(&text, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    refuse(&text, ST_TOO_LARGE, "parts");
    buf_reset(&text);
    while (text.size <= MAIL_READ_MAX)
        buf_text(&text, HEAD HEAD HEAD HEAD HEAD HEAD HEAD HEAD);
    refuse(&text, ST_TOO_LARGE, "bytes");
}

/* `pattern` again and again, behind a head and before an end. */
static void fill(struct buf *text, const char *head, const char *pattern, size_t bytes)
{
    buf_reset(text);
    buf_text(text, head);
    while (text->size < bytes)
        buf_text(text, pattern);
    buf_text(text, "\n\nx\n--b--\n");
}

/* Objects of hundreds of bytes are built for each field and part: what asks for millions is not parsed. */
static void test_many_small_things(void **state)
{
    static const char mixed[] = HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    static const char digest[] = HEAD "Content-Type: multipart/\r\n DIGEST; boundary=b\r\n\r\n--b\n\n";
    static const char forwarded[] = HEAD "Content-Type: message (x) /rfc822\r\n\r\n";
    static const struct {
        const char *head, *pattern, *past;
    } shapes[] = {{mixed, "--b\n\n", "too many parts"}, {HEAD, "a:\n", "too long a header"},
        {HEAD "To: ", "a@b,\n ", "too long a header"}, {forwarded, "a:\n", "too long a header"},
        {mixed, "--b\na:\n", "too many parts"}, {digest, "a:\n", "too long a header"}};
    BUF_AUTO text;
    (void)state;
    buf_init(&text, 0);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        fill(&text, shapes[i].head, shapes[i].pattern, 4000000);
        refuse(&text, ST_TOO_LARGE, shapes[i].past);
    }
    fill(&text, mixed, "--b\n\nx\n", 10000);
    assert_string_equal(read_mail(text.data)->text, "x");
    fill(&text, HEAD "\r\n", "a:\n", 4000000);
    assert_non_null(read_mail(text.data)->text);
}

/* Deep, endless, cut and binary mails are read for what they are worth. */
static void test_hostile_shapes(void **state)
{
    BUF_AUTO text;
    (void)state;
    buf_init(&text, 0);
    buf_text(&text, HEAD);
    for (int i = 0; i < MAIL_READ_PARTS - 1; i++)
        buf_printf(&text, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    buf_text(&text, "Content-Type: text/calendar\r\n\r\n" ICS);
    assert_null(read_mail(text.data)->calendar);

    buf_reset(&text);
    buf_text(&text, "Subject: ");
    for (int i = 0; i < 30000; i++)
        buf_text(&text, "=?utf-8?q?=");
    buf_text(&text, "\r\nFrom: ");
    for (int i = 0; i < 50000; i++)
        buf_text(&text, "(\"<");
    buf_text(&text, "\r\n\r\nx");
    const struct mail_received *m = read_mail(text.data);
    assert_null(m->from);
    assert_true(m->subject == NULL || strlen(m->subject) <= MAIL_READ_TEXT);

    static const char nul[] = "From: a@b.fr\r\nContent-Type: text/calendar\r\n\r\na\0b";
    assert_int_equal(mail_read(arena, nul, sizeof(nul) - 1, NULL, &m, NULL), ST_OK);
    assert_int_equal(m->calendar_size, 3);
    assert_null(read_mail("Message-ID: <a b@c>\r\nIn-Reply-To: junk\r\nFrom: a@b.fr\r\n\r\nx")->in_reply_to);
    assert_null(read_mail("From: \xff\xfe\r\nSubject: \xff\r\n\r\n\xff")->from);
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
        EACH(test_reply_with_alternatives),
        EACH(test_where_calendars_may_be),
        EACH(test_authenticity),
        EACH(test_bounce),
        EACH(test_bounce_with_the_whole_message),
        EACH(test_automatic_answers),
        EACH(test_reads_what_is_written),
        EACH(test_ceilings),
        EACH(test_many_small_things),
        EACH(test_hostile_shapes),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
