#pragma once
/* The rules file of the configuration. */
#include "model/rules.h"

enum { RULES_FILE_MAX = 1024 * 1024 };

/* ST_NOT_FOUND, ST_TOO_LARGE, or as rules_parse(). The rules live in the arena. */
enum status rules_file_read(struct arena *arena, const char *path, const struct rules **ret, struct error *err);
