#pragma once
/* The Authentication-Results header field (RFC 8601). */
#include "mail/read.h"

/* The verdict of one field value: MAIL_AUTH_NONE when it is another server's or says nothing of DMARC. `domain`
 * is that of From; a pass for another domain is a fail. Pure. */
enum mail_authenticity mail_auth_results(const char *value, const char *authserv_id, const char *domain);
