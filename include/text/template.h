#pragma once
/*
 * Text templates. Pure; a parsed template is immutable and may be rendered by several threads at once.
 *
 *   {{name}}                            a value
 *   {{#if name}} ... {{else}} ... {{/if}}   when there is a value (a text that is not empty, a list with items)
 *   {{#each name}} ... {{item}} ... {{/each}}   once for each item of a list; {{url}} is its link, {{#if url}}
 *                                               asks whether it has one
 *
 * A tag of a block that stands alone on its line takes the line with it. What a template may use is a table of
 * slots: a name outside the table, a required slot that is not used, a block that is not closed are errors with
 * their line, found when the template is loaded and not when a mail is due.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    TEMPLATE_SIZE_MAX = 64 * 1024,
    TEMPLATE_DEPTH_MAX = 8,
    TEMPLATE_SLOTS_MAX = 64,
};

enum template_type {
    TEMPLATE_TEXT,  /* one line: line breaks become blanks */
    TEMPLATE_LINES, /* line breaks are kept */
    TEMPLATE_LINK,  /* an http(s) URL; anything else counts as no value */
    TEMPLATE_LIST,  /* items of one line each */
};

enum template_use {
    TEMPLATE_ALLOWED,
    TEMPLATE_REQUIRED,  /* a template that does not use it is refused */
    TEMPLATE_FORBIDDEN, /* a template that uses it is refused: it belongs to others of the same family */
};

struct template_slot {
    const char *name; /* [a-z][a-z0-9_]* */
    enum template_type type;
    enum template_use use;
};

/* The values of one rendering, in the order of the slots. */
struct template_value {
    const char *text;         /* NULL = no value */
    const char *const *items; /* TEMPLATE_LIST */
    const char *const *urls;  /* beside the items: http(s) URLs, anything else counts as none; NULL = none */
    size_t count;
};

/* How values are written. Constant text of the template is copied as it is in both. */
enum template_output {
    TEMPLATE_PLAIN, /* control characters dropped */
    TEMPLATE_HTML,  /* escaped too, line breaks as <br> */
};

struct template;

struct template_source {
    const char *name; /* for messages: "invitation.fr" */
    const char *text; /* copied */
    size_t size;
    unsigned line; /* where the text begins in its file; 0 = 1 */
};

/* ST_INVALID says name, line and reason. `slots` must outlive the template. */
enum status template_parse(struct arena *arena, const struct template_source *source,
    const struct template_slot *slots, size_t slot_count, const struct template **ret,
    struct error *err) MUST_CHECK;

/* `values` has one entry for each slot. */
void template_render(const struct template *t, const struct template_value *values, enum template_output output,
    struct buf *out);
