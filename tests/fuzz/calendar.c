/* Calendar objects in answers from strangers. */
#include "fuzz.h"
#include "ical/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool begun;
    if (!begun) {
        ical_init();
        begun = true;
    }
    struct arena *arena = arena_new(0);
    const struct ical_message *message = NULL;
    struct error err = ERROR_INIT;
    enum status status =
        ical_read(arena, (const char *)data, size, zone_load("Europe/Paris", NULL), &message, &err);
    (void)status;
    arena_free(arena);
    return 0;
}
