#pragma once
/*
 * Lists come in pages over a total order, so that rows added or removed meanwhile neither repeat nor hide
 * others. A cursor is an opaque text that the list before gave; one that is not is ST_INVALID at "/cursor".
 */
enum { PAGE_DEFAULT = 100, PAGE_MAX = 500 };

struct page {
    unsigned limit;     /* 1 to PAGE_MAX, 0 = PAGE_DEFAULT; more counts as PAGE_MAX */
    const char *cursor; /* `next` of the list before, NULL = from the start */
};
