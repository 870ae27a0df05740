#pragma once
/*
 * Asking platforms for completions: which requests come next, what their answers hold. Pure, any thread; the
 * one who runs a pull does the network and keeps the cursor.
 *
 * A run is a chain of steps. A step begins with a cursor (JSON, opaque to the caller): lms_pull_ask() names the
 * calls to make, is asked again with their answers, and names further ones until there are none; then
 * lms_pull_take() reads all of them into items and the cursor of the next step. Items and cursor are stored in
 * one transaction: a run that is interrupted anywhere goes on from the cursor, and what it asks for twice is
 * recognised by the identity of the items.
 *
 *   recent   what was completed since the last run, with an overlap
 *   sweep    everything: the first run, and one each night
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/field.h"
#include "lms/completion.h"
#include "lms/mapping.h"
#include "lms/request.h"

#include <stdbool.h>

enum lms_pull_mode { LMS_PULL_RECENT, LMS_PULL_SWEEP };
extern const char *const lms_pull_mode_names[]; /* "recent", "sweep" */

enum lms_pull_auth {
    LMS_AUTH_NONE,
    LMS_AUTH_TOKEN,  /* `wstoken` among the fields of the form (Moodle) */
    LMS_AUTH_BEARER, /* RFC 6750 */
    LMS_AUTH_BASIC,
    LMS_AUTH_OAUTH2, /* client credentials (RFC 6749, 4.4): client_id and the credential buy a token */
    LMS_AUTH_COUNT
};
extern const char *const lms_pull_auth_names[]; /* "none", "token" ... */

enum lms_paging {
    LMS_PAGING_NONE,  /* one page */
    LMS_PAGING_LINK,  /* Link: <...>; rel="next" (RFC 8288) */
    LMS_PAGING_PAGE,  /* {page} counts up until a page is not full */
    LMS_PAGING_START, /* {start} goes on by the records received */
    LMS_PAGING_NEXT,  /* the body names the next page: `next`, a URL of the same host */
};

struct lms_pull_settings {
    int auth;                          /* enum lms_pull_auth, FIELD_UNSET = the platform's */
    const char *user;                  /* basic: who; oauth2: the client's id */
    const char *token_url, *scope;     /* oauth2; NULL = the platform's, none */
    int64_t every;                     /* minutes between two runs, FIELD_INT_NONE = 15 */
    int64_t sweep_hour;                /* of the night's sweep, local, FIELD_INT_NONE = 2 */
    int64_t overlap;                   /* hours that a run looks back before the last one, NONE = 24 */
    int64_t concurrency;               /* calls at the same time, NONE = 2 */
    date_t since;                      /* nothing older is asked for, DATE_NONE = everything */
    int64_t report;                    /* moodle: id of the report of recent completions, NONE: only sweeps */
    const char *report_zone;           /* moodle: zone of the account's dates, NULL = UTC */
    int scores;                        /* moodle: 0 = do not ask for grades */
    int badges;                        /* moodle: 0 = do not ask for badges */
    const char *path;                  /* pages: below the url, with {since} {since_day} {since_epoch} {page}
                                          {start} {limit} */
    int paging;                        /* enum lms_paging, FIELD_UNSET = link */
    const char *next;                  /* next: JSON Pointer */
    int64_t first_page, page_size;     /* NONE = 1, 100 */
    const struct lms_mapping *mapping; /* of the pages' records, NULL = the source's */
};
extern const struct field_table lms_pull_table;

struct lms_pull_platform;
/* Platforms that can be asked. NULL: this one only posts. */
const struct lms_pull_platform *lms_pull_find(const char *platform);
/* ST_INVALID with pointers ("/pull/path", "/url" ...). `url` is the platform's address, `mapping` the source's.
 */
enum status lms_pull_check(const struct lms_pull_platform *platform, const char *url,
    const struct lms_pull_settings *settings, const struct lms_mapping *mapping, struct error *err);
