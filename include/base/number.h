#pragma once
/* Strict numbers: the whole string, no sign tricks, no blanks, no octal, no overflow. */
#include <stdbool.h>
#include <stdint.h>

/* Decimal, an optional leading '-', no '+', no leading zeros except "0". */
bool parse_int64(const char *text, int64_t min, int64_t max, int64_t *ret);
/* Money in cents from "1234.56", "1 234,56" or "1234" (at most two decimals, no sign; between thousands a
 * space, U+00A0 or U+202F). */
bool parse_cents(const char *text, int64_t *ret);
/* A size in bytes with an optional KiB, MiB or GiB; a duration in microseconds with us, ms, s, min, h or d,
 * which is not optional. Neither has a blank before the unit: "256KiB", "90s". */
bool parse_size(const char *text, int64_t *ret);
bool parse_duration(const char *text, int64_t *ret);
