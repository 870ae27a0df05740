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

/* What the daemon's program calls what a flag said: an option, or a member of the organisation. */
struct init_word {
    const char *theirs, *flag;
};

static const struct init_word init_words[] = {
    {"listen.base_url", "--base-url"},
    {"store.data_directory", "--data"},
    {"defaults.organiser_name", "--name"},
    {"defaults.organiser_email", "--email"},
    {"mail.relay", "--relay"},
    {"/name", "--name"},
    {"/siren", "--siren"},
    {"/organiser/name", "--name"},
    {"/organiser/email", "--email"},
};

struct init {
    struct ctl *ctl;
    const char *answers[INIT_QUESTIONS]; /* NULL: none */
    const char *config, *data;
    const char *draft; /* the configuration until everything else is there */
    bool data_made;
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

/* The flag that gave what the daemon's program calls by the first `size` bytes of a name, NULL if none did. */
static const char *init_flag(const char *theirs, size_t size)
{
    for (size_t i = 0; i < sizeof init_words / sizeof init_words[0]; i++)
        if (strlen(init_words[i].theirs) == size && strncmp(init_words[i].theirs, theirs, size) == 0)
            return init_words[i].flag;
    return NULL;
}

/* "DRAFT:15: mail.relay: WHY" of the configuration, or "error entretiend: WHY field=/siren" of a command. */
static void init_complain(const struct init *init, char *line)
{
    size_t draft = strlen(init->draft);
    bool of_file = strncmp(line, init->draft, draft) == 0;
    char *why = strstr(line, ": "), *field = strstr(line, " field="), *end = why ? strstr(why + 2, ": ") : NULL;
    const char *flag = NULL;
    if (of_file && end && (flag = init_flag(why + 2, (size_t)(end - why - 2))))
        why = end;
    else if (!of_file && why && field && (flag = init_flag(field + 7, strlen(field + 7))))
        *field = '\0';
    if (flag)
        (void)ctl_fail(init->ctl, CTL_REFUSED, "%s: %s", flag, why + 2);
    else if (of_file)
        (void)ctl_fail(init->ctl, CTL_REFUSED, "%s%s", init->config, line + draft);
    else
        fprintf(stderr, "%s\n", line);
}

static enum ctl_exit init_daemon(
    const struct init *init, const char *command, const struct buf *input, struct buf *ret)
{
    const char *argv[] = {"entretiend", "-c", init->draft, command, NULL};
    struct error err = ERROR_INIT;
    struct span span = input ? (struct span){.data = input->data, .size = input->size} : (struct span){0};
    BUF_AUTO complaints;
    buf_init(&complaints, 0);
    enum status status = program_run(argv, span, ret, &complaints, &err);
    char *rest = arena_strdup(init->ctl->arena, complaints.data);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        if (*line)
            init_complain(init, line);
    if (status != ST_OK)
        return complaints.size > 0 ? CTL_REFUSED : ctl_fail(init->ctl, CTL_REFUSED, "%s", err.detail);
    while (ret->size > 0 && ret->data[ret->size - 1] == '\n')
        ret->data[--ret->size] = '\0';
    return CTL_DONE;
}

/* ---- files */

/* `shown` is what the file is to be called when it cannot be written. */
static enum ctl_exit init_write(
    struct ctl *ctl, const char *path, const char *shown, int flags, mode_t mode, const struct buf *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
    bool written = fd >= 0 && write(fd, text->data, text->size) == (ssize_t)text->size && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    errno = cause;
    return written ? CTL_DONE : ctl_fail(ctl, CTL_MISUSED, "%s cannot be written: %m", shown);
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
    BUF_AUTO sample, now, complaints;
    buf_init(&sample, 0);
    buf_init(&now, 0);
    buf_init(&complaints, 0);
    const char *argv[] = {"entretiend", "--config-sample", NULL};
    return program_run(argv, (struct span){0}, &sample, &complaints, NULL) == ST_OK &&
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
    BUF_AUTO text, said;
    buf_init(&text, 0);
    buf_init(&said, 0);
    init_compose(init, &text);
    enum ctl_exit code = init_write(ctl, init->draft, init->config, O_TRUNC, 0644, &text);
    if (code == CTL_DONE)
        code = init_daemon(init, "--check-config", NULL, &said);
    if (code != CTL_DONE)
        return code;
    init->data_made = mkdir(init->data, 0700) == 0;
    if (!init->data_made && errno != EEXIST)
        return ctl_fail(ctl, CTL_MISUSED, "--data: %s cannot be made: %m", init->data);
    return CTL_DONE;
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
    enum ctl_exit code = init_daemon(init, "create-organisation", &body, id);
    if (code == CTL_DONE)
        code = init_daemon(init, "create-token", NULL, token);
    if (code == CTL_DONE && rename(init->draft, init->config) < 0)
        code = ctl_fail(init->ctl, CTL_MISUSED, "%s cannot be written: %m", init->config);
    return code;
}

/* A store that holds nothing yet would be in the way of the next attempt. */
static void init_undo(const struct init *init)
{
    static const char *const made[] = {
        "entretiend.db", "entretiend.db-wal", "entretiend.db-shm", "sealing.key", "lock"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        unlink(arena_printf(init->ctl->arena, "%s/%s", init->data, made[i]));
    if (init->data_made)
        (void)rmdir(init->data);
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
    bool kept = path && access(path, F_OK) != 0 && init_write(ctl, path, path, O_EXCL, 0600, &text) == CTL_DONE;
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
    init.draft = arena_printf(ctl->arena, "%s.new", init.config);
    BUF_AUTO id, token;
    buf_init(&id, 0);
    buf_init(&token, 0);
    enum ctl_exit code = init_look(&init);
    if (code == CTL_DONE)
        code = init_ask(&init);
    if (code != CTL_DONE)
        return code;
    code = init_configure(&init);
    if (code == CTL_DONE && (code = init_found(&init, &id, &token)) != CTL_DONE)
        init_undo(&init);
    unlink(init.draft);
    if (code == CTL_DONE)
        code = init_settle(&init, &id, &token);
    explicit_bzero(token.data, token.size);
    return code;
}
