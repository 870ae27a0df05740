#pragma once
/* What visits and deliveries to calendars share. Inside the module; on a write lane. */
#include "ical/busy.h"
#include "ical/read.h"
#include "store/review.h"
#include "work/calendar.h"
#include "work/organisation.h"

/* Copies the row into the arena and opens its password. */
enum status calendar_open(struct txn *txn, struct arena *arena, const struct calendar_row *row,
    struct calendar_row *ret, struct secret **ret_password, struct error *err);
/* Whether a URL lies under that of the store: the same server, a whole number of path segments below. */
bool calendar_holds(const char *store_url, const char *url);
/* Whether the server does not take the user's name and password: trying again is no use. */
bool calendar_is_refused(const struct calendar_row *row);
/* When to try a calendar again that has failed so often. */
instant_t calendar_back_off(const struct calendar_row *row, instant_t now);

/* Whom an entry names: column `people` of its row, NULL when that is not known. */
struct calendar_person {
    const char *email;
    enum partstat partstat;
    const char *status; /* SCHEDULE-STATUS (RFC 6638), NULL: the server says none */
};
struct calendar_people {
    const struct calendar_person *items;
    size_t count;
};
const char *calendar_people_text(struct arena *arena, const struct ical_message *message);
struct calendar_people calendar_people_read(struct arena *arena, const char *text);
/* NULL: not named. */
const struct calendar_person *calendar_people_find(const struct calendar_people *people, const char *email);
/* Whether a SCHEDULE-STATUS says that the message reached nobody. */
bool calendar_missed(const char *status);

/* Busy times as a server told them, whichever way. Any thread. */
enum status calendar_busy_read(struct arena *arena, const struct calendar_busy *busy,
    const struct ical_window *window, struct ical_periods *ret, struct error *err);

/* A delivery is given up: the people it was for are mailed the same. */
enum status calendar_mail_instead(
    struct txn *txn, const struct calendar_put *put, const char *why, struct error *err);
/* So are those whom the server could not invite, unless it could not `before` either. */
enum status calendar_mail_missed(
    struct txn *txn, const struct entry_row *entry, const char *before, struct error *err);
