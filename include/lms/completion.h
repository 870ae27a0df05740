#pragma once
/*
 * What a body becomes: one item per record, each with its own slice of the bytes received, so that one person's
 * evidence never shows another. An item that cannot be read is still an item: evidence is kept, never dropped.
 * Everything lives in the arena of the parse or in the body.
 */
#include "base/buf.h"
#include "base/crypto.h"
#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a platform names a person; an alias table per source says whom it means. */
enum lms_key_kind {
    LMS_KEY_NUMBER, /* the payroll number */
    LMS_KEY_EMAIL,
    LMS_KEY_USERNAME,
    LMS_KEY_ID,         /* the platform's own id */
    LMS_KEY_ACCOUNT,    /* xAPI account: "<homePage> <name>" */
    LMS_KEY_EMAIL_SHA1, /* xAPI mbox_sha1sum, lower-case hexadecimal */
    LMS_KEY_OPENID,
    LMS_KEY_COUNT
};
extern const char *const lms_key_names[]; /* "number", "email" ... */

struct lms_key {
    int kind; /* enum lms_key_kind */
    const char *value;
};

enum lms_effect {
    LMS_COMPLETED,
    LMS_FAILED,
    LMS_UNDONE, /* a completion is taken back: a new fact, the evidence of the first stays */
    LMS_OTHER,  /* none of these: the record says nothing that counts */
    LMS_EFFECT_COUNT
};
extern const char *const lms_effect_names[]; /* "completed", "failed" ... */

struct completion_in {
    struct lms_key keys[LMS_KEY_COUNT]; /* at most one of each kind, in the order of the enum */
    size_t key_count;
    const char *event_id; /* the platform's id of this event, NULL: none */
    const char *course_id;
    const char *course_code;
    const char *course_title;
    instant_t occurred; /* INSTANT_NONE: not known */
    bool day_only;      /* only the day was given: `occurred` is its first instant in the source's zone */
    bool arrival;       /* the platform gives no time: `occurred` is when it arrived */
    int effect;         /* enum lms_effect */
    const char *status; /* as received, NULL: none */
    double score, score_min, score_max; /* NAN: none */
    int64_t minutes;                    /* of training, FIELD_INT_NONE: none */
    const char *certificate_id;
    const char *certificate_url; /* http or https */
    instant_t expires;           /* INSTANT_NONE: never, or not known */
};

enum lms_item_state {
    LMS_ITEM_READY,
    LMS_ITEM_THIN,       /* something it needs is missing: see `lacks`; enriched by a pull or a person */
    LMS_ITEM_IGNORED,    /* another event or status: kept, never counted */
    LMS_ITEM_UNREADABLE, /* not in the format: kept as it is */
};
const char *lms_item_state_name(enum lms_item_state state);

enum lms_lack {
    LMS_LACKS_USER = 1 << 0,
    LMS_LACKS_COURSE = 1 << 1,
    LMS_LACKS_DATE = 1 << 2,
    LMS_LACKS_KNOWN_USER = 1 << 3, /* only ids of the platform: needs an alias or a pull; not thin by itself */
    LMS_LACKS_TITLE = 1 << 4,      /* only an id of the course; not thin by itself */
};

struct lms_item {
    struct span raw; /* its bytes, inside the content parsed */
    struct sha256 hash;
    const char *identity; /* the same for the same event, however often it comes: unique per source */
    int state;            /* enum lms_item_state */
    unsigned lacks;       /* enum lms_lack */
    const char *problem;  /* the first thing that is wrong or why it is ignored, NULL: nothing */
    struct completion_in completion;
};

enum {
    LMS_CONTENT_MAX = 1024 * 1024, /* bytes */
    LMS_ITEMS_MAX = 1000,          /* in one body */
    LMS_TEXT_MAX = 1000,           /* bytes of one value; longer ones are cut */
};

struct lms_envelope {
    const struct lms_item *items;
    size_t count; /* 0: an empty list was sent */
};
