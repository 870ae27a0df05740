/*
 * What both personal pages show of a review: when and where, who comes, answers, documents. On a lane.
 */
#include "base/text.h"
#include "page.h"
#include "text/sentence.h"

#include <string.h>

const char *page_name(const struct page_writer *p, const struct employee_row *row)
{
    return arena_printf(p->arena, "%s %s", row->given_name, row->family_name);
}

const char *page_title(const struct page_writer *p, const struct review *review)
{
    if (review->type == REVIEW_ANNUAL)
        return SAY(p, "Entretien annuel d’évaluation", "Annual review of work");
    if (p->lang != LANG_FR)
        return "Professional review";
    return p->organisation.policies && p->organisation.policies->title_older == 1
               ? "Entretien professionnel"
               : "Entretien de parcours professionnel";
}

const char *page_date(const struct page_writer *p, date_t date)
{
    return sentence_date(p->arena, p->lang, date);
}

const char *page_day_of(const struct page_writer *p, instant_t at)
{
    return page_date(p, zone_date(p->zone, at));
}

const char *page_slot(const struct page_writer *p, instant_t start, instant_t end)
{
    return sentence_slot(p->arena, p->lang, p->zone, start, end);
}

/* ---- who comes */

static const char *part_answer(const struct page_writer *p, const struct review_attendee *attendee)
{
    static const struct {
        const char *partstat;
        const char *words[LANG_COUNT];
    } answers[] = {
        {"ACCEPTED", {"a accepté", "has accepted"}},
        {"DECLINED", {"a refusé", "has declined"}},
        {"TENTATIVE", {"a répondu « peut-être »", "has answered “maybe”"}},
    };
    if (attendee->proposed_start != INSTANT_NONE)
        return arena_printf(p->arena, SAY(p, "propose un autre moment : %s", "proposes another time: %s"),
            page_slot(p, attendee->proposed_start, attendee->proposed_end));
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if (strcmp(answers[i].partstat, attendee->partstat) == 0)
            return answers[i].words[p->lang];
    return SAY(p, "n'a pas encore répondu", "has not answered yet");
}

static const char *part_own_answer(const struct page_writer *p, const struct review_attendee *own)
{
    if (own->proposed_start != INSTANT_NONE)
        return arena_printf(p->arena, "%s", page_slot(p, own->proposed_start, own->proposed_end));
    if (strcmp(own->partstat, "ACCEPTED") == 0)
        return SAY(p, "acceptée", "accepted");
    if (strcmp(own->partstat, "DECLINED") == 0)
        return SAY(p, "refusée", "declined");
    return SAY(p, "attendue", "expected");
}

static bool part_is_invited(const struct review *review)
{
    return review_answerable((enum review_state)review->state);
}

static void part_people(struct page_writer *p, const struct review *review)
{
    const struct review_attendee *people = review->attendees.items;
    bool invited = part_is_invited(review);
    for (size_t i = 0; i < review->attendees.count; i++) {
        const struct review_attendee *one = &people[i];
        bool own = text_equal(one->employee, p->person.id);
        if (own && invited)
            page_fact(p,
                one->proposed_start != INSTANT_NONE ? SAY(p, "Vous proposez", "You propose")
                                                    : SAY(p, "Votre réponse", "Your answer"),
                part_own_answer(p, one));
        else if (!own)
            page_fact(p, SAY(p, "Avec", "With"),
                invited ? arena_printf(p->arena, "%s, %s", one->name, part_answer(p, one)) : one->name);
    }
}

static const char *part_state(const struct page_writer *p, const struct review *review)
{
    static const char *const words[REVIEW_STATE_COUNT][LANG_COUNT] = {
        [REVIEW_DRAFT] = {"en préparation, personne n'est convoqué", "being prepared, nobody is convened"},
        [REVIEW_PROPOSED] = {"moment proposé, pas encore une convocation",
            "time offered, not yet a convocation"},
        [REVIEW_INVITED] = {"convocation envoyée, réponse attendue", "convened, waiting for an answer"},
        [REVIEW_ACCEPTED] = {"accepté par tous", "accepted by all"},
        [REVIEW_TENTATIVE] = {"une réponse est à confirmer", "an answer is to be confirmed"},
        [REVIEW_DECLINED] = {"refusé, un autre moment est cherché", "declined, another time is looked for"},
        [REVIEW_COUNTERED] = {"un autre moment est proposé", "another time is proposed"},
        [REVIEW_NO_SHOW] = {"n'a pas eu lieu, un autre moment est cherché",
            "did not take place, to be set again"},
        [REVIEW_HELD] = {"tenu, compte rendu attendu", "held, summary to come"},
        [REVIEW_REPORTED] = {"tenu, copie à remettre", "held, copy to hand over"},
        [REVIEW_CLOSED] = {"tenu, copie remise", "held, copy handed over"},
        [REVIEW_CANCELLED] = {"annulé", "cancelled"},
        [REVIEW_REFUSED] = {"proposition refusée", "proposal refused"},
    };
    if (review->state == REVIEW_CLOSED && review->held == DATE_NONE)
        return SAY(p, "clos sans avoir eu lieu", "closed, did not take place");
    return words[review->state][p->lang];
}

