/*
 * The trace as a page: one row a step, with what changed and the audit record that proves it. No script, made
 * to be printed. On a read lane.
 */
#include "base/date.h"
#include "internal.h"
#include "store/review.h"
#include "text/html.h"
#include "text/sentence.h"
#include "work/trace.h"

#include <inttypes.h>
#include <string.h>

struct page_writer {
    const struct snapshot *snapshot;
    const char *organisation; /* its key */
    struct arena *arena;
    enum lang lang;
    bool reasons;
    const struct zone *zone;
    struct html html;
    const struct json *details; /* of the step being written */
    bool inside;                /* an object, after its first member */
};

static const char *const page_title[LANG_COUNT] = {"Trace du parcours", "Trace of the path"};
enum page_column { COLUMN_DATE, COLUMN_STEP, COLUMN_DETAIL, COLUMN_AUTHOR, COLUMN_PROOF };
static const char *const page_columns[][LANG_COUNT] = {[COLUMN_DATE] = {"Date", "Date"},
    [COLUMN_STEP] = {"Étape", "Step"},
    [COLUMN_DETAIL] = {"Détail", "Detail"},
    [COLUMN_AUTHOR] = {"Auteur", "Author"},
    [COLUMN_PROOF] = {"Preuve", "Proof"}};
static const char *const page_number[LANG_COUNT] = {"matricule", "number"};
static const char *const page_made[LANG_COUNT] = {"Établi le", "Made on"};
static const char *const page_chain[LANG_COUNT] = {
    "Chaque étape porte le numéro et l'empreinte SHA-256 de son enregistrement dans la chaîne d'audit. Dernier "
    "enregistrement de la chaîne :",
    "Each step carries the number and the SHA-256 of its record in the audit chain. Last record of the chain:"};
static const char *const page_review_of[LANG_COUNT] = {"entretien du", "review of"};
static const char *const page_erased[LANG_COUNT] = {"détail effacé", "detail erased"};
static const char *const page_withheld[LANG_COUNT] = {"détail réservé aux RH", "detail for HR only"};
static const char *const page_more[LANG_COUNT] = {
    "D'autres étapes suivent : la page est limitée.", "More steps follow: the page is limited."};
static const char *const page_yes[LANG_COUNT] = {"oui", "yes"};
static const char *const page_no[LANG_COUNT] = {"non", "no"};

#define PAGE_STYLE                                                                                             \
    "body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em;"                   \
    "color:#1a1a1a;background:#fff}"                                                                           \
    "h1{font-size:1.5em;margin:0}p{margin:.4em "                                                               \
    "0}table{border-collapse:collapse;width:100%;table-layout:fixed;"                                          \
    "margin-top:1em}th:nth-child(1){width:9.5em}th:nth-child(2){width:10em}th:nth-child(n+4){width:11em}"      \
    "th,td{text-align:left;vertical-align:top;padding:.45em .6em;border-bottom:1px solid #ccc}"                \
    "th{border-bottom:2px solid #444}td{overflow-wrap:anywhere}ul{margin:0;padding-left:1.1em}"                \
    "code{font-size:.8em;overflow-wrap:anywhere}del{color:#666}thead{display:table-header-group}"              \
    "tr{break-inside:avoid}@media print{body{font-size:10pt;margin:0;max-width:none}}"                         \
    "@media screen and (max-width:44em){table,tbody,tr,td{display:block}"                                      \
    "thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}"                       \
    "tr{border-bottom:2px solid #444;padding:.4em 0}td{border:0;padding:.2em 0}"                               \
    "td[data-label]::before{content:attr(data-label);display:block;font-size:.85em;color:#555}}"

/* ---- values */

static void page_moment(struct page_writer *p, instant_t at)
{
    struct local_time local = zone_local(p->zone, at);
    html_text(&p->html, sentence_date(p->arena, p->lang, local.date));
    html_text(&p->html, " ");
    html_text(&p->html, sentence_time(p->arena, p->lang, local.second / 60 * 60));
}

/* Ids of people become names, those of reviews days; other ids are for machines, and so are those of another
 * organisation, which anybody may have written into a text. */
static void page_id(struct page_writer *p, const char *id)
{
    char key[ORG_KEY_MAX];
    struct employee_row person;
    struct review_row review;
    bool ours = id_parse(id, NULL, key) && strcmp(key, p->organisation) == 0;
    if (ours && id_valid(id, "emp") && employee_get(p->snapshot, id, &person, NULL) == ST_OK)
        html_text(&p->html, arena_printf(p->arena, "%s %s", person.given_name, person.family_name));
    else if (ours && id_valid(id, "rev") && review_get(p->snapshot, id, &review, NULL) == ST_OK &&
             review.day != DATE_NONE)
        html_text(&p->html, arena_printf(p->arena, "%s %s", page_review_of[p->lang],
                                sentence_date(p->arena, p->lang, review.day)));
    else
        html_element(&p->html, "code", id);
}

