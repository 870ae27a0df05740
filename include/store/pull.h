#pragma once
/*
 * How a source is asked for completions, and how far that is: one row for each source that has an address. The
 * cursor is written with the records it stands behind, in one transaction.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct pull_row {
    const char *organisation; /* its key */
    const char *source;
    const char *url;
    const char *credential; /* sealed, may be NULL */
    const char *settings;   /* JSON object: lms_pull_table */
    const char *mode;       /* of the run under way: "recent", "sweep"; NULL: none */
    const char *cursor;     /* of its next step, NULL: none */
    const char *wanted;     /* "sweep": the next run to begin is one, whatever the hour; may be NULL */
    instant_t began_at;     /* the run under way; INSTANT_NONE: none */
    instant_t watermark;    /* when the last run that ended had begun; INSTANT_NONE: none has */
    instant_t swept_at;     /* the same of sweeps */
    instant_t next_at;      /* when to go on; INSTANT_NONE: not by itself */
    int64_t failures;       /* in a row */
    const char *last_error; /* NULL: the last step went well */
    const char *progress;   /* JSON object, what people are shown; may be NULL */
    const char *token;      /* of OAuth2, sealed; may be NULL */
    instant_t token_until;
};
struct pull_list {
    struct pull_row *items;
    size_t count;
};

/* Makes or replaces all of it. */
enum status pull_put(struct txn *txn, const struct pull_row *row, struct error *err);
/* Nothing happens when there is none. */
enum status pull_drop(struct txn *txn, const char *source, struct error *err);
/* ST_NOT_FOUND: the source has no address. */
enum status pull_get(
    const struct snapshot *snapshot, const char *source, struct pull_row *ret, struct error *err);
/* Of sources that are due and not paused, longest overdue first. */
enum status pull_due(struct txn *txn, unsigned limit, struct pull_list *ret, struct error *err);

struct pull_watch {
    const char *organisation;
    instant_t next;
};
struct pull_watch_list {
    struct pull_watch *items;
    size_t count;
};
enum status pull_watches(const struct snapshot *snapshot, struct pull_watch_list *ret, struct error *err);

/* The source answered with this record, whose identity is that of an item. */
enum status pull_see(struct txn *txn, const char *source, const char *identity, struct error *err);

/* Completions about which posts and answers do not say the same. */
enum pull_difference_kind {
    PULL_ONLY_PUSHED, /* posted, and no answer has held it */
    PULL_GONE,        /* answers held it, those of the last sweep do not */
    PULL_ONLY_PULLED, /* in answers, and never posted as another record */
};
extern const char *const pull_difference_names[]; /* NULL-terminated: "only_pushed", "gone", "only_pulled" */
struct pull_difference {
    int kind; /* enum pull_difference_kind */
    const char *completion, *employee, *course;
    instant_t occurred_at, seen_at; /* INSTANT_NONE: never */
};
struct pull_differences {
    struct pull_difference *items;
    size_t count;
    const char *next;
};
/* By id of the completion, as the last sweep left it, of one kind; nothing before the first sweep
 * has ended, or when the source is not asked. */
enum status pull_compare(const struct snapshot *snapshot, const char *source, enum pull_difference_kind kind,
    const struct page *page, struct pull_differences *ret, struct error *err);
