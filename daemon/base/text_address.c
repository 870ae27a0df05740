/*
 * Which mail addresses and URLs are let in: those that need no quoting in headers, iCalendar and HTML. Pure,
 * any thread.
 */
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum {
    EMAIL_MAX = 254,
    EMAIL_LOCAL_MAX = 64,
    LABEL_MAX = 63,
    URL_MAX = 2048,
    HOST_MAX = 253,
};

static bool address_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool address_alnum(char c)
{
    return address_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool address_hex(char c)
{
    return address_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool address_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Labels of letters, digits and inner hyphens, also underscores for host names that never reach mail. */
static bool address_domain(const char *text, size_t size, bool underscores)
{
    size_t label = 0;
    if (!size || size > HOST_MAX)
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '.') {
            if (!label || text[i - 1] == '-')
                return false;
            label = 0;
            continue;
        }
        if (!address_alnum(c) && !(c == '-' && label) && !(c == '_' && underscores))
            return false;
        if (++label > LABEL_MAX)
            return false;
    }
    return label && text[size - 1] != '-';
}

/* A dot-atom of RFC 5322. */
static bool email_local(const char *text, size_t size)
{
    if (!size || size > EMAIL_LOCAL_MAX || text[0] == '.' || text[size - 1] == '.')
        return false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' ? text[i + 1] == '.'
                           : !address_alnum(text[i]) && !address_one_of(text[i], "!#$%&'*+-/=?^_`{|}~"))
            return false;
    }
    return true;
}

bool email_valid(const char *text)
{
    size_t size = text ? strnlen(text, EMAIL_MAX + 1) : 0;
    const char *at = size && size <= EMAIL_MAX ? memchr(text, '@', size) : NULL;
    return at && email_local(text, (size_t)(at - text)) &&
           address_domain(at + 1, size - (size_t)(at + 1 - text), false);
}

static bool url_ipv6(const char *text, size_t size)
{
    char literal[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (size >= sizeof literal)
        return false;
    memcpy(literal, text, size);
    literal[size] = '\0';
    return inet_pton(AF_INET6, literal, &address) == 1;
}

static bool url_port(const char *text, size_t size)
{
    unsigned port = 0;
    if (!size || size > 5)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (!address_digit(text[i]))
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port >= 1 && port <= 65535;
}

static bool url_authority(const char *text, size_t size)
{
    const char *end = text + size;
    const char *host_end;
    if (size && text[0] == '[') {
        const char *bracket = memchr(text, ']', size);
        if (!bracket || !url_ipv6(text + 1, (size_t)(bracket - text - 1)))
            return false;
        host_end = bracket + 1;
    } else {
        const char *colon = size ? memchr(text, ':', size) : NULL;
        host_end = colon ? colon : end;
        if (!address_domain(text, (size_t)(host_end - text), true))
            return false;
    }
    return host_end == end || (*host_end == ':' && url_port(host_end + 1, (size_t)(end - host_end - 1)));
}

/* Path, query and fragment: pchar, '/', '?', one '#'; the apostrophe is left out because HTML quotes with it.
 */
static bool url_rest(const char *text)
{
    bool fragment = false;
    for (; *text; text++) {
        if (*text == '%') {
            if (!address_hex(text[1]) || !address_hex(text[2]))
                return false;
            text += 2;
        } else if (*text == '#') {
            if (fragment)
                return false;
            fragment = true;
        } else if (!address_alnum(*text) && !address_one_of(*text, "-._~!$&()*+,;=:@/?")) {
            return false;
        }
    }
    return true;
}

bool url_valid(const char *text)
{
    if (!text || strnlen(text, URL_MAX + 1) > URL_MAX)
        return false;
    size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
    if (!scheme)
        return false;
    const char *authority = text + scheme;
    size_t size = strcspn(authority, "/?#");
    return url_authority(authority, size) && url_rest(authority + size);
}
