/* Reads a rules file: field tables of its rows, then one immutable struct with the rows grouped by family. Runs
 * at start and in check-config. */
#include "base/crypto.h"
#include "names.h"
#include "rules_file.h"

#include <string.h>

enum { RULES_MAX = 200, SENTENCE_MAX = 400 };

#define TEXT(owner, member, flag)                                                                              \
    {                                                                                                          \
        .name = #member, .type = FIELD_TEXT, .flags = (flag), .at = offsetof(struct owner, member),            \
        .max = SENTENCE_MAX                                                                                    \
    }
#define DATE(owner, member, flag)                                                                              \
    {                                                                                                          \
        .name = #member, .type = FIELD_DATE, .flags = (flag), .at = offsetof(struct owner, member)             \
    }
#define PERIOD(owner, member)                                                                                  \
    {                                                                                                          \
        .name = #member, .type = FIELD_PERIOD, .at = offsetof(struct owner, member)                            \
    }
#define BOOL(owner, member)                                                                                    \
    {                                                                                                          \
        .name = #member, .type = FIELD_BOOL, .at = offsetof(struct owner, member)                              \
    }
#define INT(owner, member, low, high, flag)                                                                    \
    {                                                                                                          \
        .name = #member, .type = FIELD_INT, .flags = (flag), .at = offsetof(struct owner, member),             \
        .min = (low), .max = (high)                                                                            \
    }
#define ENUM(owner, member, key, words, flag)                                                                  \
    {                                                                                                          \
        .name = (key), .type = FIELD_ENUM, .flags = (flag), .at = offsetof(struct owner, member),              \
        .names = (words)                                                                                       \
    }
#define LIST(owner, member, table)                                                                             \
    {                                                                                                          \
        .name = #member, .type = FIELD_LIST, .flags = FIELD_REQUIRED, .at = offsetof(struct owner, member),    \
        .max = RULES_MAX, .of = (table)                                                                        \
    }

static const struct field rule_fields[] = {
    TEXT(rule, id, FIELD_REQUIRED),
    ENUM(rule, regime, "regime", regime_names, 0),
    ENUM(rule, family, "kind", duty_family_names, FIELD_REQUIRED),
    ENUM(rule, shape, "shape", rule_shape_names, FIELD_REQUIRED),
    ENUM(rule, anchor, "anchor", anchor_kind_names, FIELD_REQUIRED),
    PERIOD(rule, period),
    PERIOD(rule, early_period),
    PERIOD(rule, limit_period),
    PERIOD(rule, opens_period),
    PERIOD(rule, window),
    PERIOD(rule, exempt_window),
    PERIOD(rule, conflict_period),
    INT(rule, days, -366, 366, 0),
    INT(rule, limit_days, -366, 366, 0),
    DATE(rule, anchor_floor, 0),
    DATE(rule, valid_from, 0),
    DATE(rule, valid_to, 0),
    DATE(rule, anchor_from, 0),
    DATE(rule, anchor_before, 0),
    DATE(rule, expired_before, 0),
    DATE(rule, due_from, 0),
    DATE(rule, lapse, 0),
    BOOL(rule, agreed),
    BOOL(rule, postponable),
    BOOL(rule, capped),
    BOOL(rule, refusal),
    TEXT(rule, article, FIELD_REQUIRED),
    TEXT(rule, source, FIELD_REQUIRED),
    TEXT(rule, grade, FIELD_REQUIRED),
    DATE(rule, verified_on, FIELD_REQUIRED),
    TEXT(rule, title_fr, FIELD_REQUIRED),
    TEXT(rule, title_en, FIELD_REQUIRED),
    TEXT(rule, because_fr, FIELD_REQUIRED),
    TEXT(rule, because_en, FIELD_REQUIRED),
    TEXT(rule, capped_fr, 0),
    TEXT(rule, capped_en, 0),
    TEXT(rule, exempt_fr, 0),
    TEXT(rule, exempt_en, 0),
    TEXT(rule, special_fr, 0),
    TEXT(rule, special_en, 0),
    TEXT(rule, shifted_fr, 0),
    TEXT(rule, shifted_en, 0),
};
static const struct field_table rule_table = FIELD_TABLE("Rule", struct rule, rule_fields, -1);

static const struct field postponement_fields[] = {
    TEXT(postponement, id, FIELD_REQUIRED),
    DATE(postponement, from, FIELD_REQUIRED),
    DATE(postponement, to, FIELD_REQUIRED),
    DATE(postponement, becomes, FIELD_REQUIRED),
    TEXT(postponement, article, FIELD_REQUIRED),
    TEXT(postponement, source, FIELD_REQUIRED),
    TEXT(postponement, grade, FIELD_REQUIRED),
    DATE(postponement, verified_on, FIELD_REQUIRED),
    TEXT(postponement, because_fr, FIELD_REQUIRED),
    TEXT(postponement, because_en, FIELD_REQUIRED),
};
static const struct field_table postponement_table =
    FIELD_TABLE("Postponement", struct postponement, postponement_fields, -1);

static const struct field absence_fields[] = {
    TEXT(absence_type, name, FIELD_REQUIRED),
    INT(absence_type, counted, 0, 100, FIELD_REQUIRED),
    INT(absence_type, counted_reading, 0, 100, 0),
    ENUM(absence_type, after, "return", absence_return_names, FIELD_REQUIRED),
    DATE(absence_type, return_from, 0),
    PERIOD(absence_type, long_period),
    BOOL(absence_type, before),
    BOOL(absence_type, away),
    BOOL(absence_type, exemptible),
    TEXT(absence_type, special_article, 0),
    TEXT(absence_type, return_article, 0),
    TEXT(absence_type, article, FIELD_REQUIRED),
    TEXT(absence_type, grade, FIELD_REQUIRED),
    DATE(absence_type, verified_on, FIELD_REQUIRED),
    TEXT(absence_type, title_fr, FIELD_REQUIRED),
    TEXT(absence_type, title_en, FIELD_REQUIRED),
};
static const struct field_table absence_table =
    FIELD_TABLE("AbsenceType", struct absence_type, absence_fields, -1);

