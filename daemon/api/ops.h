#pragma once
/* Every operation there is, by the file that holds it. */
#include "op.h"

/* metrics.c, openapi.c */
extern const struct op health_get, ready_get, metrics_get, description_get;
/* tokens.c */
extern const struct op tokens_list, token_create, token_delete;
/* audit.c */
extern const struct op audit_read, audit_head_get, audit_check;
