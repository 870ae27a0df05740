/*
 * `init`: a new instance on this host from five answers. The configuration, checked by the daemon's own
 * program; the data directory; the first organisation and a token, made by that program on a store that nobody
 * uses yet; the settings of this one. Starts nothing.
 */
#include "internal.h"

#include "base/text.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER_MAX = 300 };

struct init_question {
    const char *flag, *asks;
    bool required;
};

static const struct init_question init_questions[] = {
    {"--name", "Name of the organisation", true},
    {"--siren", "Its SIREN, nine digits", true},
    {"--email", "Mailbox of human resources, which invitations come from", true},
    {"--relay", "Mail relay, smtp://host:port or smtps://host:port (empty: nothing is sent yet)", false},
    {"--base-url", "Address people reach it by, https://... (empty: this host only)", false},
};
enum { INIT_QUESTIONS = sizeof init_questions / sizeof init_questions[0] };

struct init {
    struct ctl *ctl;
    const char *answers[INIT_QUESTIONS]; /* NULL: none */
    const char *config, *data;
};

/* ---- the answers */

static enum ctl_exit init_ask_one(struct ctl *ctl, const struct init_question *question, const char **ret)
{
    char line[ANSWER_MAX];
    for (;;) {
        fprintf(stderr, "%s: ", question->asks);
        if (!fgets(line, sizeof line, stdin))
            return ctl_fail(ctl, CTL_MISUSED, "no answer; nothing was done");
        line[strcspn(line, "\r\n")] = '\0';
        *ret = *line ? arena_strdup(ctl->arena, line) : NULL;
        if (*ret || !question->required)
            return CTL_DONE;
    }
}

static enum ctl_exit init_ask(struct init *init)
{
    struct ctl *ctl = init->ctl;
    bool asks = isatty(STDIN_FILENO) == 1;
    enum ctl_exit code = CTL_DONE;
    for (size_t i = 0; code == CTL_DONE && i < INIT_QUESTIONS; i++) {
        const struct init_question *question = &init_questions[i];
        init->answers[i] = ctl_text(ctl, question->flag);
        if (init->answers[i])
            continue;
        if (asks)
            code = init_ask_one(ctl, question, &init->answers[i]);
        else if (question->required)
            code =
                ctl_fail(ctl, CTL_MISUSED, "%s is missing, and there is no terminal to ask on", question->flag);
    }
    return code;
}

/* ---- the daemon's program */

static enum ctl_exit init_daemon(
    struct init *init, const char *config, const char *command, const struct buf *input, struct buf *ret)
{
    const char *argv[] = {"entretiend", "-c", config, command, NULL};
    struct error err = ERROR_INIT;
    struct span span = input ? (struct span){.data = input->data, .size = input->size} : (struct span){0};
    if (program_run(argv, span, ret, &err) != ST_OK)
        return ctl_fail(init->ctl, CTL_REFUSED, "%s", err.detail);
    while (ret->size > 0 && ret->data[ret->size - 1] == '\n')
        ret->data[--ret->size] = '\0';
    return CTL_DONE;
}

/* ---- files */

static enum ctl_exit init_write(
    struct ctl *ctl, const char *path, int flags, mode_t mode, const struct buf *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
    bool written = fd >= 0 && write(fd, text->data, text->size) == (ssize_t)text->size && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    errno = cause;
    return written ? CTL_DONE : ctl_fail(ctl, CTL_MISUSED, "%s cannot be written: %m", path);
}

static void init_value(struct buf *out, const char *key, const char *value)
{
    if (!value)
        return;
    buf_printf(out, "    %s = \"", key);
    for (const char *c = value; *c; c++)
        buf_printf(out, strchr("\"\\$", *c) ? "\\%c" : "%c", *c);
    buf_text(out, "\"\n");
}

static void init_compose(const struct init *init, struct buf *out)
{
    enum { NAME, SIREN, EMAIL, RELAY, BASE_URL };
    buf_text(out, "# Made by `entretienctl init`. All options: entretiend.conf(5).\nlisten {\n");
    init_value(out, "base_url", init->answers[BASE_URL]);
    buf_text(out, "}\nstore {\n");
    init_value(out, "data_directory", init->data);
    buf_text(out, "}\ndefaults {\n");
    init_value(out, "organiser_name", init->answers[NAME]);
    init_value(out, "organiser_email", init->answers[EMAIL]);
    buf_text(out, "}\nmail {\n");
    init_value(out, "transport", init->answers[RELAY] ? "smtp" : "off");
    init_value(out, "relay", init->answers[RELAY]);
    buf_text(out, "}\n");
}

/* The file as the package brings it is no configuration yet. */
static bool init_is_sample(struct init *init)
{
    BUF_AUTO sample, now;
    buf_init(&sample, 0);
    buf_init(&now, 0);
    const char *argv[] = {"entretiend", "--config-sample", NULL};
    return program_run(argv, (struct span){0}, &sample, NULL) == ST_OK &&
           ctl_read_file(init->ctl, init->config, (size_t)1 << 20, &now) == CTL_DONE &&
           text_equal(sample.data, now.data);
}

