/*
 * The frame of the personal pages: who looks at what in which language, header, news, footer. On a lane.
 */
#include "page.h"

#include "base/crypto.h"
#include "style.h"
#include "text/sentence.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- policy */

static char policy_text[200];
static pthread_once_t policy_once = PTHREAD_ONCE_INIT;

static void policy_make(void)
{
    struct arena *arena = arena_new(256);
    struct sha256 hash = sha256(page_style, sizeof(page_style) - 1);
    (void)snprintf(policy_text, sizeof(policy_text),
        "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors "
        "'none'",
        base64_encode(arena, hash.bytes, sizeof(hash.bytes)));
    arena_free(arena);
}

const char *page_policy(void)
{
    (void)pthread_once(&policy_once, policy_make);
    return policy_text;
}

/* ---- who looks at what */

bool page_is_interviewer(const struct link_row *link)
{
    return strcmp(link->kind, "interviewer") == 0;
}

enum status page_begin(struct page_writer *p, const struct snapshot *snapshot,
    const struct page_request *request, struct buf *out, struct error *err)
{
    *p = (struct page_writer){.snapshot = snapshot,
        .request = request,
        .arena = snapshot_arena(snapshot),
        .html = html_writer(out),
        .now = snapshot_now(snapshot)};
    enum status status = organisation_view(snapshot, request->link->organisation, &p->organisation, err);
    if (status == ST_OK)
        status = employee_get(snapshot, request->link->person, &p->person, err);
    if (status == ST_OK)
        status = employee_get(snapshot, request->link->employee, &p->employee, err);
    if (status != ST_OK)
        return status;
    p->zone = organisation_zone(&p->organisation);
    p->today = organisation_today(&p->organisation, p->now);
    p->lang = p->person.locale ? lang_of(p->person.locale) : (enum lang)p->organisation.locale;
    if (request->lang >= 0)
        p->lang = (enum lang)request->lang;
    p->token = page_token(p->arena, request->keyring, request->link, p->now);
    return ST_OK;
}

const char *page_path(const struct page_writer *p, const char *below)
{
    const char *lang = "";
    if (p->request->lang >= 0)
        lang = SAY(p, "?lang=fr", "?lang=en");
    return arena_printf(p->arena, "%s%s%s", p->request->path, below, lang);
}

/* ---- news */

static const struct {
    const char *name;
    const char *words[LANG_COUNT];
} page_done[] = {
    {"accepted", {"Votre accord est enregistré.", "Your acceptance is recorded."}},
    {"declined", {"Votre refus est enregistré. Un autre moment sera cherché.",
                     "Your refusal is recorded. Another time will be looked for."}},
    {"countered", {"Votre proposition est transmise. L'entretien reste prévu au moment dit tant qu'elle n'est "
                   "pas acceptée.",
                      "Your proposal was passed on. The review stays as it is until it is accepted."}},
    {"saved", {"Votre brouillon est enregistré. Vous seul le voyez.", "Your draft is saved. Only you see it."}},
    {"handed_in", {"Votre préparation est transmise à la personne qui mène l'entretien.",
                      "Your preparation was handed in to whoever holds the review."}},
    {"taken_back",
        {"Votre préparation n'est plus visible que de vous.", "Only you see your preparation from now on."}},
    {"acknowledged", {"La réception de la copie est enregistrée. Elle ne vaut pas accord sur son contenu.",
                         "That you received the copy is recorded. It does not mean that you agree with it."}},
    {"chosen", {"Le moment est fixé et la convocation part.", "The time is set and the convocation leaves."}},
    {"kept", {"Le moment prévu est maintenu.", "The time that was set stays."}},
    {"held", {"L'entretien est enregistré comme tenu.", "The review is recorded as held."}},
    {"absent", {"L'absence est enregistrée. Choisissez un autre moment.",
                   "The absence is recorded. Choose another time."}},
    {"reported", {"Le compte rendu est déposé. La personne peut le télécharger sur sa page.",
                     "The summary is handed in. The employee may download it from the own page."}},
    {"copied", {"La remise de la copie est enregistrée.", "That the copy was handed over is recorded."}},
};

