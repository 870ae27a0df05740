/* Looking up header fields. Pure, any thread. */
#include "lms/request.h"

#include <strings.h>

const char *lms_header(const struct lms_request *request, const char *name, size_t *ret_count)
{
    const char *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++)
        if (!strcasecmp(request->headers[i].name, name) && count++ == 0)
            first = request->headers[i].value;
    if (ret_count)
        *ret_count = count;
    return first;
}
