/* The groups of commands in the order of help, and the flags that all of them take. Constant data. */
#include "commands.h"

const struct command_group *const command_groups[] = {
    &daemon_commands,
    &organisation_commands,
    &employee_commands,
    &duty_commands,
    &review_commands,
    &campaign_commands,
    &calendar_commands,
    &training_commands,
    &source_commands,
    &delivery_commands,
    &figure_commands,
};
const size_t command_group_count = sizeof(command_groups) / sizeof(command_groups[0]);

const struct parameter global_parameters[] = {
    {.name = "--url",
        .kind = VALUE_TEXT,
        .argument = "URL",
        .doc = "where the server is; http://127.0.0.1:8470 unless told"},
    {.name = "--token-file",
        .kind = VALUE_FILE,
        .doc = "a file that holds the access token and nobody else may read"},
    {.name = "--organisation",
        .kind = VALUE_TEXT,
        .argument = "ORG",
        .doc = "for tokens that see several: its id, SIREN or name; `all` for none in particular"},
    {.name = "--ca-file", .kind = VALUE_FILE, .doc = "certificates to trust instead of the system's"},
    {.name = "--config",
        .letter = "-c",
        .kind = VALUE_FILE,
        .doc = "settings to read, not ~/.config/entretienctl.conf"},
    {.name = "--json", .kind = VALUE_SET, .doc = "print the server's JSON"},
    {.name = "--field",
        .kind = VALUE_TEXT,
        .argument = "NAME",
        .doc = "print only this member of the answer, or of each item: token, organiser.email"},
    {.name = "--limit", .kind = VALUE_INT, .doc = "of lists: no more than N items"},
    {.name = "--version", .kind = VALUE_SET, .doc = "print the version"},
    {.name = "--help", .letter = "-h", .kind = VALUE_SET, .doc = "print what a command takes"},
};
const size_t global_parameter_count = sizeof(global_parameters) / sizeof(global_parameters[0]);
