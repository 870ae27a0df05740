/* What the tables say, as a page of manual (man 7). */
#include "internal.h"

#include "base/roff.h"
#include "help.h"

static void manual_parameters(struct buf *out, const struct parameter *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        BUF_AUTO name;
        buf_init(&name, 0);
        if (!*parameters[i].name)
            continue;
        help_name(&name, &parameters[i]);
        roff_item(out, parameters[i].letter, name.data, parameters[i].doc);
    }
}

static void manual_columns(struct buf *out, const struct view *view)
{
    if (!view)
        return;
    buf_text(out, ".PP\nColumns:");
    for (size_t i = 0; i < view->count; i++) {
        buf_text(out, i > 0 ? ", " : " ");
        roff_text(out, view->columns[i].heading);
    }
    buf_text(out, ".\n");
}

static void manual_command(struct buf *out, const struct command *command)
{
    BUF_AUTO usage;
    buf_init(&usage, 0);
    help_usage(&usage, command);
    buf_text(out, ".SS ");
    roff_line(out, usage.data);
    roff_text(out, command->doc);
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
    roff_line(&out, help_introduction);
    buf_text(&out, ".SH OPTIONS\n");
    manual_parameters(&out, global_parameters, global_parameter_count);
    for (size_t group = 0; group < command_group_count; group++) {
        buf_text(&out, ".SH COMMANDS: ");
        roff_line(&out, command_groups[group]->heading);
        for (size_t i = 0; i < command_groups[group]->count; i++)
            manual_command(&out, &command_groups[group]->commands[i]);
    }
    buf_text(&out, ".SH SETTINGS\n");
    roff_line(&out, help_settings);
    buf_text(&out, ".SH EXIT STATUS\n");
    roff_line(&out, help_exit);
    return ctl_put(ctl, out.data, out.size);
}
