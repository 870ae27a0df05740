#pragma once
/*
 * Percent-encoded text (RFC 3986): the path of a request, names and values of a query.
 */
#include "head.h"

/* Decodes %XX, and '+' as a blank when `plus`. NULL on a bad escape, U+0000 or invalid UTF-8. */
char *percent_decode(struct arena *arena, const char *text, size_t size, bool plus);

/* Splits a request target in origin form or absolute form into a decoded path, which starts with '/', and a raw
 * query. Refuses what could mean another path to someone else: encoded slashes, "." and ".." segments,
 * controls, fragments. */
struct refusal target_parse(
    struct arena *arena, const struct head *head, const char **ret_path, const char **ret_query);
