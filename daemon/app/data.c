/*
 * The data directory: its rights, its lock (one daemon to a directory), and the sealing key made in it at the
 * first start. Runs at start, before there is a loop.
 */
#include "subsystem.h"

#include "base/crypto.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALING_KEY_FILE "sealing.key"

enum { SEALING_KEY_BYTES = 32 };

static enum status data_check_rights(struct app *app, struct error *err)
{
    const char *path = app->config->store.data_directory;
    struct stat info;
    if (fstat(app->data_fd, &info) < 0)
        return error_set(err, ST_INTERNAL, "the data directory %s cannot be examined: %m", path);
    if (info.st_mode & S_IRWXO)
        return error_set(err, ST_FORBIDDEN,
            "the data directory %s is open to everyone (mode %04o); chmod 0700 it", path,
            info.st_mode & 07777u);
    if (faccessat(app->data_fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) < 0)
        return error_set(err, ST_FORBIDDEN, "the data directory %s cannot be written by user %u: %m", path,
            (unsigned)geteuid());
    return ST_OK;
}

enum status data_give(const struct app *app, const char *path, struct error *err)
{
    struct stat info;
    if (geteuid() != 0 || fstat(app->data_fd, &info) < 0 || info.st_uid == 0)
        return ST_OK;
    if (lchown(path, info.st_uid, info.st_gid) == 0 || errno == ENOENT)
        return ST_OK;
    return error_set(err, ST_INTERNAL, "%s cannot be given to the owner of the data directory: %m", path);
}

/* The same of an open file. */
static void data_give_made(const struct app *app, int fd)
{
    struct stat info;
    if (geteuid() == 0 && fstat(app->data_fd, &info) == 0 && fchown(fd, info.st_uid, info.st_gid) < 0)
        log_line(LOG_WARNING, "data", "a file cannot be given to the owner of the directory", "cause=%s",
            strerror(errno));
}

static enum status data_lock(struct app *app, struct error *err)
{
    const char *path = app->config->store.data_directory;
    app->lock_fd = openat(app->data_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (app->lock_fd < 0)
        return error_set(err, ST_INTERNAL, "%s/lock cannot be opened: %m", path);
    data_give_made(app, app->lock_fd);
    if (flock(app->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return ST_OK;
    int cause = errno;
    close(app->lock_fd);
    errno = cause;
    if (cause == EWOULDBLOCK)
        return error_set(err, ST_CONFLICT, "another entretiend uses the data directory %s", path);
    return error_set(err, ST_INTERNAL, "%s/lock cannot be locked: %m", path);
}

enum status data_start(struct app *app, struct error *err)
{
    const char *path = app->config->store.data_directory;
    umask(0077);
    app->data_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (app->data_fd < 0)
        return error_set(err, ST_NOT_FOUND, "the data directory %s cannot be opened: %m", path);
    enum status status = data_check_rights(app, err);
    if (status == ST_OK)
        status = data_lock(app, err);
    if (status != ST_OK)
        close(app->data_fd);
    return status;
}

void data_stop(struct app *app)
{
    close(app->lock_fd);
    close(app->data_fd);
}

/* ---- keys */

static enum status data_make_key(const struct app *app, struct error *err)
{
    uint8_t bytes[SEALING_KEY_BYTES];
    char text[2 * SEALING_KEY_BYTES + 2] = {0};
    static const char digits[] = "0123456789abcdef";
    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * SEALING_KEY_BYTES] = '\n';
    int fd = openat(app->data_fd, SEALING_KEY_FILE ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t size = (ssize_t)strlen(text);
    if (fd >= 0)
        data_give_made(app, fd);
    bool written = fd >= 0 && write(fd, text, (size_t)size) == size && fsync(fd) == 0;
    wipe(bytes, sizeof(bytes));
    wipe(text, sizeof(text));
    if (fd >= 0)
        close(fd);
    /* Under its name only when whole and on the disk: a key lost after its first use cannot be made again. */
    if (!written || renameat(app->data_fd, SEALING_KEY_FILE ".new", app->data_fd, SEALING_KEY_FILE) < 0 ||
        fsync(app->data_fd) < 0)
        return error_set(err, ST_FULL, "the sealing key cannot be written: %m");
    return ST_OK;
}

static enum status data_read_key(const struct app *app, struct secret **ret, struct error *err)
{
    const struct config_store *store = &app->config->store;
    if (faccessat(app->data_fd, SEALING_KEY_FILE, F_OK, AT_EACCESS) < 0) {
        if (access(store->sqlite_file, F_OK) == 0)
            return error_set(err, ST_NOT_FOUND, "%s/" SEALING_KEY_FILE " is missing, and the store %s needs it",
                store->data_directory, store->sqlite_file);
        enum status status = data_make_key(app, err);
        if (status != ST_OK)
            return status;
    }
    char path[1100];
    snprintf(path, sizeof(path), "%s/" SEALING_KEY_FILE, store->data_directory);
    *ret = secret_read_file(path, err);
    return *ret ? ST_OK : ST_FORBIDDEN;
}

static enum status data_fill_keyring(const struct app *app, struct keyring *ring, struct error *err)
{
    const struct config_keys *keys = &app->config->keys;
    for (size_t i = 0; i < keys->retired.count; i++) {
        enum status status = keyring_add(ring, keys->retired.items[i], err);
        if (status != ST_OK)
            return status;
    }
    if (keys->sealing)
        return keyring_add(ring, keys->sealing, err);
    struct secret *made = NULL;
    enum status status = data_read_key(app, &made, err);
    if (status == ST_OK) {
        status = keyring_add(ring, made, err);
        secret_free(made);
    }
    return status;
}

enum status keyring_start(struct app *app, struct error *err)
{
    struct keyring *ring = keyring_new();
    enum status status = data_fill_keyring(app, ring, err);
    if (status == ST_OK)
        app->keyring = ring;
    else
        keyring_free(ring);
    return status;
}

void keyring_stop(struct app *app)
{
    keyring_free(app->keyring);
}
