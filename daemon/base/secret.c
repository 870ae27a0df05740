/*
 * Bytes that must not leak: kept in memory of their own, wiped when freed, read from files nobody else may
 * read. Immutable once made, so any thread may look.
 */
#include "base/secret.h"

#include "base/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_FILE_MAX = 64 * 1024 };

struct secret {
    size_t size;
    unsigned char bytes[]; /* and a NUL, not counted */
};

struct secret *secret_new(const void *bytes, size_t size)
{
    struct secret *secret = calloc(1, sizeof(*secret) + size + 1);
    if (!secret)
        abort();
    secret->size = size;
    if (size > 0)
        memcpy(secret->bytes, bytes, size);
    return secret;
}

void secret_free(struct secret *secret)
{
    if (!secret)
        return;
    wipe(secret->bytes, secret->size);
    free(secret);
}

const unsigned char *secret_bytes(const struct secret *secret, size_t *ret_size)
{
    if (ret_size)
        *ret_size = secret->size;
    return secret->bytes;
}

/* ST_OK for a file that only its owner and group may read. */
static enum status secret_check_file(int fd, const char *path, struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return error_set(err, ST_INVALID, "cannot look at %s: %m", path);
    if (!S_ISREG(info.st_mode))
        return error_set(err, ST_INVALID, "%s is not a regular file", path);
    if (info.st_mode & (S_IROTH | S_IWOTH))
        return error_set(err, ST_INVALID, "%s may be read or written by everyone (chmod o-rw)", path);
    if (info.st_size > SECRET_FILE_MAX)
        return error_set(err, ST_TOO_LARGE, "%s is over 64 KiB", path);
    return ST_OK;
}

/* Reads up to `size` bytes; -1 with errno. */
static ssize_t secret_read_all(int fd, unsigned char *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, out + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static struct secret *secret_read_fd(int fd, const char *path, struct error *err)
{
    unsigned char bytes[SECRET_FILE_MAX + 1];
    struct secret *secret = NULL;
    if (secret_check_file(fd, path, err) != ST_OK)
        return NULL;
    ssize_t size = secret_read_all(fd, bytes, sizeof(bytes));
    if (size < 0) {
        (void)error_set(err, ST_INVALID, "cannot read %s: %m", path);
        return NULL;
    }
    size_t length = (size_t)size;
    if (length > 0 && length <= SECRET_FILE_MAX && bytes[length - 1] == '\n')
        length--;
    if (length > SECRET_FILE_MAX)
        (void)error_set(err, ST_TOO_LARGE, "%s is over 64 KiB", path);
    else if (length == 0)
        (void)error_set(err, ST_INVALID, "%s is empty", path);
    else
        secret = secret_new(bytes, length);
    wipe(bytes, (size_t)size);
    return secret;
}

struct secret *secret_read_file(const char *path, struct error *err)
{
    /* O_NONBLOCK: a FIFO in its place must not hold up the start */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        enum status status = errno == ENOENT ? ST_NOT_FOUND : ST_INVALID;
        (void)error_set(err, status, "cannot open %s: %m", path);
        return NULL;
    }
    struct secret *secret = secret_read_fd(fd, path, err);
    (void)close(fd);
    return secret;
}

char *secret_token(struct arena *arena, const char *prefix, size_t bytes)
{
    uint8_t *random = arena_alloc(arena, bytes);
    random_bytes(random, bytes);
    char *token = arena_printf(arena, "%s%s", prefix, base64url_encode(arena, random, bytes));
    wipe(random, bytes);
    return token;
}
