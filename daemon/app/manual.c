/* The pages of manual entretiend(8) and entretiend.conf(5), from the tables of flags and options. */
#include "arguments.h"

#include "base/roff.h"

#include <string.h>

const char app_exit_words[] = "Exit codes: 0 all went well; 1 it could not start or failed; 2 a mistake on the "
                              "command line or in the configuration, which is not retried.";

static const char manual_introduction[] =
    "runs in the foreground, writes its log to standard error and tells the service manager when it is ready, "
    "alive and stopping (sd_notify(3)). Given sockets by the service manager, it serves those; else it listens "
    "where listen.address and listen.port say. Told to print or do something else, it does that and ends. "
    "Commands on the store are for whoever may read it: the superuser, or the user the daemon runs as; those "
    "that write wait for nobody and are refused while the daemon runs.";

static const struct {
    const char *name, *doc;
} manual_signals[] = {
    {"SIGHUP", "reads the configuration and the certificates again; a file with a mistake changes nothing"},
    {"SIGTERM, SIGINT",
        "stops: no new connections, requests under way end within limits.drain_deadline, what was accepted is "
        "committed; a second one ends at once"},
};

static const struct {
    const char *name, *doc;
} manual_files[] = {
    {CONFIG_DEFAULT_PATH, "the configuration, entretiend.conf(5); without it the defaults hold"},
    {"/var/lib/entretiend/entretiend.db", "the store; -wal and -shm beside it belong to it"},
    {"/var/lib/entretiend/sealing.key",
        "seals the secrets in the store unless keys.sealing names another; a backup does not hold it"},
    {"/etc/credstore/entretiend.sealing-key, /etc/credstore/entretiend.mail-password",
        "handed to the service as credentials when they exist; keys.sealing and mail.password name them"},
};

static void manual_head(struct buf *out, const char *page, int section, const char *what)
{
    buf_printf(out, ".TH %s %d \"\" \"entretiend " ENTRETIEND_VERSION "\"\n.SH NAME\n", page, section);
    roff_line(out, what);
}

void manual_daemon(struct buf *out)
{
    manual_head(out, "ENTRETIEND", 8, "entretiend - professional reviews: duties, invitations, proofs");
    buf_text(out, ".SH SYNOPSIS\n.B entretiend\n[FLAG...] [COMMAND]\n.SH DESCRIPTION\n.B entretiend\n");
    roff_line(out, manual_introduction);
    buf_text(out, ".SH FLAGS AND COMMANDS\n");
    for (size_t i = 0; i < app_flags_count; i++) {
        BUF_AUTO name;
        buf_init(&name, 0);
        app_flag_name(&app_flags[i], &name);
        roff_item(out, app_flags[i].letter, name.data, app_flags[i].doc);
    }
    buf_text(out, ".SH SIGNALS\n");
    for (size_t i = 0; i < sizeof(manual_signals) / sizeof(manual_signals[0]); i++)
        roff_item(out, NULL, manual_signals[i].name, manual_signals[i].doc);
    buf_text(out, ".SH EXIT STATUS\n");
    roff_line(out, app_exit_words);
    buf_text(out, ".SH FILES\n");
    for (size_t i = 0; i < sizeof(manual_files) / sizeof(manual_files[0]); i++)
        roff_item(out, NULL, manual_files[i].name, manual_files[i].doc);
    buf_text(out, ".SH SEE ALSO\n.BR entretiend.conf (5),\n.BR entretienctl (1)\n");
}

static void manual_option(struct buf *out, const struct option *option)
{
    BUF_AUTO doc;
    buf_init(&doc, 0);
    buf_printf(&doc, "%s Expects ", option->doc);
    option_expects(option, &doc);
    buf_printf(&doc, "; default %s.%s", *option->fallback ? option->fallback : "empty",
        option->flags & OPTION_RELOAD ? " Taken over by a reload." : "");
    roff_item(out, NULL, option->name, doc.data);
}

void manual_config(struct buf *out)
{
    manual_head(out, "ENTRETIEND.CONF", 5, "entretiend.conf - configuration of entretiend");
    buf_text(out, ".SH DESCRIPTION\n");
    roff_line(out,
        "A text of sections with options, each at most once; what follows a # is a comment. Options are "
        "written "
        "section.key here and in messages. A secret is never written in the file: the option names a file "
        "closed to others, or a systemd credential. Without a file the defaults hold. `entretiend "
        "--check-config` says what is wrong, by line, key and expectation.");
    buf_text(out, ".PP\n.nf\nlisten {\n    address = \"127.0.0.1\"\n    port = 8470\n}\n.fi\n");
    for (size_t s = 0; s < option_sections_count; s++) {
        buf_printf(out, ".SH %s\n", option_sections[s].name);
        roff_line(out, option_sections[s].doc);
        for (size_t i = 0; i < options_count; i++)
            if (option_in_section(&options[i], &option_sections[s]))
                manual_option(out, &options[i]);
    }
    buf_text(out, ".SH FILES\n");
    roff_line(out, CONFIG_DEFAULT_PATH);
    buf_text(out, ".SH SEE ALSO\n.BR entretiend (8)\n");
}
