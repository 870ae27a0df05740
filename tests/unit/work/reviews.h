#pragma once
/* A company with one employee and her manager, and reviews of hers by verb. Every helper remembers the review
 * that came back; strings live in the fixture's arena. */
#include "people.h"

#include "work/review.h"

struct reviews {
    struct people *p;
    const char *ada, *boss;
    const char *id; /* of the review in hand */
    /* Of the latest answer: */
    int state;
    int64_t sequence, version;
    const char *warnings; /* "short_notice no_link" */
    const char *missing;  /* themes */
    const char *duties;   /* "first planned" */
    const char *partstats;
};

/* Ada Byron, hired 2026-01-12, reports to Grace Hopper; both have an address. */
struct reviews reviews_open(struct people *p);

/* Bodies as POST and PATCH of /v1/reviews take them; %s is the employee in a creation. */
enum status reviews_create(struct reviews *r, const char *body);
enum status reviews_change(struct reviews *r, const char *patch);
enum status reviews_step(struct reviews *r, const struct review_step *step);
enum status reviews_event(struct reviews *r, enum review_event event);
enum status reviews_counter(struct reviews *r, bool accept);
/* The verdict. */
int reviews_receive(
    struct reviews *r, const char *email, int method, int partstat, int sequence, instant_t start);
enum status reviews_record(struct reviews *r, const struct review_record *record, enum outcome *ret);
enum status reviews_document(struct reviews *r, const char *content, size_t size, int64_t *ret_number);

/* Deliveries about the review, oldest first: "invitation ada@x.example 0 queued; ...". */
const char *reviews_outbox(struct reviews *r);

/* A step without anything in it. */
struct review_step reviews_empty(enum review_event event);
#define REVIEWS_PLANNED                                                                                        \
    "{\"employee\":\"%s\",\"start\":\"2027-01-06T09:00:00Z\",\"end\":\"2027-01-06T10:00:00Z\",\"location\":"   \
    "\"Lyon\"}"
