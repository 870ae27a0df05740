/*
 * Reads the rules file of the configuration. At start and on a reload, loop thread.
 */
#include "rules_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum status rules_file_read(struct arena *arena, const char *path, const struct rules **ret, struct error *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ST_NOT_FOUND, "%s", strerror(errno));
    char *text = arena_alloc(arena, RULES_FILE_MAX + 1);
    size_t size = fread(text, 1, RULES_FILE_MAX + 1, file);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed)
        return error_set(err, ST_INTERNAL, "cannot be read");
    if (size > RULES_FILE_MAX)
        return error_set(err, ST_TOO_LARGE, "is larger than %d bytes", RULES_FILE_MAX);
    return rules_parse(arena, text, size, ret, err);
}
