#pragma once
/*
 * What an employee was trained in, whether the plan knew of it or not: actions that are done or have evidence
 * that stands, and completions that prove no action. As known at an instant (INSTANT_NONE: now): what was
 * recorded by then, in the words and with the class of then, and not taken back by then.
 */
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct training_row {
    /* An action; NULL for a completion without one. */
    const char *action;
    const char *state, *nature, *mandatory, *body; /* of the action */
    /* What stands for it; NULL: nothing but what `body` says. */
    const char *completion;
    instant_t occurred_at; /* of the completion */
    const char *course;    /* its title, else its code */
    const char *course_mandatory;
};

struct training_list {
    struct training_row *items;
    size_t count;
};

/* One row for each action and completion that proves it, by action, then completion; then the completions that
 * prove none, by id. */
enum status training_of(const struct snapshot *snapshot, const char *employee, instant_t known_at,
    struct training_list *ret, struct error *err);
