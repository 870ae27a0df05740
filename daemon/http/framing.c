/*
 * Which bytes belong to the request (RFC 9112 section 6) and what it says about the connection: the fields the
 * server itself obeys, one row each. Where two readers could disagree, the request is refused. Loop thread.
 */
#include "internal.h"

#include <string.h>
#include <strings.h>

enum framing_field {
    FRAMING_HOST,
    FRAMING_LENGTH,
    FRAMING_ENCODING,
    FRAMING_CONNECTION,
    FRAMING_EXPECT,
    FRAMING_ID,
    FRAMING_AUTHORIZATION,
    FRAMING_TYPE,
    FRAMING_FIELDS
};

static const struct refusal framing_fine = {0};

static struct refusal framing_host(struct http_exchange *exchange, const char *value)
{
    (void)exchange;
    for (; *value; value++)
        if (!head_is_token(*value) && !strchr("[]:()=;,", *value))
            return (struct refusal){400, "the Host field is not a host"};
    return framing_fine;
}

static struct refusal framing_length(struct http_exchange *exchange, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    if (!digits || value[digits])
        return (struct refusal){400, "the Content-Length field is not a number"};
    if (digits > 18)
        return (struct refusal){413, "the request body is larger than this resource takes"};
    for (; *value; value++)
        exchange->length = exchange->length * 10 + (unsigned)(*value - '0');
    return framing_fine;
}

static struct refusal framing_encoding(struct http_exchange *exchange, const char *value)
{
    if (exchange->head.minor == 0)
        return (struct refusal){400, "HTTP/1.0 knows no Transfer-Encoding"};
    if (strcasecmp(value, "chunked") != 0)
        return (struct refusal){501, "the only transfer coding taken is chunked"};
    exchange->chunked = true;
    return framing_fine;
}

static bool framing_has_token(const char *list, const char *token)
{
    size_t size = strlen(token);
    while (*list) {
        list += strspn(list, " \t,");
        size_t length = strcspn(list, " \t,");
        if (length == size && strncasecmp(list, token, size) == 0)
            return true;
        list += length;
    }
    return false;
}

static struct refusal framing_connection(struct http_exchange *exchange, const char *value)
{
    exchange->says_close |= framing_has_token(value, "close");
    exchange->says_keep |= framing_has_token(value, "keep-alive");
    return framing_fine;
}

static struct refusal framing_expect(struct http_exchange *exchange, const char *value)
{
    if (exchange->head.minor == 0)
        return framing_fine; /* RFC 9110 10.1.1 */
    if (strcasecmp(value, "100-continue") != 0)
        return (struct refusal){417, "the only expectation met is 100-continue"};
    exchange->expects = true;
    return framing_fine;
}

static struct refusal framing_id(struct http_exchange *exchange, const char *value)
{
    size_t size = strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");
    if (size && !value[size] && size < sizeof exchange->id)
        memcpy(exchange->id, value, size + 1);
    return framing_fine;
}

static const struct framing_rule {
    const char *name;
    size_t size;
    bool repeats; /* may come more than once */
    struct refusal (*read)(struct http_exchange *exchange, const char *value);
} framing_rules[FRAMING_FIELDS] = {
    [FRAMING_HOST] = {"host", 4, false, framing_host},
    [FRAMING_LENGTH] = {"content-length", 14, false, framing_length},
    [FRAMING_ENCODING] = {"transfer-encoding", 17, false, framing_encoding},
    [FRAMING_CONNECTION] = {"connection", 10, true, framing_connection},
    [FRAMING_EXPECT] = {"expect", 6, false, framing_expect},
    [FRAMING_ID] = {"x-request-id", 12, true, framing_id},
    [FRAMING_AUTHORIZATION] = {"authorization", 13, false, NULL},
    [FRAMING_TYPE] = {"content-type", 12, false, NULL},
};

static enum framing_field framing_find(const struct head_field *field)
{
    enum framing_field i = 0;
    while (i < FRAMING_FIELDS &&
           (framing_rules[i].size != field->name_size || strcasecmp(framing_rules[i].name, field->name) != 0))
        i++;
    return i;
}

static struct refusal framing_read(struct http_exchange *exchange, unsigned *ret_seen)
{
    for (unsigned i = 0; i < exchange->head.count; i++) {
        const struct head_field *field = &exchange->head.fields[i];
        enum framing_field found = framing_find(field);
        if (found == FRAMING_FIELDS)
            continue;
        const struct framing_rule *rule = &framing_rules[found];
        if (*ret_seen & 1U << found && !rule->repeats)
            return (struct refusal){400, "a header field that may come only once is repeated"};
        *ret_seen |= 1U << found;
        struct refusal refusal = rule->read ? rule->read(exchange, field->value) : framing_fine;
        if (refusal.status)
            return refusal;
    }
    return framing_fine;
}

struct refusal exchange_frame(struct http_exchange *exchange)
{
    unsigned seen = 0;
    struct refusal refusal = framing_read(exchange, &seen);
    if (refusal.status)
        return refusal;
    if (exchange->head.minor > 0 && !(seen & 1U << FRAMING_HOST))
        return (struct refusal){400, "the Host field is missing"};
    if (seen & 1U << FRAMING_ENCODING && seen & 1U << FRAMING_LENGTH)
        return (struct refusal){400, "both Content-Length and Transfer-Encoding are given"};
    exchange->keep_alive = !exchange->says_close && (exchange->head.minor > 0 || exchange->says_keep);
    peer_find(exchange);
    return framing_fine;
}
