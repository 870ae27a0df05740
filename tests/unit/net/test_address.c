/* What counts as public, and what the operator may add. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct place {
    struct sockaddr_storage storage;
};

static const struct sockaddr *at(struct place *place, const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        memcpy(&place->storage, &v4, sizeof v4);
    else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        memcpy(&place->storage, &v6, sizeof v6);
    else
        fail_msg("%s is no address", text);
    return (const struct sockaddr *)&place->storage;
}

static const char *kind(const char *text)
{
    struct place place;
    const char *word = address_kind(at(&place, text));
    return word ? word : "public";
}

static void addresses_have_kinds(void **state)
{
    static const char *const cases[][2] = {
        {"8.8.8.8", "public"},
        {"9.255.255.255", "public"},
        {"10.0.0.0", "private"},
        {"10.255.255.255", "private"},
        {"11.0.0.0", "public"},
        {"100.63.255.255", "public"},
        {"100.64.0.0", "private"},
        {"100.127.255.255", "private"},
        {"100.128.0.0", "public"},
        {"127.0.0.1", "loopback"},
        {"127.255.255.254", "loopback"},
        {"0.0.0.0", "reserved"},
        {"169.254.169.254", "link-local"},
        {"172.15.255.255", "public"},
        {"172.16.0.0", "private"},
        {"172.31.255.255", "private"},
        {"172.32.0.0", "public"},
        {"192.168.1.1", "private"},
        {"192.169.0.0", "public"},
        {"198.18.0.1", "reserved"},
        {"198.20.0.0", "public"},
        {"224.0.0.251", "multicast"},
        {"239.255.255.255", "multicast"},
        {"240.0.0.1", "reserved"},
        {"255.255.255.255", "reserved"},
        {"::", "unspecified"},
        {"::1", "loopback"},
        {"::2", "reserved"},
        {"::7f00:1", "reserved"},
        {"::ffff:127.0.0.1", "loopback"},
        {"::ffff:10.1.2.3", "private"},
        {"::ffff:8.8.8.8", "public"},
        {"64:ff9b::10.0.0.1", "private"},
        {"64:ff9b::8.8.8.8", "public"},
        {"64:ff9b:1::1", "reserved"},
        {"2002:7f00:1::1", "loopback"},
        {"2002:808:808::1", "public"},
        {"2001:db8::1", "reserved"},
        {"2001::1", "reserved"},
        {"2001:4860:4860::8888", "public"},
        {"fc00::1", "private"},
        {"fd00:ec2::254", "private"},
        {"fe80::1", "link-local"},
        {"febf::1", "link-local"},
        {"fec0::1", "reserved"},
        {"ff02::1", "multicast"},
        {"4000::1", "reserved"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(kind(cases[i][0]), cases[i][1]) != 0)
            fail_msg("%s is %s, not %s", cases[i][0], kind(cases[i][0]), cases[i][1]);
}

static void only_internet_addresses_pass(void **state)
{
    struct address_guard *guard;
    struct sockaddr local = {.sa_family = AF_UNIX};
    (void)state;
    assert_int_equal(address_guard_new("0.0.0.0/0 ::/0", &guard, NULL), ST_OK);
    assert_non_null(address_kind(&local));
    assert_false(address_guard_allows(guard, "localhost", &local));
    address_guard_free(guard);
}

static void the_operator_adds_networks_and_hosts(void **state)
{
    static const struct {
        const char *host, *address;
        bool allowed;
    } cases[] = {
        {"a.example", "8.8.8.8", true},
        {"a.example", "10.1.2.3", true},
        {"a.example", "11.1.2.3", true},
        {"a.example", "172.16.5.7", false},
        {"a.example", "172.16.5.8", true},
        {"a.example", "172.16.5.15", true},
        {"a.example", "172.16.5.16", false},
        {"a.example", "::ffff:10.1.2.3", true},
        {"a.example", "127.0.0.1", false},
        {"LMS.intra.example", "127.0.0.1", true},
        {"x.lms.intra.example", "127.0.0.1", false},
        {"a.example", "::1", true},
        {"a.example", "fd12::1", true},
        {"a.example", "fd13::1", false},
    };
    struct address_guard *guard;
    (void)state;
    assert_int_equal(
        address_guard_new("10.0.0.0/8  172.16.5.8/29 ::1 fd12::/16 lms.intra.example", &guard, NULL), ST_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct place place;
        bool allowed = address_guard_allows(guard, cases[i].host, at(&place, cases[i].address));
        if (allowed != cases[i].allowed)
            fail_msg("%s for %s", cases[i].address, cases[i].host);
    }
    address_guard_free(guard);
}

static void nothing_listed_allows_nothing(void **state)
{
    const char *const none[] = {NULL, "", "  "};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct place place;
        struct address_guard *guard;
        assert_int_equal(address_guard_new(none[i], &guard, NULL), ST_OK);
        assert_false(address_guard_allows(guard, "localhost", at(&place, "127.0.0.1")));
        assert_true(address_guard_allows(guard, "dns.google", at(&place, "8.8.4.4")));
        address_guard_free(guard);
    }
}

static void a_wrong_word_is_named(void **state)
{
    const char *const wrong[] = {"10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/", "1.2.3.4/-1", "a..b",
        "*.example", "http://a.example", "-a", "10.0.0.0/8,::1", "fe80::1%eth0", "300.1.1.1"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct address_guard *guard;
        struct error err = ERROR_INIT;
        assert_int_equal(address_guard_new(wrong[i], &guard, &err), ST_INVALID);
        assert_non_null(strstr(err.detail, wrong[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_have_kinds),
        cmocka_unit_test(only_internet_addresses_pass),
        cmocka_unit_test(the_operator_adds_networks_and_hosts),
        cmocka_unit_test(nothing_listed_allows_nothing),
        cmocka_unit_test(a_wrong_word_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
