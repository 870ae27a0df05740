/*
 * The page of who holds a review, or is to plan one: what the employee has handed in, what to speak about,
 * times to choose from, and what is left to do afterwards. It never says why the review takes place: the themes
 * are one list, whatever duty asks for them. On a lane.
 */
#include "base/text.h"
#include "model/duty.h"
#include "model/theme.h"
#include "page.h"
#include "prepare.h"

#include <string.h>

enum { PAGE_SLOTS = 8 };

bool page_review_of_link(const struct snapshot *snapshot, const struct link_row *link, struct review_row *ret)
{
    static const char *const over[] = {"closed", "cancelled", "refused"};
    struct review_list reviews;
    if (link->review)
        return review_get(snapshot, link->review, ret, NULL) == ST_OK;
    if (review_of(snapshot, link->employee, &reviews, NULL) != ST_OK)
        return false;
    for (size_t i = reviews.count; i > 0; i--) {
        const struct review_row *row = &reviews.items[i - 1];
        bool fits = strcmp(row->type, "annual") != 0 && text_equal(row->interviewer, link->person);
        for (size_t k = 0; k < sizeof(over) / sizeof(over[0]); k++)
            fits = fits && strcmp(row->state, over[k]) != 0;
        if (fits) {
            *ret = *row;
            return true;
        }
    }
    return false;
}

static bool holds_allows(const struct review *review, enum review_event event)
{
    return review_allows((enum review_state)review->state, event);
}

/* ---- what to speak about */

/* Owed whatever the regime: since the reform as a part of the fifth theme. */
static const unsigned information_all = (1u << INFORMATION_COUNT) - 1;

static unsigned holds_families(const struct review *review)
{
    unsigned families = 0;
    const struct review_duty *duties = review->duties.items;
    for (size_t i = 0; i < review->duties.count; i++)
        for (unsigned family = 0; family < DUTY_FAMILY_COUNT; family++)
            if (strcmp(duty_family_name((enum duty_family)family), duties[i].kind) == 0)
                families |= 1u << family;
    return families;
}

static date_t holds_day(const struct page_writer *p, const struct review *review)
{
    if (review->held != DATE_NONE)
        return review->held;
    return review->start == INSTANT_NONE ? p->today : zone_date(p->zone, review->start);
}

static void holds_topics(
    struct page_writer *p, const struct review_topic *topics, unsigned count, unsigned asked)
{
    html_open(&p->html, "ul");
    for (unsigned i = 0; i < count; i++)
        if (asked & (1u << i))
            html_element(&p->html, "li", topics[i].titles[p->lang]);
    html_close(&p->html);
}

static void page_themes(struct page_writer *p, const struct review *review)
{
    date_t day = holds_day(p, review);
    if (review->type != REVIEW_PROFESSIONAL || review->held != DATE_NONE)
        return;
    page_section(p, SAY(p, "À aborder", "To speak about"));
    page_text(p, SAY(p, "L'entretien porte sur le parcours et les projets. Il n'évalue pas le travail.",
                     "The review is about path and projects. It does not assess work."));
    holds_topics(p, review_themes, THEME_COUNT, themes_required(day, holds_families(review)));
    html_element(&p->html, "h3", SAY(p, "Informations à donner", "Information to give"));
    holds_topics(p, review_informations, INFORMATION_COUNT, information_all);
    html_close(&p->html);
}

/* ---- times to choose from */

/* The first ones, and the one that was chosen in the letter. */
static void choose_slots(struct page_writer *p, const struct review_slots *slots)
{
    char at[INSTANT_TEXT_MAX];
    bool listed = p->request->slot == INSTANT_NONE;
    page_group(p, SAY(p, "Moments libres", "Free times"));
    for (size_t i = 0; i < slots->count; i++) {
        const struct review_slot *slot = &slots->items[i];
        bool chosen = slot->start == p->request->slot;
        listed |= chosen;
        if (i < PAGE_SLOTS || chosen)
            page_choice(
                p, "start", instant_text(slot->start, at), page_slot(p, slot->start, slot->end), chosen);
    }
    html_close(&p->html);
    if (!listed)
        page_hint(p, SAY(p, "Le moment choisi dans le message n'est plus libre : choisissez-en un autre.",
                         "The time chosen in the message is no longer free: choose another."));
}

/* Once a time is set and answered, another is only asked for by a link that names one. */
static bool choose_is_due(const struct page_writer *p, const struct review *review)
{
    bool set = review->state == REVIEW_INVITED || review->state == REVIEW_ACCEPTED ||
               review->state == REVIEW_TENTATIVE;
    if (set && review->start > p->now)
        return p->request->slot != INSTANT_NONE && p->request->slot != review->start;
    return !set || review->held == DATE_NONE;
}

