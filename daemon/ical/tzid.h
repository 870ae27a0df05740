#pragma once
/* Zones as calendar programs name them. */
#include "base/zone.h"

/* The zone of a TZID: an IANA name, with or without a vendor's prefix ("/citadel.org/20210210_1/Europe/Paris"),
 * or a Windows name ("Romance Standard Time"). NULL when it is neither. Thread safe. */
const struct zone *ical_zone(const char *tzid);
