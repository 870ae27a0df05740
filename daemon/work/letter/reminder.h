#pragma once
/* What reminders and the lines that wait for the end of the day's look share. */
#include "model/reminder.h"
#include "outbox.h"
#include "store/duty.h"
#include "store/reminder.h"

/* Which letter a rung is written as; the state of the review decides between the report and its copy. */
enum letter reminder_letter(const struct reminder_rung *rung, int review_state);
/* Whether a review has still to satisfy it: a visit to the doctor is not ours to plan. */
bool reminder_duty_is_open(const struct duty_row *duty);

/* What one reminder says. */
struct reminder_words {
    const struct reminder_rung *rung;
    enum letter letter;
    date_t day;           /* what it counts from */
    const char *subject;  /* id of the duty or review */
    const char *why;      /* the rule's sentence as this reader may know it, or NULL */
    instant_t not_before; /* leaves then; past or INSTANT_NONE: at once */
};
/* One letter to one person about the scene. */
enum status reminder_write(struct outbox_scene *scene, const struct reminder_words *words,
    const struct outbox_reader *reader, struct error *err);
/* The people a rung speaks to, each address once; at most REMINDER_READERS. */
enum { REMINDER_READERS = 4 };
size_t reminder_readers(const struct outbox_scene *scene, const struct reminder_rung *rung,
    struct outbox_reader readers[static REMINDER_READERS]);

/* The lines that wait become letters: one line for a reader is a letter of its own, several are one digest.
 * Lines that hold no longer are dropped. */
enum status reminder_write_lines(struct outbox_scene *scene, unsigned *ret_lines, struct error *err);
