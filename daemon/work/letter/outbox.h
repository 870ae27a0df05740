#pragma once
/*
 * What the letters have in common: whom a review is about, who writes, who reads, and the row that leaves.
 * Inside the module; on a lane.
 */
#include "mail/letter.h"
#include "mail/message.h"
#include "store/delivery.h"
#include "store/employee.h"
#include "store/review.h"
#include "store/txn.h"
#include "work/organisation.h"
#include "work/review.h"

#include <stdbool.h>

/* What a letter is about: an employee, and a review of that employee when there is one. */
struct outbox_scene {
    struct txn *txn;
    struct arena *arena;
    struct organisation organisation;
    struct mail_address organiser; /* email NULL: nothing can be sent */
    const struct zone *zone;
    date_t today;
    struct employee_row employee;
    bool has_review;
    struct review_row review;
    bool has_interviewer;
    struct employee_row interviewer;
};

/* The organisation alone. */
enum status outbox_scene(struct txn *txn, struct outbox_scene *ret, struct error *err);
enum status outbox_scene_employee(struct outbox_scene *scene, const char *employee, struct error *err);
/* With its employee and interviewer. */
enum status outbox_scene_review(
    struct txn *txn, const char *review, struct outbox_scene *ret, struct error *err);

/* Who is written to. */
struct outbox_reader {
    const char *id; /* of the employee, NULL: HR, or somebody who is none */
    const char *name, *email;
    enum lang lang;
    bool is_employee; /* the one whom it is about: the letter does not name that person */
};
/* In the language of that person. */
struct outbox_reader outbox_reader_of(const struct outbox_scene *scene, const struct employee_row *person);
/* HR: the organiser's own mailbox. */
struct outbox_reader outbox_reader_hr(const struct outbox_scene *scene);

const char *outbox_full_name(struct arena *arena, const struct employee_row *person);
/* The same inside a sentence. */
const char *outbox_shown_name(struct arena *arena, const struct employee_row *person);
/* The neutral name of the meeting: it never tells why it takes place. */
const char *outbox_title(const struct outbox_scene *scene, enum lang lang);
/* What any letter may say of the scene to this reader. */
struct letter_values outbox_values(const struct outbox_scene *scene, const struct outbox_reader *reader);

struct outbox_mail {
    const char *kind; /* of the row */
    enum letter letter;
    const struct outbox_reader *to;
    const struct letter_values *values;
    const char *subject;              /* id of what else it is about, NULL = nothing */
    const char *rung;                 /* of a reminder */
    const struct review_slots *times; /* to choose from on the reader's page, NULL = none */
    instant_t not_before;             /* past, 0 or INSTANT_NONE = leaves at once */
    const char *uid;                  /* NULL = not ordered with others */
    int64_t sequence;
    enum itip_method method; /* ITIP_NONE = a notice */
    struct buf *calendar;    /* of an invitation */
};
/* A link to the page on which the reader acts on the scene; NULL when there is none for that reader. */
enum status outbox_page(
    const struct outbox_scene *scene, const struct outbox_reader *reader, const char **ret, struct error *err);
/* Writes the letter, builds the message, adds the row: nothing when the organisation sends nothing. */
enum status outbox_add(struct outbox_scene *scene, const struct outbox_mail *mail, struct error *err);
/* Text for the calendar, without a link to the page of the one who reads it. */
struct letter_text outbox_letter(const struct outbox_scene *scene, const struct outbox_mail *mail);
/* What letters say of the organisation itself: name, mailbox, title of the meeting. */
void outbox_fill_organisation(
    const struct organisation *organisation, enum lang lang, bool annual, struct letter_values *values);
/* The words alone. */
struct letter_text outbox_words(
    enum letter letter, enum lang lang, const struct letter_values *values, struct arena *arena);
/* ST_CONFLICT without a mailbox to write from. */
enum status outbox_expect_organiser(const struct outbox_scene *scene, struct error *err);
