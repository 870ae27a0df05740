/* The words that help and manual share. Pure. */
#include "help.h"

const char help_introduction[] =
    "Asks an entretiend. A plural alone lists: `duties` is `duty list`. People are named by "
    "payroll number. On a terminal lists are tables cut to its width; elsewhere the same "
    "columns are separated by tabs, without a heading.";
const char help_settings[] =
    "Further settings: ENTRETIENCTL_URL, ENTRETIENCTL_TOKEN, ENTRETIENCTL_TOKEN_FILE, "
    "ENTRETIENCTL_ORGANISATION, ENTRETIENCTL_CA_FILE, and lines of `key = value` in "
    "~/.config/entretienctl.conf: url, token, token_file, organisation, ca_file. A file that "
    "others may read is refused. Flags win over the environment, the environment over the file.";
const char help_exit[] = "Exit code: 0 done, 1 refused by the server, 2 misused, 3 the server cannot be "
                         "reached or answers nonsense.";

static const char *const help_values[VALUE_KINDS] = {[VALUE_TEXT] = "TEXT",
    [VALUE_INT] = "N",
    [VALUE_BOOL] = "yes|no",
    [VALUE_DATE] = "DATE",
    [VALUE_INSTANT] = "TIME",
    [VALUE_MINUTES] = "MINUTES",
    [VALUE_CENTS] = "EUROS",
    [VALUE_TEXTS] = "A,B,...",
    [VALUE_FILE] = "FILE",
    [VALUE_JSON] = "JSON",
    [VALUE_PERSON] = "NUMBER",
    [VALUE_REVIEW] = "REVIEW"};

void help_name(struct buf *out, const struct parameter *parameter)
{
    buf_text(out, parameter->name);
    if (parameter_is_flag(parameter) && parameter->kind != VALUE_SET)
        buf_printf(out, " %s", parameter->argument ? parameter->argument : help_values[parameter->kind]);
}

void help_usage(struct buf *out, const struct command *command)
{
    bool optional_flags = false;
    buf_text(out, command->name);
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        bool flag = parameter_is_flag(parameter);
        if (!*parameter->name || (flag && !parameter->required)) {
            optional_flags |= flag;
            continue;
        }
        buf_text(out, parameter->optional || parameter->pairs ? " [" : " ");
        help_name(out, parameter);
        buf_text(out, parameter->pairs ? "]..." : parameter->optional ? "]" : "");
    }
    buf_text(out, optional_flags ? " [FLAG...]" : "");
}