static const struct review_slot_search choose_search = {
    .from = DATE_NONE, .to = DATE_NONE, .duration = FIELD_INT_NONE, .limit = SLOTS_MAX};

/* `review` NULL: it is made with its time. */
static void choose_form(struct page_writer *p, const struct review *review, const struct review_slots *slots)
{
    const char *unknown = review_unknown_calendars(slots, p->lang);
    if (slots->count == 0) {
        page_text(p, SAY(p, "Aucun moment libre n'a été trouvé. Écrivez à l'adresse au bas de la page.",
                         "No free time was found. Write to the address below."));
        return;
    }
    page_form(p, "choose", review, PAGE_FORM);
    choose_slots(p, slots);
    if (unknown)
        page_hint(p, unknown);
    page_button(p, SAY(p, "Fixer ce moment et convoquer", "Set this time and convene"), false);
    html_close(&p->html);
}

static enum status page_choose(struct page_writer *p, const struct review *review, struct error *err)
{
    struct review_slots slots;
    bool movable =
        holds_allows(review, REVIEW_EVENT_RESCHEDULE) || holds_allows(review, REVIEW_EVENT_RECONVENE);
    if (!movable || !choose_is_due(p, review))
        return ST_OK;
    enum status status = review_propose_slots(p->snapshot, review->id, &choose_search, &slots, err);
    if (status != ST_OK)
        return status;
    page_section(p, SAY(p, "Choisir un moment", "Choose a time"));
    choose_form(p, review, &slots);
    html_close(&p->html);
    return ST_OK;
}

static void page_counter(struct page_writer *p, const struct review *review)
{
    const struct review_attendee *people = review->attendees.items;
    if (!holds_allows(review, REVIEW_EVENT_REFUSE_COUNTER))
        return;
    for (size_t i = 0; i < review->attendees.count; i++) {
        if (people[i].proposed_start == INSTANT_NONE || text_equal(people[i].employee, p->person.id))
            continue;
        page_section(p, SAY(p, "Un autre moment est proposé", "Another time is proposed"));
        page_text(p, page_slot(p, people[i].proposed_start, people[i].proposed_end));
        page_act_button(p, "take_counter", review, SAY(p, "Prendre ce moment", "Take this time"), false);
        page_act_button(
            p, "keep_slot", review, SAY(p, "Garder le moment prévu", "Keep the time that was set"), true);
        html_close(&p->html);
    }
}

/* ---- afterwards */

static void hold_ticks(struct page_writer *p, const char *legend, const char *name,
    const struct review_topic *topics, unsigned count, unsigned asked)
{
    page_group(p, legend);
    for (unsigned i = 0; i < count; i++)
        if (asked & (1u << i))
            page_tick(p, name, topics[i].name, topics[i].titles[p->lang], false);
    html_close(&p->html);
}

static void hold_absence(struct page_writer *p, const struct review *review)
{
    if (!holds_allows(review, REVIEW_EVENT_ABSENCE))
        return;
    page_fold(p, "absent", review, SAY(p, "La personne n'est pas venue", "The person did not come"));
    page_input(p, "reason", "text", SAY(p, "Motif donné, s'il y en a un", "Reason given, if any"), NULL,
        PAGE_OPTIONAL);
    page_button(p, SAY(p, "Enregistrer l'absence", "Record the absence"), true);
    html_close(&p->html);
    html_close(&p->html);
}

static void page_hold(struct page_writer *p, const struct review *review)
{
    char text[DATE_TEXT_MAX];
    date_t day = holds_day(p, review);
    if (!holds_allows(review, REVIEW_EVENT_HOLD) || review->start == INSTANT_NONE || review->start > p->now)
        return;
    page_section(p, SAY(p, "L'entretien a-t-il eu lieu ?", "Did the review take place?"));
    page_form(p, "held", review, PAGE_FORM);
    page_input(p, "date", "date", SAY(p, "Tenu le", "Held on"), date_text(day, text), PAGE_REQUIRED);
    if (review->type == REVIEW_PROFESSIONAL) {
        hold_ticks(p, SAY(p, "Sujets abordés", "Covered"), "themes", review_themes, THEME_COUNT,
            themes_required(day, holds_families(review)));
        hold_ticks(p, SAY(p, "Informations données", "Information given"), "information", review_informations,
            INFORMATION_COUNT, information_all);
    }
    page_button(p, SAY(p, "Oui, il a eu lieu", "Yes, it took place"), false);
    html_close(&p->html);
    hold_absence(p, review);
    html_close(&p->html);
}

