#pragma once
/*
 * The trace of an employee: every step that was recorded about the person, each with its audit record, from the
 * first to the last: facts, duties, reviews, documents, deliveries, needs, actions, completions. On a read
 * lane.
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "store/trace.h"

struct trace_step {
    const char *kind;           /* what it is about: "review", "duty", "action" ... */
    const char *id;             /* of that */
    const char *what;           /* in a few words */
    const struct json *details; /* the payload; NULL once erased, or withheld */
    bool withheld;
    const struct audit_row *record;
};
struct trace_steps {
    struct trace_step *items;
    size_t count;
    const char *next; /* cursor */
};

/* Whether the payload of the record says why somebody was away, which is for HR and the person: absences, and
 * duties whose article or days tell of one. */
bool trace_tells_reason(struct arena *arena, const struct audit_row *record);

/* Without `reasons` the details that say why somebody was away are withheld. */
enum status trace_read(const struct snapshot *snapshot, const char *employee, enum lang lang, bool reasons,
    const struct page *page, struct trace_steps *ret, struct error *err);

/* The whole trace as a page to read or print, at most TRACE_PAGE_MAX steps; it says when there are more. */
enum { TRACE_PAGE_MAX = 5000 };
enum status trace_page(const struct snapshot *snapshot, const char *employee, enum lang lang, bool reasons,
    struct buf *out, struct error *err);

/* ---- words, for the page */

/* "Entretien tenu"; the verb itself when there are none for it. */
const char *trace_verb_words(enum lang lang, const char *verb);
/* The name of a member of a payload; itself when there is none. */
const char *trace_member_words(enum lang lang, const char *member);
/* A value of an enumeration; NULL when it is not known as one. */
const char *trace_value_words(enum lang lang, const char *value);
