/*
 * Runs a target over every file of a directory, once as it is and once cut at each of some places: what was
 * found once stays found. A directory without files is a failure.
 */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CUTS = 16, INPUT_MAX = 1 << 22 };

/* The exact size, so that the address sanitizer sees a byte read too far. */
static void replay_prefix(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void replay_file(int directory, const char *name)
{
    struct stat about;
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) || about.st_size > INPUT_MAX) {
        (void)fprintf(stderr, "replay: %s cannot be read\n", name);
        exit(EXIT_FAILURE);
    }
    size_t size = (size_t)about.st_size;
    uint8_t *data = malloc(size + 1);
    if (!data || read(fd, data, size) != (ssize_t)size || close(fd))
        exit(EXIT_FAILURE);
    replay_prefix(data, size);
    for (size_t cut = 1; cut < CUTS; cut++)
        replay_prefix(data, size * cut / CUTS);
    free(data);
}

int main(int argc, char **argv)
{
    unsigned files = 0;
    DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
    if (!directory) {
        (void)fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return EXIT_FAILURE;
    }
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') {
            replay_file(dirfd(directory), entry->d_name);
            files++;
        }
    (void)closedir(directory);
    (void)printf("%u inputs\n", files);
    return files ? EXIT_SUCCESS : EXIT_FAILURE;
}
