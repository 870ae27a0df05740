/* Configuration files, through a file in memory as the loader opens them by name. */
#include "config.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = memfd_create("configuration", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd) < 0)
        abort();
    const struct config_source source = {.path = path};
    BUF_AUTO problems;
    buf_init(&problems, 0);
    config_free(config_load(&source, &problems));
    (void)close(fd);
    return 0;
}
