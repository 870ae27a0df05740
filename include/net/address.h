#pragma once
/*
 * Which addresses the daemon may connect to by itself. Addresses come from strangers (the URL of a source, a
 * `more` or `next` link, a badge), names resolve to whatever their owner likes: so the guard judges the address
 * that is about to be connected to, not the name. Only public unicast addresses pass, unless the operator lists
 * them (`outgoing.allow`). Pure, any thread.
 */
#include "base/error.h"

#include <stdbool.h>

struct sockaddr;

/* NULL: public. Otherwise what it is: "private", "loopback", "link-local", "multicast", "reserved" ... IPv4
 * inside IPv6 (mapped, NAT64, 6to4) is judged as IPv4. Registries: RFC 6890, RFC 8190. */
const char *address_kind(const struct sockaddr *address);

struct address_guard;

/* `allow`: networks ("10.0.0.0/8", "fd00::/8", "127.0.0.1") and host names ("lms.intra.example", good for all
 * addresses of that very name), separated by blanks; NULL or "": none. ST_INVALID names the word at fault. */
enum status address_guard_new(const char *allow, struct address_guard **ret, struct error *err);
void address_guard_free(struct address_guard *guard);
/* `host` is the name in the URL, compared without case; an IPv6 literal may stand in brackets. */
bool address_guard_allows(const struct address_guard *guard, const char *host, const struct sockaddr *address);