static void page_text(struct page_writer *p, const char *text)
{
    date_t date;
    instant_t at;
    const char *words = trace_value_words(p->lang, text);
    if (words)
        html_text(&p->html, words);
    else if (date_parse(text, &date))
        html_text(&p->html, sentence_date(p->arena, p->lang, date));
    else if (instant_parse(text, &at))
        page_moment(p, at);
    else if (id_valid(text, NULL))
        page_id(p, text);
    else
        html_lines(&p->html, text);
}

static void page_value(struct page_writer *p, const struct json *value);

static void page_label(struct page_writer *p, const char *key)
{
    html_text(&p->html, trace_member_words(p->lang, key));
    html_text(&p->html, p->lang == LANG_FR ? "\u00a0: " : ": ");
}

static enum status page_member(void *context, const char *key, const struct json *value)
{
    struct page_writer *p = context;
    html_text(&p->html, p->inside ? ", " : "");
    page_label(p, key);
    page_value(p, value);
    p->inside = true;
    return ST_OK;
}

static void page_object(struct page_writer *p, const struct json *object)
{
    bool inside = p->inside;
    p->inside = false;
    (void)json_each(object, page_member, p);
    p->inside = inside;
}

static void page_items(struct page_writer *p, const struct json *list)
{
    for (size_t i = 0; i < json_count(list); i++) {
        html_text(&p->html, i ? " ; " : "");
        page_value(p, json_at(list, i));
    }
}

static void page_value(struct page_writer *p, const struct json *value)
{
    switch (json_type(value)) {
    case JSON_TEXT:
        page_text(p, json_text(value));
        break;
    case JSON_INT:
        html_text(&p->html, arena_printf(p->arena, "%" PRId64, json_int(value)));
        break;
    case JSON_TRUE:
        html_text(&p->html, page_yes[p->lang]);
        break;
    case JSON_FALSE:
        html_text(&p->html, page_no[p->lang]);
        break;
    case JSON_ARRAY:
        page_items(p, value);
        break;
    case JSON_OBJECT:
        page_object(p, value);
        break;
    default:
        html_text(&p->html, "\u2014");
        break;
    }
}

/* ---- steps */

/* What the row says already, or is for machines. */
static bool page_is_silent(const char *key)
{
    static const char *const silent[] = {
        "changed", "employee", "duty", "fact", "cause", "anchor_id", "rule", "sequence"};
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        if (strcmp(silent[i], key) == 0)
            return true;
    return false;
}

/* Of something new, what it does not have is not told. */
static bool page_is_nothing(const struct json *value)
{
    const char *text = json_text(value);
    return json_type(value) == JSON_FALSE || (json_type(value) == JSON_INT && json_int(value) == 0) ||
           (text && strcmp(text, "none") == 0);
}

/* What was is struck out. */
static enum status page_change(void *context, const char *key, const struct json *value)
{
    struct page_writer *p = context;
    const struct json *before = json_at(value, 0);
    const struct json *after = json_at(value, 1);
    bool fresh = json_type(before) == JSON_NULL;
    if (page_is_silent(key) || json_get(p->details, key) || (fresh && page_is_nothing(after)))
        return ST_OK;
    html_open(&p->html, "li");
    page_label(p, key);
    if (!fresh) {
        html_open(&p->html, "del");
        page_value(p, before);
        html_close(&p->html);
        html_text(&p->html, " \u2192 ");
    }
    page_value(p, after);
    html_close(&p->html);
    return ST_OK;
}

static enum status page_detail(void *context, const char *key, const struct json *value)
{
    struct page_writer *p = context;
    if (page_is_silent(key))
        return ST_OK;
    html_open(&p->html, "li");
    page_label(p, key);
    page_value(p, value);
    html_close(&p->html);
    return ST_OK;
}

/* On a narrow screen each cell stands below its column's name. */
static void page_cell(struct page_writer *p, enum page_column column)
{
    html_open(&p->html, "td");
    html_attr(&p->html, "data-label", page_columns[column][p->lang]);
}

static void page_details(struct page_writer *p, const struct trace_step *step)
{
    p->details = step->details;
    page_cell(p, COLUMN_DETAIL);
    if (!step->details) {
        html_element(&p->html, "em", (step->withheld ? page_withheld : page_erased)[p->lang]);
    } else if (json_count(step->details) > 0) {
        html_open(&p->html, "ul");
        (void)json_each(step->details, page_detail, p);
        (void)json_each(json_get(step->details, "changed"), page_change, p);
        html_close(&p->html);
    }
    html_close(&p->html);
}

