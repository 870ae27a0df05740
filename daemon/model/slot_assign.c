/*
 * Times for many reviews at once: greedy by deadline with an even load, then moving a few to make room, as in
 * the augmenting paths of bipartite matching. Pure, any thread.
 */
#include "slot_internal.h"

#include <stdlib.h>

enum { ASSIGN_DEPTH = 4 }; /* reviews moved to make room for one */

/* A start that nothing outside stands in the way of. */
struct assign_start {
    struct slot slot;
    date_t day;
    unsigned rank; /* within its week: the lower the better */
};

struct assign_task {
    const struct slot_task *task;
    struct assign_start *starts; /* in the order of time */
    size_t start_count;
    size_t *others; /* tasks that share a person with this one */
    size_t other_count;
    const struct assign_start *placed; /* NULL: not yet */
    size_t tried;                      /* for which task it was last asked to move, + 1 */
    struct slot_tally tally;           /* of the starts that are none */
};

struct assign {
    const struct slot_search *rules;
    struct assign_task *tasks;
    size_t count;
    size_t asking; /* the task that room is made for, + 1 */
};

static struct slot_search assign_search(const struct assign *a, const struct slot_task *task)
{
    struct slot_search search = *a->rules;
    search.busy = task->busy;
    search.busy_count = task->busy_count;
    search.from = task->from;
    search.to = task->to;
    return search;
}

/* ---- before */

/* Where that day stands among those of a week that have hours, *ret_days of them. */
static unsigned assign_weekday(const struct slot_search *search, date_t day, unsigned *ret_days)
{
    unsigned before = 0;
    *ret_days = 0;
    for (int weekday = 1; weekday <= 7; weekday++) {
        bool open = false;
        for (size_t i = 0; i < search->hours_count; i++)
            open |= search->hours[i].weekday == weekday;
        *ret_days += open;
        before += open && weekday < date_weekday(day);
    }
    return before;
}

/* Interviewers begin their weeks on different days and their days at different times, and each at others from
 * week to week: not everybody meets on Monday at nine. Reviews follow each other without holes: `at` counts
 * those that would fit before, `fits` all of the day; a start in between comes last. */
static unsigned assign_rank(
    const struct slot_search *search, const struct slot_task *task, date_t day, unsigned at, unsigned fits)
{
    unsigned days;
    unsigned weekday = assign_weekday(search, day, &days);
    unsigned turn = (unsigned)(task->interviewer % 1000) + (unsigned)(slot_week(day) / 7);
    unsigned hour = at < fits ? (at + turn / days) % fits : at;
    return (weekday + turn) % days * SLOT_DAY_MAX + hour;
}

/* Which starts reviews would have that follow each other from the beginning of the hours on; how many. */
static unsigned assign_mark_whole(
    const struct slot_search *search, const struct slot *all, size_t count, bool whole[SLOT_DAY_MAX])
{
    const instant_t length = search->minutes * 60 * US_PER_SEC;
    const instant_t step = search->step * 60 * US_PER_SEC;
    instant_t opening = 0;
    unsigned fits = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || all[i].start - all[i - 1].start != step)
            opening = all[i].start;
        whole[i] = (all[i].start - opening) % length == 0;
        fits += whole[i];
    }
    return fits;
}

/* Those of a day that nothing stands in the way of. */
static void assign_add_starts(struct assign_task *t, const struct slot_search *search, date_t day)
{
    struct slot all[SLOT_DAY_MAX];
    bool whole[SLOT_DAY_MAX];
    size_t count = slot_day(search, day) == SLOT_FREE ? slot_starts(search, day, all) : 0;
    unsigned fits = assign_mark_whole(search, all, count, whole);
    unsigned at = 0;
    for (size_t i = 0; i < count; i++) {
        enum slot_reason reason = slot_why(search, &all[i]);
        unsigned rank = assign_rank(search, t->task, day, whole[i] ? at : fits, fits);
        at += whole[i];
        if (reason == SLOT_FREE)
            t->starts[t->start_count++] = (struct assign_start){all[i], day, rank};
        else
            t->tally.count[reason]++;
    }
}

