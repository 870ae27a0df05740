/*
 * Copies of a store that hold, and putting one in its place. A copy is made under another name, verified, put
 * on the disk and only then named. On the caller's thread.
 */
#include "store/backup.h"

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum status backup_sync(const char *path, int flags, struct error *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    errno = cause;
    return done ? ST_OK : error_set(err, ST_FULL, "%s cannot be put on the disk: %m", path);
}

static enum status backup_sync_folder(struct arena *arena, const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash          ? "."
                         : slash == path ? "/"
                                         : arena_strndup(arena, path, (size_t)(slash - path));
    return backup_sync(folder, O_RDONLY | O_DIRECTORY, err);
}

static enum status backup_copy(const char *from, const char *to, const atomic_bool *stop, struct error *err)
{
    const struct db_options options = {.path = from, .as_is = true, .stop = stop};
    struct db_conn *db = NULL;
    enum status status = db_connect(&options, &db, err);
    if (status == ST_OK)
        status = db_copy(db, to, err);
    db_disconnect(db);
    return status;
}

/* link(2) does not replace what is there, rename(2) would. */
static enum status backup_name(const char *made, const char *path, struct error *err)
{
    if (link(made, path) == 0)
        return ST_OK;
    if (errno == EEXIST)
        return error_set(err, ST_CONFLICT, "%s exists", path);
    return error_set(err, ST_INTERNAL, "%s cannot be made: %m", path);
}

enum status store_backup(const char *from, const char *to, struct store_verdict *ret, struct error *err)
{
    if (access(to, F_OK) == 0)
        return error_set(err, ST_CONFLICT, "%s exists", to);
    struct arena *arena = arena_new(0);
    const char *made = arena_printf(arena, "%s.unverified", to);
    unlink(made);
    enum status status = backup_copy(from, made, NULL, err);
    if (status == ST_OK)
        status = store_verify(made, NULL, ret, err);
    if (status == ST_OK)
        status = backup_sync(made, O_RDONLY, err);
    if (status == ST_OK)
        status = backup_name(made, to, err);
    unlink(made);
    if (status == ST_OK)
        status = backup_sync_folder(arena, to, err);
    arena_free(arena);
    return status;
}

/* ---- back in its place */

/* The last connection takes the write-ahead log into the file and removes it. A store too damaged for that
 * keeps its log. */
static void restore_settle(const char *path)
{
    const struct db_options options = {.path = path, .read_only = true};
    struct db_conn *db = NULL;
    if (db_connect(&options, &db, NULL) == ST_OK)
        db_disconnect(db);
}

/* The log goes with its store: under the name of another it would be taken for that one's. */
static enum status restore_keep(struct arena *arena, const char *path, const char *aside, struct error *err)
{
    const char *log = arena_printf(arena, "%s-wal", path);
    if (access(path, F_OK) != 0)
        return ST_OK;
    restore_settle(path);
    if (link(path, aside) < 0)
        return error_set(err, ST_INTERNAL, "%s cannot be kept as %s: %m", path, aside);
    if (access(log, F_OK) == 0 && rename(log, arena_printf(arena, "%s-wal", aside)) < 0)
        return error_set(err, ST_INTERNAL, "%s cannot be kept: %m", log);
    unlink(arena_printf(arena, "%s-shm", path));
    return ST_OK;
}

enum status store_restore(
    const char *from, const char *path, const char *aside, struct store_verdict *ret, struct error *err)
{
    struct arena *arena = arena_new(0);
    const char *made = arena_printf(arena, "%s.restored", path);
    unlink(made);
    enum status status = store_verify(from, NULL, ret, err);
    if (status == ST_OK)
        status = backup_copy(from, made, NULL, err);
    if (status == ST_OK)
        status = store_verify(made, NULL, ret, err);
    if (status == ST_OK)
        status = backup_sync(made, O_RDONLY, err);
    if (status == ST_OK)
        status = restore_keep(arena, path, aside, err);
    if (status == ST_OK && rename(made, path) < 0)
        status = error_set(err, ST_INTERNAL, "%s cannot be made: %m", path);
    if (status == ST_OK)
        status = backup_sync_folder(arena, path, err);
    else
        unlink(made);
    arena_free(arena);
    return status;
}

/* ---- of an open store */

enum status store_backup_open(struct store *store, int *ret_fd, struct store_verdict *ret, struct error *err)
{
    struct arena *arena = arena_new(0);
    const char *made = arena_printf(arena, "%s.copy", store->options.path);
    unlink(made); /* of a process that died */
    enum status status = backup_copy(store->options.path, made, &store->stopping, err);
    if (status == ST_OK)
        status = store_verify(made, &store->stopping, ret, err);
    int fd = status == ST_OK ? open(made, O_RDONLY | O_CLOEXEC) : -1;
    if (status == ST_OK && fd < 0)
        status = error_set(err, ST_INTERNAL, "%s cannot be opened: %m", made);
    unlink(made);
    arena_free(arena);
    *ret_fd = fd;
    return status;
}
