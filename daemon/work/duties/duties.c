/*
 * The duties of an employee from the facts known at an instant: facts to a case of the rules, and the ids of
 * what comes out. On a lane; the rules are read once for all threads.
 */
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct arena *arena;
    const struct rules *rules;
    const char *name;
} in_use;

static void duties_read_rules(void)
{
    struct error err = ERROR_INIT;
    in_use.arena = arena_new(0);
    if (!in_use.rules && rules_default(in_use.arena, &in_use.rules, &err) != ST_OK)
        abort();
    in_use.name = arena_printf(in_use.arena, "%s sha256:%s", in_use.rules->id, in_use.rules->sha256);
}

void duties_begin(const struct rules *rules)
{
    in_use.rules = rules;
}

static void duties_look_up_rules(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, duties_read_rules);
}

const struct rules *duties_rules(void)
{
    duties_look_up_rules();
    return in_use.rules;
}

const char *duties_rules_name(void)
{
    duties_look_up_rules();
    return in_use.name;
}

instant_t duties_day_end(const struct duties_frame *frame, date_t day)
{
    return zone_instant(frame->zone, day + 1, 0) - 1;
}

/* A case while its facts are read. */
struct reading {
    struct arena *arena;
    struct duties_view *view;
    struct case_review *reviews;
    struct case_absence *absences;
    struct case_event *events;
    struct acknowledgement *acknowledgements;
    size_t acknowledgement_count;
};

static enum status read_terms(struct reading *reading, const struct fact_row *row, struct error *err)
{
    struct terms terms;
    enum status status = facts_read(reading->arena, &terms_facts, row, &terms, err);
    if (status != ST_OK)
        return status;
    reading->view->known = true;
    reading->view->facts.employee = (struct case_employee){.hire_date = terms.hire_date,
        .seniority_date = terms.seniority_date,
        .birth_date = terms.birth_date,
        .contract_end = terms.contract_end,
        .exit_date = terms.exit_date,
        .contract = terms.contract};
    return ST_OK;
}

static enum status read_review(struct reading *reading, const struct fact_row *row, struct error *err)
{
    struct review_fact review;
    enum status status = facts_read(reading->arena, &review_facts, row, &review, err);
    if (status != ST_OK)
        return status;
    reading->reviews[reading->view->facts.review_count++] = (struct case_review){.id = review.review,
        .type = review.type,
        .recap = review.recap,
        .planned = review.planned,
        .held = review.held,
        .reported = review.reported,
        .copy_handed = review.copy_handed,
        .refused = review.refused};
    return ST_OK;
}

static enum status read_absence(struct reading *reading, const struct fact_row *row, struct error *err)
{
    struct absence absence;
    enum status status = facts_read(reading->arena, &absence_facts, row, &absence, err);
    if (status != ST_OK)
        return status;
    reading->absences[reading->view->facts.absence_count++] = (struct case_absence){.id = row->id,
        .type = absence.type,
        .start = absence.start,
        .end = absence.end,
        .announced = absence.announced};
    return ST_OK;
}

static enum status read_event(struct reading *reading, const struct fact_row *row, struct error *err)
{
    struct career_event event;
    enum status status = facts_read(reading->arena, &event_facts, row, &event, err);
    if (status != ST_OK)
        return status;
    reading->events[reading->view->facts.event_count++] =
        (struct case_event){.id = row->id, .type = event.type, .date = event.date};
    return ST_OK;
}

static enum status read_acknowledgement(struct reading *reading, const struct fact_row *row, struct error *err)
{
    return facts_read(reading->arena, &acknowledgement_facts, row,
        &reading->acknowledgements[reading->acknowledgement_count++], err);
}

/* Which facts the rules ask for; others of a person are not theirs. */
static const struct {
    const struct fact_kind *kind;
    enum status (*read)(struct reading *reading, const struct fact_row *row, struct error *err);
} readers[] = {
    {&terms_facts, read_terms},
    {&review_facts, read_review},
    {&absence_facts, read_absence},
    {&event_facts, read_event},
    {&acknowledgement_facts, read_acknowledgement},
};

static enum status read_facts(struct reading *reading, const struct fact_list *rows, struct error *err)
{
    reading->reviews = ARENA_ARRAY(reading->arena, rows->count, struct case_review);
    reading->absences = ARENA_ARRAY(reading->arena, rows->count, struct case_absence);
    reading->events = ARENA_ARRAY(reading->arena, rows->count, struct case_event);
    reading->acknowledgements = ARENA_ARRAY(reading->arena, rows->count, struct acknowledgement);
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t k = 0; k < sizeof readers / sizeof readers[0]; k++) {
            if (strcmp(rows->items[i].kind, readers[k].kind->name) != 0)
                continue;
            enum status status = readers[k].read(reading, &rows->items[i], err);
            if (status != ST_OK)
                return status;
        }
    }
    reading->view->facts.reviews = reading->reviews;
    reading->view->facts.absences = reading->absences;
    reading->view->facts.events = reading->events;
    return ST_OK;
}

static const char *const *duty_ids(struct arena *arena, const char *organisation, const char *employee,
    const struct duty *duties, size_t count)
{
    const char **ids = ARENA_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        ids[i] = id_derive(arena, "duty", organisation, employee, duty_name(arena, &duties[i]));
    return ids;
}

/* Only of what is missed still: a duty that something satisfies after all is none to take note of. */
static const struct acknowledgement *const *acknowledged(
    const struct reading *reading, const struct duties *duties, const char *const *ids)
{
    const struct acknowledgement **list =
        ARENA_ARRAY(reading->arena, duties->open_count, const struct acknowledgement *);
    for (size_t i = 0; i < duties->open_count; i++)
        for (size_t k = 0; duties->open[i].state == DUTY_MISSED && k < reading->acknowledgement_count; k++)
            if (strcmp(reading->acknowledgements[k].duty, ids[i]) == 0)
                list[i] = &reading->acknowledgements[k];
    return list;
}

enum status duties_view(const struct snapshot *snapshot, const struct duties_frame *frame, const char *employee,
    date_t as_of, instant_t known_at, struct duties_view *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct duties_view view = {.facts = duty_case_init(duties_rules(), as_of)};
    struct reading reading = {.arena = arena, .view = &view};
    struct fact_list rows;
    enum status status = fact_of(snapshot, employee, NULL, known_at, &rows, err);
    if (status == ST_OK)
        status = read_facts(&reading, &rows, err);
    if (status != ST_OK)
        return status;
    view.facts.policies = frame->policies;
    view.facts.agreements = frame->agreements;
    view.facts.agreement_count = frame->agreement_count;
    /* The results point into the case: it stays where it is. */
    *ret = view;
    duties_compute(arena, &ret->facts, &ret->duties);
    ret->open_ids = duty_ids(arena, frame->organisation, employee, ret->duties.open, ret->duties.open_count);
    ret->acknowledged = acknowledged(&reading, &ret->duties, ret->open_ids);
    ret->history_ids =
        duty_ids(arena, frame->organisation, employee, ret->duties.history, ret->duties.history_count);
    return ST_OK;
}
