#pragma once
/*
 * Personal pages, behind links (work/link.h): the employee's own, and the interviewer's about one review. Plain
 * HTML without script; a GET shows, a POST acts. Forms carry a token that is dated and signed for the link.
 * French and English. All verbs run on a lane, except page_policy and page_plain.
 */
#include "base/buf.h"
#include "base/lang.h"
#include "base/secret.h"
#include "mail/form.h"
#include "store/link.h"

struct page_request {
    const struct link_row *link;
    const struct keyring *keyring;
    const char *path;        /* of the page: "/me/SECRET" */
    int lang;                /* enum lang; -1: the person's */
    const char *done;        /* what an act has just done, as page_act said; NULL: nothing */
    instant_t slot;          /* a time chosen in a letter, INSTANT_NONE: none */
    const struct form *form; /* what was posted: to act, or to fill the fields with after a refusal */
    const struct error *refused;
};

/* Content-Security-Policy of every page: nothing but its own style, forms to itself. */
const char *page_policy(void);

/* The page of the link. */
enum status page_show(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err);

/* Does what the form asks; *ret_done names it. ST_FORBIDDEN: its token is not of this link or too old; the rest
 * as the use cases say. Nothing is written unless ST_OK. */
enum status page_act(
    struct txn *txn, const struct page_request *request, const char **ret_done, struct error *err);

/* Everything stored about the employee of the link, as JSON, or as a page. */
enum status page_data_json(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err);
enum status page_data_html(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err);

/* Whether the one who has the link may read documents of that review: ST_NOT_FOUND. */
enum status page_review(
    const struct snapshot *snapshot, const struct link_row *link, const char *review, struct error *err);

/* A page that says only this, in both languages: a link that opens nothing, a failure. */
void page_plain(struct buf *out, const char *const titles[LANG_COUNT], const char *const words[LANG_COUNT]);
