/*
 * What personal pages are written with: sections, facts, forms and their fields. On a lane.
 */
#include "page.h"

#include <string.h>

static const char *page_id(struct page_writer *p, const char *prefix)
{
    return arena_printf(p->arena, "%s%u", prefix, ++p->serial);
}

void page_section(struct page_writer *p, const char *title)
{
    const char *id = page_id(p, "s");
    html_open(&p->html, "section");
    html_attr(&p->html, "aria-labelledby", id);
    html_open(&p->html, "h2");
    html_attr(&p->html, "id", id);
    html_text(&p->html, title);
    html_close(&p->html);
}

void page_text(struct page_writer *p, const char *text)
{
    html_element(&p->html, "p", text);
}

static void page_small(struct page_writer *p, const char *id, const char *text)
{
    html_open(&p->html, "p");
    html_attr(&p->html, "class", "hint");
    html_attr(&p->html, "id", id);
    html_text(&p->html, text);
    html_close(&p->html);
}

void page_hint(struct page_writer *p, const char *text)
{
    page_small(p, NULL, text);
}

void page_link(struct page_writer *p, const char *url, const char *text)
{
    html_open(&p->html, "a");
    html_link_attr(&p->html, "href", url);
    html_text(&p->html, text);
    html_close(&p->html);
}

void page_item_link(struct page_writer *p, const char *url, const char *text)
{
    html_open(&p->html, "li");
    page_link(p, url, text);
    html_close(&p->html);
}

void page_facts(struct page_writer *p)
{
    html_open(&p->html, "dl");
}

void page_fact(struct page_writer *p, const char *term, const char *text)
{
    if (!text)
        return;
    html_element(&p->html, "dt", term);
    html_open(&p->html, "dd");
    html_lines(&p->html, text);
    html_close(&p->html);
}

void page_fact_link(struct page_writer *p, const char *term, const char *url)
{
    if (!url)
        return;
    html_element(&p->html, "dt", term);
    html_open(&p->html, "dd");
    page_link(p, url, url);
    html_close(&p->html);
}

/* ---- forms */

void page_hidden(struct page_writer *p, const char *name, const char *value)
{
    html_void(&p->html, "input");
    html_attr(&p->html, "type", "hidden");
    html_attr(&p->html, "name", name);
    html_attr(&p->html, "value", value);
}

void page_form(struct page_writer *p, const char *act, const struct review *review, enum page_form_kind kind)
{
    html_open(&p->html, "form");
    html_attr(&p->html, "method", "post");
    html_attr(&p->html, "action", page_path(p, ""));
    html_attr(&p->html, "enctype", kind == PAGE_FORM_FILE ? "multipart/form-data" : NULL);
    page_hidden(p, "token", p->token);
    page_hidden(p, "act", act);
    if (review) {
        page_hidden(p, "review", review->id);
        page_hidden(p, "sequence", arena_printf(p->arena, "%lld", (long long)review->sequence));
    }
}

static bool page_was_posted(const struct page_writer *p, const char *act)
{
    const char *posted = p->request->form ? form_value(p->request->form, "act") : NULL;
    return posted && strcmp(posted, act) == 0;
}

void page_fold(struct page_writer *p, const char *act, const struct review *review, const char *title)
{
    html_open(&p->html, "details");
    html_attr(&p->html, "open", page_was_posted(p, act) ? "open" : NULL);
    html_element(&p->html, "summary", title);
    page_form(p, act, review, PAGE_FORM);
}

void page_button(struct page_writer *p, const char *label, bool quiet)
{
    html_open(&p->html, "button");
    html_attr(&p->html, "type", "submit");
    html_attr(&p->html, "class", quiet ? "quiet" : NULL);
    html_text(&p->html, label);
    html_close(&p->html);
}

void page_act_button(
    struct page_writer *p, const char *act, const struct review *review, const char *label, bool quiet)
{
    page_form(p, act, review, PAGE_FORM);
    page_button(p, label, quiet);
    html_close(&p->html);
}

/* ---- fields */

static const char *page_label(struct page_writer *p, const char *label, const char *class)
{
    const char *id = page_id(p, "f");
    html_open(&p->html, "label");
    html_attr(&p->html, "class", class);
    html_attr(&p->html, "for", id);
    html_text(&p->html, label);
    html_close(&p->html);
    return id;
}

static const char *page_value(const struct page_writer *p, const char *name, const char *value)
{
    const char *posted = p->request->form ? form_value(p->request->form, name) : NULL;
    return posted ? posted : value;
}

void page_input(struct page_writer *p, const char *name, const char *type, const char *label, const char *value,
    enum page_need need)
{
    const char *id = page_label(p, label, strcmp(type, "url") == 0 ? "link" : NULL);
    html_void(&p->html, "input");
    html_attr(&p->html, "id", id);
    html_attr(&p->html, "name", name);
    html_attr(&p->html, "type", type);
    html_attr(&p->html, "value", page_value(p, name, value));
    html_attr(&p->html, "required", need == PAGE_REQUIRED ? "required" : NULL);
}

void page_lines(struct page_writer *p, const char *name, const char *label, const char *hint, const char *value)
{
    const char *id = page_label(p, label, NULL);
    const char *hint_id = hint ? arena_printf(p->arena, "%sh", id) : NULL;
    if (hint)
        page_small(p, hint_id, hint);
    html_open(&p->html, "textarea");
    html_attr(&p->html, "id", id);
    html_attr(&p->html, "name", name);
    html_attr(&p->html, "rows", "5");
    html_attr(&p->html, "maxlength", "4000");
    html_attr(&p->html, "aria-describedby", hint_id);
    html_raw(&p->html, "\n"); /* the first line break after the tag is not of the text */
    html_text(&p->html, page_value(p, name, value));
    html_close(&p->html);
}

static void page_box(
    struct page_writer *p, const char *type, const char *name, const char *value, const char *label, bool set)
{
    html_open(&p->html, "label");
    html_attr(&p->html, "class", "tick");
    html_void(&p->html, "input");
    html_attr(&p->html, "type", type);
    html_attr(&p->html, "name", name);
    html_attr(&p->html, "value", value);
    html_attr(&p->html, "checked", set ? "checked" : NULL);
    html_element(&p->html, "span", label);
    html_close(&p->html);
}

void page_tick(struct page_writer *p, const char *name, const char *value, const char *label, bool ticked)
{
    page_box(p, "checkbox", name, value, label, ticked);
}

void page_choice(struct page_writer *p, const char *name, const char *value, const char *label, bool chosen)
{
    page_box(p, "radio", name, value, label, chosen);
}

void page_file(struct page_writer *p, const char *name, const char *label)
{
    const char *id = page_label(p, label, NULL);
    html_void(&p->html, "input");
    html_attr(&p->html, "id", id);
    html_attr(&p->html, "name", name);
    html_attr(&p->html, "type", "file");
    html_attr(&p->html, "accept", "application/pdf,.pdf");
    html_attr(&p->html, "required", "required");
}

void page_group(struct page_writer *p, const char *legend)
{
    html_open(&p->html, "fieldset");
    html_element(&p->html, "legend", legend);
}
