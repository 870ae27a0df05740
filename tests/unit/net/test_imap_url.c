/* Which addresses of mailboxes are taken. */
#include "net/imap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_addresses_of_mailboxes(void **state)
{
    static const struct {
        const char *url;
        enum status status;
    } cases[] = {
        {"imap://mail.example.fr/INBOX", ST_OK},
        {"imaps://mail.example.fr:993/INBOX", ST_OK},
        {"imap://[::1]:1143/Entretiens/Réponses", ST_OK},
        {"imap://mail.example.fr", ST_INVALID},
        {"imap://mail.example.fr/", ST_INVALID},
        {"smtp://mail.example.fr/INBOX", ST_INVALID},
        {"http://mail.example.fr/INBOX", ST_INVALID},
        {"imap:///INBOX", ST_INVALID},
        {"imap://user@mail.example.fr/INBOX", ST_INVALID},
        {"imap://user:secret@mail.example.fr/INBOX", ST_INVALID},
        {"imap://mail.example.fr/INBOX;UID=1", ST_INVALID},
        {"imap://mail.example.fr/INBOX?ALL", ST_INVALID},
        {"imap://mail.example.fr/IN\"BOX", ST_INVALID},
        {"INBOX", ST_INVALID},
        {"", ST_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(imap_url_check(cases[i].url, &err), cases[i].status);
    }
}

static void test_a_very_long_address_is_refused(void **state)
{
    char url[700] = "imap://mail.example.fr/";
    struct error err = ERROR_INIT;
    (void)state;
    memset(url + strlen(url), 'x', 600);
    assert_int_equal(imap_url_check(url, &err), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_of_mailboxes),
        cmocka_unit_test(test_a_very_long_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
