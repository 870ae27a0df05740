/* What CalDAV servers answer: the XML, where its hrefs lead, and the calendar objects in it. */
#include "fuzz.h"
#include "net/dav.h"

#include <stdlib.h>
#include <string.h>

/* A reference never leaves the origin it was found on. */
static void fuzz_href(struct arena *arena, const char *href)
{
    static const char base[] = "https://cal.example/dav/";
    const char *url = dav_resolve(arena, base, href);
    if (url && strncmp(url, "https://cal.example/", 20) != 0 &&
        strncmp(url, "https://cal.example:443/", 24) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    struct dav_multistatus found;
    struct dav_schedule said;
    struct error err = ERROR_INIT;
    if (dav_multistatus_read(arena, (const char *)data, size, &found, &err) == ST_OK)
        for (size_t i = 0; i < found.count; i++) {
            fuzz_href(arena, found.items[i].href);
            fuzz_href(arena, found.items[i].principal);
            fuzz_href(arena, found.items[i].home);
            fuzz_href(arena, found.items[i].outbox);
        }
    if (dav_schedule_read(arena, (const char *)data, size, &said, &err) == ST_OK &&
        said.count > DAV_RESPONSES_MAX)
        abort();
    arena_free(arena);
    return 0;
}
