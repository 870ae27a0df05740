#pragma once
/* What the organiser's side and the receiving side of an invitation share. */
#include "model/invitation.h"

enum { INVITATION_NOBODY = -1 };

/* Index of that address, compared without case, or INVITATION_NOBODY. */
long invitation_find(const struct invitation *invitation, const char *email);
/* A copy whose attendees may be written. */
struct invitation_attendee *invitation_copy_attendees(
    struct arena *arena, const struct invitation *invitation, size_t room);
/* The DTSTAMP of a message written now: whole seconds, never before the last one. */
instant_t invitation_stamp(const struct invitation *invitation, instant_t now);