static void assign_fill_starts(const struct assign *a, struct assign_task *t, struct arena *arena)
{
    struct slot all[SLOT_DAY_MAX];
    struct slot_search search = assign_search(a, t->task);
    size_t room = 0;
    for (date_t day = search.from; day <= search.to; day++) {
        enum slot_reason why = slot_day(&search, day);
        if (why != SLOT_FREE)
            t->tally.count[why]++;
        else
            room += slot_starts(&search, day, all);
    }
    t->starts = ARENA_ARRAY(arena, room, struct assign_start);
    for (date_t day = search.from; day <= search.to; day++)
        assign_add_starts(t, &search, day);
}

static bool assign_share(const struct slot_task *a, const struct slot_task *b)
{
    return a->employee == b->employee || a->employee == b->interviewer || a->interviewer == b->employee ||
           a->interviewer == b->interviewer;
}

static void assign_fill_others(const struct assign *a, size_t at, struct arena *arena)
{
    struct assign_task *t = &a->tasks[at];
    size_t *others = ARENA_ARRAY(arena, a->count, size_t);
    for (size_t i = 0; i < a->count; i++)
        if (i != at && assign_share(t->task, a->tasks[i].task))
            others[t->other_count++] = i;
    t->others = others;
}

/* ---- what stands in the way by now */

static bool assign_overlap(const struct assign_start *a, const struct assign_start *b)
{
    return a->slot.start < b->slot.end && b->slot.start < a->slot.end;
}

static bool assign_same_week(const struct assign_start *a, const struct assign_start *b)
{
    return slot_week(a->day) == slot_week(b->day);
}

/* How many reviews its interviewer holds that week and that day. */
static unsigned assign_load(const struct assign *a, const struct assign_task *t, date_t from, date_t to)
{
    unsigned load = 0;
    for (size_t i = 0; i < t->other_count; i++) {
        const struct assign_task *other = &a->tasks[t->others[i]];
        load += other->placed && other->task->interviewer == t->task->interviewer &&
                other->placed->day >= from && other->placed->day <= to;
    }
    return load;
}

static unsigned assign_week_load(const struct assign *a, const struct assign_task *t, date_t day)
{
    struct slot_search search = assign_search(a, t->task);
    date_t monday = slot_week(day);
    return slot_week_load(&search, monday) + assign_load(a, t, monday, monday + 6);
}

static enum slot_reason assign_why(
    const struct assign *a, const struct assign_task *t, const struct assign_start *start)
{
    for (size_t i = 0; i < t->other_count; i++) {
        const struct assign_task *other = &a->tasks[t->others[i]];
        bool of_interviewer =
            other->task->interviewer == t->task->interviewer || other->task->employee == t->task->interviewer;
        if (other->placed && assign_overlap(other->placed, start))
            return of_interviewer ? SLOT_INTERVIEWER_REVIEW : SLOT_EMPLOYEE_REVIEW;
    }
    bool full = a->rules->per_week > 0 && assign_week_load(a, t, start->day) >= (unsigned)a->rules->per_week;
    return full ? SLOT_WEEK_FULL : SLOT_FREE;
}

/* ---- one task */

/* The best start of one week, by the load of its days, then by rank. */
static const struct assign_start *assign_best_of_week(
    const struct assign *a, const struct assign_task *t, size_t from, size_t to)
{
    const struct assign_start *best = NULL;
    unsigned best_load = 0;
    date_t day = DATE_NONE;
    unsigned load = 0;
    for (size_t i = from; i < to; i++) {
        const struct assign_start *start = &t->starts[i];
        if (start->day != day) {
            day = start->day;
            load = assign_load(a, t, day, day);
        }
        if (best && (load > best_load || (load == best_load && start->rank >= best->rank)))
            continue;
        if (assign_why(a, t, start) == SLOT_FREE) {
            best = start;
            best_load = load;
        }
    }
    return best;
}

