/*
 * What cells of a file may say: French and English words for the names of the interface, dates and hours as
 * spreadsheets write them. Constant data and pure functions.
 */
#include "base/number.h"
#include "base/text.h"
#include "work.h"

#include <string.h>

#define WORDS_END                                                                                              \
    {                                                                                                          \
        NULL, NULL                                                                                             \
    }

const struct import_word import_words_yes[] = {{"oui", "true"}, {"non", "false"}, {"yes", "true"},
    {"no", "false"}, {"vrai", "true"}, {"faux", "false"}, {"o", "true"}, {"n", "false"}, {"y", "true"},
    {"1", "true"}, {"0", "false"}, {"x", "true"}, WORDS_END};

const struct import_word import_words_mandatory[] = {{"oui", "yes"}, {"non", "no"}, {"o", "yes"}, {"n", "no"},
    {"vrai", "yes"}, {"faux", "no"}, {"true", "yes"}, {"false", "no"}, {"1", "yes"}, {"0", "no"},
    {"inconnu", "unknown"}, {"?", "unknown"}, WORDS_END};

const struct import_word import_words_contract[] = {{"contrat a duree indeterminee", "cdi"},
    {"contrat a duree determinee", "cdd"}, {"interim", "temporary"}, {"interimaire", "temporary"},
    {"travail temporaire", "temporary"}, {"mission", "temporary"}, {"apprenti", "apprenticeship"},
    {"apprentie", "apprenticeship"}, {"apprentissage", "apprenticeship"},
    {"contrat d'apprentissage", "apprenticeship"}, {"contrat de professionnalisation", "professionalisation"},
    {"professionnalisation", "professionalisation"}, {"autre", "other"}, WORDS_END};

const struct import_word import_words_sex[] = {{"f", "female"}, {"h", "male"}, {"m", "male"},
    {"femme", "female"}, {"homme", "male"}, {"feminin", "female"}, {"masculin", "male"}, {"mme", "female"},
    {"madame", "female"}, {"monsieur", "male"}, {"m.", "male"}, {"mr", "male"}, {"woman", "female"},
    {"man", "male"}, WORDS_END};

const struct import_word import_words_absence[] = {{"maternite", "maternity"}, {"adoption", "adoption"},
    {"naissance", "birth"}, {"supplementaire de naissance", "birth"}, {"paternite", "paternity"},
    {"paternite et accueil de l'enfant", "paternity"}, {"parental d'education", "parental"},
    {"parental a temps plein", "parental"}, {"parental temps plein", "parental"},
    {"parental a temps partiel", "parental_part_time"}, {"parental temps partiel", "parental_part_time"},
    {"parental partiel", "parental_part_time"}, {"parental d'education a temps partiel", "parental_part_time"},
    {"presence parentale", "parental_presence"}, {"proche aidant", "carer"}, {"aidant", "carer"},
    {"solidarite familiale", "family_solidarity"}, {"sabbatique", "sabbatical"},
    {"mobilite volontaire", "voluntary_mobility"}, {"mobilite volontaire securisee", "voluntary_mobility"},
    {"sans solde", "unpaid"}, {"non remunere", "unpaid"}, {"accident du travail", "work_injury"},
    {"accident de travail", "work_injury"}, {"maladie professionnelle", "work_injury"}, {"at", "work_injury"},
    {"at/mp", "work_injury"}, {"maladie", "illness"}, {"arret maladie", "illness"},
    {"longue maladie", "illness"}, {"mandat syndical", "union_mandate"}, {"mandat", "union_mandate"},
    {"projet de transition professionnelle", "transition_project"},
    {"transition professionnelle", "transition_project"}, {"projet de transition", "transition_project"},
    {"ptp", "transition_project"}, WORDS_END};

const struct import_word import_words_review[] = {{"professionnel", "professional"},
    {"entretien professionnel", "professional"}, {"parcours professionnel", "professional"},
    {"entretien de parcours professionnel", "professional"}, {"parcours", "professional"},
    {"ep", "professional"}, {"epp", "professional"}, {"annuel", "annual"}, {"entretien annuel", "annual"},
    {"entretien annuel d'evaluation", "annual"}, {"evaluation", "annual"}, {"eae", "annual"}, WORDS_END};

const struct import_word import_words_progression[] = {{"salaire", "pay"}, {"salariale", "pay"},
    {"remuneration", "pay"}, {"augmentation", "pay"}, {"carriere", "career"}, {"professionnelle", "career"},
    {"promotion", "career"}, {"mobilite", "career"}, WORDS_END};

const struct import_word import_words_nature[] = {{"formation", "training"},
    {"action de formation", "training"}, {"bilan de competences", "skills_assessment"},
    {"bilan", "skills_assessment"}, {"apprentissage", "apprenticeship"}, {"tutorat", "mentoring"},
    {"mentorat", "mentoring"}, {"autoformation", "self_study"}, {"auto-formation", "self_study"}, WORDS_END};

