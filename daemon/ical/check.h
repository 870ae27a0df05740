#pragma once
/* What may be written into a calendar object. */
#include "base/error.h"
#include "ical/write.h"

#include <stdbool.h>

/* `people`: organiser and attendees are written too. ST_INVALID with one field each. */
enum status ical_check_event(const struct ical_event *event, bool people, struct error *err) MUST_CHECK;
enum status ical_check_feed(const struct ical_feed *feed, struct error *err) MUST_CHECK;
