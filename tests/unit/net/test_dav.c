/* Answers of CalDAV servers: what is read of real ones, and what hostile ones are refused for. */
#include "net/dav.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct dav_multistatus read_well(const char *text)
{
    struct dav_multistatus found;
    struct error err = ERROR_INIT;
    if (dav_multistatus_read(arena, text, strlen(text), &found, &err) != ST_OK)
        fail_msg("%s", err.detail);
    return found;
}

static enum status read_badly(const char *text, size_t size)
{
    struct dav_multistatus found;
    struct error err = ERROR_INIT;
    return dav_multistatus_read(arena, text, size, &found, &err);
}

/* As Cyrus, Radicale and Xandikos write them: other prefixes, blanks, several propstats. */
static const char answer[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<D:multistatus xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CS=\"http://x/\">"
    "<D:response><D:href>/dav/calendars/user/hr/Default/</D:href><D:propstat><D:prop>"
    "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
    "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/><C:comp name=\"VEVENT\"/>"
    "</C:supported-calendar-component-set><D:current-user-principal><D:href>/dav/principals/user/hr/</D:href>"
    "</D:current-user-principal><C:calendar-home-set>\n  <D:href> /dav/calendars/user/hr/ </D:href>\n"
    "</C:calendar-home-set><C:schedule-outbox-URL><D:href>/dav/calendars/user/hr/Outbox/</D:href>"
    "</C:schedule-outbox-URL><C:calendar-user-address-set><D:href>/p/hr/</D:href>"
    "<D:href>MAILTO:HR@corp.example</D:href><D:href>mailto:rh@corp.example</D:href></"
    "C:calendar-user-address-set>"
    "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
    "<D:propstat><D:prop><C:calendar-home-set><D:href>/no/</D:href></C:calendar-home-set></"
    "D:prop><D:status>HTTP/1.1 404 Not Found</D:status>"
    "</D:propstat></D:response>"
    "<ns0:response xmlns:ns0=\"DAV:\" xmlns:ns1=\"urn:ietf:params:xml:ns:caldav\"><ns0:href>/a.ics</ns0:href>"
    "<ns0:propstat><ns0:status>HTTP/1.1 200 "
    "OK</ns0:status><ns0:prop><ns1:calendar-data>BEGIN:VCALENDAR</"
    "ns1:calendar-data><ns1:schedule-outbox-URL><ns0:href>/a<![CDATA[&b]]>&#34;/"
    "</ns0:href></ns1:schedule-outbox-URL>"
    "</ns0:prop></ns0:propstat></ns0:response>"
    "<D:response><D:href>/gone.ics</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
    "</D:multistatus>";

static void test_what_is_asked_for_is_read(void **state)
{
    (void)state;
    struct dav_multistatus found = read_well(answer);
    assert_int_equal(found.count, 3);
    const struct dav_response *home = &found.items[0];
    assert_true(home->calendar && home->events);
    assert_int_equal(home->status, 200);
    assert_string_equal(home->principal, "/dav/principals/user/hr/");
    assert_string_equal(home->home, "/dav/calendars/user/hr/");
    assert_string_equal(home->outbox, "/dav/calendars/user/hr/Outbox/");
    assert_string_equal(home->addresses, "hr@corp.example rh@corp.example");
    assert_string_equal(found.items[1].outbox, "/a&b\"/");
    assert_string_equal(found.items[1].data, "BEGIN:VCALENDAR");
    assert_false(found.items[1].calendar);
    assert_null(found.items[1].home);
    assert_int_equal(found.items[2].status, 404);
}

static void test_recipients(void **state)
{
    (void)state;
    static const char text[] =
        "<C:schedule-response xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">"
        "<C:response><C:recipient><D:href>mailto:A@corp.example</D:href></C:recipient>"
        "<C:request-status>2.0;Success</C:request-status>"
        "<C:calendar-data>BEGIN:VCALENDAR</C:calendar-data></C:response>"
        "<C:response><C:recipient><D:href>mailto:b@else.example</D:href></C:recipient>"
        "<C:request-status>3.7;Invalid calendar user</C:request-status></C:response>"
        "<C:response><C:recipient><D:href>/principals/c</D:href></C:recipient></C:response>"
        "</C:schedule-response>";
    struct dav_schedule found;
    struct error err = ERROR_INIT;
    assert_int_equal(dav_schedule_read(arena, text, strlen(text), &found, &err), ST_OK);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.items[0].address, "a@corp.example");
    assert_string_equal(found.items[0].data, "BEGIN:VCALENDAR");
    assert_string_equal(found.items[1].status, "3.7;Invalid calendar user");
    assert_null(found.items[1].data);
    assert_int_equal(dav_schedule_read(arena, answer, strlen(answer), &found, &err), ST_INVALID);
}

