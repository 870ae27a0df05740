/*
 * The words of a recap in French and English: verdicts, outcomes, what is missing, what may be owed, what would
 * avert it. Pure.
 */
#include "text/sentence.h"
#include "work/recap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- single words */

static const char *const verdict_words[RECAP_VERDICT_COUNT][LANG_COUNT] = {
    [RECAP_MET] = {"établi", "established"},
    [RECAP_LATE] = {"en retard", "late"},
    [RECAP_UNKNOWN] = {"à établir", "to be established"},
    [RECAP_UNMET] = {"non établi", "not established"},
};
static const char *const exposure_words[][LANG_COUNT] = {
    [RECAP_EXPOSURE_NONE] = {"aucune", "none"},
    [RECAP_EXPOSURE_POSSIBLE] = {"possible", "possible"},
    [RECAP_EXPOSURE_EXPOSED] = {"avérée", "exposed"},
};
static const char *const criterion_words[RECAP_CRITERIA][LANG_COUNT] = {
    [RECAP_TRAINING] = {"Action de formation", "Training"},
    [RECAP_CERTIFICATION] = {"Éléments de certification", "Elements of a certification"},
    [RECAP_PROGRESSION] = {"Progression salariale ou professionnelle", "Progression in pay or career"},
};
static const char *const reason_words[RECAP_REASON_COUNT][LANG_COUNT] = {
    [RECAP_COUNTS] = {"compte", "counts"},
    [RECAP_MANDATORY_UNKNOWN] = {"caractère obligatoire à préciser", "mandatory or not: to be said"},
    [RECAP_UNDATED] = {"date à préciser", "date to be said"},
    [RECAP_WITHOUT_PROOF] = {"preuve à joindre", "proof to be added"},
    [RECAP_REGISTER_UNKNOWN] = {"inscription à un répertoire à préciser", "register to be said"},
    [RECAP_MANDATORY] = {"obligatoire (L6321-2), ne compte pas", "mandatory (L6321-2), does not count"},
    [RECAP_OTHER_NATURE] = {"n'est pas une action de formation (L6313-1 1°)",
        "is no action de formation (L6313-1 1°)"},
    [RECAP_CPF_ALONE] = {"CPF sans cofinancement, ne compte pas",
        "personal account without the employer, does not count"},
};

const char *recap_verdict_words(enum recap_verdict verdict, enum lang lang)
{
    return verdict_words[verdict][lang];
}

const char *recap_exposure_words(enum recap_exposure exposure, enum lang lang)
{
    return exposure_words[exposure][lang];
}

const char *recap_criterion_words(enum recap_criterion_name criterion, enum lang lang)
{
    return criterion_words[criterion][lang];
}

const char *recap_notice_words(enum lang lang)
{
    static const char *const words[LANG_COUNT] = {"Calculé à partir des faits enregistrés et des règles "
                                                  "citées, vérifiées à la date indiquée ; ne constitue pas "
                                                  "un conseil juridique.",
        "Computed from the facts on record and the rules quoted, checked on the day shown; not legal advice."};
    return words[lang];
}

const char *recap_reason_words(enum recap_reason reason, enum lang lang)
{
    return reason_words[reason][lang];
}

/* ---- sentences with dates and names */

struct tell {
    enum lang lang;
    date_t date, limit;
    const char *text;
};

static void tell_date(enum lang lang, date_t date, struct buf *out)
{
    struct arena *arena = arena_new(0);
    buf_text(out, sentence_date(arena, lang, date));
    arena_free(arena);
}

/* In the literal, {date}, {limit} and {text} stand for what is given. */
static void tell(const struct tell *t, const char *const words[LANG_COUNT], struct buf *out)
{
    for (const char *at = words[t->lang]; *at;) {
        size_t plain = strcspn(at, "{");
        buf_add(out, at, plain);
        at += plain;
        if (strncmp(at, "{date}", 6) == 0) {
            tell_date(t->lang, t->date, out);
            at += 6;
        } else if (strncmp(at, "{limit}", 7) == 0) {
            tell_date(t->lang, t->limit, out);
            at += 7;
        } else if (strncmp(at, "{text}", 6) == 0) {
            buf_text(out, t->text ? t->text : "");
            at += 6;
        } else if (*at) {
            buf_char(out, *at++);
        }
    }
}

/* ---- a duty */

enum { TOLD_PLANNED = RECAP_OUTCOME_COUNT, TOLD_MISSED, TOLD_AFTER_DUE, TOLD_WITHOUT_COPY, TOLD_COUNT };

