/*
 * /v1/backup: the whole store as a file that was verified before its first byte leaves. It is made on the lane
 * of what takes long; then it is read piece by piece, as the reader takes it.
 */
#include "store/backup.h"
#include "base/log.h"
#include "internal.h"
#include "ops.h"

#include <inttypes.h>
#include <unistd.h>

enum { BACKUP_CHUNK = 256 * 1024 };

struct backup {
    int fd;
    int64_t size;
};

struct backup_cursor {
    int64_t offset;
};

static void backup_close(struct call *call)
{
    const struct backup *backup = call->state;
    if (backup)
        close(backup->fd);
}

static enum status backup_may(struct call *call, struct error *err)
{
    if (call->who.organisation[0])
        return error_set(err, ST_FORBIDDEN, "only a token for all organisations may take the whole store");
    return ST_OK;
}

static enum status backup_begin(struct call *call, struct error *err)
{
    struct store_verdict verdict;
    struct backup *backup = ARENA_NEW(call->arena, struct backup);
    enum status status = store_backup_open(call->api->options.store, &backup->fd, &verdict, err);
    if (status != ST_OK)
        return status;
    backup->size = verdict.bytes;
    call->state = backup;
    log_line(LOG_NOTICE, "backup", "a verified copy of the store is handed out",
        "actor=%s bytes=%" PRId64 " audit_records=%" PRId64, call->who.actor, verdict.bytes, verdict.records);
    return ST_OK;
}

static enum status backup_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    enum status status = call->state ? ST_OK : backup_begin(call, err);
    if (status != ST_OK)
        return status;
    const struct backup *backup = call->state;
    struct backup_cursor *cursor = call->cursor;
    char *chunk = arena_alloc(snapshot_arena(snapshot), BACKUP_CHUNK);
    ssize_t got = pread(backup->fd, chunk, BACKUP_CHUNK, cursor->offset);
    if (got <= 0)
        return error_set(err, ST_INTERNAL, "the copy cannot be read: %m");
    buf_add(&call->body, chunk, (size_t)got);
    cursor->offset += got;
    call->more = cursor->offset < backup->size;
    return ST_OK;
}

const struct op backup_get = {.name = "backup_get",
    .summary = "A verified copy of the whole store; needs an admin token for all organisations",
    .any_organisation = true,
    .produces = "application/vnd.sqlite3",
    .cursor_size = sizeof(struct backup_cursor),
    .parse = backup_may,
    .read = backup_read,
    .close = backup_close};
