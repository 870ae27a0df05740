/*
 * What the options mean together: values derived from others, pairs that go together, and what a reload may
 * change. Loop thread, or start.
 */
#include "config.h"

#include "base/text.h"
#include "mail/letter.h"
#include "net/imap.h"
#include "net/smtp.h"
#include "rules_file.h"

#include <string.h>

static bool config_is_empty(const struct config *config, const char *name)
{
    return !*config->texts[option_find(name) - options];
}

/* What goes with an option that was given wrong, or under a name that does not exist, is not asked for. */
static bool config_is_faulty(const struct config *config, const char *section)
{
    for (size_t i = 0; i < option_sections_count; i++)
        if (text_equal(option_sections[i].name, section))
            return config->faulty >> i & 1;
    return false;
}

static void config_derive(struct config *config)
{
    const char *folder = config->store.data_directory;
    if (config_is_empty(config, "store.sqlite_file"))
        config->store.sqlite_file = arena_printf(config->arena, "%s/entretiend.db", folder);
    if (config_is_empty(config, "mail.directory"))
        config->mail.directory = arena_printf(config->arena, "%s/outbox", folder);
}

static void config_check_listen(struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    const struct config_listen *listen = &config->listen;
    if (listen->tls_certificate && !listen->tls_key)
        config_problem(
            problems, config, option_find("listen.tls_certificate"), "listen.tls_key is expected with it");
    if (listen->tls_key && !listen->tls_certificate)
        config_problem(
            problems, config, option_find("listen.tls_key"), "listen.tls_certificate is expected with it");
}

static void config_check_limits(struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    if (config->limits.body_bytes > config->limits.buffered_bytes)
        config_problem(problems, config, option_find("limits.body_bytes"),
            "is more than limits.buffered_bytes; at most that is expected");
    if (config->limits.connections_per_address > config->limits.connections)
        config_problem(problems, config, option_find("limits.connections_per_address"),
            "is more than limits.connections; at most that is expected");
}

static void config_check_clock(struct config *config, const struct config_source *source, struct buf *problems)
{
    if (config->clock_file && !source->may_set_clock)
        config_problem(problems, config, option_find("clock.file"),
            "refused without --allow-set-clock: an instance in use lives in real time");
}

static void config_check_mail(struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    const struct config_mail *mail = &config->mail;
    struct error err = ERROR_INIT;
    if (mail->relay && smtp_url_check(mail->relay, &err) != ST_OK)
        config_problem(problems, config, option_find("mail.relay"), "%s", err.detail);
    if (mail->transport == MAIL_SMTP && !mail->relay)
        config_problem(problems, config, option_find("mail.transport"), "mail.relay is expected with smtp");
    if ((mail->user != NULL) != (mail->password != NULL))
        config_problem(problems, config, option_find(mail->user ? "mail.user" : "mail.password"),
            "%s is expected with it", mail->user ? "mail.password" : "mail.user");
}

static void config_check_mailbox(
    struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    const struct config_mailbox *mailbox = &config->mailbox;
    struct error err = ERROR_INIT;
    bool token = mailbox->token_file || mailbox->token_endpoint;
    if (mailbox->url && imap_url_check(mailbox->url, &err) != ST_OK)
        config_problem(problems, config, option_find("mailbox.url"), "%s", err.detail);
    if (mailbox->url && !mailbox->user)
        config_problem(problems, config, option_find("mailbox.url"), "mailbox.user is expected with it");
    if (mailbox->url &&
        (mailbox->password != NULL) + (mailbox->token_file != NULL) + (mailbox->token_endpoint != NULL) != 1)
        config_problem(problems, config, option_find(token ? "mailbox.token_file" : "mailbox.password"),
            "one of mailbox.password, mailbox.token_file and mailbox.token_endpoint is expected");
    if (mailbox->token_endpoint && !mailbox->token_client)
        config_problem(problems, config, option_find("mailbox.token_endpoint"),
            "mailbox.token_client is expected with it");
    for (const char *c = mailbox->folder; *c; c++)
        if (*c < 0x20 || *c > 0x7e || strchr("\"\\%*&", *c)) {
            config_problem(problems, config, option_find("mailbox.folder"),
                "expected the name of a folder without quotes, wildcards, accents");
            return;
        }
}

/* One line for each row and field at fault. */
static void config_check_rules(struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    struct error err = ERROR_INIT;
    if (!config->rules_file ||
        rules_file_read(config->arena, config->rules_file, &config->rules, &err) == ST_OK)
        return;
    const struct option *option = option_find("rules.file");
    if (err.count == 0)
        config_problem(problems, config, option, "%s: %s", config->rules_file, err.detail);
    for (unsigned i = 0; i < err.count; i++)
        config_problem(problems, config, option, "%s: %s: %s", config->rules_file, err.fields[i].pointer,
            err.fields[i].detail);
}

static void config_check_letters(
    struct config *config, const struct config_source *source, struct buf *problems)
{
    (void)source;
    struct error err = ERROR_INIT;
    struct letters *letters = config->mail.letters ? letters_load(config->mail.letters, &err) : NULL;
    if (config->mail.letters && !letters)
        config_problem(problems, config, option_find("mail.letters"), "%s", err.detail);
    letters_free(letters);
}

struct config_question {
    const char *section;
    void (*check)(struct config *config, const struct config_source *source, struct buf *problems);
};

static const struct config_question config_questions[] = {
    {"listen", config_check_listen},
    {"limits", config_check_limits},
    {"clock", config_check_clock},
    {"mail", config_check_mail},
    {"mailbox", config_check_mailbox},
    {"rules", config_check_rules},
    {"mail", config_check_letters},
};

void config_check(struct config *config, const struct config_source *source, struct buf *problems)
{
    for (size_t i = 0; i < sizeof config_questions / sizeof config_questions[0]; i++)
        if (!config_is_faulty(config, config_questions[i].section))
            config_questions[i].check(config, source, problems);
    config_derive(config);
}

void config_keep_fixed(const struct config *current, struct config *fresh, struct buf *kept)
{
    for (size_t i = 0; i < options_count; i++) {
        if ((options[i].flags & OPTION_RELOAD) || text_equal(current->texts[i], fresh->texts[i]))
            continue;
        buf_printf(kept, "%s\n", options[i].name);
        fresh->texts[i] = arena_strdup(fresh->arena, current->texts[i]);
        fresh->lines[i] = current->lines[i];
        struct error err = ERROR_INIT;
        if (option_set(&options[i], fresh, fresh->texts[i], &err) != ST_OK)
            buf_printf(kept, "%s: %s\n", options[i].name, err.detail);
    }
    config_derive(fresh);
}
