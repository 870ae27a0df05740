#pragma once
/*
 * Text templates. Pure; a parsed template is immutable and may be rendered by several threads at once.
 *
 *   {{name}}                            a value
 *   {{#if name}} ... {{else}} ... {{/if}}   when there is a value (a text that is not empty, a list with items)
 *   {{#each name}} ... {{item}} ... {{/each}}   once for each item of a list
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

struct template_slot {
    const char *name; /* [a-z][a-z0-9_]* */
    enum template_type type;
    bool required; /* a template that does not use it is refused */
};

/* The values of one rendering, in the order of the slots. */
struct template_value {
    const char *text;         /* NULL = no value */
    const char *const *items; /* TEMPLATE_LIST */
    size_t count;
};

/* How values are written. Constant text of the template is copied as it is in both. */
enum template_output {
    TEMPLATE_PLAIN, /* control characters dropped */
    TEMPLATE_HTML,  /* escaped too, line breaks as <br> */
};

struct template;

/* `name` is for messages ("invitation.fr"). ST_INVALID says name, line and reason. `slots` must outlive the
 * template; `text` is copied. */
enum status template_parse(struct arena *arena, const char *name, const char *text, size_t size,
    const struct template_slot *slots, size_t slot_count, const struct template **ret,
    struct error *err) MUST_CHECK;

/* `values` has one entry for each slot. */
void template_render(const struct template *t, const struct template_value *values, enum template_output output,
    struct buf *out);
