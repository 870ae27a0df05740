/* Back-off grows, stays within its bounds whatever the dice say, and ends. */
#include "net/backoff.h"
#include "net/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void grows_and_ends(void **state)
{
    (void)state;
    int64_t step = 60 * US_PER_SEC;
    for (int failures = 1; failures < backoff_mail.attempts; failures++) {
        assert_int_equal(backoff_delay(&backoff_mail, failures, 0), step / 2);
        assert_int_equal(backoff_delay(&backoff_mail, failures, (uint64_t)(step / 2)), step);
        int64_t any = backoff_delay(&backoff_mail, failures, UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)failures);
        assert_in_range(any, step / 2, step);
        step = step * 2 > backoff_mail.most_us ? backoff_mail.most_us : step * 2;
    }
    assert_int_equal(backoff_delay(&backoff_mail, backoff_mail.attempts, 7), -1);
    assert_int_equal(backoff_delay(&backoff_mail, 1000, 7), -1);
}

static void relay_urls(void **state)
{
    (void)state;
    assert_int_equal(smtp_url_check("smtp://relay.example:587", NULL), ST_OK);
    assert_int_equal(smtp_url_check("smtps://[::1]:465", NULL), ST_OK);
    const char *const wrong[] = {
        "", "relay", "http://relay", "smtp://user:pw@relay", "smtp://relay/helo", "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(smtp_url_check(wrong[i], NULL), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(grows_and_ends), cmocka_unit_test(relay_urls)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
