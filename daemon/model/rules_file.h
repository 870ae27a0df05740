#pragma once
/* A rules file as it was read, before it is put in order. */
#include "base/field.h"
#include "model/rules.h"

struct recap_file {
    int64_t threshold, threshold_years, amount, increase;
    struct period limitation;
    struct list grounds; /* struct ground */
};

struct rules_file {
    const char *id;
    const char *title_fr, *title_en;
    date_t verified_on;
    struct list rules;         /* struct rule */
    struct list postponements; /* struct postponement */
    struct list absences;      /* struct absence_type */
    struct list readings;      /* struct reading_text */
    const struct recap_file *recap;
};

/* What the field tables cannot say; ST_INVALID with a pointer per mistake. */
enum status rules_check(const struct rules_file *file, struct error *err);
