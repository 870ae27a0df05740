#pragma once
/* The preparation of a review on the two pages: written by the employee, read by the interviewer. */
#include "page.h"
#include "work/preparation.h"

/* The form, while the review is still to be held. */
enum status page_prepare(
    struct page_writer *p, const struct review *review, const struct review_row *row, struct error *err);
/* What was handed in. */
enum status page_handed(struct page_writer *p, const struct review *review, struct error *err);