const struct import_word import_words_origin[] = {{"entretien", "review"}, {"besoin", "need"},
    {"obligation", "obligation"}, {"projet", "project"}, {"salarie", "employee"},
    {"demande du salarie", "employee"}, WORDS_END};

const struct import_word import_words_format[] = {{"presentiel", "onsite"}, {"sur site", "onsite"},
    {"a distance", "remote"}, {"distance", "remote"}, {"distanciel", "remote"}, {"mixte", "blended"},
    {"hybride", "blended"}, {"micro-learning", "micro_learning"}, {"microlearning", "micro_learning"},
    WORDS_END};

const struct import_word import_words_modality[] = {
    {"groupe", "group"}, {"collectif", "group"}, {"individuel", "individual"}, WORDS_END};

const struct import_word import_words_financing[] = {
    {"entreprise", "employer"}, {"employeur", "employer"}, {"mixte", "mixed"}, {"autre", "other"}, WORDS_END};

const struct import_word import_words_lang[] = {
    {"francais", "fr"}, {"anglais", "en"}, {"french", "fr"}, {"english", "en"}, WORDS_END};

const struct import_word import_words_state[] = {{"demande", "requested"}, {"demandee", "requested"},
    {"approuve", "approved"}, {"approuvee", "approved"}, {"valide", "approved"}, {"validee", "approved"},
    {"planifie", "planned"}, {"planifiee", "planned"}, {"prevu", "planned"}, {"prevue", "planned"},
    {"inscrit", "enrolled"}, {"inscrite", "enrolled"}, {"en cours", "in_progress"}, {"realise", "done"},
    {"realisee", "done"}, WORDS_END};

const struct import_word import_words_priority[] = {{"basse", "low"}, {"faible", "low"}, {"normale", "normal"},
    {"moyenne", "normal"}, {"haute", "high"}, {"forte", "high"}, WORDS_END};

const struct import_word import_words_strand[] = {{"adaptation", "adaptation"},
    {"employabilite", "employability"}, {"mobilite interne", "internal_mobility"},
    {"projet transverse", "cross_functional"}, {"transverse", "cross_functional"}, {"bien-etre", "wellbeing"},
    {"intrapreneuriat", "intrapreneurship"}, {"developpement durable", "sustainability"},
    {"numerique", "digital"}, WORDS_END};

const struct import_word import_words_key[] = {{"matricule", "number"}, {"numero", "number"},
    {"courriel", "email"}, {"mail", "email"}, {"e-mail", "email"}, {"adresse e-mail", "email"},
    {"identifiant", "username"}, {"login", "username"}, {"nom d'utilisateur", "username"},
    {"numero interne", "id"}, {"compte", "account"}, WORDS_END};

static const char *words_meaning(const struct import_word *words, const char *folded)
{
    for (; words->said; words++)
        if (strcmp(words->said, folded) == 0)
            return words->means;
    return NULL;
}

/* "Congé de maternité", "congé maternité" and "maternité" are the same. */
static const char *words_without_leave(const char *folded)
{
    static const char *const starts[] = {"conge de ", "conge d'", "conge ", NULL};
    for (size_t i = 0; starts[i]; i++)
        if (strncmp(folded, starts[i], strlen(starts[i])) == 0)
            return folded + strlen(starts[i]);
    return folded;
}

static const char *words_read(
    struct arena *arena, const struct field *field, const struct import_word *words, const char *cell)
{
    const char *folded = text_fold(arena, cell);
    const char *means = words_meaning(words, folded);
    if (!means)
        means = words_meaning(words, words_without_leave(folded));
    if (means)
        return means;
    for (size_t i = 0; field->names && field->names[i]; i++)
        if (strcmp(text_fold(arena, field->names[i]), folded) == 0)
            return field->names[i];
    return words == import_words_absence ? words_without_leave(folded) : cell;
}

const char *import_cell_text(
    struct arena *arena, const struct field *field, const struct import_word *words, const char *cell)
{
    date_t date;
    char text[DATE_TEXT_MAX];
    if (words)
        return words_read(arena, field, words, cell);
    if (field->type == FIELD_DATE && date_parse_loose(cell, &date))
        return arena_strdup(arena, date_text(date, text));
    return cell;
}

/* "7", "7,5", "7h", "7h30", "7:30" */
bool import_hours(const char *cell, int64_t *ret)
{
    int64_t hundredths, hours, minutes = 0;
    size_t length = strcspn(cell, "hH:");
    char head[24];
    if (!cell[length] && parse_cents(cell, &hundredths) && hundredths <= INT64_C(100000000)) {
        *ret = (hundredths * 60 + 50) / 100;
        return true;
    }
    if (!cell[length] || length >= sizeof head)
        return false;
    memcpy(head, cell, length);
    head[length] = '\0';
    const char *rest = cell + length + 1;
    /* "7h05": a leading zero belongs to minutes. */
    rest += rest[0] == '0' && rest[1];
    if (!parse_int64(head, 0, 1000000, &hours) || (*rest && !parse_int64(rest, 0, 59, &minutes)))
        return false;
    *ret = hours * 60 + minutes;
    return true;
}
