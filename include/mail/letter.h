#pragma once
/*
 * What is written to whom: one letter per occasion and language, as text and HTML from one source. The letters
 * come with the program (config/templates) and may be replaced one by one by files of the same name in a
 * folder.
 *
 * A letter is a file `NAME.LANG.txt`: a first line `Subject: ...`, an empty line, then text with slots
 * (text/template.h) and light layout, which the HTML is made from:
 *
 *   paragraphs    separated by empty lines
 *   # heading
 *   - item
 *   - item{{#if url}} : {{url}}{{/if}}    one of a list; a link in HTML where it has one
 *   -> label: {{slot}}    a link (one of the link slots)
 *
 * Which slots a letter may use is a table: letters to employees know no reason, and no subject does. A letter
 * that breaks its row is refused at the start, with its line.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/lang.h"

#include <stdbool.h>
#include <stddef.h>

enum letter {
    LETTER_INVITATION,             /* to the employee, with the calendar object */
    LETTER_INVITATION_INTERVIEWER, /* to the one who holds the review, with the calendar object */
    LETTER_UPDATE,                 /* something changed, with the calendar object */
    LETTER_CANCELLATION,           /* with the calendar object */
    LETTER_COUNTER_DECLINED,       /* a proposed time was not taken */
    LETTER_PROPOSAL,               /* to the employee: a slot is offered, nobody is convened yet */
    LETTER_DECISION,               /* to HR and the interviewer: an answer or an absence asks for one */
    LETTER_REMINDER,               /* some days before, to both */
    LETTER_COPY_READY,             /* to the employee: the summary is there */
    LETTER_PLAN_IT,                /* to the manager: a review has to be set */
    LETTER_REPORT_MISSING,         /* to the interviewer: held, not written down */
    LETTER_COPY_MISSING,           /* to the interviewer: written down, copy not handed over */
    LETTER_OVERDUE,                /* to HR, and to the manager with times to choose from */
    LETTER_DIGEST_HR,              /* all that became due together */
    LETTER_DIGEST_MANAGER,         /* the same, of the own team */
    LETTER_WEEKLY_HR,              /* all that waits for somebody, once a week */
    LETTER_RETURNED,               /* to HR: a message came back */
    LETTER_CALENDAR_FAILED,        /* to HR: a calendar reached somebody not, who was mailed instead */
    LETTER_COUNT
};

/* "invitation": the first part of the file's name. */
const char *letter_name(enum letter letter);
/* Whether it may carry a link to the page of the one who reads it. */
bool letter_has_page(enum letter letter);

struct letter_list {
    const char *const *items;
    size_t count;
    const char *const *urls; /* beside the items; NULL: they are no links */
};

/* Everything a letter can say; unset = NULL. Wording of dates: text/sentence.h. */
struct letter_values {
    const char *organisation;
    const char *recipient;   /* how the person written to is addressed */
    const char *employee;    /* full name; in letters to others than the employee */
    const char *interviewer; /* full name */
    const char *title;       /* neutral: "Entretien professionnel", "Entretien de parcours professionnel" */
    const char *annual;   /* any text when it is an annual review, which assesses work and satisfies no duty */
    const char *when;     /* "vendredi 8 mars 2024 de 14 h 30 à 15 h 30" */
    const char *old_when; /* before the change */
    const char *place;
    const char *relative; /* "dans 7 jours" */
    const char *due;      /* "8 mars 2024" */
    const char *why;      /* the rule's sentence, as far as this reader may know it: HR and managers only */
    const char *contact;  /* a mail address or name for questions */
    const char *address;  /* that mail came back from */
    const char *proposed; /* another time that somebody asks for, worded like `when` */
    const char *comment;  /* what the organiser adds; line breaks allowed */
    const char *conference, *page; /* links: video, the reader's own page */
    const char *calendars;         /* what is not known of the calendars that times were looked for in */
    struct letter_list items;      /* more things to prepare */
    struct letter_list times;      /* to choose from, each a link */
    struct letter_list overdue, to_plan, reports, copies, decisions; /* digests: one sentence each */
};

struct letter_text {
    const char *subject, *text, *html;
};

struct letters;

/* The names of the slots that the body of a letter may use. */
struct letter_list letter_slot_names(enum letter letter, struct arena *arena);

/* `folder` may replace letters; NULL = only those of the program. Errors name file, line and reason; a file
 * that is no letter's is an error too. */
struct letters *letters_load(const char *folder, struct error *err);
void letters_free(struct letters *letters);

/* Any thread. The texts live in the arena. */
struct letter_text letter_write(const struct letters *letters, enum letter letter, enum lang lang,
    const struct letter_values *values, struct arena *arena);
