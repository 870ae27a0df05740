/* `backup`: the server's verified copy, into a new file that is there only when it is whole and on the disk. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool backup_take(void *context, const char *bytes, size_t size)
{
    const int *fd = context;
    while (size > 0) {
        ssize_t written = write(*fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

enum ctl_exit run_backup(struct ctl *ctl)
{
    const char *path = ctl_text(ctl, "FILE");
    struct stat info = {0};
    struct request request = {0};
    struct answer answer;
    enum ctl_exit code = request_of_command(ctl, &request);
    if (code != CTL_DONE)
        return code;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return ctl_fail(ctl, CTL_MISUSED, "cannot make %s: %m", path);
    request.take = backup_take;
    request.context = &fd;
    code = ctl_send(ctl, ctl->arena, &request, &answer, NULL);
    if (code == CTL_DONE && (fsync(fd) < 0 || fstat(fd, &info) < 0))
        code = ctl_fail(ctl, CTL_MISUSED, "cannot write %s: %m", path);
    if (close(fd) < 0 && code == CTL_DONE)
        code = ctl_fail(ctl, CTL_MISUSED, "cannot write %s: %m", path);
    if (code != CTL_DONE) {
        unlink(path);
        return code;
    }
    char line[64];
    int size = snprintf(line, sizeof line, "verified backup, %" PRIdMAX " bytes\n", (intmax_t)info.st_size);
    return ctl_put(ctl, line, (size_t)size);
}
