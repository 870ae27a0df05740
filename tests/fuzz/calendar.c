/* Calendar objects in answers from strangers. */
#include "fuzz.h"
#include "ical/busy.h"
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
    const struct ical_window window = {
        .from = 20800 * US_PER_DAY, .to = 21000 * US_PER_DAY, .zone = zone_load("Europe/Paris", NULL)};
    struct ical_periods periods;
    status = ical_read_events(arena, (const char *)data, size, &window, &periods, &err);
    status = ical_read_busy(arena, (const char *)data, size, &periods, &err);
    arena_free(arena);
    return 0;
}
