/*
 * Reads the words of a command line by the tables: flags anywhere, `--flag value` and `--flag=value`, `--`
 * before arguments that begin with a dash. Pure.
 */
#include "invocation.h"

#include "base/text.h"

#include <string.h>

struct reading {
    struct arena *arena;
    struct invocation *invocation;
    char *const *words;
    const char *noun; /* a first word that is no command alone */
    size_t arguments; /* arguments given so far */
    bool flags_end;
};

bool parameter_is_flag(const struct parameter *parameter)
{
    return strncmp(parameter->name, "--", 2) == 0;
}

/* ---- commands */

const char *command_singular(const char *noun)
{
    static const char *const plurals[][2] = {{"absences", "absence"}, {"actions", "action"},
        {"aliases", "alias"}, {"audits", "audit"}, {"calendars", "calendar"}, {"campaigns", "campaign"},
        {"completions", "completion"}, {"courses", "course"}, {"declarations", "declaration"},
        {"deliveries", "delivery"}, {"duties", "duty"}, {"employees", "employee"}, {"feeds", "feed"},
        {"imports", "import"}, {"letters", "letter"}, {"links", "link"}, {"needs", "need"},
        {"organisations", "organisation"}, {"plans", "plan"}, {"progressions", "progression"},
        {"replies", "reply"}, {"reviews", "review"}, {"sources", "source"}, {"tokens", "token"},
        {"visits", "visit"}};
    for (size_t i = 0; i < sizeof(plurals) / sizeof(plurals[0]); i++)
        if (strcmp(plurals[i][0], noun) == 0)
            return plurals[i][1];
    return noun;
}

/* The command called `noun verb`, or `noun` when the verb is NULL. */
static const struct command *command_called(const char *noun, const char *verb)
{
    size_t length = strlen(noun);
    for (size_t group = 0; group < command_group_count; group++) {
        for (size_t i = 0; i < command_groups[group]->count; i++) {
            const struct command *command = &command_groups[group]->commands[i];
            if (strncmp(command->name, noun, length) != 0)
                continue;
            const char *rest = command->name + length;
            if (verb ? *rest == ' ' && strcmp(rest + 1, verb) == 0 : *rest == '\0')
                return command;
        }
    }
    return NULL;
}

const struct command *command_find(const char *noun, const char *verb, size_t *ret_words)
{
    const char *singular = command_singular(noun);
    const struct command *command = verb ? command_called(singular, verb) : NULL;
    *ret_words = command ? 2 : 1;
    if (!command)
        command = command_called(noun, NULL);
    if (!command && singular != noun)
        command = command_called(singular, "list");
    return command;
}

/* ---- flags */

static const struct parameter *flag_in(
    const struct parameter *parameters, size_t count, const char *word, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        const struct parameter *parameter = &parameters[i];
        if (!parameter_is_flag(parameter))
            continue;
        if (strncmp(parameter->name, word, length) == 0 && !parameter->name[length])
            return parameter;
        if (parameter->letter && strncmp(parameter->letter, word, length) == 0 && !parameter->letter[length])
            return parameter;
    }
    return NULL;
}

static const struct parameter *flag_find(const struct invocation *invocation, const char *word, size_t length)
{
    const struct command *command = invocation->command;
    const struct parameter *found = flag_in(global_parameters, global_parameter_count, word, length);
    if (!found && command)
        found = flag_in(command->parameters, command->parameter_count, word, length);
    return found;
}

/* ---- values */

static enum status reading_take(
    struct reading *reading, const struct parameter *parameter, const char *text, struct error *err)
{
    struct invocation *invocation = reading->invocation;
    const char *value = "";
    for (size_t i = 0; i < invocation->count; i++)
        if (invocation->given[i].parameter == parameter && parameter->kind != VALUE_TEXTS)
            return error_set(err, ST_INVALID, "%s is given twice", parameter->name);
    enum status status =
        parameter->kind == VALUE_SET ? ST_OK : value_check(reading->arena, parameter, text, &value, err);
    if (status == ST_OK)
        invocation->given[invocation->count++] = (struct given){.parameter = parameter, .text = value};
    return status;
}

static enum status reading_flag(struct reading *reading, struct error *err)
{
    const char *word = *reading->words;
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const struct parameter *flag = flag_find(reading->invocation, word, length);
    if (!flag && length == 7 && strncmp(word, "--token", length) == 0)
        return error_set(err, ST_INVALID,
            "a token on the command line would be seen by others: --token-file FILE or ENTRETIENCTL_TOKEN");
    if (!flag && !reading->invocation->command)
        return error_set(err, ST_INVALID, "unknown flag %s before a command", word);
    if (!flag)
        return error_set(
            err, ST_INVALID, "unknown flag %.*s of %s", (int)length, word, reading->invocation->command->name);
    if (flag->kind == VALUE_SET && equals)
        return error_set(err, ST_INVALID, "%s takes no value", flag->name);
    if (flag->kind != VALUE_SET && !equals && !reading->words[1])
        return error_set(err, ST_INVALID, "%s needs a value", flag->name);
    const char *value = equals ? equals + 1 : flag->kind == VALUE_SET ? "" : *++reading->words;
    return reading_take(reading, flag, value, err);
}

