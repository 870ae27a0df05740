#pragma once
/* What reminders and their digest share. */
#include "model/reminder.h"
#include "outbox.h"
#include "store/reminder.h"

/* Which letter a rung is written as; the state of the review decides between the report and its copy. */
enum letter reminder_letter(const struct reminder_rung *rung, int review_state);
/* Of the policy; NULL: it has no such rung. */
const struct reminder_rung *reminder_rung_named(const char *name);

/* Lines waiting for a digest become one letter to HR and one to each manager. */
enum status reminder_write_digests(struct outbox_scene *scene, unsigned *ret_lines, struct error *err);
