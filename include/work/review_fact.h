#pragma once
/*
 * What the duty engine must know of a review, as a fact: kind "review", subject the employee, one fact for each
 * review and a version for each change, so that the duties of any day can be computed as they were known then.
 * Body: {review, type, recap, planned, held, reported, copy_handed, refused}, dates or null. valid_from is the
 * day held, else refused, else planned.
 */
#include "model/case.h"
#include "store/fact.h"

#define REVIEW_FACT_KIND "review"

/* The engine's review of a fact; its id is the review's. Strings live in the arena. ST_INTERNAL when the body
 * is not one. All dates may be none: a review that was cancelled, or is a draft. */
enum status review_fact_read(
    struct arena *arena, const struct fact_row *fact, struct case_review *ret, struct error *err);
