/* What is sent passes libical's table of iTIP restrictions (RFC 5546, 3). */
#include "ical/read.h"
#include "ical_samples.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libical/ical.h>

/* libical's table forgets that a DECLINECOUNTER echoes the SEQUENCE (RFC 5546, 3.2.8). */
static void drop_sequence(icalcomponent *root)
{
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    icalproperty *sequence = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);

    assert_non_null(sequence);
    icalcomponent_remove_property(event, sequence);
    icalproperty_free(sequence);
}

static void check(const struct buf *out)
{
    icalcomponent *root = icalparser_parse_string(out->data);

    assert_non_null(root);
    if (icalcomponent_get_method(root) == ICAL_METHOD_DECLINECOUNTER)
        drop_sequence(root);
    int errors = icalcomponent_count_errors(root);
    int valid = icalrestriction_check(root);
    char *text = icalcomponent_as_ical_string_r(root);
    if (errors != 0 || !valid)
        fail_msg("%s", text);
    free(text);
    icalcomponent_free(root);
    icalmemory_free_ring();
}

static void test_messages(void **state)
{
    static const enum itip_method methods[] = {ITIP_REQUEST, ITIP_CANCEL, ITIP_DECLINECOUNTER};
    (void)state;
    for (size_t m = 0; m < sizeof(methods) / sizeof(methods[0]); m++) {
        for (size_t i = 0; i < SAMPLE_EVENTS; i++) {
            struct ical_event event = sample_events[i];
            if (methods[m] == ITIP_REQUEST)
                event.cancelled = false;
            BUF_AUTO out;
            buf_init(&out, 0);
            assert_int_equal(ical_write_message(&out, methods[m], &event, NULL), ST_OK);
            check(&out);
        }
    }
}

static void test_copies_and_feeds(void **state)
{
    (void)state;
    BUF_AUTO feed;
    buf_init(&feed, 0);
    assert_int_equal(ical_feed_begin(&feed, &sample_feed, NULL), ST_OK);
    for (size_t i = 0; i < SAMPLE_EVENTS; i++) {
        BUF_AUTO copy;
        buf_init(&copy, 0);
        assert_int_equal(ical_write_copy(&copy, &sample_events[i], i % 2 == 0, NULL), ST_OK);
        check(&copy);
        assert_int_equal(ical_feed_event(&feed, &sample_events[i], NULL), ST_OK);
    }
    assert_int_equal(ical_feed_event(&feed, &sample_deadline, NULL), ST_OK);
    ical_feed_end(&feed);
    check(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_copies_and_feeds),
    };
    ical_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
