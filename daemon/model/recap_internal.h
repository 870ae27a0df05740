#pragma once
/* Inside the recap: one assessment under way. */
#include "engine.h"
#include "model/recap.h"

struct recap_work {
    struct arena *arena;
    const struct recap_case *given;
    const struct rules *rules;
    const struct duties *duties; /* on `day` */
    date_t day;                  /* the day looked from: the last one of an employee who left */
};

/* recap_evidence.c: the three criteria, then what is missing. */
void recap_judge_criteria(const struct recap_work *work, struct recap_cycle *cycle, bool first);
void recap_find_gaps(const struct recap_work *work, struct recap_cycle *cycle, bool age_matters);
/* recap_exposure.c: what may be owed, and what would avert it. `reviews` (enum recap_verdict) is what counts of
 * their verdict. */
void recap_judge_exposure(const struct recap_work *work, struct recap_cycle *cycle, int reviews);