static void page_report(struct page_writer *p, const struct review *review)
{
    bool again = review->state == REVIEW_REPORTED;
    if (!holds_allows(review, REVIEW_EVENT_REPORT))
        return;
    page_section(p, SAY(p, "Compte rendu", "Summary"));
    page_documents(p, review);
    page_form(p, "report", review, PAGE_FORM_FILE);
    page_file(
        p, "file", SAY(p, "Le compte rendu en PDF (10 Mio au plus)", "The summary as PDF (at most 10 MiB)"));
    page_input(p, "reference", "text", SAY(p, "Référence, si vous en avez une", "Reference, if you have one"),
        NULL, PAGE_OPTIONAL);
    page_button(p,
        again ? SAY(p, "Remplacer le compte rendu", "Replace the summary")
              : SAY(p, "Déposer le compte rendu", "Hand in the summary"),
        again);
    html_close(&p->html);
    html_close(&p->html);
}

static void copy_form(struct page_writer *p, const struct review *review)
{
    static const struct {
        enum copy_means means;
        const char *words[LANG_COUNT];
    } means[] = {
        {COPY_HAND, {"en main propre", "by hand"}},
        {COPY_EMAIL, {"par courriel", "by e-mail"}},
        {COPY_POST, {"par courrier", "by post"}},
        {COPY_REGISTERED_POST, {"par courrier recommandé", "by registered post"}},
    };
    char text[DATE_TEXT_MAX];
    page_fold(
        p, "copy", review, SAY(p, "La copie a été remise autrement", "The copy was handed over otherwise"));
    page_group(p, SAY(p, "Comment", "How"));
    for (size_t i = 0; i < sizeof(means) / sizeof(means[0]); i++)
        page_choice(p, "means", copy_means_names[means[i].means], means[i].words[p->lang], i == 0);
    html_close(&p->html);
    page_input(p, "date", "date", SAY(p, "Le", "On"), date_text(p->today, text), PAGE_REQUIRED);
    page_input(p, "proof", "text",
        SAY(p, "Ce qui le prouve (émargement, numéro d'envoi…)", "What proves it (signature, number…)"), NULL,
        PAGE_OPTIONAL);
    page_button(p, SAY(p, "Enregistrer la remise", "Record it"), false);
    html_close(&p->html);
    html_close(&p->html);
}

static void page_copy(struct page_writer *p, const struct review *review)
{
    bool due = holds_allows(review, REVIEW_EVENT_COPY);
    if (!due && !review->copy)
        return;
    page_section(p, SAY(p, "Copie", "Copy"));
    if (review->copy) {
        page_text(p, arena_printf(p->arena,
                         SAY(p, "Copie remise le %s. Il ne reste rien à faire.",
                             "Copy handed over on %s. Nothing is left to do."),
                         page_date(p, review->copy->date)));
        page_documents(p, review);
    }
    if (due) {
        page_text(p, arena_printf(p->arena,
                         SAY(p, "%s peut télécharger la copie sur sa page et en confirmer la réception.",
                             "%s may download the copy on the own page and confirm it."),
                         p->employee.given_name));
        copy_form(p, review);
    }
    html_close(&p->html);
}

/* ---- the page */

static enum status page_of_review(struct page_writer *p, const struct review_row *row, struct error *err)
{
    struct review review;
    enum status status = review_view_of(p->snapshot, row, &review, err);
    if (status != ST_OK)
        return status;
    page_section(p, page_title(p, &review));
    page_review_facts(p, &review);
    page_answer_forms(p, &review, "interviewer");
    html_close(&p->html);
    page_counter(p, &review);
    page_hold(p, &review);
    page_report(p, &review);
    page_copy(p, &review);
    status = page_choose(p, &review, err);
    if (status == ST_OK && review.type == REVIEW_PROFESSIONAL)
        status = page_handed(p, &review, err);
    page_themes(p, &review);
    return status;
}

static enum status page_to_plan(struct page_writer *p, struct error *err)
{
    struct review_slots slots;
    enum status status =
        review_propose_first_slots(p->snapshot, p->employee.id, p->person.id, &choose_search, &slots, err);
    if (status != ST_OK)
        return status;
    page_section(p, SAY(p, "Entretien à planifier", "Review to plan"));
    page_text(p, SAY(p, "Aucun moment n'est fixé. Comptez environ un mois de préparation pour la personne.",
                     "No time is set. Allow about a month for the person to prepare."));
    choose_form(p, NULL, &slots);
    html_close(&p->html);
    return ST_OK;
}

enum status page_interviewer(struct page_writer *p, struct error *err)
{
    struct review_row row;
    enum status status = ST_OK;
    page_head(p, arena_printf(p->arena, SAY(p, "Entretien de %s", "Review of %s"), page_name(p, &p->employee)));
    if (page_review_of_link(p->snapshot, p->request->link, &row))
        status = page_of_review(p, &row, err);
    else
        status = page_to_plan(p, err);
    page_foot(p);
    return status;
}
