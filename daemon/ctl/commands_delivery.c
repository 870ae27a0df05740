/* Commands about what leaves. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(mode_view, NULL, COLUMN("id", "/id"), COLUMN("name", "/name", .stretch = true),
    COLUMN("deliveries", "/deliveries"));

#define MODE(mode)                                                                                             \
    static const struct parameter mode##_parameters[] = {                                                      \
        {.name = "", .place = PLACE_BODY, .to = "/deliveries", .fixed = #mode}}
MODE(live);
MODE(held);
MODE(off);

#define ORGANISATION "PATCH /v1/organisations/{organisation}"

static const struct command commands[] = {
    {.name = "delivery live",
        .doc = "Sends what is held, and from now on everything",
        .request = ORGANISATION,
        PARAMETERS(live_parameters),
        .view = &mode_view},
    {.name = "delivery hold",
        .doc = "Keeps mails and calendar entries for a look",
        .request = ORGANISATION,
        PARAMETERS(held_parameters),
        .view = &mode_view},
    {.name = "delivery off",
        .doc = "Makes no mails and calendar entries",
        .request = ORGANISATION,
        PARAMETERS(off_parameters),
        .view = &mode_view},
};

GROUP(delivery_commands, "Deliveries", commands);
