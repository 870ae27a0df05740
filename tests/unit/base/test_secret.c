/* Secrets in memory and in files, tokens. */
#include "base/crypto.h"
#include "base/secret.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct folder {
    char path[64];
    char file[96];
};

static int setup(void **state)
{
    static struct folder folder;
    (void)snprintf(folder.path, sizeof(folder.path), "/tmp/secret.XXXXXX");
    *state = &folder;
    if (!mkdtemp(folder.path))
        return -1;
    (void)snprintf(folder.file, sizeof(folder.file), "%s/key", folder.path);
    return 0;
}

static int teardown(void **state)
{
    struct folder *folder = *state;
    (void)unlink(folder->file);
    return rmdir(folder->path);
}

static void put(const char *path, const void *bytes, size_t size, mode_t mode)
{
    (void)unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static void assert_file(const char *path, const char *expected, size_t expected_size)
{
    struct error err = ERROR_INIT;
    struct secret *secret = secret_read_file(path, &err);
    assert_non_null(secret);
    size_t size = 0;
    assert_memory_equal(secret_bytes(secret, &size), expected, expected_size);
    assert_int_equal(size, expected_size);
    secret_free(secret);
}

static void assert_refused(const char *path, enum status status, const char *part)
{
    struct error err = ERROR_INIT;
    assert_null(secret_read_file(path, &err));
    assert_int_equal(err.status, status);
    assert_non_null(strstr(err.detail, part));
    assert_non_null(strstr(err.detail, path));
    assert_null(secret_read_file(path, NULL));
}

static void test_secret_in_memory(void **state)
{
    (void)state;
    struct secret *secret = secret_new("a\0b", 3);
    size_t size = 0;
    assert_memory_equal(secret_bytes(secret, &size), "a\0b", 4);
    assert_int_equal(size, 3);
    secret_free(secret);
    secret_free(NULL);
    secret = secret_new(NULL, 0);
    assert_non_null(secret_bytes(secret, NULL));
    secret_free(secret);
}

static void test_secret_in_a_file(void **state)
{
    const struct folder *folder = *state;
    put(folder->file, "s3cret\n", 7, 0600);
    assert_file(folder->file, "s3cret", 6);
    put(folder->file, "s3cret\n\n", 8, 0400);
    assert_file(folder->file, "s3cret\n", 7);
    put(folder->file, "\0\xff", 2, 0440);
    assert_file(folder->file, "\0\xff", 2);
    char *large = calloc(1, 65538);
    assert_non_null(large);
    put(folder->file, large, 65536, 0600);
    assert_file(folder->file, large, 65536);
    put(folder->file, large, 65537, 0600);
    assert_refused(folder->file, ST_TOO_LARGE, "over 64 KiB");
    free(large);
}

static void test_files_that_keep_no_secret(void **state)
{
    const struct folder *folder = *state;
    put(folder->file, "s3cret", 6, 0604);
    assert_refused(folder->file, ST_INVALID, "by everyone");
    put(folder->file, "s3cret", 6, 0602);
    assert_refused(folder->file, ST_INVALID, "by everyone");
    put(folder->file, "", 0, 0600);
    assert_refused(folder->file, ST_INVALID, "is empty");
    put(folder->file, "\n", 1, 0600);
    assert_refused(folder->file, ST_INVALID, "is empty");
    assert_refused(folder->path, ST_INVALID, "not a regular file");
    assert_refused("/dev/zero", ST_INVALID, "not a regular file");
    (void)unlink(folder->file);
    assert_refused(folder->file, ST_NOT_FOUND, "No such file");
    assert_int_equal(mkfifo(folder->file, 0600), 0);
    assert_refused(folder->file, ST_INVALID, "not a regular file");
}

static void test_tokens(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    const char *a = secret_token(arena, "ent_", 32);
    const char *b = secret_token(arena, "ent_", 32);
    assert_memory_equal(a, "ent_", 4);
    assert_int_equal(strlen(a), 4 + 43);
    assert_string_not_equal(a, b);
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_true(base64url_decode(arena, a + 4, strlen(a + 4), &bytes, &size));
    assert_int_equal(size, 32);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_in_memory),
        cmocka_unit_test(test_secret_in_a_file),
        cmocka_unit_test(test_files_that_keep_no_secret),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
