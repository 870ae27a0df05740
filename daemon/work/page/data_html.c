/*
 * All data of an employee as a page: the same members as in JSON, under the words of the trace. On a lane.
 */
#include "base/json.h"
#include "data.h"
#include "text/sentence.h"
#include "work/trace.h"

#include <inttypes.h>

/* Whose data it is, is not for an interviewer. */
static enum status data_begin(struct page_writer *p, const struct snapshot *snapshot,
    const struct page_request *request, struct buf *out, struct error *err)
{
    if (page_is_interviewer(request->link))
        return error_set(err, ST_NOT_FOUND, "there is nothing at this path");
    return page_begin(p, snapshot, request, out, err);
}

enum status page_data_json(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err)
{
    struct page_writer p;
    BUF_AUTO unused;
    buf_init(&unused, 0);
    enum status status = data_begin(&p, snapshot, request, &unused, err);
    return status == ST_OK ? page_data_write(&p, out, err) : status;
}

/* ---- values */

static void show_value(struct page_writer *p, const struct json *value);

static bool show_is_empty(const struct json *value)
{
    enum json_type type = json_type(value);
    return type == JSON_NULL || ((type == JSON_ARRAY || type == JSON_OBJECT) && json_count(value) == 0);
}

static enum status show_member(void *context, const char *key, const struct json *value)
{
    struct page_writer *p = context;
    if (show_is_empty(value))
        return ST_OK;
    html_element(&p->html, "dt", trace_member_words(p->lang, key));
    html_open(&p->html, "dd");
    show_value(p, value);
    html_close(&p->html);
    return ST_OK;
}

static void show_text(struct page_writer *p, const char *text)
{
    date_t date;
    instant_t at;
    const char *words = trace_value_words(p->lang, text);
    if (words) {
        html_text(&p->html, words);
    } else if (date_parse(text, &date)) {
        html_text(&p->html, page_date(p, date));
    } else if (instant_parse(text, &at)) {
        struct local_time local = zone_local(p->zone, at);
        html_text(&p->html, page_date(p, local.date));
        html_text(&p->html, " ");
        html_text(&p->html, sentence_time(p->arena, p->lang, local.second / 60 * 60));
    } else {
        html_lines(&p->html, text);
    }
}

static void show_items(struct page_writer *p, const struct json *list)
{
    html_open(&p->html, "ul");
    for (size_t i = 0; i < json_count(list); i++) {
        html_open(&p->html, "li");
        show_value(p, json_at(list, i));
        html_close(&p->html);
    }
    html_close(&p->html);
}

static void show_value(struct page_writer *p, const struct json *value)
{
    switch (json_type(value)) {
    case JSON_TEXT:
        show_text(p, json_text(value));
        break;
    case JSON_INT:
        html_text(&p->html, arena_printf(p->arena, "%" PRId64, json_int(value)));
        break;
    case JSON_TRUE:
        html_text(&p->html, SAY(p, "oui", "yes"));
        break;
    case JSON_FALSE:
        html_text(&p->html, SAY(p, "non", "no"));
        break;
    case JSON_OBJECT:
        html_open(&p->html, "dl");
        (void)json_each(value, show_member, p);
        html_close(&p->html);
        break;
    case JSON_ARRAY:
        show_items(p, value);
        break;
    default:
        html_text(&p->html, "\u2014");
        break;
    }
}

/* ---- the page */

static const struct {
    const char *key;
    const char *titles[LANG_COUNT];
} show_sections[] = {
    {"employee", {"Moi", "Me"}},
    {"absences", {"Mes absences", "My absences"}},
    {"events", {"Mes visites", "My visits"}},
    {"progressions", {"Mes progressions", "My progressions"}},
    {"duties", {"Mes échéances", "My dates"}},
    {"reviews", {"Mes entretiens", "My reviews"}},
    {"needs", {"Mes besoins", "My needs"}},
    {"actions", {"Mes actions de formation", "My training actions"}},
    {"completions", {"Mes formations suivies", "My completed trainings"}},
    {"messages", {"Messages envoyés", "Messages sent"}},
    {"links", {"Liens personnels", "Personal links"}},
    {"history", {"Historique", "History"}},
};

enum status page_data_html(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err)
{
    struct page_writer p;
    const struct json *data;
    BUF_AUTO text;
    buf_init(&text, 0);
    enum status status = data_begin(&p, snapshot, request, out, err);
    if (status == ST_OK)
        status = page_data_write(&p, &text, err);
    if (status == ST_OK)
        status = json_parse(p.arena, text.data, text.size, &data, err);
    if (status != ST_OK)
        return status;
    page_head(&p, SAY(&p, "Toutes mes données", "All my data"));
    html_open(&p.html, "p");
    page_link(&p, page_path(&p, ""), SAY(&p, "Retour à ma page", "Back to my page"));
    html_close(&p.html);
    for (size_t i = 0; i < sizeof show_sections / sizeof show_sections[0]; i++) {
        const struct json *part = json_get(data, show_sections[i].key);
        if (show_is_empty(part))
            continue;
        page_section(&p, show_sections[i].titles[p.lang]);
        show_value(&p, part);
        html_close(&p.html);
    }
    page_foot(&p);
    return ST_OK;
}
