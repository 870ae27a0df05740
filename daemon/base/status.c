/* Names of the outcomes; pure, any thread. */
#include "base/status.h"

const char *status_name(enum status status)
{
    static const char *const names[ST_COUNT] = {"ok", "syntax", "invalid", "unauthenticated", "forbidden",
        "not_found", "conflict", "precondition", "too_large", "busy", "full", "internal"};
    return (unsigned)status < ST_COUNT ? names[status] : "?";
}
