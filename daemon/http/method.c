/* Names of the request methods; pure, any thread. */
#include "http/server.h"

const char *http_method_name(enum http_method method)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "?"};
    return names[(unsigned)method <= HTTP_OTHER_ ? method : HTTP_OTHER_];
}