static const char *repeat(const char *before, const char *text, size_t count, const char *after)
{
    BUF_AUTO made;
    buf_init(&made, 0);
    buf_text(&made, before);
    for (size_t i = 0; i < count; i++)
        buf_text(&made, text);
    buf_text(&made, after);
    return arena_strndup(arena, made.data, made.size);
}

static void test_hostile_answers_are_refused(void **state)
{
    (void)state;
    static const char laughs[] =
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        "<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>&b;</D:href></D:response></D:multistatus>";
    static const char file[] = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><D:multistatus xmlns:D=\"DAV:\"/>";
    assert_int_equal(read_badly(laughs, strlen(laughs)), ST_SYNTAX);
    assert_int_equal(read_badly(file, strlen(file)), ST_SYNTAX);
    assert_int_equal(read_badly("", 0), ST_SYNTAX);
    assert_int_equal(read_badly("<html><body>", 12), ST_SYNTAX);
    assert_int_equal(read_badly("<html/>", 7), ST_INVALID);
    assert_int_equal(read_badly("<multistatus/>", 14), ST_INVALID);
    const char *many = repeat("<D:multistatus xmlns:D=\"DAV:\">", "<a/>", DAV_ELEMENTS_MAX, "</D:multistatus>");
    assert_int_equal(read_badly(many, strlen(many)), ST_TOO_LARGE);
    many =
        repeat("<D:multistatus xmlns:D=\"DAV:\">", "<D:response/>", DAV_RESPONSES_MAX + 1, "</D:multistatus>");
    assert_int_equal(read_badly(many, strlen(many)), ST_TOO_LARGE);
    many = repeat("<D:multistatus xmlns:D=\"DAV:\">", "<a>", 5000, "");
    assert_int_equal(read_badly(many, strlen(many)), ST_SYNTAX);
    many = repeat("<a>", "x", DAV_BYTES_MAX, "</a>");
    assert_int_equal(read_badly(many, strlen(many)), ST_TOO_LARGE);
    /* An href that would break out of a header is none. */
    assert_int_equal(
        read_well("<m:multistatus xmlns:m=\"DAV:\"><m:response><m:href>/a&#10;b</m:href></m:response>"
                  "</m:multistatus>")
            .count,
        0);
}

/* Every cut of an answer and every changed byte is read or refused, and costs nothing more. */
static void test_mutations(void **state)
{
    (void)state;
    char text[sizeof answer];
    struct dav_multistatus found;
    for (size_t i = 0; i < strlen(answer); i++) {
        struct arena *own = arena_new(0);
        memcpy(text, answer, sizeof answer);
        enum status cut = dav_multistatus_read(own, text, i, &found, NULL);
        text[i] = (char)(text[i] ^ (1 << (i % 8)));
        enum status changed = dav_multistatus_read(own, text, strlen(answer), &found, NULL);
        assert_true(cut == ST_SYNTAX && (changed == ST_OK || changed == ST_SYNTAX || changed == ST_INVALID));
        arena_free(own);
    }
}

static void test_bodies_are_xml(void **state)
{
    (void)state;
    BUF_AUTO body;
    buf_init(&body, 0);
    void (*const puts[])(struct buf * out) = {dav_put_who, dav_put_homes, dav_put_calendars};
    for (size_t i = 0; i < sizeof puts / sizeof puts[0]; i++) {
        buf_reset(&body);
        puts[i](&body);
        assert_int_equal(read_badly(body.data, body.size), ST_INVALID);
    }
    buf_reset(&body);
    dav_put_freebusy(&body, date_of(2026, 11, 23) * US_PER_DAY + 5, date_of(2026, 12, 23) * US_PER_DAY);
    assert_non_null(strstr(body.data, "start=\"20261123T000000Z\" end=\"20261223T000000Z\""));
}

static void test_credentials_stay_with_their_server(void **state)
{
    (void)state;
    const char *base = "https://cal.example/dav/hr/";
    assert_string_equal(dav_resolve(arena, base, "/dav/x/"), "https://cal.example/dav/x/");
    assert_string_equal(dav_resolve(arena, base, "y.ics"), "https://cal.example/dav/hr/y.ics");
    assert_string_equal(dav_resolve(arena, base, "https://cal.example:443/z"), "https://cal.example:443/z");
    assert_null(dav_resolve(arena, base, "http://cal.example/z"));
    assert_null(dav_resolve(arena, base, "https://evil.example/z"));
    assert_null(dav_resolve(arena, base, "//evil.example/z"));
    assert_null(dav_resolve(arena, base, "https://cal.example:8443/z"));
    assert_null(dav_resolve(arena, base, "https://user@cal.example/z"));
    assert_null(dav_resolve(arena, base, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_asked_for_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recipients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_answers_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mutations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bodies_are_xml, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_credentials_stay_with_their_server, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
