/* The coming workload of an employee: time played forward, each duty met on its day. Pure, any thread. */
#include "model/forecast.h"

#include <string.h>

/* More than ten years can hold: what the rules ask for comes every few years, a day that changes nothing a few
 * times a year. */
enum { MEETINGS_MAX = 64, STEPS_MAX = 400 };

struct walk {
    struct arena *arena;
    struct duty_case facts; /* moves forward */
    struct case_review *reviews;
    struct case_event *events;
    struct duties duties; /* on facts.as_of */
    date_t today, from;
    bool conflict; /* the recap to come could not share the meeting before it */
    struct forecast_meeting *items;
    size_t count;
};

static const struct case_absence *away_on(const struct duty_case *facts, date_t day)
{
    for (size_t i = 0; i < facts->absence_count; i++) {
        const struct case_absence *absence = &facts->absences[i];
        const struct absence_type *type = rules_absence_type(facts->rules, absence->type);
        if (type && type->away == 1 && absence->start <= day &&
            (absence->end == DATE_NONE || absence->end >= day))
            return absence;
    }
    return NULL;
}

/* The day itself when nobody knows when the absence ends. */
static date_t first_day_back(const struct duty_case *facts, date_t day, bool *ret_away)
{
    date_t back = day;
    const struct case_absence *absence;
    *ret_away = false;
    while ((absence = away_on(facts, back))) {
        if (absence->end == DATE_NONE) {
            *ret_away = true;
            return day;
        }
        back = absence->end + 1;
    }
    return back;
}

static date_t later(date_t a, date_t b)
{
    return a > b ? a : b;
}

/* The review that is set for a duty; a late one too, once it is late. */
static const struct case_review *review_set(const struct walk *walk, const struct duty *duty)
{
    const struct case_review *found = duty->planned_by;
    for (size_t i = 0; !duty->planned_by && duty->state == DUTY_OVERDUE && i < walk->facts.review_count; i++) {
        const struct case_review *review = &walk->reviews[i];
        if (review->type == REVIEW_PROFESSIONAL && review->held == DATE_NONE && review->refused == DATE_NONE &&
            review->planned != DATE_NONE && review->planned >= walk->facts.as_of &&
            (duty->family != DUTY_RECAP || review->recap == 1) && (!found || review->planned < found->planned))
            found = review;
    }
    return duty->family == DUTY_MIDCAREER_VISIT ? NULL : found;
}

static struct forecast_meeting meeting_for(const struct walk *walk, const struct duty *duty)
{
    const struct case_review *set = review_set(walk, duty);
    struct forecast_meeting meeting = {.due = duty->due,
        .visit = duty->family == DUTY_MIDCAREER_VISIT,
        .conflict = duty->conflict >= 0,
        .planned = set != NULL,
        .overdue = duty->due < walk->today};
    if (set)
        meeting.on = set->planned;
    else
        meeting.on = first_day_back(&walk->facts, later(duty->due, walk->facts.as_of), &meeting.away);
    return meeting;
}

/* The duty that asks for the next meeting, NULL when none does. */
static const struct duty *walk_next(const struct walk *walk, struct forecast_meeting *ret)
{
    const struct duty *next = NULL;
    for (size_t i = 0; i < walk->duties.open_count; i++) {
        const struct duty *duty = &walk->duties.open[i];
        struct forecast_meeting meeting;
        if (!duty_state_open((enum duty_state)duty->state))
            continue;
        meeting = meeting_for(walk, duty);
        if (next && meeting.on >= ret->on)
            continue;
        next = duty;
        *ret = meeting;
    }
    return next;
}

static bool recap_may_be_held(const struct walk *walk, date_t on)
{
    for (size_t i = 0; i < walk->duties.open_count; i++) {
        const struct duty *duty = &walk->duties.open[i];
        if (duty->family == DUTY_RECAP)
            return duty->opens == DATE_NONE ? duty->due <= on : duty->opens <= on;
    }
    return false;
}

/* The review of this meeting, held. */
static const struct case_review *walk_hold(struct walk *walk, const struct duty *duty, date_t on)
{
    const struct case_review *set = review_set(walk, duty);
    size_t at = set ? (size_t)(set - walk->reviews) : walk->facts.review_count++;
    struct case_review *review = &walk->reviews[at];
    *review = (struct case_review){.id = review->id,
        .type = REVIEW_PROFESSIONAL,
        .recap = set ? review->recap == 1 : recap_may_be_held(walk, on),
        .planned = DATE_NONE,
        .held = on,
        .reported = on,
        .copy_handed = on,
        .refused = DATE_NONE};
    return review;
}

