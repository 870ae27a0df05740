/*
 * How a message leaves: into a file, or through a relay. On the threads of the mail lanes.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- file: whole or not at all, by rename; a repeat replaces the same file */

static enum status file_prepare(const struct mail_route *route, struct error *err)
{
    if (mkdir(route->directory, 0700) < 0 && errno != EEXIST)
        return error_set(err, ST_INTERNAL, "%s cannot be made: %s", route->directory, strerror(errno));
    if (access(route->directory, W_OK | X_OK) < 0)
        return error_set(err, ST_INTERNAL, "%s cannot be written: %s", route->directory, strerror(errno));
    return ST_OK;
}

static bool file_write(int fd, struct span content)
{
    while (content.size > 0) {
        ssize_t written = write(fd, content.data, content.size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            content.data += written;
            content.size -= (size_t)written;
        }
    }
    return fsync(fd) == 0;
}

static bool file_put(int directory, const struct mail_item *item)
{
    char fresh[ID_MAX + 8];
    char name[ID_MAX + 8];
    (void)snprintf(fresh, sizeof fresh, ".%s", item->id);
    (void)snprintf(name, sizeof name, "%s.eml", item->id);
    int fd = openat(directory, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return false;
    bool written = file_write(fd, item->content);
    written = close(fd) == 0 && written;
    return written && renameat(directory, fresh, directory, name) == 0 && fsync(directory) == 0;
}

static void file_send(
    void *worker, const struct mail_route *route, const struct mail_item *item, struct smtp_result *ret)
{
    (void)worker;
    int directory = open(route->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *ret = (struct smtp_result){.outcome = SMTP_SENT};
    if (directory < 0 || !file_put(directory, item)) {
        ret->outcome = SMTP_RETRY;
        (void)snprintf(ret->text, sizeof ret->text, "%.100s: %.80s", route->directory, strerror(errno));
    }
    if (directory >= 0)
        (void)close(directory);
}

/* ---- smtp: each lane keeps one connection */

static void *relay_start(const struct mail_route *route)
{
    return smtp_session_new(&route->relay);
}

static void relay_send(
    void *worker, const struct mail_route *route, const struct mail_item *item, struct smtp_result *ret)
{
    (void)route;
    smtp_send(worker, item->from, item->to, item->content, ret);
}

static void relay_stop(void *worker)
{
    smtp_session_free(worker);
}

const struct transport mail_transports[] = {
    [MAIL_FILE] = {.prepare = file_prepare, .send = file_send},
    [MAIL_SMTP] = {.start = relay_start, .send = relay_send, .stop = relay_stop},
};
