#pragma once
/* The groups of commands, one file each. */
#include "command.h"

extern const struct command_group daemon_commands, organisation_commands, employee_commands, duty_commands,
    review_commands, campaign_commands, calendar_commands, training_commands, source_commands,
    delivery_commands, figure_commands;

#define GROUP(variable, title, array)                                                                          \
    const struct command_group variable = {                                                                    \
        .heading = (title), .commands = (array), .count = sizeof(array) / sizeof((array)[0])}