static void page_step(struct page_writer *p, const struct trace_step *step)
{
    char hash[SHA256_HEX];
    html_open(&p->html, "tr");
    page_cell(p, COLUMN_DATE);
    page_moment(p, step->record->at);
    html_close(&p->html);
    page_cell(p, COLUMN_STEP);
    html_text(&p->html, step->what);
    html_close(&p->html);
    page_details(p, step);
    page_cell(p, COLUMN_AUTHOR);
    html_element(&p->html, "code", step->record->actor);
    html_close(&p->html);
    page_cell(p, COLUMN_PROOF);
    html_text(&p->html, arena_printf(p->arena, "n\u00b0 %" PRId64 " ", step->record->seq));
    html_element(&p->html, "code", sha256_hex(&step->record->hash, hash));
    html_close(&p->html);
    html_close(&p->html);
}

static enum status page_steps(struct page_writer *p, const char *employee, struct error *err)
{
    struct page page = {.limit = PAGE_MAX};
    enum status status = ST_OK;
    size_t written = 0;
    do {
        struct trace_steps steps;
        status = trace_read(p->snapshot, employee, p->lang, p->reasons, &page, &steps, err);
        if (status != ST_OK)
            return status;
        for (size_t i = 0; i < steps.count; i++)
            page_step(p, &steps.items[i]);
        written += steps.count;
        page.cursor = steps.next;
    } while (page.cursor && written < TRACE_PAGE_MAX);
    if (page.cursor) {
        html_open(&p->html, "tr");
        html_open(&p->html, "td");
        html_attr(&p->html, "colspan", "5");
        html_text(&p->html, page_more[p->lang]);
        html_close(&p->html);
        html_close(&p->html);
    }
    return status;
}

/* ---- the page */

static enum status page_head(
    struct page_writer *p, const struct employee_row *person, const char *key, struct error *err)
{
    int64_t seq = 0;
    struct sha256 hash;
    char hex[SHA256_HEX];
    struct organisation_row organisation;
    enum status status = organisation_get(p->snapshot, key, &organisation, err);
    if (status == ST_OK)
        status = audit_head_of(p->snapshot, key, &seq, &hash, err);
    if (status != ST_OK)
        return status;
    html_element(&p->html, "h1", page_title[p->lang]);
    html_element(&p->html, "p",
        arena_printf(p->arena, "%s %s, %s %s \u2014 %s", person->given_name, person->family_name,
            page_number[p->lang], person->number, organisation.name));
    html_open(&p->html, "p");
    html_text(&p->html, arena_printf(p->arena, "%s ", page_made[p->lang]));
    page_moment(p, snapshot_now(p->snapshot));
    html_text(&p->html, arena_printf(p->arena, ". %s n\u00b0 %" PRId64 " ", page_chain[p->lang], seq));
    html_element(&p->html, "code", sha256_hex(&hash, hex));
    html_close(&p->html);
    return ST_OK;
}

static void page_table_head(struct page_writer *p)
{
    html_open(&p->html, "thead");
    html_open(&p->html, "tr");
    for (size_t i = 0; i < sizeof page_columns / sizeof page_columns[0]; i++) {
        html_open(&p->html, "th");
        html_attr(&p->html, "scope", "col");
        html_text(&p->html, page_columns[i][p->lang]);
        html_close(&p->html);
    }
    html_close(&p->html);
    html_close(&p->html);
}

enum status trace_page(const struct snapshot *snapshot, const char *employee, enum lang lang, bool reasons,
    struct buf *out, struct error *err)
{
    char key[ORG_KEY_MAX];
    struct employee_row person;
    struct duties_frame frame;
    enum status status = employee_get(snapshot, employee, &person, err);
    if (status != ST_OK)
        return status;
    (void)id_parse(employee, "emp", key);
    status = duties_frame_load(snapshot, key, INSTANT_NONE, &frame, err);
    if (status != ST_OK)
        return status;
    struct page_writer p = {.snapshot = snapshot,
        .organisation = key,
        .arena = snapshot_arena(snapshot),
        .lang = lang,
        .reasons = reasons,
        .zone = frame.zone,
        .html = html_writer(out)};
    html_document(&p.html, lang_tag(lang), page_title[lang], PAGE_STYLE);
    status = page_head(&p, &person, key, err);
    html_open(&p.html, "table");
    page_table_head(&p);
    html_open(&p.html, "tbody");
    if (status == ST_OK)
        status = page_steps(&p, employee, err);
    html_finish(&p.html);
    return status;
}
