#pragma once
/*
 * What a professional review has to speak about (Code du travail L6315-1): the themes of each regime, those
 * that the mid-career review and the one before sixty add, and the information the employer owes. Recorded as
 * covered or not; nothing here says what was answered. Pure, any thread.
 */
#include "base/date.h"
#include "base/error.h"
#include "base/field.h"
#include "base/lang.h"

#include <stdbool.h>

enum review_theme {
    THEME_SKILLS,         /* I 1°: skills and qualifications used, and how they may evolve */
    THEME_PROSPECTS,      /* I 2°: situation and path, in view of the jobs of the company */
    THEME_TRAINING_NEEDS, /* I 3°: of the job, its evolution, or a personal project */
    THEME_WISHES,         /* I 4°: evolution, reconversion, transition project, skills assessment, VAE */
    THEME_CPF,            /* I 5°: personal training account, employer contributions, guidance (CEP) */
    THEME_WORKSTATION,    /* IV: adapting tasks and workstation */
    THEME_WEAR,           /* IV: preventing professional wear */
    THEME_MOBILITY,       /* IV: needs and wishes of mobility or reconversion */
    THEME_RETENTION,      /* V: staying in employment */
    THEME_END_OF_CAREER,  /* V: part time, progressive retirement */
    THEME_COUNT
};

enum review_information {
    INFORMATION_VAE,
    INFORMATION_CPF,
    INFORMATION_EMPLOYER_CONTRIBUTIONS,
    INFORMATION_CEP,
    INFORMATION_FINANCING, /* OPCO, transition project */
    INFORMATION_COUNT
};

struct review_topic {
    const char *name; /* "training_needs" */
    const char *article;
    const char *titles[LANG_COUNT];
};
extern const struct review_topic review_themes[THEME_COUNT];
extern const struct review_topic review_informations[INFORMATION_COUNT];

/* Names to bits (1 << enum review_theme). ST_INVALID with a pointer ("/themes/2") for each that is unknown; one
 * given twice counts once. */
enum status themes_read(const struct list *names, unsigned *ret, struct error *err);
enum status informations_read(const struct list *names, unsigned *ret, struct error *err);

/* What the law asks of a professional review held on that day: bits. `families`: 1 << enum duty_family of the
 * duties it serves, which may add themes. */
unsigned themes_required(date_t held_on, unsigned families);
unsigned informations_required(date_t held_on);
