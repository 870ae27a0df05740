/* Mail from strangers, and the calendar object in it. */
#include "fuzz.h"
#include "ical/read.h"
#include "mail/message.h"
#include "mail/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool begun;
    if (!begun) {
        mail_init();
        ical_init();
        begun = true;
    }
    struct arena *arena = arena_new(0);
    const struct mail_received *mail = NULL;
    const struct ical_message *message = NULL;
    struct error err = ERROR_INIT;
    if (mail_read(arena, (const char *)data, size, "mx.example", &mail, &err) == ST_OK) {
        (void)mail_speaks_for(mail, "manager@corp.example");
        if (mail->calendar && ical_read(arena, mail->calendar, mail->calendar_size,
                                  zone_load("Europe/Paris", NULL), &message, &err) == ST_OK)
            (void)message;
    }
    arena_free(arena);
    return 0;
}
