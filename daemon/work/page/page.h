#pragma once
/*
 * What the personal pages are made of: the frame, sections, forms and their fields. Inside the module; on a
 * lane.
 */
#include "base/zone.h"
#include "model/review.h"
#include "store/employee.h"
#include "store/review.h"
#include "text/html.h"
#include "work/organisation.h"
#include "work/page.h"
#include "work/review.h"

struct page_writer {
    const struct snapshot *snapshot;
    const struct page_request *request;
    struct arena *arena;
    enum lang lang;
    struct html html;
    struct organisation organisation;
    const struct zone *zone;
    date_t today;
    instant_t now;
    struct employee_row person, employee; /* whose page, about whom */
    const char *token;                    /* of its forms */
    unsigned serial;                      /* of the ids of its elements */
};

/* The text in the language of the page. */
#define SAY(p, fr, en) ((p)->lang == LANG_FR ? (fr) : (en))

enum status page_begin(struct page_writer *p, const struct snapshot *snapshot,
    const struct page_request *request, struct buf *out, struct error *err);
/* <title>, header with the name of the organisation, what was done or refused. */
void page_head(struct page_writer *p, const char *title);
/* Whom to ask, how long the link lasts. */
void page_foot(struct page_writer *p);

bool page_is_interviewer(const struct link_row *link);
/* "Camille Roche". */
const char *page_name(const struct page_writer *p, const struct employee_row *row);
/* "Entretien de parcours professionnel", "Entretien annuel d'évaluation". */
const char *page_title(const struct page_writer *p, const struct review *review);
/* Below the page's own address, with its language when it was chosen: "" or "/data". */
const char *page_path(const struct page_writer *p, const char *below);
const char *page_date(const struct page_writer *p, date_t date);
/* The civil day of an instant. */
const char *page_day_of(const struct page_writer *p, instant_t at);
/* "vendredi 8 mars 2024 de 14 h 30 à 15 h 30". */
const char *page_slot(const struct page_writer *p, instant_t start, instant_t end);

/* <section> with its heading; html_close ends it. */
void page_section(struct page_writer *p, const char *title);
void page_text(struct page_writer *p, const char *text);
/* Small print. */
void page_hint(struct page_writer *p, const char *text);
/* <dl>: html_close ends it. A fact without text is left out. */
void page_facts(struct page_writer *p);
void page_fact(struct page_writer *p, const char *term, const char *text);
void page_fact_link(struct page_writer *p, const char *term, const char *url);
void page_link(struct page_writer *p, const char *url, const char *text);
/* <li> with a link. */
void page_item_link(struct page_writer *p, const char *url, const char *text);

/* ---- forms: html_close ends page_form; two of them end page_fold, which is behind its title unless it was
 * just refused */
enum page_form_kind { PAGE_FORM, PAGE_FORM_FILE };
void page_form(struct page_writer *p, const char *act, const struct review *review, enum page_form_kind kind);
void page_fold(struct page_writer *p, const char *act, const struct review *review, const char *title);
/* A form of one button. */
void page_act_button(
    struct page_writer *p, const char *act, const struct review *review, const char *label, bool quiet);
void page_button(struct page_writer *p, const char *label, bool quiet);
void page_hidden(struct page_writer *p, const char *name, const char *value);

/* `type` of an <input>; what was posted before wins over `value`. */
enum page_need { PAGE_OPTIONAL, PAGE_REQUIRED };
void page_input(struct page_writer *p, const char *name, const char *type, const char *label, const char *value,
    enum page_need need);
void page_lines(
    struct page_writer *p, const char *name, const char *label, const char *hint, const char *value);
void page_tick(struct page_writer *p, const char *name, const char *value, const char *label, bool ticked);
void page_choice(struct page_writer *p, const char *name, const char *value, const char *label, bool chosen);
void page_file(struct page_writer *p, const char *name, const char *label);
/* <fieldset> with its <legend>; html_close ends it. */
void page_group(struct page_writer *p, const char *legend);

/* ---- parts that both pages show */
/* Title, time, place, who comes and what they answered. */
void page_review_facts(struct page_writer *p, const struct review *review);
/* Accept, decline, another time: while whoever has that role may answer. */
void page_answer_forms(struct page_writer *p, const struct review *review, const char *role);
/* The documents of a review with their links. */
void page_documents(struct page_writer *p, const struct review *review);

/* ---- the two pages */
enum status page_employee(struct page_writer *p, struct error *err);
enum status page_interviewer(struct page_writer *p, struct error *err);

/* The token of the page's forms, signed for the link; NULL without a key. */
const char *page_token(
    struct arena *arena, const struct keyring *keyring, const struct link_row *link, instant_t now);
bool page_token_valid(
    const struct keyring *keyring, const struct link_row *link, const char *token, instant_t now);
/* The review that an interviewer's link is about: the one it names, else the last one that person is to hold
 * with the employee. False: there is none yet. */
bool page_review_of_link(const struct snapshot *snapshot, const struct link_row *link, struct review_row *ret);
