#pragma once
/* What looking for one time and for many share. */
#include "model/slot.h"

enum { SLOT_DAY_MAX = 300 };

/* SLOT_FREE on a day with hours long enough, else SLOT_CLOSED or SLOT_HOLIDAY. */
enum slot_reason slot_day(const struct slot_search *search, date_t day);
/* All starts of a day, in the order of the hours given; how many. */
size_t slot_starts(const struct slot_search *search, date_t day, struct slot all[SLOT_DAY_MAX]);
/* What keeps this one from being offered; weeks apart. */
enum slot_reason slot_why(const struct slot_search *search, const struct slot *slot);
/* The Monday of that week. */
date_t slot_week(date_t day);
/* Reviews of the interviewer among what is busy, in the week of that Monday. */
unsigned slot_week_load(const struct slot_search *search, date_t monday);