void page_review_facts(struct page_writer *p, const struct review *review)
{
    page_facts(p);
    if (review->held != DATE_NONE) {
        page_fact(p, SAY(p, "Tenu le", "Held on"), sentence_day(p->arena, p->lang, review->held));
    } else {
        if (review->start != INSTANT_NONE)
            page_fact(p, SAY(p, "Quand", "When"), page_slot(p, review->start, review->end));
        page_fact(p, SAY(p, "Où", "Where"), review->location);
        page_fact_link(p, SAY(p, "À distance", "Remotely"), review->conference_url);
    }
    part_people(p, review);
    page_fact(p, SAY(p, "État", "State"), part_state(p, review));
    html_close(&p->html);
}

/* ---- answers */

static const struct review_attendee *part_invited(const struct review *review, const char *role)
{
    const struct review_attendee *people = review->attendees.items;
    for (size_t i = 0; i < review->attendees.count; i++)
        if (strcmp(people[i].role, role) == 0)
            return &people[i];
    return NULL;
}

static void part_cell(
    struct page_writer *p, const char *name, const char *type, const char *label, const char *value)
{
    html_open(&p->html, "div");
    page_input(p, name, type, label, value, PAGE_REQUIRED);
    html_close(&p->html);
}

static const char *part_time(const struct page_writer *p, instant_t at)
{
    struct local_time local = zone_local(p->zone, at);
    return arena_printf(p->arena, "%02d:%02d", local.second / 3600, local.second / 60 % 60);
}

static void part_other_time(struct page_writer *p, const struct review *review)
{
    char day[DATE_TEXT_MAX];
    page_fold(p, "counter", review, SAY(p, "Proposer un autre moment", "Propose another time"));
    html_open(&p->html, "div");
    html_attr(&p->html, "class", "three");
    part_cell(p, "day", "date", SAY(p, "Jour", "Day"), date_text(zone_date(p->zone, review->start), day));
    part_cell(p, "time", "time", SAY(p, "De", "From"), part_time(p, review->start));
    part_cell(p, "until", "time", SAY(p, "À", "To"), part_time(p, review->end));
    html_close(&p->html);
    page_button(p, SAY(p, "Envoyer la proposition", "Send the proposal"), false);
    html_close(&p->html);
    html_close(&p->html);
}

static void part_decline(struct page_writer *p, const struct review *review)
{
    page_fold(p, "decline", review, SAY(p, "Refuser ce moment", "Decline this time"));
    page_text(p, SAY(p, "Un autre moment sera cherché. Refuser ce moment n'est pas refuser l'entretien.",
                     "Another time will be looked for. Declining this time does not decline the review."));
    page_button(p, SAY(p, "Je refuse ce moment", "I decline this time"), true);
    html_close(&p->html);
    html_close(&p->html);
}

void page_answer_forms(struct page_writer *p, const struct review *review, const char *role)
{
    const struct review_attendee *own = part_invited(review, role);
    if (!own || !part_is_invited(review) || review->start <= p->now)
        return;
    if (strcmp(own->partstat, "ACCEPTED") != 0 || own->proposed_start != INSTANT_NONE)
        page_act_button(p, "accept", review, SAY(p, "J'accepte ce moment", "I accept this time"), false);
    part_other_time(p, review);
    if (strcmp(own->partstat, "DECLINED") != 0)
        part_decline(p, review);
}

/* ---- documents */

static const char *part_document(const struct page_writer *p, const char *kind)
{
    static const struct {
        const char *kind;
        const char *words[LANG_COUNT];
    } kinds[] = {
        {"report", {"Compte rendu", "Summary"}},
        {"copy", {"Copie remise", "Copy handed over"}},
        {"recap", {"État des lieux récapitulatif", "Recap of the path"}},
        {"refusal", {"Preuve du refus", "Proof of refusal"}},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].words[p->lang];
    return kind;
}

void page_documents(struct page_writer *p, const struct review *review)
{
    const struct review_document *documents = review->documents.items;
    if (review->documents.count == 0)
        return;
    html_open(&p->html, "ul");
    for (size_t i = 0; i < review->documents.count; i++) {
        const struct review_document *one = &documents[i];
        page_item_link(p, arena_printf(p->arena, "%s/documents/%s/%s", p->request->path, review->id, one->kind),
            arena_printf(p->arena, SAY(p, "%s du %s (PDF, %lld Kio)", "%s of %s (PDF, %lld KiB)"),
                part_document(p, one->kind), page_day_of(p, one->recorded_at),
                (long long)(one->size + 1023) / 1024));
    }
    html_close(&p->html);
}
