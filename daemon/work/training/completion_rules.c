/*
 * The rules of a source: which course code of the plan its courses stand for, where the codes differ. Pure but
 * for loading them. On a lane.
 */
#include "completion.h"

#include "base/text.h"

#include <string.h>

static const struct field source_rule_fields[] = {
    FIELD(struct source_rule, title, FIELD_TEXT,
        .doc = "The title, * for anything: \"*incendie*\"; case and accents do not count."),
    FIELD(struct source_rule, code, FIELD_TEXT,
        .doc = "The platform's id or code of the course, * for anything."),
    FIELD(struct source_rule, course, FIELD_TEXT, .flags = FIELD_REQUIRED,
        .doc = "The course code of the actions it proves."),
};
const struct field_table source_rule_table =
    FIELD_TABLE("SourceRule", struct source_rule, source_rule_fields, -1);

/* `*` stands for any run of bytes. */
static bool rule_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *mark = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            mark = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool rule_takes(struct arena *arena, const char *pattern, const char *text)
{
    return text && rule_glob(text_fold(arena, pattern), text_fold(arena, text));
}

static bool rule_fits(struct arena *arena, const struct source_rule *rule, const struct completion_said *said)
{
    if (rule->title && !rule_takes(arena, rule->title, said->course_title))
        return false;
    return !rule->code || rule_takes(arena, rule->code, said->course_id) ||
           rule_takes(arena, rule->code, said->course_code);
}

struct source_rules_holder {
    struct list rules;
};
static const struct field holder_fields[] = {
    FIELD(struct source_rules_holder, rules, FIELD_LIST, .of = &source_rule_table, .max = SOURCE_RULES_MAX)};
static const struct field_table holder_table =
    FIELD_TABLE("SourceRules", struct source_rules_holder, holder_fields, -1);

struct list source_rules_parse(struct arena *arena, const char *text)
{
    struct source_rules_holder holder;
    field_clear(&holder_table, &holder);
    if (!strcmp(text, "[]"))
        return (struct list){0};
    const char *object = arena_printf(arena, "{\"rules\":%s}", text);
    if (field_parse(&holder_table, arena, object, strlen(object), FIELD_MODE_STORED, &holder, NULL) != ST_OK)
        return (struct list){0};
    return holder.rules;
}

enum status completion_rule_course(struct txn *txn, const char *source, const struct completion_said *said,
    const char **ret, struct error *err)
{
    const char *text = "[]";
    *ret = NULL;
    enum status status = source_rules(txn_snapshot(txn), source, &text, err);
    if (status != ST_OK)
        return status;
    struct list list = source_rules_parse(txn_arena(txn), text);
    const struct source_rule *rules = list.items;
    for (size_t i = 0; !*ret && i < list.count; i++)
        if (rule_fits(txn_arena(txn), &rules[i], said))
            *ret = rules[i].course;
    return ST_OK;
}
