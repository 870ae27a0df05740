#pragma once
/* What is kept of a stranger's calendar object before any library sees it. */
#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

/*
 * The first VCALENDAR with its events, unfolded, as text for a parser: only the properties that are used here.
 * The ceilings of ical/read.h are checked. ST_TOO_LARGE, ST_SYNTAX.
 */
enum status ical_select(
    struct arena *arena, const char *bytes, size_t size, const char **ret, struct error *err) MUST_CHECK;
