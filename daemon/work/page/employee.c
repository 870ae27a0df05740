/*
 * The employee's own page: the reviews to come with the answers, what is left of those that were held, the
 * dates and why. One's own absences are no secret here (everybody may get all data about them); health data is
 * not stored at all. On a lane.
 */
#include "model/duty.h"
#include "page.h"
#include "prepare.h"
#include "text/sentence.h"
#include "work/duties.h"

#include <string.h>

/* How long a review that is closed stays at the top. */
enum { PAGE_FRESH_DAYS = 90 };

/* ---- reviews */

static void own_offer(struct page_writer *p, const struct review *review)
{
    if (review->state != REVIEW_PROPOSED || review->start <= p->now)
        return;
    page_act_button(p, "suits", review, SAY(p, "Ce moment me convient", "This time suits me"), false);
    page_hint(p, SAY(p, "Sinon, écrivez à l'adresse au bas de la page : un autre moment sera cherché.",
                     "If not, write to the address below: another time will be looked for."));
}

/* What the employee is to receive: the copy, else the summary. */
static const struct review_document *own_copy_of(const struct review *review)
{
    const struct review_document *documents = review->documents.items;
    const struct review_document *found = NULL;
    for (size_t i = 0; i < review->documents.count; i++) {
        if (strcmp(documents[i].kind, "copy") == 0)
            return &documents[i];
        if (strcmp(documents[i].kind, "report") == 0)
            found = &documents[i];
    }
    return found;
}

static void own_receive(struct page_writer *p, const struct review *review)
{
    const struct review_document *copy = own_copy_of(review);
    if (!copy || !review_allows((enum review_state)review->state, REVIEW_EVENT_COPY))
        return;
    page_form(p, "acknowledge", review, PAGE_FORM);
    page_hidden(p, "sha256", copy->sha256);
    page_tick(p, "received", "true",
        SAY(p, "J'ai téléchargé et je conserve ma copie du compte rendu.",
            "I have downloaded my copy of the summary and keep it."),
        false);
    page_hint(p, SAY(p, "Confirmer la réception ne vaut pas accord sur le contenu.",
                     "Confirming that you received it does not mean that you agree."));
    page_button(p, SAY(p, "Je confirme avoir reçu la copie", "I confirm that I received the copy"), false);
    html_close(&p->html);
}

static void own_outcome(struct page_writer *p, const struct review *review)
{
    page_documents(p, review);
    if (review->copy)
        page_text(p, arena_printf(p->arena, SAY(p, "Copie remise le %s.", "Copy handed over on %s."),
                         page_date(p, review->copy->date)));
    own_receive(p, review);
}

static bool own_is_current(const struct page_writer *p, const struct review_row *row)
{
    if (preparation_open(row))
        return strcmp(row->state, "draft") != 0;
    return row->held_on != DATE_NONE &&
           (strcmp(row->state, "closed") != 0 || p->today - row->held_on < PAGE_FRESH_DAYS);
}

static enum status own_current(struct page_writer *p, const struct review_row *row, struct error *err)
{
    struct review review;
    enum status status = review_view_of(p->snapshot, row, &review, err);
    if (status != ST_OK)
        return status;
    page_section(p, page_title(p, &review));
    if (review.type == REVIEW_ANNUAL)
        page_hint(
            p, SAY(p, "Il porte sur votre travail et ne remplace pas l'entretien de parcours professionnel.",
                   "It is about your work and does not replace the professional review."));
    page_review_facts(p, &review);
    own_offer(p, &review);
    page_answer_forms(p, &review, "employee");
    if (review.held != DATE_NONE)
        own_outcome(p, &review);
    html_close(&p->html);
    return page_prepare(p, &review, row, err);
}

static enum status own_currents(struct page_writer *p, const struct review_list *reviews, struct error *err)
{
    bool any = false;
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < reviews->count; i++) {
        if (!own_is_current(p, &reviews->items[i]))
            continue;
        any = true;
        status = own_current(p, &reviews->items[i], err);
    }
    if (any)
        return status;
    page_section(p, SAY(p, "Mes entretiens", "My reviews"));
    page_text(p, SAY(p, "Aucun entretien n'est prévu pour l'instant.", "No review is set for now."));
    html_close(&p->html);
    return status;
}

