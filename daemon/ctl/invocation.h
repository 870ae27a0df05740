#pragma once
/* One command line, understood. Pure; everything lives in the arena. */
#include "base/arena.h"
#include "base/error.h"
#include "command.h"

struct given {
    const struct parameter *parameter;
    const char *text; /* of its kind: dates are ISO, minutes, cents and numbers decimal */
};

struct invocation {
    const struct command *command; /* NULL: nothing but global flags */
    struct given *given;           /* in the order of the command line */
    size_t count;
};

/* `words` end with NULL; the program's name is not among them. ST_INVALID says what is wrong; the command is
 * there as soon as it is known. */
enum status invocation_read(struct arena *arena, char *const *words, struct invocation *ret, struct error *err);
/* The value given for a flag or argument, NULL when there is none. The command must have one of that name. */
const char *invocation_text(const struct invocation *invocation, const char *name);
bool invocation_has(const struct invocation *invocation, const char *name);
/* ST_INVALID unless the text is of the kind; *ret is how it is sent. Names and times are resolved later. "-" is
 * of every kind in a body: it clears the member. */
enum status value_check(struct arena *arena, const struct parameter *parameter, const char *text,
    const char **ret, struct error *err);
