#pragma once
/*
 * How well a completion fits an action of the plan, for a person to choose: words in common, the code, the
 * dates. It ranks, it never decides. Pure, any thread.
 */
#include "base/arena.h"
#include "base/date.h"

struct match_side {
    const char *title; /* may be NULL */
    const char *code;  /* of a course, may be NULL */
    const char *competency;
};
struct match_case {
    struct match_side completion, action;
    date_t day;      /* of the completion */
    date_t from, to; /* planned; DATE_NONE: not known */
    int year;        /* of the plan */
    bool open;       /* the action may still be done */
};

/* 0 (nothing in common) to 100. *ret_why is a short reason for people: "same code; 3 of 4 words". */
int match_score(struct arena *arena, const struct match_case *c, const char **ret_why);
