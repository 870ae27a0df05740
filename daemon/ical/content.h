#pragma once
/* Content lines of strangers (RFC 5545, 3.1), read in place. */
#include "base/arena.h"

#include <stdbool.h>

/* Folds are taken out, the line ends with NUL; returns the next one, NULL at the end. */
char *ical_unfold(char *line);

struct ical_content {
    const char *name;   /* as it stands */
    const char *params; /* what is between the name and the value, "" for nothing */
    const char *value;
};
/* False: there is no value. */
bool ical_content_split(char *line, struct ical_content *ret);
bool ical_content_is(const struct ical_content *content, const char *name);
/* A copy of the value of a parameter, without quotes; NULL when there is none. */
const char *ical_content_param(struct arena *arena, const struct ical_content *content, const char *name);
