/* A child with two pipes and a file for its complaints. The input fits into a pipe, so that it can be written
 * before anything is read. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct program {
    pid_t pid;
    int input[2], output[2], complaints;
};

static void program_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

static enum status program_open(struct program *program, struct error *err)
{
    *program = (struct program){.input = {-1, -1}, .output = {-1, -1}};
    program->complaints = memfd_create("complaints", MFD_CLOEXEC);
    if (program->complaints >= 0 && pipe2(program->input, O_CLOEXEC) == 0 &&
        pipe2(program->output, O_CLOEXEC) == 0)
        return ST_OK;
    enum status status = error_set(err, ST_INTERNAL, "no pipe: %m");
    program_close(program->input[0]);
    program_close(program->input[1]);
    program_close(program->complaints);
    return status;
}

static enum status program_start(struct program *program, const char *const argv[], struct error *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, program->input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, program->output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, program->complaints, STDERR_FILENO);
    /* POSIX leaves the arguments as they are, whatever its prototype says. */
    char *const *arguments = NULL;
    memcpy(&arguments, &argv, sizeof arguments);
    int cause = posix_spawnp(&program->pid, argv[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(program->input[0]);
    close(program->output[1]);
    if (cause == 0)
        return ST_OK;
    close(program->input[1]);
    close(program->output[0]);
    close(program->complaints);
    return error_set(err, ST_INTERNAL, "%s cannot be run: %s", argv[0], strerror(cause));
}

static void program_read(int fd, struct buf *ret)
{
    char chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            buf_add(ret, chunk, (size_t)got);
    close(fd);
}

static void program_talk(const struct program *program, struct span input, struct buf *ret)
{
    /* A child that has not read it all says so itself. */
    if (input.size && write(program->input[1], input.data, input.size) < 0)
        errno = 0;
    close(program->input[1]);
    program_read(program->output[0], ret);
}

enum status program_run(
    const char *const argv[], struct span input, struct buf *ret, struct buf *complaints, struct error *err)
{
    struct program program;
    int result = 0;
    enum status status = program_open(&program, err);
    if (status == ST_OK)
        status = program_start(&program, argv, err);
    if (status != ST_OK)
        return status;
    program_talk(&program, input, ret);
    while (waitpid(program.pid, &result, 0) < 0 && errno == EINTR)
        ;
    (void)lseek(program.complaints, 0, SEEK_SET);
    program_read(program.complaints, complaints);
    if (WIFEXITED(result) && WEXITSTATUS(result) == 0)
        return ST_OK;
    return error_set(err, ST_INTERNAL, "%s failed", argv[0]);
}
