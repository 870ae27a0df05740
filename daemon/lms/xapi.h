#pragma once
/* xAPI statements (1.0.3, 2.0.0) as completions; see xapi.c. */
#include "lms/mapping.h"

/* One statement or a list; see lms_platform.parse. */
enum status xapi_parse(
    struct arena *arena, const struct lms_input *input, struct lms_envelope *ret, struct error *err);