static enum ctl_exit init_look(struct init *init)
{
    struct ctl *ctl = init->ctl;
    const char *store = arena_printf(ctl->arena, "%s/entretiend.db", init->data);
    if (access(store, F_OK) == 0)
        return ctl_fail(ctl, CTL_MISUSED, "%s exists: this instance is set up already", store);
    if (access(init->config, F_OK) == 0 && !ctl_has(ctl, "--force") && !init_is_sample(init))
        return ctl_fail(ctl, CTL_MISUSED, "%s is written already; --force replaces it", init->config);
    return CTL_DONE;
}

static enum ctl_exit init_configure(struct init *init)
{
    struct ctl *ctl = init->ctl;
    const char *fresh = arena_printf(ctl->arena, "%s.new", init->config);
    BUF_AUTO text, said;
    buf_init(&text, 0);
    buf_init(&said, 0);
    init_compose(init, &text);
    enum ctl_exit code = init_write(ctl, fresh, O_TRUNC, 0644, &text);
    if (code == CTL_DONE)
        code = init_daemon(init, fresh, "--check-config", NULL, &said);
    if (code == CTL_DONE && rename(fresh, init->config) < 0)
        code = ctl_fail(ctl, CTL_MISUSED, "%s cannot be written: %m", init->config);
    if (code != CTL_DONE)
        unlink(fresh);
    if (code == CTL_DONE && mkdir(init->data, 0700) < 0 && errno != EEXIST)
        code = ctl_fail(ctl, CTL_MISUSED, "%s cannot be made: %m", init->data);
    return code;
}

/* ---- the organisation, the token, the settings */

static enum ctl_exit init_found(struct init *init, struct buf *id, struct buf *token)
{
    BUF_AUTO body;
    buf_init(&body, 0);
    struct json_writer w = json_writer(&body);
    jw_open(&w, '{');
    jw_member(&w, "name", init->answers[0]);
    jw_member(&w, "siren", init->answers[1]);
    jw_key(&w, "organiser");
    jw_open(&w, '{');
    jw_member(&w, "name", init->answers[0]);
    jw_member(&w, "email", init->answers[2]);
    jw_close(&w, '}');
    jw_close(&w, '}');
    enum ctl_exit code = init_daemon(init, init->config, "create-organisation", &body, id);
    return code == CTL_DONE ? init_daemon(init, init->config, "create-token", NULL, token) : code;
}

/* A store that holds nothing yet would be in the way of the next attempt. */
static void init_undo(const struct init *init)
{
    static const char *const made[] = {
        "entretiend.db", "entretiend.db-wal", "entretiend.db-shm", "sealing.key", "lock"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        unlink(arena_printf(init->ctl->arena, "%s/%s", init->data, made[i]));
}

/* Settings that are there stay; then the token is shown instead. */
static enum ctl_exit init_settle(struct init *init, const struct buf *id, const struct buf *token)
{
    struct ctl *ctl = init->ctl;
    const char *path = settings_path(ctl->arena, ctl_text(ctl, "--config"), getenv);
    BUF_AUTO text, said;
    buf_init(&text, 0);
    buf_init(&said, 0);
    buf_printf(&text, "token = %s\norganisation = %s\n", token->data, id->data);
    if (path) {
        char *folder = arena_strndup(ctl->arena, path, (size_t)(strrchr(path, '/') - path));
        (void)mkdir(folder, 0700);
    }
    bool kept = path && access(path, F_OK) != 0 && init_write(ctl, path, O_EXCL, 0600, &text) == CTL_DONE;
    buf_printf(&said, "organisation %s\nadmin token  %s\nconfiguration %s\ndata          %s\n\nNext:\n",
        id->data, kept ? path : token->data, init->config, init->data);
    buf_printf(&said, "    systemctl enable --now entretiend.socket entretiend.service\n"
                      "    entretienctl status\n");
    return ctl_put(ctl, said.data, said.size);
}

enum ctl_exit run_init(struct ctl *ctl)
{
    const char *config = ctl_text(ctl, "--file"), *data = ctl_text(ctl, "--data");
    struct init init = {.ctl = ctl,
        .config = config ? config : "/etc/entretiend/entretiend.conf",
        .data = data ? data : "/var/lib/entretiend"};
    BUF_AUTO id, token;
    buf_init(&id, 0);
    buf_init(&token, 0);
    enum ctl_exit code = init_look(&init);
    if (code == CTL_DONE)
        code = init_ask(&init);
    if (code == CTL_DONE)
        code = init_configure(&init);
    if (code != CTL_DONE)
        return code;
    code = init_found(&init, &id, &token);
    if (code == CTL_DONE)
        code = init_settle(&init, &id, &token);
    else
        init_undo(&init);
    explicit_bzero(token.data, token.size);
    return code;
}