static const char *const outcome_words[TOLD_COUNT][LANG_COUNT] = {
    [RECAP_DUTY_PENDING] = {"à venir, au plus tard le {limit}", "to come, by {limit}"},
    [RECAP_DUTY_MET] = {"tenu le {date}", "held on {date}"},
    [RECAP_DUTY_EXEMPT] = {"dispense : entretien tenu le {date}", "exempt: a review was held on {date}"},
    [RECAP_DUTY_REFUSED] = {"proposé, refusé le {date}", "proposed, refused on {date}"},
    [RECAP_DUTY_TOLERATED] = {"non tenu ; peut encore l'être jusqu'au {limit}",
        "not held; may still be until {limit}"},
    [RECAP_DUTY_LATE] = {"tenu en retard, le {date}", "held late, on {date}"},
    [RECAP_DUTY_UNPROVED] = {"tenu le {date}, compte rendu manquant", "held on {date}, report missing"},
    [RECAP_DUTY_UNMET] = {"non tenu", "not held"},
    [TOLD_PLANNED] = {"prévu le {date}", "planned on {date}"},
    [TOLD_MISSED] = {"non tenu, ne peut plus l'être", "not held, and cannot be any more"},
    [TOLD_AFTER_DUE] = {"tenu le {date}, dans la limite défendable", "held on {date}, within the limit"},
    [TOLD_WITHOUT_COPY] = {"tenu le {date}, remise de la copie à prouver",
        "held on {date}, the copy handed over to be proved"},
};

static int duty_told(const struct recap_duty *duty)
{
    const struct duty *one = duty->duty;
    if (duty->outcome == RECAP_DUTY_PENDING && one->planned_by != NULL)
        return TOLD_PLANNED;
    if (duty->outcome == RECAP_DUTY_UNMET && one->state == DUTY_MISSED)
        return TOLD_MISSED;
    if (duty->outcome == RECAP_DUTY_MET && one->document == DUTY_DOCUMENT_REPORT)
        return TOLD_WITHOUT_COPY;
    if (duty->outcome == RECAP_DUTY_MET && one->tolerated)
        return TOLD_AFTER_DUE;
    return duty->outcome;
}

void recap_tell_duty(const struct recap_duty *duty, enum lang lang, struct buf *out)
{
    int told = duty_told(duty);
    const struct duty *one = duty->duty;
    const struct tell t = {.lang = lang,
        .date = told == TOLD_PLANNED ? one->planned_by->planned : one->satisfied_on,
        .limit = one->limit};
    tell(&t, outcome_words[told], out);
}

/* ---- verdicts */

static const char *const reviews_words[RECAP_VERDICT_COUNT][LANG_COUNT] = {
    [RECAP_MET] = {"Tous les entretiens dus à ce jour dans la période ont été tenus et sont prouvés.",
        "All reviews due so far in the period were held and are proved."},
    [RECAP_LATE] = {"Au moins un entretien a été tenu après son échéance, ou l'attend encore.",
        "At least one review was held after it was due, or is still awaited."},
    [RECAP_UNKNOWN] = {"La tenue de tous les entretiens n'est pas établie : il manque un fait ou un écrit.",
        "That all reviews were held is not established: a fact or a document is missing."},
    [RECAP_UNMET] = {"Au moins un entretien dû n'a pas été tenu.",
        "At least one review that was due was not held."},
};

void recap_tell_reviews(const struct recap_cycle *cycle, enum lang lang, struct buf *out)
{
    buf_text(out, reviews_words[cycle->reviews][lang]);
}

static const char *const criterion_sentences[RECAP_CRITERIA][RECAP_VERDICT_COUNT][LANG_COUNT] = {
    [RECAP_TRAINING] =
        {
            [RECAP_MET] = {"Au moins une action de formation non obligatoire est prouvée.",
                "At least one training that is not mandatory is proved."},
            [RECAP_UNKNOWN] = {"Une formation a été suivie, mais il manque un fait pour qu'elle compte.",
                "A training was followed, but a fact is missing for it to count."},
            [RECAP_UNMET] = {"Aucune action de formation non obligatoire n'est prouvée.",
                "No training that is not mandatory is proved."},
        },
    [RECAP_CERTIFICATION] =
        {
            [RECAP_MET] = {"Des éléments de certification ont été acquis par la formation ou par la VAE.",
                "Elements of a certification were acquired by training or by VAE."},
            [RECAP_UNKNOWN] = {"Une certification est indiquée, mais il manque un fait pour qu'elle compte.",
                "A certification is named, but a fact is missing for it to count."},
            [RECAP_UNMET] = {"Aucun élément de certification n'est enregistré.",
                "No element of a certification is recorded."},
        },
    [RECAP_PROGRESSION] =
        {
            [RECAP_MET] = {"Une progression salariale ou professionnelle est prouvée.",
                "A progression in pay or career is proved."},
            [RECAP_UNKNOWN] = {"Une progression est indiquée, sans preuve enregistrée.",
                "A progression is named, without a proof on record."},
            [RECAP_UNMET] = {"Aucune progression salariale ou professionnelle n'est enregistrée.",
                "No progression in pay or career is recorded."},
        },
};