static const struct parameter *argument_at(const struct command *command, size_t index)
{
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        if (!*parameter->name || parameter_is_flag(parameter))
            continue;
        if (index == 0 || parameter->pairs)
            return parameter;
        index--;
    }
    return NULL;
}

/* `deliveries held` is the same as `--deliveries held`. */
static enum status reading_pair(struct reading *reading, struct error *err)
{
    const struct command *command = reading->invocation->command;
    const char *word = *reading->words;
    const char *name = arena_printf(reading->arena, "--%s", word);
    const struct parameter *flag = flag_in(command->parameters, command->parameter_count, name, strlen(name));
    if (!flag || flag->kind == VALUE_SET)
        return error_set(err, ST_INVALID, "%s sets no %s", command->name, word);
    if (!reading->words[1])
        return error_set(err, ST_INVALID, "%s needs a value", word);
    return reading_take(reading, flag, *++reading->words, err);
}

static enum status reading_argument(struct reading *reading, struct error *err)
{
    const struct command *command = reading->invocation->command;
    const struct parameter *argument = argument_at(command, reading->arguments);
    if (!argument)
        return error_set(err, ST_INVALID, "%s takes no argument %s", command->name, *reading->words);
    if (argument->pairs)
        return reading_pair(reading, err);
    reading->arguments++;
    return reading_take(reading, argument, *reading->words, err);
}

bool command_begins(const char *noun)
{
    const char *singular = command_singular(noun);
    size_t length = strlen(singular);
    for (size_t group = 0; group < command_group_count; group++)
        for (size_t i = 0; i < command_groups[group]->count; i++)
            if (strncmp(command_groups[group]->commands[i].name, singular, length) == 0 &&
                command_groups[group]->commands[i].name[length] == ' ')
                return true;
    return false;
}

/* The first word that is not a flag names the command, alone or with the next one. */
static enum status reading_command(struct reading *reading, struct error *err)
{
    size_t used = 0;
    const char *noun = *reading->words;
    const char *verb = reading->words[1] && reading->words[1][0] != '-' ? reading->words[1] : NULL;
    reading->invocation->command = command_find(noun, verb, &used);
    if (reading->invocation->command) {
        reading->words += used - 1;
        return ST_OK;
    }
    if (!command_begins(noun))
        return error_set(err, ST_INVALID, "unknown command %s", noun);
    return verb ? error_set(err, ST_INVALID, "unknown command %s %s", noun, verb)
                : error_set(err, ST_INVALID, "%s: which command of it?", noun);
}

static enum status reading_word(struct reading *reading, struct error *err)
{
    const char *word = *reading->words;
    if (!reading->flags_end && strcmp(word, "--") == 0) {
        reading->flags_end = true;
        return ST_OK;
    }
    if (!reading->flags_end && word[0] == '-' && word[1])
        return reading_flag(reading, err);
    return reading->invocation->command ? reading_argument(reading, err) : reading_command(reading, err);
}

static enum status reading_check(const struct invocation *invocation, struct error *err)
{
    const struct command *command = invocation->command;
    for (size_t i = 0; command && i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        bool flag = parameter_is_flag(parameter);
        bool needed =
            flag ? parameter->required : *parameter->name && !parameter->optional && !parameter->pairs;
        if (needed && !invocation_has(invocation, parameter->name))
            return error_set(err, ST_INVALID, "%s needs %s", command->name, parameter->name);
    }
    return ST_OK;
}

enum status invocation_read(struct arena *arena, char *const *words, struct invocation *ret, struct error *err)
{
    size_t count = 0;
    while (words[count])
        count++;
    *ret = (struct invocation){.given = ARENA_ARRAY(arena, count, struct given)};
    struct reading reading = {.arena = arena, .invocation = ret, .words = words};
    enum status status = ST_OK;
    for (; status == ST_OK && *reading.words; reading.words++)
        status = reading_word(&reading, err);
    if (status == ST_OK && !invocation_has(ret, "--help"))
        status = reading_check(ret, err);
    return status;
}

const char *invocation_text(const struct invocation *invocation, const char *name)
{
    for (size_t i = 0; i < invocation->count; i++)
        if (strcmp(invocation->given[i].parameter->name, name) == 0)
            return invocation->given[i].text;
    return NULL;
}

bool invocation_has(const struct invocation *invocation, const char *name)
{
    return invocation_text(invocation, name) != NULL;
}
