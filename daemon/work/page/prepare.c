/*
 * The preparation of a review: a form for the employee, what was handed in for the interviewer. On a lane.
 */
#include "prepare.h"

#include <string.h>

static const char *const prepare_words[][LANG_COUNT] = {
    {"Souhaits", "Wishes"}, {"Projets", "Projects"}, {"Besoins de formation", "Training needs"}};

/* ---- the form */

static void prepare_items(struct page_writer *p, const struct preparation *draft)
{
    page_group(p, SAY(p, "Ce que j'apporte", "What I bring"));
    page_hint(p,
        SAY(p, "Cochez ce qui est prêt ; un lien est facultatif.", "Tick what is ready; a link is optional."));
    for (size_t i = 0; i < PREPARATION_ITEMS; i++) {
        const struct preparation_item *item = &preparation_items[i];
        page_tick(p, item->name, "true", item->titles[p->lang], preparation_ready(draft, item));
        page_input(p, item->url, "url",
            arena_printf(p->arena, SAY(p, "Lien : %s", "Link: %s"), item->titles[p->lang]),
            preparation_url(draft, item), PAGE_OPTIONAL);
    }
    html_close(&p->html);
}

static void prepare_texts(struct page_writer *p, const struct preparation *draft)
{
    page_lines(p, "wishes", prepare_words[0][p->lang],
        SAY(p, "Évolution, mobilité, reconversion, bilan de compétences, VAE, temps de travail…",
            "Evolution, mobility, reconversion, skills assessment, working time…"),
        draft->wishes);
    page_lines(p, "projects", prepare_words[1][p->lang], NULL, draft->projects);
    page_lines(p, "needs", prepare_words[2][p->lang], NULL, draft->needs);
}

static void prepare_equipment(
    struct page_writer *p, const struct review *review, const struct preparation *draft)
{
    if (review->mode != REVIEW_REMOTE && review->mode != REVIEW_HYBRID)
        return;
    page_group(p, SAY(p, "À distance : ce que j'ai testé", "Remotely: what I have tested"));
    if (review->conference_url) {
        html_open(&p->html, "p");
        page_link(p, review->conference_url,
            SAY(p, "Ouvrir la visioconférence pour tester", "Open the video room to test"));
        html_close(&p->html);
    }
    page_tick(p, "camera", "true", SAY(p, "Ma caméra", "My camera"), draft->camera == 1);
    page_tick(p, "microphone", "true", SAY(p, "Mon micro", "My microphone"), draft->microphone == 1);
    page_tick(p, "connection", "true", SAY(p, "Ma connexion", "My connection"), draft->connection == 1);
    html_close(&p->html);
}

static void prepare_state(
    struct page_writer *p, const struct review *review, const struct preparation_state *state)
{
    if (!state->is_handed) {
        page_hint(p, SAY(p, "Tant que vous ne l'avez pas transmise, vous seul voyez votre préparation.",
                         "Until you hand it in, only you see your preparation."));
        return;
    }
    page_text(p, arena_printf(p->arena,
                     SAY(p, "Transmise le %s. Ce que vous changez depuis n'est vu que de vous.",
                         "Handed in on %s. What you change since then is seen by you alone."),
                     page_day_of(p, state->handed_at)));
    page_act_button(p, "take_back", review, SAY(p, "Ne plus la montrer", "Do not show it any more"), true);
}

/* After a refusal the ticks are those that were posted; texts come back by themselves. */
static void prepare_posted(const struct page_writer *p, struct preparation *draft)
{
    const struct form *form = p->request->form;
    const char *act = form ? form_value(form, "act") : NULL;
    if (!act || strcmp(act, "prepare") != 0)
        return;
    for (size_t i = 0; i < preparation_table.count; i++) {
        const struct field *field = &preparation_table.fields[i];
        if (field->type == FIELD_BOOL)
            *(int *)((char *)draft + field->at) = form_value(form, field->name) ? 1 : FIELD_UNSET;
    }
}

enum status page_prepare(
    struct page_writer *p, const struct review *review, const struct review_row *row, struct error *err)
{
    struct preparation_state state;
    if (!preparation_open(row) || review->type != REVIEW_PROFESSIONAL)
        return ST_OK;
    enum status status = preparation_view(p->snapshot, review->id, &state, err);
    if (status != ST_OK)
        return status;
    prepare_posted(p, &state.draft);
    page_section(p, SAY(p, "Me préparer", "Prepare"));
    prepare_state(p, review, &state);
    page_form(p, "prepare", review, PAGE_FORM);
    prepare_items(p, &state.draft);
    prepare_texts(p, &state.draft);
    prepare_equipment(p, review, &state.draft);
    page_tick(p, "hand_in", "true",
        SAY(p, "Transmettre à la personne qui mène l'entretien", "Hand in to whoever holds the review"), false);
    page_button(p, SAY(p, "Enregistrer", "Save"), false);
    html_close(&p->html);
    html_close(&p->html);
    return ST_OK;
}

/* ---- what was handed in */

static void handed_items(struct page_writer *p, const struct preparation *handed)
{
    html_open(&p->html, "ul");
    for (size_t i = 0; i < PREPARATION_ITEMS; i++) {
        const struct preparation_item *item = &preparation_items[i];
        const char *url = preparation_url(handed, item);
        if (url)
            page_item_link(p, url, item->titles[p->lang]);
        else if (preparation_ready(handed, item))
            html_element(&p->html, "li", item->titles[p->lang]);
    }
    if (handed->camera == 1 && handed->microphone == 1 && handed->connection == 1)
        html_element(&p->html, "li",
            SAY(p, "Caméra, micro et connexion testés", "Camera, microphone and connection tested"));
    html_close(&p->html);
}

static void handed_words(struct page_writer *p, const struct preparation *handed)
{
    const char *const texts[] = {handed->wishes, handed->projects, handed->needs};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!texts[i])
            continue;
        html_element(&p->html, "h3", prepare_words[i][p->lang]);
        html_open(&p->html, "p");
        html_lines(&p->html, texts[i]);
        html_close(&p->html);
    }
}

enum status page_handed(struct page_writer *p, const struct review *review, struct error *err)
{
    struct preparation_state state;
    enum status status = preparation_view(p->snapshot, review->id, &state, err);
    if (status != ST_OK)
        return status;
    page_section(p,
        arena_printf(p->arena, SAY(p, "Ce que %s a préparé", "What %s has prepared"), p->employee.given_name));
    if (!state.is_handed) {
        page_text(p, SAY(p, "Rien n'est transmis pour l'instant.", "Nothing was handed in so far."));
    } else {
        page_hint(p, arena_printf(p->arena, SAY(p, "Transmis le %s.", "Handed in on %s."),
                         page_day_of(p, state.handed_at)));
        handed_items(p, &state.handed);
        handed_words(p, &state.handed);
    }
    html_close(&p->html);
    return ST_OK;
}