/* What is wrong, for somebody who knows nothing of fields. The first that fits. */
static const struct {
    const char *pointer; /* the beginning of a field at fault; NULL: any */
    int status;          /* -1: any */
    const char *words[LANG_COUNT];
} page_refusals[] = {
    {NULL, ST_FORBIDDEN,
        {"La page était ouverte depuis trop longtemps. Vérifiez, puis validez de nouveau.",
            "The page was open for too long. Check it, then send it again."}},
    {"/start", -1,
        {"Ce moment n'est pas possible : passé, trop proche, férié, ou pendant une absence.",
            "This time is not possible: past, too soon, a day off, or during an absence."}},
    {"/end", -1, {"La fin doit venir après le début.", "The end has to come after the start."}},
    {"/date", -1,
        {"Cette date n'est pas possible : ni dans le futur, ni avant l'entretien.",
            "This date is not possible: neither in the future nor before the review."}},
    {"/file", -1, {"Choisissez un fichier PDF de 10 Mio au plus.", "Choose a PDF file of at most 10 MiB."}},
    {"/received", -1,
        {"Cochez la case pour confirmer que vous avez téléchargé la copie.",
            "Tick the box to confirm that you have downloaded the copy."}},
    {"/employee", -1,
        {"Cette personne n'a pas d'adresse électronique à elle : la convocation ne peut pas partir. "
         "Demandez au service RH de l'ajouter, puis choisissez de nouveau.",
            "This person has no e-mail address of their own: the convocation cannot leave. "
            "Ask HR to add it, then choose again."}},
    {"/", ST_INVALID,
        {"Une réponse n'a pas la forme attendue : un lien commence par https://, un texte a 4 000 caractères "
         "au plus.",
            "An answer is not as expected: a link begins with https://, a text has at most 4,000 characters."}},
    {NULL, ST_CONFLICT,
        {"Ce n'est plus possible : la situation a changé. Voici où elle en est.",
            "This is no longer possible: the situation has changed. Here is how it stands."}},
    {NULL, ST_PRECONDITION,
        {"L'entretien a changé depuis que vous avez ouvert la page. Vérifiez, puis répondez.",
            "The review has changed since you opened the page. Check it, then answer."}},
    {NULL, -1, {"La demande n'a pas pu être comprise.", "The request could not be understood."}},
};

static bool refusal_names(const struct error *refused, const char *pointer)
{
    for (unsigned i = 0; i < refused->count && i < ERROR_FIELDS_MAX; i++)
        if (strncmp(refused->fields[i].pointer, pointer, strlen(pointer)) == 0)
            return true;
    return false;
}

static const char *page_refusal(const struct page_writer *p, const struct error *refused)
{
    for (size_t i = 0; i < sizeof(page_refusals) / sizeof(page_refusals[0]); i++) {
        const char *pointer = page_refusals[i].pointer;
        int status = page_refusals[i].status;
        if ((!pointer || refusal_names(refused, pointer)) && (status < 0 || status == (int)refused->status))
            return page_refusals[i].words[p->lang];
    }
    return "";
}

static void page_banner(struct page_writer *p, const char *class, const char *role, const char *text)
{
    html_open(&p->html, "div");
    html_attr(&p->html, "class", class);
    html_attr(&p->html, "role", role);
    html_element(&p->html, "p", text);
    html_close(&p->html);
}

static void page_news(struct page_writer *p)
{
    const char *done = p->request->done;
    if (p->request->refused)
        page_banner(p, "warn", "alert", page_refusal(p, p->request->refused));
    for (size_t i = 0; done && i < sizeof(page_done) / sizeof(page_done[0]); i++)
        if (strcmp(page_done[i].name, done) == 0)
            page_banner(p, "note", "status", page_done[i].words[p->lang]);
}

/* ---- the frame */

void page_head(struct page_writer *p, const char *title)
{
    struct html *h = &p->html;
    const char *other = SAY(p, "en", "fr");
    html_document(h, lang_tag(p->lang), title, page_style);
    html_open(h, "header");
    html_open(h, "p");
    html_text(h, p->organisation.name);
    html_text(h, " · ");
    html_open(h, "a");
    html_attr(h, "href", arena_printf(p->arena, "%s?lang=%s", p->request->path, other));
    html_attr(h, "lang", other);
    html_attr(h, "hreflang", other);
    html_text(h, SAY(p, "English", "Français"));
    html_close(h);
    html_close(h);
    html_element(h, "h1", title);
    html_close(h);
    html_open(h, "main");
    page_news(p);
}

void page_foot(struct page_writer *p)
{
    struct html *h = &p->html;
    const struct organiser *organiser = p->organisation.organiser;
    html_close(h);
    html_open(h, "footer");
    if (organiser && organiser->email) {
        html_open(h, "p");
        html_text(h, SAY(p, "Une question ? ", "A question? "));
        page_link(p, arena_printf(p->arena, "mailto:%s", organiser->email), organiser->email);
        html_close(h);
    }
    page_hint(p, arena_printf(p->arena,
                     SAY(p, "Ce lien est personnel et vaut jusqu'au %s. Ne le transmettez pas.",
                         "This link is personal and lasts until %s. Do not pass it on."),
                     page_day_of(p, p->request->link->expires_at)));
    html_finish(h);
}

void page_plain(struct buf *out, const char *const titles[LANG_COUNT], const char *const words[LANG_COUNT])
{
    struct html h = html_writer(out);
    html_document(&h, lang_tag(LANG_FR), titles[LANG_FR], page_style);
    html_open(&h, "main");
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        html_open(&h, "section");
        html_attr(&h, "lang", lang_tag((enum lang)lang));
        html_element(&h, lang == LANG_FR ? "h1" : "h2", titles[lang]);
        html_element(&h, "p", words[lang]);
        html_close(&h);
    }
    html_finish(&h);
}

/* ---- which page */

enum status page_show(
    const struct snapshot *snapshot, const struct page_request *request, struct buf *out, struct error *err)
{
    struct page_writer p;
    enum status status = page_begin(&p, snapshot, request, out, err);
    if (status != ST_OK)
        return status;
    return page_is_interviewer(request->link) ? page_interviewer(&p, err) : page_employee(&p, err);
}