static enum status own_past(struct page_writer *p, const struct review_list *reviews, struct error *err)
{
    bool any = false;
    for (size_t i = reviews->count; i > 0; i--) {
        struct review review;
        const struct review_row *row = &reviews->items[i - 1];
        if (row->held_on == DATE_NONE || own_is_current(p, row))
            continue;
        enum status status = review_view_of(p->snapshot, row, &review, err);
        if (status != ST_OK)
            return status;
        if (!any)
            page_section(p, SAY(p, "Mes entretiens passés", "My past reviews"));
        any = true;
        html_element(&p->html, "h3",
            arena_printf(p->arena, "%s, %s", page_title(p, &review), page_date(p, review.held)));
        own_outcome(p, &review);
    }
    if (any)
        html_close(&p->html);
    return ST_OK;
}

/* ---- dates and why */

static const char *own_duty_state(const struct page_writer *p, const struct duty *duty)
{
    static const char *const words[DUTY_STATE_COUNT][LANG_COUNT] = {
        [DUTY_UPCOMING] = {"à venir", "to come"},
        [DUTY_TO_PLAN] = {"à planifier", "to be planned"},
        [DUTY_PLANNED] = {"un entretien est prévu", "a review is set"},
        [DUTY_OVERDUE] = {"en retard : l'employeur doit l'organiser", "late: the employer has to organise it"},
        [DUTY_MISSED] = {"n'a pas eu lieu à temps", "did not take place in time"},
        [DUTY_EXEMPT] = {"déjà couvert par un entretien récent", "covered by a recent review"},
        [DUTY_UNKNOWN] = {"une donnée manque", "a fact is missing"},
    };
    return words[duty->state][p->lang];
}

static const char *own_duty_why(const struct page_writer *p, const struct duty *duty)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    duty_explain(duty, p->lang, DUTY_DETAIL_FULL, &text);
    return arena_strndup(p->arena, text.data, text.size);
}

static void own_duty(struct page_writer *p, const struct duty *duty)
{
    html_element(&p->html, "h3", SAY(p, duty->rule->title_fr, duty->rule->title_en));
    page_facts(p);
    page_fact(p, SAY(p, "Au plus tard", "At the latest"),
        arena_printf(p->arena, SAY(p, "le %s", "%s"), page_date(p, duty->due)));
    page_fact(p, SAY(p, "État", "State"), own_duty_state(p, duty));
    page_fact(p, SAY(p, "Pourquoi", "Why"), own_duty_why(p, duty));
    page_fact(p, SAY(p, "Texte", "Law"), arena_printf(p->arena, "Code du travail, %s", duty->article));
    html_close(&p->html);
}

static enum status own_dates(struct page_writer *p, struct error *err)
{
    struct duties_frame frame;
    struct duties_view view;
    enum status status =
        duties_frame_load(p->snapshot, p->request->link->organisation, INSTANT_NONE, &frame, err);
    if (status == ST_OK)
        status = duties_view(p->snapshot, &frame, p->employee.id, p->today, INSTANT_NONE, &view, err);
    if (status != ST_OK)
        return status;
    page_section(p, SAY(p, "Mes dates, et pourquoi", "My dates, and why"));
    if (view.duties.open_count == 0)
        page_text(p, SAY(p, "Aucune échéance n'est ouverte.", "There is no open date."));
    for (size_t i = 0; i < view.duties.open_count; i++)
        own_duty(p, &view.duties.open[i]);
    html_close(&p->html);
    return ST_OK;
}

static void own_data(struct page_writer *p)
{
    page_section(p, SAY(p, "Toutes mes données", "All my data"));
    page_text(p, SAY(p, "Tout ce qui est gardé sur vous ici, avec l'historique.",
                     "Everything that is kept about you here, with its history."));
    html_open(&p->html, "ul");
    page_item_link(p,
        arena_printf(p->arena, "%s/data?format=html&lang=%s", p->request->path, lang_tag(p->lang)),
        SAY(p, "Les lire", "Read them"));
    page_item_link(p, arena_printf(p->arena, "%s/data", p->request->path),
        SAY(p, "Les télécharger (JSON)", "Download them (JSON)"));
    html_close(&p->html);
    html_close(&p->html);
}

enum status page_employee(struct page_writer *p, struct error *err)
{
    struct review_list reviews;
    enum status status = review_of(p->snapshot, p->employee.id, &reviews, err);
    if (status != ST_OK)
        return status;
    page_head(p, arena_printf(p->arena, SAY(p, "Ma page – %s", "My page – %s"), page_name(p, &p->person)));
    status = own_currents(p, &reviews, err);
    if (status == ST_OK)
        status = own_dates(p, err);
    if (status == ST_OK)
        status = own_past(p, &reviews, err);
    own_data(p);
    page_foot(p);
    return status;
}
