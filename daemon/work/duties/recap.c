/*
 * The recap of an employee from what is stored. On a lane.
 */
#include "work/recap.h"

#include "internal.h"
#include "store/training.h"
#include "training/plan_work.h"

#include <string.h>

enum status recap_headcounts_load(const struct snapshot *snapshot, const char *organisation, instant_t known_at,
    struct recap_headcounts *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct list facts;
    const char *id = arena_printf(arena, "org_%s", organisation);
    enum status status = facts_of(snapshot, &headcount_facts, id, known_at, &facts, err);
    if (status != ST_OK)
        return status;
    struct recap_headcount *items = ARENA_ARRAY(arena, facts.count, struct recap_headcount);
    const struct headcount *known = facts.items;
    for (size_t i = 0; i < facts.count; i++)
        items[i] = (struct recap_headcount){.year = (int)known[i].year, .average = known[i].average};
    *ret = (struct recap_headcounts){.items = items, .count = facts.count};
    return ST_OK;
}

/* ---- trainings */

struct training_reading {
    struct arena *arena;
    const struct zone *zone;
    struct recap_training *items;
    size_t count;
    const char *action; /* of the last item */
};

static date_t training_day(const struct training_reading *reading, instant_t at)
{
    return at == INSTANT_NONE ? DATE_NONE : zone_local(reading->zone, at).date;
}

static int mandatory_of(const char *text)
{
    int mandatory = work_name_index(action_mandatory_names, text);
    return mandatory == FIELD_UNSET ? MANDATORY_UNKNOWN : mandatory;
}

static date_t action_day(const struct action *action)
{
    if (action->done_on != DATE_NONE)
        return action->done_on;
    return action->end;
}

static enum status reading_action(
    struct training_reading *reading, const struct training_row *row, struct error *err)
{
    struct action_row stored = {.id = row->action,
        .state = row->state,
        .nature = row->nature,
        .mandatory = row->mandatory,
        .body = row->body};
    struct action action;
    enum status status = action_of_row(reading->arena, &stored, &action, err);
    if (status != ST_OK)
        return status;
    const struct action_certification *certification = action.certification;
    reading->items[reading->count++] = (struct recap_training){.id = row->action,
        .title = action.title,
        .nature = action.nature,
        .mandatory = action.mandatory,
        .done = action_day(&action),
        .proved = action.certificate != NULL,
        .cpf = action.financing == FINANCING_CPF,
        .cofinanced = action.cpf_cofinanced == 1,
        .certified = certification ? certification->kind : FIELD_UNSET,
        .certification = certification ? certification->title : NULL,
        .certified_on = certification ? certification->date : DATE_NONE};
    reading->action = row->action;
    return ST_OK;
}

/* A completion that stands for the action at hand; what nobody said of the action, its course may say. */
static void reading_evidence(struct training_reading *reading, const struct training_row *row)
{
    struct recap_training *training = &reading->items[reading->count - 1];
    training->proved = true;
    if (training->done == DATE_NONE)
        training->done = training_day(reading, row->occurred_at);
    if (training->mandatory == MANDATORY_UNKNOWN)
        training->mandatory = mandatory_of(row->course_mandatory);
}

static void reading_completion(struct training_reading *reading, const struct training_row *row)
{
    reading->items[reading->count++] = (struct recap_training){.id = row->completion,
        .title = row->course,
        .nature = NATURE_TRAINING,
        .mandatory = mandatory_of(row->course_mandatory),
        .done = training_day(reading, row->occurred_at),
        .proved = true,
        .certified = FIELD_UNSET,
        .certified_on = DATE_NONE};
    reading->action = NULL;
}

static enum status reading_rows(
    struct training_reading *reading, const struct training_list *rows, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < rows->count; i++) {
        const struct training_row *row = &rows->items[i];
        if (!row->action) {
            reading_completion(reading, row);
            continue;
        }
        if (!reading->action || strcmp(reading->action, row->action) != 0)
            status = reading_action(reading, row, err);
        if (status == ST_OK && row->completion)
            reading_evidence(reading, row);
    }
    return status;
}

static enum status read_trainings(const struct snapshot *snapshot, const struct duties_frame *frame,
    const char *employee, instant_t known_at, struct recap_case *given, struct error *err)
{
    struct training_list rows;
    struct training_reading reading = {.arena = snapshot_arena(snapshot), .zone = frame->zone};
    enum status status = training_of(snapshot, employee, known_at, &rows, err);
    if (status != ST_OK)
        return status;
    reading.items = ARENA_ARRAY(reading.arena, rows.count, struct recap_training);
    status = reading_rows(&reading, &rows, err);
    given->trainings = reading.items;
    given->training_count = reading.count;
    return status;
}

static enum status read_progressions(const struct snapshot *snapshot, const char *employee, instant_t known_at,
    struct recap_case *given, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct list facts;
    enum status status = facts_of(snapshot, &progression_facts, employee, known_at, &facts, err);
    if (status != ST_OK)
        return status;
    struct recap_progression *items = ARENA_ARRAY(arena, facts.count, struct recap_progression);
    const struct progression *known = facts.items;
    for (size_t i = 0; i < facts.count; i++)
        items[i] = (struct recap_progression){.id = known[i].head.id,
            .description = known[i].description,
            .kind = known[i].kind,
            .date = known[i].date,
            .proved = known[i].proof && known[i].proof[0]};
    given->progressions = items;
    given->progression_count = facts.count;
    return ST_OK;
}

enum status recap_view(const struct snapshot *snapshot, const struct duties_frame *frame,
    const struct recap_headcounts *headcounts, const char *employee, date_t as_of, instant_t known_at,
    struct recap_view *ret, struct error *err)
{
    enum status status = duties_view(snapshot, frame, employee, as_of, known_at, &ret->duties, err);
    if (status != ST_OK)
        return status;
    ret->given = (struct recap_case){.facts = &ret->duties.facts,
        .duties = &ret->duties.duties,
        .headcounts = headcounts->items,
        .headcount_count = headcounts->count};
    status = read_trainings(snapshot, frame, employee, known_at, &ret->given, err);
    if (status == ST_OK)
        status = read_progressions(snapshot, employee, known_at, &ret->given, err);
    if (status == ST_OK)
        recap_compute(snapshot_arena(snapshot), &ret->given, &ret->recap);
    return status;
}
