#pragma once
/*
 * Writing HTML that is well formed and escaped by construction: elements are opened and closed through the
 * writer, every text and attribute value is escaped, and markup comes only from string literals. Pure, any
 * thread.
 *
 *   struct html h = html_writer(&buf);
 *   html_open(&h, "p"); html_attr(&h, "class", "note"); html_text(&h, name); html_close(&h);
 *
 * A misuse (an attribute after content, a close without an open, depth over 32) fails the buffer; look once, at
 * the end, at buf.failed.
 */
#include "base/buf.h"

#include <stdbool.h>

enum { HTML_DEPTH_MAX = 32 };

struct html {
    struct buf *out;
    const char *open[HTML_DEPTH_MAX];
    unsigned depth;
    bool in_tag; /* the start tag still takes attributes */
};

struct html html_writer(struct buf *out);

/* `tag` and `name` are literals of the program, lower case. */
void html_open(struct html *h, const char *tag);
void html_close(struct html *h);
/* An element without content: br, hr, meta, link, img, input. */
void html_void(struct html *h, const char *tag);
void html_attr(struct html *h, const char *name, const char *value); /* NULL = leave it out */
/* An attribute that is a link: left out unless an absolute http(s) URL, a path of this site or a mail address
 * (mailto:). */
void html_link_attr(struct html *h, const char *name, const char *url);
/* NULL writes nothing. Control characters are dropped. */
void html_text(struct html *h, const char *text);
/* html_text with <br> for each line break. */
void html_lines(struct html *h, const char *text);
/* <tag>text</tag>. */
void html_element(struct html *h, const char *tag, const char *text);
/* Closes everything still open. */
void html_finish(struct html *h);

/* <!DOCTYPE html> up to an open <body>; `style` is a literal of the program, or NULL. */
void html_document(struct html *h, const char *language, const char *title, const char *style);

/* Markup from a string literal; does not compile with anything else. */
#define html_raw(h, literal) html_constant((h), "" literal "", sizeof(literal) - 1)
void html_constant(struct html *h, const char *literal, size_t size);

/* Escapes for text and for quoted attributes alike: & < > " '. */
void html_escape(struct buf *out, const char *text);