void recap_tell_criterion(
    const struct recap_cycle *cycle, enum recap_criterion_name criterion, enum lang lang, struct buf *out)
{
    buf_text(out, criterion_sentences[criterion][cycle->criteria[criterion].verdict][lang]);
}

/* ---- exposure */

static void tell_money(int64_t cents, enum lang lang, struct buf *out)
{
    if (lang == LANG_FR && cents >= 100000)
        buf_printf(out, "%" PRId64 " %03" PRId64 " €", cents / 100000, cents / 100 % 1000);
    else
        buf_printf(out, lang == LANG_FR ? "%" PRId64 " €" : "EUR %" PRId64, cents / 100);
}

static const char *const none_left[] = {
    "Le salarié a quitté l'entreprise avant l'échéance de l'état des lieux : aucun abondement n'est dû.",
    "The employee left before the recap was due: no contribution is owed."};
static const char *const none_small[] = {
    "L'entreprise compte moins de cinquante salariés au sens de l'article L130-1 du code de la sécurité "
    "sociale : aucun abondement n'est dû.",
    "The employer has fewer than fifty employees (L130-1 CSS): no contribution is owed."};
static const char *const none_reviews[] = {
    "Aucun abondement n'est dû : les entretiens échus sont tenus et prouvés.",
    "No contribution is owed: the reviews that fell due are held and proved."};
static const char *const none_trained[] = {
    "Aucun abondement n'est dû : une formation non obligatoire est prouvée, même si les entretiens n'ont pas "
    "tous "
    "été tenus à temps. Les deux manquements sont exigés ensemble (Cass. soc., 21 janvier 2026, n° 24-12.972).",
    "No contribution is owed: a training that is not mandatory is proved, even if the reviews were not all "
    "held in "
    "time. Both must fail (Cass. soc. 21 January 2026, no. 24-12.972)."};
static const char *const exposed[] = {
    "Un abondement de {text} est dû si rien ne change : les entretiens n'ont pas tous été tenus et aucune "
    "formation non obligatoire n'est prouvée (Cass. soc., 21 janvier 2026, n° 24-12.972). Paiement au plus "
    "tard "
    "le {date}, majoré de 100 % après mise en demeure.",
    "A contribution of {text} is owed unless something changes: the reviews were not all held and no training "
    "that "
    "is not mandatory is proved (Cass. soc. 21 January 2026, no. 24-12.972). Payable by {date}, doubled after "
    "a formal notice."};
static const char *const possible[] = {
    "Un abondement de {text} pourrait être dû : il manque un fait, ou des entretiens ont seulement été tenus "
    "en "
    "retard, et aucune formation non obligatoire n'est prouvée (Cass. soc., 21 janvier 2026, n° 24-12.972). "
    "Paiement au plus tard le {date}, majoré de 100 % après mise en demeure.",
    "A contribution of {text} might be owed: a fact is missing, or reviews were only held late, and no "
    "training that "
    "is not mandatory is proved (Cass. soc. 21 January 2026, no. 24-12.972). Payable by {date}, doubled "
    "after a formal notice."};
static const char *const settled[] = {" Abondement versé le {limit}.", " Contribution paid on {limit}."};
static const char *const prescribed[] = {
    " L'action du salarié est prescrite (L1471-1).", " The claim has lapsed (L1471-1)."};

static const char *const *exposure_sentence(const struct recap_cycle *cycle)
{
    switch ((enum recap_exposure)cycle->exposure) {
    case RECAP_EXPOSURE_EXPOSED:
        return exposed;
    case RECAP_EXPOSURE_POSSIBLE:
        return possible;
    case RECAP_EXPOSURE_NONE:
        break;
    }
    if (cycle->left)
        return none_left;
    if (cycle->size == RECAP_SIZE_BELOW)
        return none_small;
    return cycle->reviews == RECAP_MET ? none_reviews : none_trained;
}

void recap_tell_exposure(const struct recap_cycle *cycle, enum lang lang, struct buf *out)
{
    BUF_AUTO money;
    buf_init(&money, 0);
    tell_money(cycle->amount, lang, &money);
    const struct tell t = {
        .lang = lang, .date = cycle->payable_on, .limit = cycle->settled_on, .text = money.data};
    tell(&t, exposure_sentence(cycle), out);
    if (cycle->settled_on != DATE_NONE)
        tell(&t, settled, out);
    if (cycle->prescribed)
        tell(&t, prescribed, out);
}

/* ---- what is missing, what helps */

