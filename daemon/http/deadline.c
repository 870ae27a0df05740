/*
 * Deadlines of connections, on the loop thread. All deadlines of one kind last equally long, so each kind is a
 * queue in order of time: setting and clearing is constant, and one timer watches the heads.
 */
#include "base/clock.h"
#include "internal.h"

#define LINGER_US (2 * US_PER_SEC)

int64_t deadline_now(void)
{
    return clock_monotonic();
}

static struct http_connection *deadline_owner(struct http_deadline *deadline)
{
    return (struct http_connection *)((char *)deadline - offsetof(struct http_connection, deadline));
}

static int64_t deadline_length(const struct http_limits *limits, enum http_wait wait)
{
    const int64_t lengths[WAIT_COUNT] = {
        [WAIT_HEADER] = limits->header_deadline_us,
        [WAIT_BODY] = limits->body_deadline_us,
        [WAIT_IDLE] = limits->idle_us,
        [WAIT_WRITE] = limits->write_deadline_us,
        [WAIT_LINGER] = limits->write_deadline_us < LINGER_US ? limits->write_deadline_us : LINGER_US,
    };
    return lengths[wait];
}

static void deadlines_arm(struct http_server *server, int64_t at)
{
    if (server->deadline_armed && server->deadline_armed <= at)
        return;
    server->deadline_armed = at;
    timer_arm(server->deadline_timer, at - deadline_now());
}

static void deadlines_on_timer(void *context)
{
    struct http_server *server = context;
    int64_t now = deadline_now();
    server->deadline_armed = 0;
    for (enum http_wait wait = WAIT_NONE + 1; wait < WAIT_COUNT; wait++) {
        struct http_deadline *first;
        while ((first = TAILQ_FIRST(&server->deadlines[wait])) && first->at <= now)
            connection_timed_out(deadline_owner(first));
        if (first)
            deadlines_arm(server, first->at);
    }
}

void deadlines_init(struct http_server *server)
{
    for (enum http_wait wait = WAIT_NONE; wait < WAIT_COUNT; wait++)
        TAILQ_INIT(&server->deadlines[wait]);
    server->deadline_timer = timer_new(server->loop, deadlines_on_timer, server);
}

void deadline_clear(struct http_connection *connection)
{
    struct http_deadline *deadline = &connection->deadline;
    if (deadline->wait != WAIT_NONE)
        TAILQ_REMOVE(&connection->server->deadlines[deadline->wait], deadline, link);
    deadline->wait = WAIT_NONE;
}

void deadline_set(struct http_connection *connection, enum http_wait wait)
{
    struct http_server *server = connection->server;
    struct http_deadline *deadline = &connection->deadline;
    deadline_clear(connection);
    deadline->wait = wait;
    deadline->at = deadline_now() + deadline_length(&server->limits, wait);
    TAILQ_INSERT_TAIL(&server->deadlines[wait], deadline, link);
    deadlines_arm(server, deadline->at);
}
