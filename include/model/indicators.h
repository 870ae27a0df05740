#pragma once
/*
 * The yearly figures that an employer tells its staff's representatives (R2312-8, R2312-9, L2312-18), by
 * professional category and sex, in a way that nobody can be singled out: groups of fewer than five people are
 * merged; where what is merged would itself be fewer than five, so that it could be told from the whole and
 * the groups that are shown, the smallest of these joins it. Of fewer than five people in all nothing is told.
 * Pure, any thread; plain memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INDICATOR_GROUPS_MAX = 96, INDICATOR_CATEGORY_MAX = 804, INDICATOR_PEOPLE_MIN = 5 };

struct indicator_figures {
    int64_t people;             /* employed on a day of the year, temporary workers apart */
    int64_t reviewed, reviews;  /* people, and professional reviews held, recaps included */
    int64_t recaps;             /* held */
    int64_t credited, credit;   /* people, and cents the employer paid to personal training accounts */
    int64_t trained, trainings; /* people, and training actions done, AFEST included */
    int64_t minutes;            /* of these */
    int64_t skills_assessments; /* done */
    int64_t vae;                /* done */
    int64_t decided;            /* actions of the year that came of a review */
    int64_t decided_done, decided_dropped; /* of which done; cancelled, refused, postponed */
};

struct indicator_group {
    char category[INDICATOR_CATEGORY_MAX]; /* "" = not said */
    int sex;                               /* as given to indicators_add */
    struct indicator_figures figures;
};

struct indicators {
    size_t count;
    struct indicator_group groups[INDICATOR_GROUPS_MAX];
    struct indicator_figures merged; /* groups that are not told apart; people 0 = none */
    struct indicator_figures total;
};

/* Adds one person, `one->people` being 1. Groups past INDICATOR_GROUPS_MAX are merged at once. */
void indicators_add(
    struct indicators *indicators, const char *category, int sex, const struct indicator_figures *one);
/* Merges what must be; then puts the groups in order of category and sex. False: too few people to tell
 * anything. */
bool indicators_merge(struct indicators *indicators);
