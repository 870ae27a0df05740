#pragma once
/*
 * The letters as whoever sends them looks at them before: every one in every language, with people who do not
 * exist and the organisation's own name, mailbox and title.
 */
#include "base/field.h"
#include "base/lang.h"
#include "store/txn.h"

struct letter_shown {
    const char *name, *to; /* "invitation"; "employee", "interviewer", "manager", "hr" */
    struct list slots;     /* the names that its source may use; const char * */
    int locale;            /* enum lang; the rest only of one letter */
    const char *subject, *text, *html;
};
extern const struct field_table letter_table;

struct letter_question {
    int locale; /* enum lang; FIELD_UNSET: the organisation's */
    int annual; /* 1: as it is for an annual review */
    int remote; /* 0: without a link to a conference */
};

/* All of them, without their words; how many. */
size_t letters_show(struct arena *arena, const struct letter_shown **ret);
/* ST_NOT_FOUND when there is no letter of that name. */
enum status letter_show(const struct snapshot *snapshot, const char *organisation, const char *name,
    const struct letter_question *question, struct letter_shown *ret, struct error *err);
