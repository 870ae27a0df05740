/* What the tables say, as help: all commands in a line each, or one command with its arguments and columns. */
#include "internal.h"

#include "display.h"
#include "help.h"

#include <string.h>

enum { HELP_WIDTH = 100, HELP_NAME = 24 };

static void help_line(struct buf *out, const char *name, const char *doc)
{
    size_t width = display_width(name);
    buf_printf(out, "  %s", name);
    if (width > HELP_NAME) {
        buf_char(out, '\n');
        width = 0;
        display_pad(out, 2);
    }
    display_pad(out, HELP_NAME + 2 - width);
    BUF_AUTO wrapped;
    buf_init(&wrapped, 0);
    display_wrap(&wrapped, doc, HELP_NAME + 4, HELP_WIDTH);
    buf_text(out, wrapped.data + HELP_NAME + 4);
}

static void help_parameters(struct buf *out, const struct parameter *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        BUF_AUTO name;
        buf_init(&name, 0);
        if (!*parameters[i].name)
            continue;
        if (parameters[i].letter)
            buf_printf(&name, "%s, ", parameters[i].letter);
        help_name(&name, &parameters[i]);
        help_line(out, name.data, parameters[i].doc);
    }
}

enum ctl_exit help_main(struct ctl *ctl)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_text(&out, "usage: entretienctl [FLAG...] COMMAND [ARGUMENT...]\n\n");
    display_wrap(&out, help_introduction, 0, HELP_WIDTH);
    display_wrap(&out, "`entretienctl help COMMAND` says what one takes.", 0, HELP_WIDTH);
    for (size_t group = 0; group < command_group_count; group++) {
        buf_printf(&out, "\n%s:\n", command_groups[group]->heading);
        for (size_t i = 0; i < command_groups[group]->count; i++)
            help_line(&out, command_groups[group]->commands[i].name, command_groups[group]->commands[i].doc);
    }
    buf_text(&out, "\nFlags of every command:\n");
    help_parameters(&out, global_parameters, global_parameter_count);
    buf_char(&out, '\n');
    display_wrap(&out, help_settings, 0, HELP_WIDTH);
    buf_char(&out, '\n');
    display_wrap(&out, help_exit, 0, HELP_WIDTH);
    return ctl_put(ctl, out.data, out.size);
}

static void help_columns(struct buf *out, const struct view *view)
{
    if (!view)
        return;
    buf_text(out, "\nColumns:");
    for (size_t i = 0; i < view->count; i++)
        buf_printf(out, "%s %s", i > 0 ? "," : "", view->columns[i].heading);
    buf_char(out, '\n');
}

enum ctl_exit help_command(struct ctl *ctl, const struct command *command)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_text(&out, "usage: entretienctl ");
    help_usage(&out, command);
    buf_printf(&out, "\n\n%s.\n", command->doc);
    if (command->parameter_count > 0)
        buf_char(&out, '\n');
    help_parameters(&out, command->parameters, command->parameter_count);
    help_columns(&out, command->view);
    return ctl_put(ctl, out.data, out.size);
}

/* All commands of a noun: `help review`; first the one that is called so itself. */
static enum ctl_exit help_noun(struct ctl *ctl, const char *noun)
{
    size_t length = strlen(noun);
    size_t used = 0;
    const struct command *itself = command_find(noun, NULL, &used);
    enum ctl_exit code = itself ? help_command(ctl, itself) : CTL_DONE;
    BUF_AUTO out;
    buf_init(&out, 0);
    buf_text(&out, itself ? "\n" : "");
    for (size_t group = 0; group < command_group_count; group++) {
        for (size_t i = 0; i < command_groups[group]->count; i++) {
            const struct command *command = &command_groups[group]->commands[i];
            if (strncmp(command->name, noun, length) == 0 && command->name[length] == ' ')
                help_line(&out, command->name, command->doc);
        }
    }
    return code == CTL_DONE ? ctl_put(ctl, out.data, out.size) : code;
}

enum ctl_exit run_help(struct ctl *ctl)
{
    const char *noun = ctl_text(ctl, "COMMAND");
    const char *verb = ctl_text(ctl, "OF");
    size_t used = 0;
    if (ctl_has(ctl, "--man"))
        return help_manual(ctl);
    if (ctl_has(ctl, "--json"))
        return help_json(ctl);
    if (!noun)
        return help_main(ctl);
    const struct command *command = command_find(noun, verb, &used);
    if (!verb && command_begins(noun))
        return help_noun(ctl, command_singular(noun));
    if (!command || (verb && used < 2))
        return ctl_fail(ctl, CTL_MISUSED, "unknown command %s%s%s; `entretienctl help` lists them", noun,
            verb ? " " : "", verb ? verb : "");
    return help_command(ctl, command);
}