static const struct assign_start *assign_best(const struct assign *a, const struct assign_task *t)
{
    const struct assign_start *best = NULL;
    unsigned best_load = 0;
    for (size_t from = 0, to; from < t->start_count; from = to) {
        to = from + 1;
        while (to < t->start_count && assign_same_week(&t->starts[from], &t->starts[to]))
            to++;
        unsigned load = assign_week_load(a, t, t->starts[from].day);
        if (best && load >= best_load)
            continue;
        const struct assign_start *found = assign_best_of_week(a, t, from, to);
        if (found) {
            best = found;
            best_load = load;
        }
    }
    return best;
}

static bool assign_place(struct assign *a, struct assign_task *t, int depth);

/* `start` for t if `other` finds another time. */
static bool assign_swap(struct assign *a, struct assign_task *t, const struct assign_start *start,
    struct assign_task *other, int depth)
{
    const struct assign_start *was = other->placed;
    other->placed = NULL;
    if (assign_why(a, t, start) == SLOT_FREE) {
        other->tried = a->asking;
        t->placed = start;
        if (assign_place(a, other, depth - 1))
            return true;
        t->placed = NULL;
    }
    other->placed = was;
    return false;
}

static bool assign_make_room(struct assign *a, struct assign_task *t, int depth)
{
    for (size_t i = 0; i < t->start_count; i++)
        for (size_t k = 0; k < t->other_count; k++) {
            struct assign_task *other = &a->tasks[t->others[k]];
            if (!other->placed || other->tried == a->asking || !assign_same_week(other->placed, &t->starts[i]))
                continue;
            if (assign_swap(a, t, &t->starts[i], other, depth))
                return true;
        }
    return false;
}

static bool assign_place(struct assign *a, struct assign_task *t, int depth)
{
    t->placed = assign_best(a, t);
    if (t->placed)
        return true;
    return depth > 0 && assign_make_room(a, t, depth);
}

/* ---- all of them */

struct assign_order {
    date_t to, from;
    size_t index;
};

static int assign_compare(const void *a, const void *b)
{
    const struct assign_order *one = a;
    const struct assign_order *other = b;
    if (one->to != other->to)
        return one->to < other->to ? -1 : 1;
    if (one->from != other->from)
        return one->from > other->from ? -1 : 1;
    return one->index < other->index ? -1 : one->index > other->index;
}

static const struct assign_order *assign_orders(
    const struct slot_task *tasks, size_t count, struct arena *arena)
{
    struct assign_order *orders = ARENA_ARRAY(arena, count, struct assign_order);
    for (size_t i = 0; i < count; i++)
        orders[i] = (struct assign_order){tasks[i].to, tasks[i].from, i};
    qsort(orders, count, sizeof *orders, assign_compare);
    return orders;
}

static void assign_tell(const struct assign *a, struct assign_task *t, struct slot_assigned *ret)
{
    *ret = (struct slot_assigned){.slot = {INSTANT_NONE, INSTANT_NONE}, .tally = t->tally};
    if (t->placed) {
        ret->slot = t->placed->slot;
        return;
    }
    for (size_t i = 0; i < t->start_count; i++)
        ret->tally.count[assign_why(a, t, &t->starts[i])]++;
}

void slots_assign(const struct slot_search *rules, const struct slot_task *tasks, size_t count,
    struct arena *arena, struct slot_assigned *ret)
{
    struct assign a = {.rules = rules, .tasks = ARENA_ARRAY(arena, count, struct assign_task), .count = count};
    for (size_t i = 0; i < count; i++)
        a.tasks[i].task = &tasks[i];
    for (size_t i = 0; i < count; i++) {
        if (rules->minutes > 0 && rules->step > 0)
            assign_fill_starts(&a, &a.tasks[i], arena);
        assign_fill_others(&a, i, arena);
    }
    const struct assign_order *orders = assign_orders(tasks, count, arena);
    for (size_t i = 0; i < count; i++) {
        a.asking = orders[i].index + 1;
        a.tasks[orders[i].index].tried = a.asking;
        (void)assign_place(&a, &a.tasks[orders[i].index], ASSIGN_DEPTH);
    }
    for (size_t i = 0; i < count; i++)
        assign_tell(&a, &a.tasks[i], &ret[i]);
}
