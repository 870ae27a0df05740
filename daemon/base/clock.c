/*
 * The clock everybody is handed instead of calling the system: real, read from a file, or set by hand. The
 * instant is atomic, so any thread may ask while another one moves it.
 */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct clock {
    bool set;
    _Atomic instant_t now; /* of a set clock */
    char *path;            /* NULL unless the clock is read from a file */
};

static struct clock *clock_new(bool set, instant_t now)
{
    struct clock *clock = calloc(1, sizeof *clock);
    if (!clock)
        abort();
    clock->set = set;
    atomic_init(&clock->now, now);
    return clock;
}

struct clock *clock_new_real(void)
{
    return clock_new(false, 0);
}

struct clock *clock_new_set(instant_t now)
{
    return clock_new(true, now);
}

static enum status clock_read_file(const char *path, instant_t *ret, struct error *err)
{
    char text[64] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, ST_NOT_FOUND, "clock file %s: %s", path, strerrordesc_np(errno));
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    text[size > 0 ? size : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (!instant_parse(text, ret))
        return error_set(err, ST_INVALID, "clock file %s: expected an instant like 2026-11-22T10:15:30Z", path);
    return ST_OK;
}

struct clock *clock_new_file(const char *path, struct error *err)
{
    instant_t now = 0;
    if (clock_read_file(path, &now, err) != ST_OK)
        return NULL;
    struct clock *clock = clock_new(true, now);
    clock->path = strdup(path);
    if (!clock->path)
        abort();
    return clock;
}

void clock_free(struct clock *clock)
{
    if (!clock)
        return;
    free(clock->path);
    free(clock);
}

static int64_t clock_system(clockid_t id)
{
    struct timespec now = {0};
    /* Cannot fail: both clocks always exist on Linux. */
    clock_gettime(id, &now);
    return now.tv_sec * US_PER_SEC + now.tv_nsec / 1000;
}

instant_t clock_now(const struct clock *clock)
{
    return clock->set ? atomic_load(&clock->now) : clock_system(CLOCK_REALTIME);
}

void clock_move(struct clock *clock, instant_t now)
{
    atomic_store(&clock->now, now);
}

enum status clock_refresh(struct clock *clock, bool *ret_changed, struct error *err)
{
    instant_t now = 0;
    bool changed = false;
    if (clock->path) {
        enum status status = clock_read_file(clock->path, &now, err);
        if (status != ST_OK)
            return status;
        changed = atomic_exchange(&clock->now, now) != now;
    }
    if (ret_changed)
        *ret_changed = changed;
    return ST_OK;
}

bool clock_is_set(const struct clock *clock)
{
    return clock->set;
}

int64_t clock_monotonic(void)
{
    return clock_system(CLOCK_MONOTONIC);
}