enum lms_pull_auth lms_pull_auth_of(
    const struct lms_pull_platform *platform, const struct lms_pull_settings *settings);
/* Whether it can be asked for what is recent; without, there are only sweeps. */
bool lms_pull_has_recent(const struct lms_pull_platform *platform, const struct lms_pull_settings *settings);
/* Where client credentials buy a token. */
const char *lms_pull_token_url(struct arena *arena, const struct lms_pull_platform *platform, const char *url,
    const struct lms_pull_settings *settings);
/* The token and its life in seconds in the answer of that; NULL and why when there is none. */
const char *lms_pull_token(struct arena *arena, struct span body, int64_t *ret_life, const char **ret_problem);

struct lms_pull {
    const struct lms_pull_platform *platform;
    const char *source; /* its id: identities of different sources never meet */
    const char *url;    /* of the platform */
    const struct lms_pull_settings *settings;
    const struct lms_mapping *mapping; /* the source's, may be NULL */
    instant_t now;
};

enum {
    LMS_CALLS_MAX = 256,             /* of one step */
    LMS_ANSWER_MAX = 8 * 1024 * 1024 /* bytes */
};

struct lms_call {
    const char *method, *url;
    const char *form; /* the body, application/x-www-form-urlencoded; NULL: none */
    const struct lms_header *fields;
    size_t field_count;
    int what; /* the platform's own */
    int64_t course, user;
};
struct lms_calls {
    struct lms_call *items;
    size_t count;
};

struct lms_exchange {
    struct lms_call call;
    int status;                /* of HTTP */
    struct lms_request answer; /* its fields and body */
};
struct lms_exchanges {
    const struct lms_exchange *items;
    size_t count;
};

/* The cursor of a first step; `since` INSTANT_NONE: everything. */
const char *lms_pull_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since);
/* ST_INTERNAL: the cursor is not one of this platform. */
enum status lms_pull_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err);

enum lms_page_state {
    LMS_PAGE_MORE,
    LMS_PAGE_END,    /* of the run */
    LMS_PAGE_LATER,  /* the platform cannot now: maintenance, overload; the step is to be done again */
    LMS_PAGE_REFUSED /* not without the operator: token, permission, configuration */
};

struct lms_pulled {
    struct lms_item item;
    size_t exchange; /* whose answer holds it */
};
/* The platform says that somebody has not completed a course: whatever is known by an identity that begins so
 * is taken back. */
struct lms_denial {
    const char *prefix;
    struct lms_pulled pulled; /* of the effect undone, at the time of the answer */
};
struct lms_page {
    enum lms_page_state state;
    const char *problem; /* of LATER and REFUSED: one sentence */
    struct lms_pulled *items;
    size_t count;
    bool denies; /* it can also say what is not so: */
    struct lms_denial *denials;
    size_t denial_count;
    const char *cursor;   /* of the next step, MORE only */
    int64_t done, total;  /* how far the run is, in units of the platform; total 0 = not known */
    const char *unit;     /* "courses", "pages" */
    struct list warnings; /* of const char *: what the account may not see, and what that costs */
    const char *about;    /* JSON object: what a trial of the connection shows */
};
enum status lms_pull_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err);

/* One record that was kept, by itself, as the page or the step read it that brought it; `now` of the pull is
 * when it came. ST_INTERNAL: the bytes are none of this platform's. ST_NOT_FOUND: they are a denial, which says
 * the same by any mapping. */
enum status lms_pull_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err);

/* ---- links (RFC 3986, RFC 8288) */

/* `reference` as the platform wrote it, absolute or relative to `base`: the absolute URL if it has the same
 * scheme, host and port as `base`, else NULL. */
const char *lms_link_resolve(struct arena *arena, const char *base, const char *reference);
/* The target of the first link of that relation in the answer's Link fields, unresolved; NULL: none. */
const char *lms_link_find(struct arena *arena, const struct lms_request *answer, const char *relation);
/* Percent-encodes for a query or a form. */
const char *lms_encode(struct arena *arena, const char *text);