static const struct field reading_fields[] = {
    ENUM(reading_text, name, "name", reading_names, FIELD_REQUIRED),
    TEXT(reading_text, grade, FIELD_REQUIRED),
    TEXT(reading_text, source, FIELD_REQUIRED),
    TEXT(reading_text, because_fr, FIELD_REQUIRED),
    TEXT(reading_text, because_en, FIELD_REQUIRED),
};
static const struct field_table reading_table = FIELD_TABLE("Reading", struct reading_text, reading_fields, -1);

static const struct field ground_fields[] = {
    ENUM(ground, name, "name", ground_names, FIELD_REQUIRED),
    TEXT(ground, article, FIELD_REQUIRED),
    TEXT(ground, source, FIELD_REQUIRED),
    TEXT(ground, grade, FIELD_REQUIRED),
    DATE(ground, verified_on, FIELD_REQUIRED),
    TEXT(ground, because_fr, FIELD_REQUIRED),
    TEXT(ground, because_en, FIELD_REQUIRED),
};
static const struct field_table ground_table = FIELD_TABLE("Ground", struct ground, ground_fields, -1);

static const struct field recap_fields[] = {
    INT(recap_file, threshold, 1, 1000000, FIELD_REQUIRED),
    INT(recap_file, threshold_years, 1, 20, FIELD_REQUIRED),
    INT(recap_file, amount, 0, 100000000, FIELD_REQUIRED),
    INT(recap_file, increase, 0, 1000, FIELD_REQUIRED),
    PERIOD(recap_file, limitation),
    LIST(recap_file, grounds, &ground_table),
};
static const struct field_table recap_table = FIELD_TABLE("RecapRules", struct recap_file, recap_fields, -1);

static const struct field file_fields[] = {
    TEXT(rules_file, id, FIELD_REQUIRED),
    TEXT(rules_file, title_fr, FIELD_REQUIRED),
    TEXT(rules_file, title_en, FIELD_REQUIRED),
    DATE(rules_file, verified_on, FIELD_REQUIRED),
    LIST(rules_file, rules, &rule_table),
    LIST(rules_file, postponements, &postponement_table),
    LIST(rules_file, absences, &absence_table),
    LIST(rules_file, readings, &reading_table),
    {.name = "recap",
        .type = FIELD_OBJECT,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct rules_file, recap),
        .of = &recap_table},
};
static const struct field_table file_table = FIELD_TABLE("Rules", struct rules_file, file_fields, -1);

static struct rule rule_settled(struct rule rule)
{
    rule.days = rule.days == FIELD_INT_NONE ? 0 : rule.days;
    rule.limit_days = rule.limit_days == FIELD_INT_NONE ? 0 : rule.limit_days;
    return rule;
}

/* Groups the rows by family, keeping the order of the file: the first row that applies wins. */
static void rules_group(struct arena *arena, const struct rules_file *file, struct rules *rules)
{
    const struct rule *rows = file->rules.items;
    struct rule *grouped = ARENA_ARRAY(arena, file->rules.count, struct rule);
    size_t count = 0;
    for (int family = 0; family < DUTY_FAMILY_COUNT; family++) {
        size_t first = count;
        for (size_t i = 0; i < file->rules.count; i++)
            if (rows[i].family == family)
                grouped[count++] = rule_settled(rows[i]);
        rules->family[family] = count > first ? &grouped[first] : NULL;
        rules->family_count[family] = count - first;
    }
    rules->rules = grouped;
    rules->rule_count = count;
}

static struct recap_rules recap_settled(const struct recap_file *file)
{
    struct recap_rules recap = {.threshold = file->threshold,
        .threshold_years = file->threshold_years,
        .amount = file->amount,
        .increase = file->increase,
        .limitation = file->limitation};
    const struct ground *grounds = file->grounds.items;
    for (size_t i = 0; i < file->grounds.count; i++)
        recap.grounds[grounds[i].name] = grounds[i];
    return recap;
}

static struct rules *rules_build(struct arena *arena, const struct rules_file *file)
{
    struct rules *rules = ARENA_NEW(arena, struct rules);
    *rules = (struct rules){
        .id = file->id,
        .title_fr = file->title_fr,
        .title_en = file->title_en,
        .verified_on = file->verified_on,
        .absences = file->absences.items,
        .absence_count = file->absences.count,
        .postponements = file->postponements.items,
        .postponement_count = file->postponements.count,
        .recap = recap_settled(file->recap),
    };
    const struct reading_text *readings = file->readings.items;
    for (size_t i = 0; i < file->readings.count; i++)
        rules->readings[readings[i].name] = readings[i];
    rules_group(arena, file, rules);
    return rules;
}

enum status rules_parse(
    struct arena *arena, const char *text, size_t size, const struct rules **ret, struct error *err)
{
    struct rules_file file;
    enum status status = field_parse(&file_table, arena, text, size, FIELD_MODE_CREATE, &file, err);
    if (status == ST_OK)
        status = rules_check(&file, err);
    if (status != ST_OK)
        return status;
    struct rules *rules = rules_build(arena, &file);
    struct sha256 hash = sha256(text, size);
    char hex[SHA256_HEX];
    rules->sha256 = arena_strdup(arena, sha256_hex(&hash, hex));
    *ret = rules;
    return ST_OK;
}
