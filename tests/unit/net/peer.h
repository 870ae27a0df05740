#pragma once
/*
 * A server for the tests of fetch: real sockets, a thread for each connection, answers by the path of the
 * request. `/echo` gives the request back as it came.
 */
#include <stdint.h>

struct peer;
struct peer *peer_new(void);
uint16_t peer_port(const struct peer *peer);
/* Requests read whole so far. */
unsigned peer_requests(struct peer *peer);
/* The most connections that were served at the same time. */
unsigned peer_most(struct peer *peer);
/* Lets those that wait at `/hold` go. */
void peer_release(struct peer *peer);
void peer_free(struct peer *peer);
