#pragma once
/* Running another program to its end. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* Looks for argv[0] in $PATH. `input` (at most 64 KiB) goes to its standard input, what it prints into `ret`,
 * what it complains about into `complaints`. ST_INTERNAL unless it ends with exit code 0. */
enum status program_run(
    const char *const argv[], struct span input, struct buf *ret, struct buf *complaints, struct error *err);
