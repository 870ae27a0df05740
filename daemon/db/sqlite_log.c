/*
 * The file system of SQLite's that gathers what is written to the log. Other files are the system's own.
 */
#include "sqlite_log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOG_RUN (124 * 1024) /* the system's xWrite takes less than 128 KiB at once */

struct log_file {
    sqlite3_file file; /* what SQLite holds */
    sqlite3_int64 start;
    int size;    /* gathered, to be written at `start` */
    char *bytes; /* LOG_RUN of them; NULL before the first */
    sqlite3_file *real;
};

static sqlite3_vfs *log_system;

static struct log_file *log_of(sqlite3_file *file)
{
    return (struct log_file *)file;
}

/* What fails is not tried again: the transaction fails with it. */
static int log_flush(struct log_file *log)
{
    int size = log->size;
    log->size = 0;
    return size > 0 ? log->real->pMethods->xWrite(log->real, log->bytes, size, log->start) : SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
    struct log_file *log = log_of(file);
    free(log->bytes);
    return log->real->pMethods->xClose(log->real);
}

static int log_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    int code = log_flush(log);
    return code == SQLITE_OK ? log->real->pMethods->xRead(log->real, bytes, size, at) : code;
}

static char *log_memory(void)
{
    char *memory = malloc(LOG_RUN);
    if (!memory)
        abort();
    return memory;
}

static int log_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    if (at != log->start + log->size || size > LOG_RUN - log->size) {
        int code = log_flush(log);
        if (code != SQLITE_OK)
            return code;
        log->start = at;
    }
    if (size > LOG_RUN)
        return log->real->pMethods->xWrite(log->real, bytes, size, at);
    if (!log->bytes)
        log->bytes = log_memory();
    memcpy(log->bytes + log->size, bytes, (size_t)size);
    log->size += size;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = log_of(file);
    int code = log_flush(log);
    return code == SQLITE_OK ? log->real->pMethods->xTruncate(log->real, size) : code;
}

static int log_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = log_of(file);
    int code = log_flush(log);
    return code == SQLITE_OK ? log->real->pMethods->xSync(log->real, flags) : code;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    struct log_file *log = log_of(file);
    int code = log_flush(log);
    return code == SQLITE_OK ? log->real->pMethods->xFileSize(log->real, ret) : code;
}

static int log_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xLock(real, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xUnlock(real, level);
}

static int log_locked(sqlite3_file *file, int *ret)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xCheckReservedLock(real, ret);
}

static int log_control(sqlite3_file *file, int what, void *value)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xFileControl(real, what, value);
}

static int log_sector(sqlite3_file *file)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xSectorSize(real);
}

static int log_characteristics(sqlite3_file *file)
{
    sqlite3_file *real = log_of(file)->real;
    return real->pMethods->xDeviceCharacteristics(real);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_locked,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_characteristics,
};

static int log_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL))
        return log_system->xOpen(log_system, name, file, flags, ret_flags);
    struct log_file *log = log_of(file);
    *log = (struct log_file){.real = (sqlite3_file *)(log + 1)};
    int code = log_system->xOpen(log_system, name, log->real, flags, ret_flags);
    if (code == SQLITE_OK)
        log->file.pMethods = &log_methods;
    return code;
}

static sqlite3_vfs log_vfs;

static void log_register(void)
{
    log_system = sqlite3_vfs_find(NULL);
    if (!log_system)
        abort();
    log_vfs = *log_system;
    log_vfs.zName = "entretiend";
    log_vfs.pNext = NULL;
    log_vfs.xOpen = log_open;
    log_vfs.szOsFile = (int)sizeof(struct log_file) + log_system->szOsFile;
    if (sqlite3_vfs_register(&log_vfs, 0) != SQLITE_OK)
        abort();
}

const char *sqlite_log_system(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, log_register);
    return log_vfs.zName;
}

void sqlite_log_drop(sqlite3 *handle)
{
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file);
    if (code == SQLITE_OK && file && file->pMethods == &log_methods)
        log_of(file)->size = 0;
}
