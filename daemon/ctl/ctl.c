/* From the words of the command line to the exit code. One thread; nothing else happens meanwhile. */
#include "internal.h"

#include "base/text.h"
#include "display.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- what is said */

enum ctl_exit ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = display_escape(ctl->arena, arena_vprintf(ctl->arena, format, args), false);
    va_end(args);
    buf_printf(&ctl->complaint, "error: %s\n", text);
    return code;
}

void ctl_warn(const struct ctl *ctl, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = display_escape(ctl->arena, arena_vprintf(ctl->arena, format, args), false);
    va_end(args);
    fprintf(stderr, "%s\n", text);
}

enum ctl_exit ctl_put(struct ctl *ctl, const char *bytes, size_t size)
{
    if (fwrite(bytes, 1, size, stdout) == size && fflush(stdout) == 0)
        return CTL_DONE;
    if (errno == EPIPE) /* the reader has seen enough */
        return CTL_BROKEN;
    return ctl_fail(ctl, CTL_BROKEN, "cannot write: %m");
}

const char *ctl_text(const struct ctl *ctl, const char *name)
{
    return invocation_text(&ctl->invocation, name);
}

bool ctl_has(const struct ctl *ctl, const char *name)
{
    return invocation_has(&ctl->invocation, name);
}

/* ---- files */

static enum ctl_exit ctl_read_fd(struct ctl *ctl, const char *path, int fd, size_t limit, struct buf *ret)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ctl_fail(ctl, CTL_MISUSED, "cannot read %s: %m", path);
        if (got == 0)
            return CTL_DONE;
        if (ret->size + (size_t)got > limit)
            return ctl_fail(ctl, CTL_MISUSED, "%s is over %zu MiB", path, limit >> 20);
        buf_add(ret, chunk, (size_t)got);
    }
}

enum ctl_exit ctl_read_file(struct ctl *ctl, const char *path, size_t limit, struct buf *ret)
{
    if (strcmp(path, "-") == 0)
        return ctl_read_fd(ctl, "standard input", STDIN_FILENO, limit, ret);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return ctl_fail(ctl, CTL_MISUSED, "cannot open %s: %m", path);
    enum ctl_exit code = ctl_read_fd(ctl, path, fd, limit, ret);
    (void)close(fd);
    return code;
}

/* ---- the run */

static size_t ctl_terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

static enum ctl_exit ctl_misused(struct ctl *ctl, const struct error *err)
{
    const struct command *command = ctl->invocation.command;
    return command ? ctl_fail(ctl, CTL_MISUSED, "%s; `entretienctl help %s` says what it takes", err->detail,
                         command->name)
                   : ctl_fail(ctl, CTL_MISUSED, "%s; `entretienctl help` lists the commands", err->detail);
}

static enum ctl_exit ctl_begin(struct ctl *ctl, char **words)
{
    struct error err = ERROR_INIT;
    if (invocation_read(ctl->arena, words, &ctl->invocation, &err) != ST_OK)
        return ctl_misused(ctl, &err);
    ctl->command = ctl->invocation.command;
    ctl->terminal = isatty(STDOUT_FILENO) == 1;
    ctl->width = ctl->terminal ? ctl_terminal_width() : 0;
    return CTL_DONE;
}

static enum ctl_exit ctl_connect(struct ctl *ctl)
{
    struct error err = ERROR_INIT;
    if (settings_read(ctl->arena, &ctl->invocation, getenv, &ctl->settings, &err) != ST_OK)
        return ctl_fail(ctl, CTL_MISUSED, "%s", err.detail);
    ctl->client = client_new(&ctl->settings);
    if (client_is_exposed(ctl->client))
        ctl_warn(ctl, "warning: the token goes to %s in clear text", ctl->settings.url);
    return CTL_DONE;
}

static enum ctl_exit ctl_send_command(struct ctl *ctl)
{
    struct request request = {0};
    enum ctl_exit code = request_of_command(ctl, &request);
    return code == CTL_DONE ? show_request(ctl, &request) : code;
}

static enum ctl_exit ctl_version(struct ctl *ctl)
{
    static const char version[] = "entretienctl " ENTRETIEND_VERSION "\n";
    return ctl_put(ctl, version, sizeof(version) - 1);
}

static enum ctl_exit ctl_run(struct ctl *ctl, char **words)
{
    enum ctl_exit code = ctl_begin(ctl, words);
    if (code != CTL_DONE)
        return code;
    if (ctl_has(ctl, "--version"))
        return ctl_version(ctl);
    if (ctl_has(ctl, "--help"))
        return ctl->command ? help_command(ctl, ctl->command) : help_main(ctl);
    if (!ctl->command)
        return ctl_fail(ctl, CTL_MISUSED, "no command given; `entretienctl help` lists them");
    if (ctl->command->run == run_help)
        return run_help(ctl);
    code = ctl_connect(ctl);
    if (code == CTL_DONE)
        code = ctl->command->run ? ctl->command->run(ctl) : ctl_send_command(ctl);
    return code;
}

int ctl_main(int argc, char **argv)
{
    struct ctl ctl = {.arena = arena_new(0)};
    signal(SIGPIPE, SIG_IGN);
    display_begin();
    buf_init(&ctl.complaint, 1024 * 1024);
    enum ctl_exit code = argc > 0 ? ctl_run(&ctl, argv + 1) : CTL_MISUSED;
    fputs(ctl.complaint.data, stderr);
    buf_free(&ctl.complaint);
    client_free(ctl.client);
    arena_free(ctl.arena);
    return (int)code;
}
