/*
 * The kinds of files and their columns, French headings first: one row per column. Constant data.
 */
#include "base/text.h"
#include "work.h"
#include "work/review.h"

#include <string.h>

static const struct field head_fields[] = {
    FIELD(struct import_head, number, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 60),
    FIELD_AS("manager", struct import_head, other, FIELD_TEXT, .max = 254),
    FIELD_AS("interviewer", struct import_head, other, FIELD_TEXT, .max = 254),
};
const struct field_table import_head_table = FIELD_TABLE("ImportHead", struct import_head, head_fields, -1);

#define NUMBER_COLUMN                                                                                          \
    {                                                                                                          \
        "number",                                                                                              \
            "matricule|numéro|n°|numéro de matricule|code salarié|employee number|payroll number|employee",    \
            NULL, IMPORT_REQUIRED | IMPORT_FILLED | IMPORT_HEAD                                                \
    }

static const struct import_column employee_columns[] = {
    NUMBER_COLUMN,
    {"given_name", "prénom|prénoms|first name", NULL, 0},
    {"family_name", "nom|nom de famille|nom d'usage|last name|surname", NULL, 0},
    {"email", "courriel|e-mail|mail|adresse e-mail|adresse électronique|mél|courriel professionnel", NULL, 0},
    {"manager", "responsable|n+1|supérieur|supérieur hiérarchique|responsable hiérarchique|line manager", NULL,
        IMPORT_HEAD},
    {"establishment", "établissement|site|lieu de travail", NULL, 0},
    {"category", "catégorie|catégorie professionnelle|csp|catégorie socioprofessionnelle", NULL, 0},
    {"sex", "sexe|genre|civilité", import_words_sex, 0},
    {"contract", "contrat|type de contrat|nature du contrat|contract type", import_words_contract, 0},
    {"hire_date", "date d'entrée|date d'embauche|entrée|embauche|start date", NULL, 0},
    {"seniority_date", "date d'ancienneté|ancienneté", NULL, 0},
    {"birth_date", "date de naissance|naissance|né le|date of birth", NULL, 0},
    {"contract_end", "fin de contrat|date de fin de contrat|terme du contrat|contract end date", NULL, 0},
    {"exit_date", "date de sortie|sortie|date de départ|départ|leaving date", NULL, 0},
    {"locale", "langue|language", import_words_lang, 0},
    {"calendar_url", "calendrier|agenda|calendar", NULL, 0},
};

static const struct import_column absence_columns[] = {
    NUMBER_COLUMN,
    {"type", "type|type d'absence|motif|nature|absence", import_words_absence, IMPORT_REQUIRED | IMPORT_FILLED},
    {"start", "début|date de début|du|premier jour|from", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"end", "fin|date de fin|au|dernier jour|to", NULL, 0},
    {"announced", "annoncée le|annonce|annoncé le|date d'annonce|announced on", NULL, 0},
};

static const struct import_column review_columns[] = {
    NUMBER_COLUMN,
    {"held", "date|date de l'entretien|tenu le|held on", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"type", "type|type d'entretien|nature", import_words_review, 0},
    {"recap", "récapitulatif|état des lieux|état des lieux récapitulatif|bilan", import_words_yes, 0},
    {"interviewer", "conducteur|conduit par|mené par|responsable", NULL, IMPORT_HEAD},
    {"report_reference", "référence du compte rendu|compte rendu|référence|report", NULL, 0},
    {"copy_handed",
        "copie remise le|copie remise|remise de la copie|date de remise|copy_handed_on|copy handed on", NULL,
        0},
};

static const struct import_column progression_columns[] = {
    NUMBER_COLUMN,
    {"date", "date|date d'effet|effective date", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"kind", "nature|type|type de progression", import_words_progression, IMPORT_REQUIRED | IMPORT_FILLED},
    {"description", "description|libellé|intitulé|détail", NULL, 0},
    {"proof", "justificatif|preuve|pièce justificative|référence", NULL, 0},
};

static const struct import_column completion_columns[] = {
    NUMBER_COLUMN,
    {"course", "formation|intitulé|titre|stage|course title", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"day", "date|date de fin|réalisée le|terminée le|completed on|completion date", NULL,
        IMPORT_REQUIRED | IMPORT_FILLED},
    {"minutes", "heures|durée|durée en heures|nombre d'heures|hours", NULL, IMPORT_HOURS},
    {"mandatory", "obligatoire|formation obligatoire", import_words_mandatory, 0},
    {"reference", "référence|attestation|référence de l'attestation|certificat|justificatif", NULL, 0},
};

