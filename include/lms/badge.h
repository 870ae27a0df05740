#pragma once
/*
 * Open Badges 2.0 (IMS Global, 2018), hosted assertions: an assertion is a JSON document at its own address; it
 * names the class of the badge, and that its issuer. What an address serves is proof only of what its host
 * says, so all three stand on one host, each under the address it calls its own. Pure, any thread; the network
 * is the caller's.
 *
 *   docs.urls[LMS_BADGE_ASSERTION] = url;
 *   while (!(problem = lms_badge_next(arena, &docs, &part)) && part < LMS_BADGE_PARTS)
 *       ... fetch docs.urls[part] into docs.bodies[part] ...
 *   problem = lms_badge_wrong(arena, &docs, &person, now, &badge);
 *
 * A signed assertion, a badge class whose issuer delegates to another host, and a recipient that is no mail
 * address are refused.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/field.h"

enum lms_badge_part { LMS_BADGE_ASSERTION, LMS_BADGE_CLASS, LMS_BADGE_ISSUER, LMS_BADGE_PARTS };

enum { LMS_BADGE_MAX = 128 * 1024 /* bytes of a document */ };

struct lms_badge_documents {
    const char *urls[LMS_BADGE_PARTS];
    struct span bodies[LMS_BADGE_PARTS]; /* no data: not here yet */
};

/* The first document that is not here, LMS_BADGE_PARTS when all are; its address stands in docs->urls. A
 * document inside another one is taken from there. Why it cannot go on, else NULL. */
const char *lms_badge_next(struct arena *arena, struct lms_badge_documents *docs, enum lms_badge_part *ret);

/* Why an answer other than 200 holds no document. */
const char *lms_badge_unanswered(struct arena *arena, enum lms_badge_part part, int status);

struct lms_badge {
    const char *name;      /* of the badge */
    const char *issuer;    /* its name */
    const char *class_url; /* what the badge goes by */
    instant_t issued;
    instant_t expires; /* INSTANT_NONE: never */
};

/* Why the documents, all of them here, do not prove that the holder of one of these mail addresses (a list of
 * const char *) holds the badge now; NULL when they do. */
const char *lms_badge_wrong(struct arena *arena, const struct lms_badge_documents *docs,
    const struct list *addresses, instant_t now, struct lms_badge *ret);

/* What is kept: a JSON object that holds each document byte for byte, beside the address. */
struct span lms_badge_evidence(struct arena *arena, const struct lms_badge_documents *docs);
