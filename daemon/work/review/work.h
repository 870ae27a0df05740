#pragma once
/*
 * What the use cases of reviews share: one review under change, from its row to what is written, sent and
 * audited in the end.
 */
#include "store/employee.h"
#include "work/organisation.h"
#include "work/review.h"

extern const struct field_table review_body_table, review_audit_table;

enum { REVIEW_NOTICE_MIN = 8, REVIEW_MESSAGES_MAX = 64, REVIEW_NO_SHOWS_MAX = 20 };

struct review_work {
    struct txn *txn;
    struct arena *arena;
    struct organisation organisation;
    const struct zone *zone;
    date_t today;
    instant_t now;
    struct employee_row employee, interviewer; /* interviewer.id NULL: none */
    struct review_row row;                     /* as stored; zero while it is being made */
    struct review was, is;
    struct invitation invitation;
    bool attendees_changed;
    struct invitation_message messages[REVIEW_MESSAGES_MAX];
    size_t message_count;
    unsigned notices;
    bool drops_reminders, drops_invitations;
};

/* The columns and the body of a row, without what other rows tell. */
enum status review_of_row(
    struct arena *arena, const struct review_row *row, struct review *ret, struct error *err);

/* The organisation and the day; everything else is still empty. */
enum status review_begin(struct txn *txn, struct review_work *w, struct error *err);
/* With the review, its people and its invitation. ST_PRECONDITION unless it has the version expected. */
enum status review_load(
    struct txn *txn, const char *id, int64_t expected, struct review_work *w, struct error *err);
/* The interviewer becomes this employee (NULL: nobody). ST_INVALID at `pointer`. */
enum status review_set_interviewer(
    struct review_work *w, const char *id, const char *pointer, struct error *err);

/* `end` from the duration when it is not given. */
instant_t review_end(instant_t start, instant_t end, int64_t duration);
/* Refuses a slot ("/start") on a day off, an absence of either, before the hire or after the exit; when it
 * `convenes`, also one with less notice than eight days unless `insists`. Notes short notice and odd hours. */
enum status review_check_slot(
    struct review_work *w, instant_t start, instant_t end, bool convenes, bool insists, struct error *err);
/* Whether somebody (NULL: nobody) is away from work on that day. */
enum status review_away(
    const struct snapshot *snapshot, const char *person, date_t day, bool *ret, struct error *err);
/* No review was held before, see employee_first_day(). */
date_t review_first_day(const struct review_work *w);
/* Refuses a date in the future or before `first`, unless it is none. */
enum status review_check_day(
    const struct review_work *w, date_t day, date_t first, const char *pointer, struct error *err);

/* Applies an event to the review and its invitation; what has to be sent is noted. */
enum status review_happen(struct review_work *w, const struct review_happening *happening, struct error *err);
/* An event without more. */
struct review_happening review_event(const struct review_work *w, enum review_event event);
/* The same with another slot. */
struct review_happening review_slot_event(
    const struct review_work *w, enum review_event event, instant_t start, instant_t end);
/* The answers of all, after a change of the list or of an answer. */
enum status review_apply_answers(struct review_work *w, struct error *err);

/* Writes everything: row, people, audit record, fact and duties, deliveries; then `ret` as answers show it. */
enum status review_save(
    struct review_work *w, const char *verb, const char *reason, struct review *ret, struct error *err);

/* Topics of a step or patch, checked: ST_INVALID with pointers. */
enum status review_set_topics(
    struct review_work *w, const struct list *themes, const struct list *information, struct error *err);

const char *review_person_name(struct arena *arena, const struct employee_row *row);
