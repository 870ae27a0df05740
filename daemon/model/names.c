/* The words of the duty vocabulary, in the order of their enums: one table each, for files, requests and
 * answers alike. Pure. */
#include "names.h"

#include "model/recap.h"

#define NAME_AT(table, index)                                                                                  \
    ((index) >= 0 && (size_t)(index) + 1 < sizeof(table) / sizeof((table)[0]) ? (table)[index] : NULL)

const char *const contract_kind_names[] = {
    "cdi", "cdd", "temporary", "apprenticeship", "professionalisation", "other", NULL};
const char *const review_type_names[] = {"professional", "annual", NULL};
const char *const event_type_names[] = {"midcareer_visit", "cpf_contribution", NULL};
const char *const agreement_level_names[] = {"company", "branch", NULL};

const char *const duty_family_names[] = {
    "first", "periodic", "return", "before_leave", "midcareer_visit", "midcareer", "senior", "recap", NULL};
const char *const regime_names[] = {"R1", "T", "R2", NULL};
const char *const anchor_kind_names[] = {
    "hire", "review", "seniority", "recap", "return", "leave", "visit", "birth", NULL};
const char *const rule_shape_names[] = {
    "term", "transition", "agreed", "lapsed", "recap", "before", "year_end", "birthday", NULL};
const char *const absence_return_names[] = {"no", "yes", "long", NULL};
const char *const reading_names[] = {
    "strict", "lenient", "art2222", "shifted", "ministry", "seniority_grid", NULL};
const char *const ground_names[] = {"reviews", "training", "mandatory", "certification", "progression", "proof",
    "contribution", "threshold", "payment", "increase", "limitation", NULL};

static const char *const duty_state_names[] = {"upcoming", "to_plan", "planned", "held", "reported", "proved",
    "held_late", "overdue", "missed", "exempt", "refused", "unknown", NULL};
static const char *const duty_document_names[] = {"none", "report", "copy", NULL};
static const char *const duty_exclusion_names[] = {"none", "not_hired", "left", "temporary", NULL};

static const char *const recap_verdict_names[] = {"met", "late", "unknown", "unmet", NULL};
static const char *const recap_outcome_names[] = {
    "pending", "met", "exempt", "refused", "tolerated", "late", "unproved", "unmet", NULL};
static const char *const recap_criterion_names[] = {"training", "certification", "progression", NULL};
static const char *const recap_reason_names[] = {"counts", "mandatory_unknown", "undated", "without_proof",
    "register_unknown", "mandatory", "other_nature", "cpf_alone", NULL};
static const char *const recap_gap_names[] = {
    "birth_date", "headcount", "report", "mandatory", "date", "register", "proof", NULL};
static const char *const recap_exposure_names[] = {"none", "possible", "exposed", NULL};
static const char *const recap_size_names[] = {"unknown", "below", "reached", NULL};
static const char *const recap_cure_names[] = {"classify_training", "record_headcount", "date_training",
    "prove_training", "write_report", "record_birth_date", "hold_review", "training", "pay", NULL};

const char *duty_family_name(enum duty_family family)
{
    return NAME_AT(duty_family_names, (int)family);
}

const char *regime_name(enum regime regime)
{
    return NAME_AT(regime_names, (int)regime);
}

const char *anchor_kind_name(enum anchor_kind kind)
{
    return NAME_AT(anchor_kind_names, (int)kind);
}

const char *reading_name(enum reading_name name)
{
    return NAME_AT(reading_names, (int)name);
}

const char *ground_name(enum ground_name name)
{
    return NAME_AT(ground_names, (int)name);
}

const char *duty_state_name(enum duty_state state)
{
    return NAME_AT(duty_state_names, (int)state);
}

const char *duty_warning_name(enum duty_warning warning)
{
    return warning == DUTY_WARNING_SPECIAL_ARTICLE ? "special_article" : NULL;
}

const char *duty_document_name(enum duty_document document)
{
    return NAME_AT(duty_document_names, (int)document);
}

const char *duty_exclusion_name(enum duty_exclusion exclusion)
{
    return NAME_AT(duty_exclusion_names, (int)exclusion);
}

bool duty_state_open(enum duty_state state)
{
    return state <= DUTY_PLANNED || state == DUTY_OVERDUE;
}

const char *recap_verdict_name(enum recap_verdict verdict)
{
    return NAME_AT(recap_verdict_names, (int)verdict);
}

const char *recap_outcome_name(enum recap_outcome outcome)
{
    return NAME_AT(recap_outcome_names, (int)outcome);
}

const char *recap_criterion_name(enum recap_criterion_name criterion)
{
    return NAME_AT(recap_criterion_names, (int)criterion);
}

const char *recap_reason_name(enum recap_reason reason)
{
    return NAME_AT(recap_reason_names, (int)reason);
}

const char *recap_gap_name(enum recap_gap_kind gap)
{
    return NAME_AT(recap_gap_names, (int)gap);
}

const char *recap_exposure_name(enum recap_exposure exposure)
{
    return NAME_AT(recap_exposure_names, (int)exposure);
}

const char *recap_size_name(enum recap_size size)
{
    return NAME_AT(recap_size_names, (int)size);
}

const char *recap_cure_name(enum recap_cure_kind cure)
{
    return NAME_AT(recap_cure_names, (int)cure);
}