static const struct import_column action_columns[] = {
    NUMBER_COLUMN,
    {"year", "année|année du plan|plan", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"title", "intitulé|action|formation|titre", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"nature", "nature|type|type d'action", import_words_nature, 0},
    {"domain", "domaine|thème", NULL, 0},
    {"competency", "compétence|compétence visée", NULL, 0},
    {"objective", "objectif|objectif professionnel", NULL, 0},
    {"orientation", "orientation|orientation stratégique", NULL, 0},
    {"origin", "origine", import_words_origin, 0},
    {"strand", "volet|axe", import_words_strand, 0},
    {"minutes_planned", "heures prévues|durée prévue|heures|durée|planned hours|hours planned", NULL,
        IMPORT_HOURS},
    {"planned_start", "début prévu|date de début prévue|début", NULL, 0},
    {"planned_end", "fin prévue|date de fin prévue|fin", NULL, 0},
    {"format", "format", import_words_format, 0},
    {"modality", "modalité", import_words_modality, 0},
    {"financing", "financement|financeur", import_words_financing, 0},
    {"mandatory", "obligatoire|formation obligatoire", import_words_mandatory, 0},
    {"mandatory_text", "texte|texte de l'obligation", NULL, 0},
    {"priority", "priorité", import_words_priority, 0},
    {"state", "état|statut", import_words_state, 0},
    {"course", "code|code du cours|code formation|course code", NULL, 0},
};

static const struct import_column alias_columns[] = {
    NUMBER_COLUMN,
    {"kind", "clé|type de clé|nature|key|key kind", import_words_key, IMPORT_REQUIRED | IMPORT_FILLED},
    {"value", "valeur|valeur de la clé|identifiant|key value", NULL, IMPORT_REQUIRED | IMPORT_FILLED},
    {"source", "plateforme|platform", NULL, 0},
    {"valid_from", "du|depuis|premier jour|from", NULL, 0},
    {"valid_to", "au|jusqu'au|dernier jour|to", NULL, 0},
};

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof((array)[0])

const struct import_kind import_kinds[] = {
    {.name = "employees",
        COLUMNS(employee_columns),
        .size = sizeof(struct import_employee),
        .at = offsetof(struct import_employee, is),
        .table = &employee_table,
        .people = true,
        .check = import_employee_check,
        .foresee = import_employee_foresee,
        .apply = import_employee_apply},
    {.name = "absences",
        COLUMNS(absence_columns),
        .size = sizeof(struct import_absence),
        .at = offsetof(struct import_absence, is),
        .facts = &absence_facts,
        .check = import_fact_check,
        .identity = import_absence_identity,
        .foresee = import_fact_foresee,
        .apply = import_fact_apply},
    {.name = "reviews",
        COLUMNS(review_columns),
        .size = sizeof(struct import_review),
        .at = offsetof(struct import_review, is),
        .table = &import_review_table,
        .check = import_review_check,
        .identity = import_review_identity,
        .foresee = import_review_foresee,
        .apply = import_review_apply},
    {.name = "progressions",
        COLUMNS(progression_columns),
        .size = sizeof(struct import_progression),
        .at = offsetof(struct import_progression, is),
        .facts = &progression_facts,
        .check = import_fact_check,
        .identity = import_progression_identity,
        .foresee = import_fact_foresee,
        .apply = import_fact_apply},
    {.name = "completions",
        COLUMNS(completion_columns),
        .size = sizeof(struct import_completion),
        .at = offsetof(struct import_completion, is),
        .table = &import_completion_table,
        .check = import_completion_check,
        .identity = import_completion_identity,
        .foresee = import_completion_foresee,
        .apply = import_completion_apply},
    {.name = "actions",
        COLUMNS(action_columns),
        .size = sizeof(struct import_action),
        .at = offsetof(struct import_action, is),
        .table = &action_table,
        .check = import_action_check,
        .identity = import_action_identity,
        .foresee = import_action_foresee,
        .apply = import_action_apply},
    {.name = "aliases",
        COLUMNS(alias_columns),
        .size = sizeof(struct import_alias),
        .at = offsetof(struct import_alias, is),
        .table = &import_alias_table,
        .check = import_alias_check,
        .identity = import_alias_identity,
        .foresee = import_alias_foresee,
        .apply = import_alias_apply},
    {.name = NULL},
};

const char *const import_kind_names[] = {
    "employees", "absences", "reviews", "progressions", "completions", "actions", "aliases", NULL};

const struct import_kind *import_kind_named(const char *name)
{
    for (const struct import_kind *kind = import_kinds; kind->name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}
