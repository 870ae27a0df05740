/* Authentication-Results as servers write them, and as forgers might. */
#include "auth.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_verdicts(void **state)
{
    static const struct {
        const char *value;
        enum mail_authenticity verdict;
    } cases[] = {
        {" mx.corp.fr; dmarc=pass header.from=example.fr", MAIL_AUTH_PASS},
        {"MX.Corp.FR; DMARC=Pass", MAIL_AUTH_PASS},
        {"mx.corp.fr 1; spf=pass smtp.mailfrom=x@y.fr;\r\n\tdkim=pass (2048-bit; a\\)b) header.d=example.fr;"
         "\r\n\tdmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.fr",
            MAIL_AUTH_PASS},
        {"mx.corp.fr (a (nested; one) here); dmarc = pass reason=\"a;b=c \\\" d\" header.from=example.fr",
            MAIL_AUTH_PASS},
        {"mx.corp.fr; dmarc/1=pass header.from=example.fr", MAIL_AUTH_PASS},
        {"mx.corp.fr; dmarc=fail header.from=example.fr", MAIL_AUTH_FAIL},
        {"mx.corp.fr; dmarc=none", MAIL_AUTH_FAIL},
        {"mx.corp.fr; dmarc=pass header.from=evil.fr", MAIL_AUTH_FAIL},
        {"mx.corp.fr; dmarc=pass header.from=fr", MAIL_AUTH_FAIL},
        {"mx.corp.fr; dmarc=pass header.from=ample.fr", MAIL_AUTH_FAIL},
        {"mx.corp.fr; dmarc=pass header.from=sub.example.fr", MAIL_AUTH_FAIL},
        {"mx.corp.fr; spf=pass; dkim=pass", MAIL_AUTH_NONE},
        {"mx.corp.fr; none", MAIL_AUTH_NONE},
        {"mx.corp.fr", MAIL_AUTH_NONE},
        {"mx.evil.fr; dmarc=pass header.from=example.fr", MAIL_AUTH_NONE},
        {"mx.corp.fr.evil.fr; dmarc=pass", MAIL_AUTH_NONE},
        {"mx.evil.fr (mx.corp.fr; dmarc=pass)", MAIL_AUTH_NONE},
        {"mx.corp.fr; spf=fail (dmarc=pass; dmarc=pass", MAIL_AUTH_NONE},
        {"mx.corp.fr; spf=fail reason=\"; dmarc=pass", MAIL_AUTH_NONE},
        {"mx.corp.fr; spf=pass dmarc=pass", MAIL_AUTH_NONE},
        {"mx.corp.fr;;;=;dmarc==;\"", MAIL_AUTH_FAIL},
        {"", MAIL_AUTH_NONE},
        {"(", MAIL_AUTH_NONE},
        {"\"", MAIL_AUTH_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum mail_authenticity verdict = mail_auth_results(cases[i].value, "mx.corp.fr", "example.fr");
        if (verdict != cases[i].verdict)
            fail_msg("%s: %d", cases[i].value, (int)verdict);
    }
    assert_int_equal(
        mail_auth_results("a; dmarc=pass header.from=example.fr", "a", "rh.example.fr"), MAIL_AUTH_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_verdicts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
