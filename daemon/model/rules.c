/* Looking things up in the rules, and the rules built in. Pure, any thread. */
#include "model/rules.h"

#include <string.h>

extern const char rules_fr_l6315_1[];
extern const size_t rules_fr_l6315_1_size;

enum status rules_default(struct arena *arena, const struct rules **ret, struct error *err)
{
    return rules_parse(arena, rules_fr_l6315_1, rules_fr_l6315_1_size, ret, err);
}

const struct absence_type *rules_absence_type(const struct rules *rules, const char *name)
{
    for (size_t i = 0; name != NULL && i < rules->absence_count; i++)
        if (strcmp(rules->absences[i].name, name) == 0)
            return &rules->absences[i];
    return NULL;
}

const struct rule *rules_find(const struct rules *rules, const char *id)
{
    for (size_t i = 0; id != NULL && i < rules->rule_count; i++)
        if (strcmp(rules->rules[i].id, id) == 0)
            return &rules->rules[i];
    return NULL;
}