static void walk_visit(struct walk *walk, date_t on)
{
    walk->events[walk->facts.event_count++] = (struct case_event){.type = EVENT_MIDCAREER_VISIT, .date = on};
}

static void walk_compute(struct walk *walk, date_t day)
{
    walk->facts.as_of = day;
    duties_compute(walk->arena, &walk->facts, &walk->duties);
}

static unsigned served_by(const struct walk *walk, const struct case_review *review, date_t on)
{
    unsigned kinds = 0;
    date_t within = date_add(on, (struct period){.years = 1});
    for (size_t i = 0; i < walk->duties.history_count; i++) {
        const struct duty *duty = &walk->duties.history[i];
        if (duty->satisfied_by == review && (duty->family != DUTY_PERIODIC || duty->due <= within))
            kinds |= 1U << duty->family;
    }
    return kinds;
}

static void walk_meet(struct walk *walk, const struct duty *duty, struct forecast_meeting *meeting)
{
    const unsigned both = 1U << DUTY_RECAP | 1U << DUTY_PERIODIC;
    const struct case_review *review = NULL;
    if (meeting->visit)
        walk_visit(walk, meeting->on);
    else
        review = walk_hold(walk, duty, meeting->on);
    bool conflict = meeting->conflict;
    walk_compute(walk, later(meeting->on, walk->facts.as_of));
    meeting->kinds = meeting->visit ? 1U << DUTY_MIDCAREER_VISIT : served_by(walk, review, meeting->on);
    meeting->joint = (meeting->kinds & both) == both;
    if (meeting->kinds & 1U << DUTY_RECAP) {
        meeting->conflict = !meeting->joint && (walk->conflict || conflict);
        walk->conflict = false;
    } else {
        walk->conflict |= conflict;
    }
    if (meeting->kinds && meeting->on >= walk->from)
        walk->items[walk->count++] = *meeting;
}

static void walk_to(struct walk *walk, date_t to)
{
    unsigned held = 0;
    for (unsigned steps = 0; steps < STEPS_MAX && held < MEETINGS_MAX; steps++) {
        struct forecast_meeting meeting = {.on = to + 1};
        const struct duty *duty = walk_next(walk, &meeting);
        date_t change = walk->duties.next_check;
        bool changes = change != DATE_NONE && change > walk->facts.as_of;
        if (changes && change <= meeting.on && change <= to) {
            walk_compute(walk, change);
        } else if (duty && meeting.on <= to) {
            walk_meet(walk, duty, &meeting);
            held++;
        } else {
            return;
        }
    }
}

static struct walk walk_begin(
    struct arena *arena, const struct duty_case *facts, date_t from, struct case_review *reviews)
{
    struct walk walk = {
        .arena = arena, .facts = *facts, .reviews = reviews, .today = facts->as_of, .from = from};
    walk.events = ARENA_ARRAY(arena, facts->event_count + MEETINGS_MAX, struct case_event);
    walk.items = ARENA_ARRAY(arena, MEETINGS_MAX, struct forecast_meeting);
    if (facts->review_count > 0)
        memcpy(walk.reviews, facts->reviews, facts->review_count * sizeof *walk.reviews);
    if (facts->event_count > 0)
        memcpy(walk.events, facts->events, facts->event_count * sizeof *walk.events);
    walk.facts.reviews = walk.reviews;
    walk.facts.events = walk.events;
    walk.facts.forecast = DATE_NONE;
    walk.facts.policies.planning_horizon = 0; /* when to start planning changes nothing here */
    return walk;
}

void forecast_compute(
    struct arena *arena, const struct duty_case *facts, date_t from, date_t to, struct forecast *ret)
{
    struct case_review *reviews = ARENA_ARRAY(arena, facts->review_count + MEETINGS_MAX, struct case_review);
    struct walk walk = walk_begin(arena, facts, from, reviews);
    walk_compute(&walk, walk.today);
    *ret = (struct forecast){.exclusion = walk.duties.exclusion, .missing = walk.duties.missing};
    walk_to(&walk, to);
    ret->items = walk.items;
    ret->count = walk.count;
}
