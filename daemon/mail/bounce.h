#pragma once
/* The machine-readable part of a delivery status notification (RFC 3464). */
#include "base/arena.h"
#include "mail/read.h"

#include <stddef.h>

/* Reads the recipients of a message/delivery-status body. Pure. */
void mail_read_bounces(struct arena *arena, const char *body, struct mail_received *mail);
/* The value of the first header field `name` of a block of header lines, unfolded; NULL when it is not there.
 */
char *mail_field(struct arena *arena, const char *block, const char *name);
/* An address in lower case, NULL when it is none; angle brackets and a "rfc822;" before it are taken off. */
const char *mail_lower_address(struct arena *arena, const char *text);
/* A stranger's text: cut, blanks for tabs, other control characters dropped, line breaks kept only when
 * `lines`. NULL when nothing is left. */
const char *mail_clean(struct arena *arena, const char *text, bool lines);