static const char *const gap_words[RECAP_GAP_COUNT][LANG_COUNT] = {
    [RECAP_GAP_BIRTH_DATE] = {"La date de naissance n'est pas connue : les entretiens liés à l'âge ne peuvent "
                              "pas être établis.",
        "The date of birth is not known: reviews that depend on the age cannot be established."},
    [RECAP_GAP_HEADCOUNT] = {"L'effectif moyen de l'année {text} n'est pas connu : le seuil de cinquante "
                             "salariés ne peut pas être établi.",
        "The average headcount of {text} is not known: whether fifty employees are reached cannot be said."},
    [RECAP_GAP_REPORT] = {"L'entretien du {date} n'a pas de compte rendu : sans écrit, il n'est pas prouvé "
                          "(L6362-2).",
        "The review of {date} has no report: without a document it is not proved (L6362-2)."},
    [RECAP_GAP_MANDATORY] = {"On ne sait pas si « {text} » est une formation obligatoire (L6321-2).",
        "Nobody said whether “{text}” is mandatory (L6321-2)."},
    [RECAP_GAP_DATE] = {"La date de « {text} » n'est pas connue.", "The date of “{text}” is not known."},
    [RECAP_GAP_REGISTER] = {"« {text} » n'est rattachée à aucun répertoire (RNCP, RS ou bloc).",
        "“{text}” is of no register (RNCP, RS or block)."},
    [RECAP_GAP_PROOF] = {"« {text} » n'a pas de preuve.", "“{text}” has no proof."},
};

static const char *const cure_words[RECAP_CURE_COUNT][LANG_COUNT] = {
    [RECAP_CURE_CLASSIFY] =
        {"Préciser si « {text} » est obligatoire (L6321-2) : si elle ne l'est pas, elle lève "
         "le risque.",
            "Say whether “{text}” is mandatory (L6321-2): if it is not, it removes the risk."},
    [RECAP_CURE_HEADCOUNT] =
        {"Enregistrer les effectifs moyens manquants : en dessous de cinquante, rien n'est "
         "dû.",
            "Record the headcounts that are missing: below fifty nothing is owed."},
    [RECAP_CURE_DATE] = {"Préciser la date de « {text} ».", "Say when “{text}” took place."},
    [RECAP_CURE_PROVE] = {"Joindre la preuve de « {text} ».", "Add the proof of “{text}”."},
    [RECAP_CURE_REPORT] = {"Établir le compte rendu de l'entretien du {date} et en remettre la copie.",
        "Write the report of the review of {date} and hand over its copy."},
    [RECAP_CURE_BIRTH_DATE] = {"Enregistrer la date de naissance.", "Record the date of birth."},
    [RECAP_CURE_HOLD] = {"Tenir l'entretien attendu au plus tard le {limit}.",
        "Hold the review that is awaited by {limit}."},
    [RECAP_CURE_TRAINING] =
        {"Une seule action de formation non obligatoire, prouvée, faite au plus tard le {limit}, "
         "lève le risque.",
            "One provable training that is not mandatory by {limit} removes the risk."},
    [RECAP_CURE_PAY] = {"Verser l'abondement au plus tard le {limit}.", "Pay the contribution by {limit}."},
};

static const char *training_title(const struct recap_case *given, const char *id)
{
    for (size_t i = 0; id && i < given->training_count; i++)
        if (strcmp(given->trainings[i].id, id) == 0)
            return given->trainings[i].title ? given->trainings[i].title : id;
    for (size_t i = 0; id && i < given->progression_count; i++)
        if (strcmp(given->progressions[i].id, id) == 0)
            return given->progressions[i].description ? given->progressions[i].description : id;
    return id;
}

static date_t review_day(const struct recap_case *given, const char *id)
{
    for (size_t i = 0; id && i < given->facts->review_count; i++)
        if (given->facts->reviews[i].id && strcmp(given->facts->reviews[i].id, id) == 0)
            return given->facts->reviews[i].held;
    return DATE_NONE;
}

void recap_tell_gap(const struct recap_view *view, const struct recap_gap *gap, enum lang lang, struct buf *out)
{
    char year[12];
    (void)snprintf(year, sizeof year, "%d", gap->year);
    const struct tell t = {.lang = lang,
        .date = review_day(&view->given, gap->id),
        .text = gap->kind == RECAP_GAP_HEADCOUNT ? year : training_title(&view->given, gap->id)};
    tell(&t, gap_words[gap->kind], out);
}

void recap_tell_cure(
    const struct recap_view *view, const struct recap_cure *cure, enum lang lang, struct buf *out)
{
    const struct tell t = {.lang = lang,
        .date = review_day(&view->given, cure->id),
        .limit = cure->by,
        .text = training_title(&view->given, cure->id)};
    tell(&t, cure_words[cure->kind], out);
}
