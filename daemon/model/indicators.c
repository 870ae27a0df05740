/* The yearly figures by groups that single nobody out. Pure, any thread. */
#include "model/indicators.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void figures_add(struct indicator_figures *sum, const struct indicator_figures *more)
{
    sum->people += more->people;
    sum->reviewed += more->reviewed;
    sum->reviews += more->reviews;
    sum->recaps += more->recaps;
    sum->credited += more->credited;
    sum->credit += more->credit;
    sum->trained += more->trained;
    sum->trainings += more->trainings;
    sum->minutes += more->minutes;
    sum->skills_assessments += more->skills_assessments;
    sum->vae += more->vae;
    sum->decided += more->decided;
    sum->decided_done += more->decided_done;
    sum->decided_dropped += more->decided_dropped;
}

static struct indicator_figures *group_find(struct indicators *indicators, const char *category, int sex)
{
    for (size_t i = 0; i < indicators->count; i++) {
        struct indicator_group *group = &indicators->groups[i];
        if (group->sex == sex && strcmp(group->category, category) == 0)
            return &group->figures;
    }
    if (indicators->count == INDICATOR_GROUPS_MAX)
        return &indicators->merged;
    struct indicator_group *group = &indicators->groups[indicators->count++];
    text_copy(group->category, sizeof group->category, category);
    group->sex = sex;
    return &group->figures;
}

void indicators_add(
    struct indicators *indicators, const char *category, int sex, const struct indicator_figures *one)
{
    figures_add(group_find(indicators, category ? category : "", sex), one);
    figures_add(&indicators->total, one);
}

static void group_merge(struct indicators *indicators, size_t at)
{
    figures_add(&indicators->merged, &indicators->groups[at].figures);
    indicators->count--;
    memmove(&indicators->groups[at], &indicators->groups[at + 1],
        (indicators->count - at) * sizeof indicators->groups[0]);
}

static size_t group_smallest(const struct indicators *indicators)
{
    size_t smallest = 0;
    for (size_t i = 1; i < indicators->count; i++)
        if (indicators->groups[i].figures.people < indicators->groups[smallest].figures.people)
            smallest = i;
    return smallest;
}

static int group_compare(const void *a, const void *b)
{
    const struct indicator_group *x = a;
    const struct indicator_group *y = b;
    int order = strcmp(x->category, y->category);
    return order != 0 ? order : (x->sex > y->sex) - (x->sex < y->sex);
}

bool indicators_merge(struct indicators *indicators)
{
    /* In order first: which of two equal groups is merged must not depend on who came first. */
    qsort(indicators->groups, indicators->count, sizeof indicators->groups[0], group_compare);
    for (size_t i = indicators->count; i-- > 0;)
        if (indicators->groups[i].figures.people < INDICATOR_PEOPLE_MIN)
            group_merge(indicators, i);
    while (indicators->merged.people > 0 && indicators->merged.people < INDICATOR_PEOPLE_MIN &&
           indicators->count > 0)
        group_merge(indicators, group_smallest(indicators));
    return indicators->total.people >= INDICATOR_PEOPLE_MIN;
}
