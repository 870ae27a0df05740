/* What the tables say, as a page of manual (man 7). */
#include "internal.h"

#include "help.h"

#include <string.h>

/* Text that roff takes as it is: no escapes, no requests. */
static void manual_text(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            buf_text(out, "\\e");
        else if (*c == '-')
            buf_text(out, "\\-");
        else if (*c == '`')
            buf_text(out, "\\(ga");
        else if (*c == '~')
            buf_text(out, "\\(ti");
        else if ((*c == '.' || *c == '\'') && c == text)
            buf_printf(out, "\\&%c", *c);
        else
            buf_char(out, *c);
    }
}

static void manual_line(struct buf *out, const char *text)
{
    manual_text(out, text);
    buf_char(out, '\n');
}

static void manual_item(struct buf *out, const char *name, const char *letter, const char *doc)
{
    buf_text(out, ".TP\n.B ");
    if (letter) {
        manual_text(out, letter);
        buf_text(out, ", ");
    }
    manual_line(out, name);
    manual_line(out, doc);
}

static void manual_parameters(struct buf *out, const struct parameter *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        BUF_AUTO name;
        buf_init(&name, 0);
        if (!*parameters[i].name)
            continue;
        help_name(&name, &parameters[i]);
        manual_item(out, name.data, parameters[i].letter, parameters[i].doc);
    }
}

static void manual_columns(struct buf *out, const struct view *view)
{
    if (!view)
        return;
    buf_text(out, ".PP\nColumns:");
    for (size_t i = 0; i < view->count; i++) {
        buf_text(out, i > 0 ? ", " : " ");
        manual_text(out, view->columns[i].heading);
    }
    buf_text(out, ".\n");
}

static void manual_command(struct buf *out, const struct command *command)
{
    BUF_AUTO usage;
    buf_init(&usage, 0);
    help_usage(&usage, command);
    buf_text(out, ".SS ");
    manual_line(out, usage.data);
    manual_text(out, command->doc);
    buf_text(out, ".\n");
    manual_parameters(out, command->parameters, command->parameter_count);
    manual_columns(out, command->view);
}

enum ctl_exit help_manual(struct ctl *ctl)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_text(&out, ".TH ENTRETIENCTL 1 \"\" \"entretiend " ENTRETIEND_VERSION "\"\n.SH NAME\n"
                   "entretienctl \\- ask an entretiend from the command line\n.SH SYNOPSIS\n.B entretienctl\n"
                   "[FLAG...] COMMAND [ARGUMENT...]\n.SH DESCRIPTION\n");
    manual_line(&out, help_introduction);
    buf_text(&out, ".SH OPTIONS\n");
    manual_parameters(&out, global_parameters, global_parameter_count);
    for (size_t group = 0; group < command_group_count; group++) {
        buf_text(&out, ".SH COMMANDS: ");
        manual_line(&out, command_groups[group]->heading);
        for (size_t i = 0; i < command_groups[group]->count; i++)
            manual_command(&out, &command_groups[group]->commands[i]);
    }
    buf_text(&out, ".SH SETTINGS\n");
    manual_line(&out, help_settings);
    buf_text(&out, ".SH EXIT STATUS\n");
    manual_line(&out, help_exit);
    return ctl_put(ctl, out.data, out.size);
}
