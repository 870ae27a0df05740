/*
 * Tokens of the forms of personal pages: the minute they expire at and a MAC of it with the link's id, so that
 * a form is of its page and of this half-day. Any thread.
 */
#include "base/crypto.h"
#include "page.h"

#include <string.h>

enum { TOKEN_MINUTES = 12 * 60, TOKEN_EXPIRY = 4, TOKEN_MAC = 14, TOKEN_SIZE = TOKEN_EXPIRY + TOKEN_MAC };

static const char token_purpose[] = "entretiend form";
static const int64_t token_minute = 60 * US_PER_SEC;

static size_t token_data(const struct link_row *link, const uint8_t expiry[static TOKEN_EXPIRY],
    char out[static ID_MAX + TOKEN_EXPIRY])
{
    size_t size = strnlen(link->id, ID_MAX);
    memcpy(out, link->id, size);
    memcpy(out + size, expiry, TOKEN_EXPIRY);
    return size + TOKEN_EXPIRY;
}

const char *page_token(
    struct arena *arena, const struct keyring *keyring, const struct link_row *link, instant_t now)
{
    uint8_t bytes[TOKEN_SIZE];
    char data[ID_MAX + TOKEN_EXPIRY];
    struct sha256 mac;
    uint32_t minute = (uint32_t)(now / token_minute + TOKEN_MINUTES);
    for (size_t i = 0; i < TOKEN_EXPIRY; i++)
        bytes[i] = (uint8_t)(minute >> (8 * (TOKEN_EXPIRY - 1 - i)));
    if (!keyring_sign(keyring, token_purpose, data, token_data(link, bytes, data), &mac))
        return NULL;
    memcpy(bytes + TOKEN_EXPIRY, mac.bytes, TOKEN_MAC);
    return base64url_encode(arena, bytes, sizeof(bytes));
}

bool page_token_valid(
    const struct keyring *keyring, const struct link_row *link, const char *token, instant_t now)
{
    char data[ID_MAX + TOKEN_EXPIRY];
    uint8_t *bytes = NULL;
    size_t size = 0;
    uint32_t minute = 0;
    if (!token || strlen(token) > 2 * TOKEN_SIZE)
        return false;
    struct arena *arena = arena_new(256);
    bool valid = base64url_decode(arena, token, strlen(token), &bytes, &size) && size == TOKEN_SIZE &&
                 keyring_signed(keyring, token_purpose, data, token_data(link, bytes, data),
                     bytes + TOKEN_EXPIRY, TOKEN_MAC);
    for (size_t i = 0; valid && i < TOKEN_EXPIRY; i++)
        minute = minute << 8 | bytes[i];
    arena_free(arena);
    return valid && (instant_t)minute * token_minute > now;
}
