#pragma once
/* Content codings of answers (RFC 9110 8.4, 12.5.3). Pure, any thread. */
#include "base/buf.h"

#include <stdbool.h>

/* Whether an Accept-Encoding field takes gzip: NULL, a weight of 0 and fields that do not name it refuse. */
bool http_takes_gzip(const char *accept_encoding);
/* Appends `data` as gzip (RFC 1952): the same bytes in, the same bytes out. */
void http_gzip(struct buf *out, const void *data, size_t size);
