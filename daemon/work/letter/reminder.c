/*
 * Who is reminded of what today: employees whose day has come, their duties and reviews as cases of the policy,
 * what is due as letters to those who meet, and as lines to those who plan. On a write lane.
 */
#include "reminder.h"

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "internal.h"
#include "text/sentence.h"
#include "work/duties.h"
#include "work/reminders.h"

#include <string.h>

enum { REMINDER_SENT_MAX = 200, REMINDER_TIMES = 5 };

/* One employee while looked at. */
struct look {
    struct outbox_scene scene;
    struct duty_list duties;
    struct review_list reviews;
    bool *covered; /* beside reviews: the review of an open duty */
    date_t next;
};

/* One case: a duty, its review, or both. */
struct look_case {
    struct look *look;
    const struct duty_row *duty;
    const struct review_row *review;
    struct reminder_case facts;
    struct reminder_sent sent[REMINDER_SENT_MAX];
};

/* ---- the words of a rung */

static const struct {
    int anchor, state; /* -1: any */
    enum letter letter;
} reminder_letters[] = {
    {REMINDER_PLAN_BY, -1, LETTER_PLAN_IT},
    {REMINDER_DUE, -1, LETTER_OVERDUE},
    {REMINDER_REVIEW, -1, LETTER_REMINDER},
    {REMINDER_HELD, REVIEW_REPORTED, LETTER_COPY_MISSING},
    {REMINDER_HELD, -1, LETTER_REPORT_MISSING},
};

enum letter reminder_letter(const struct reminder_rung *rung, int review_state)
{
    size_t i = 0;
    while (reminder_letters[i].anchor != rung->anchor ||
           (reminder_letters[i].state >= 0 && reminder_letters[i].state != review_state))
        i++;
    return reminder_letters[i].letter;
}

/* Rungs about the review are remembered with it, whatever duties it serves. */
static const char *case_subject(const struct look_case *c, const struct reminder_rung *rung)
{
    bool of_review = rung->anchor == REMINDER_REVIEW || rung->anchor == REMINDER_HELD;
    return of_review && c->review ? c->review->id : c->duty->id;
}

/* ---- who reads, and what */

/* Whoever cannot be reached, or is not there, is spoken for by HR. */
static struct outbox_reader reminder_colleague(const struct outbox_scene *scene, const char *id)
{
    struct employee_row person;
    bool known = id && employee_get(txn_snapshot(scene->txn), id, &person, NULL) == ST_OK;
    if (!known || !person.email || (person.exit_date != DATE_NONE && person.exit_date <= scene->today))
        return outbox_reader_hr(scene);
    return outbox_reader_of(scene, &person);
}

static struct outbox_reader reminder_reader(const struct outbox_scene *scene, enum reminder_audience audience)
{
    switch (audience) {
    case REMINDER_EMPLOYEE:
        return outbox_reader_of(scene, &scene->employee);
    case REMINDER_MANAGER:
        return reminder_colleague(scene, scene->employee.manager);
    case REMINDER_INTERVIEWER:
        return reminder_colleague(scene, scene->has_review ? scene->review.interviewer : NULL);
    default:
        return outbox_reader_hr(scene);
    }
}

size_t reminder_readers(const struct outbox_scene *scene, const struct reminder_rung *rung,
    struct outbox_reader readers[static REMINDER_READERS])
{
    static const enum reminder_audience audiences[REMINDER_READERS] = {
        REMINDER_EMPLOYEE, REMINDER_INTERVIEWER, REMINDER_MANAGER, REMINDER_HR};
    size_t count = 0;
    for (size_t i = 0; i < REMINDER_READERS; i++) {
        bool repeated = false;
        if (!(rung->audiences & audiences[i]))
            continue;
        readers[count] = reminder_reader(scene, audiences[i]);
        if (!readers[count].email)
            continue;
        for (size_t k = 0; k < count; k++)
            repeated |= text_equal(readers[k].email, readers[count].email);
        count += !repeated;
    }
    return count;
}

/* Times that the manager may choose from. None found, or none to be had, stops no letter. */
static const struct review_slots *reminder_times(
    const struct outbox_scene *scene, enum letter letter, const struct outbox_reader *reader)
{
    static const struct review_slot_search search = {
        .from = DATE_NONE, .to = DATE_NONE, .duration = FIELD_INT_NONE, .limit = REMINDER_TIMES};
    struct review_slots *times = ARENA_NEW(scene->arena, struct review_slots);
    bool offers = letter == LETTER_PLAN_IT || letter == LETTER_OVERDUE;
    if (!offers || !reader->id || !text_equal(reader->id, scene->employee.manager))
        return NULL;
    enum status status = review_propose_first_slots(
        txn_snapshot(scene->txn), scene->employee.id, reader->id, &search, times, NULL);
    return status == ST_OK ? times : NULL;
}

enum status reminder_write(struct outbox_scene *scene, const struct reminder_words *words,
    const struct outbox_reader *reader, struct error *err)
{
    struct letter_values values = outbox_values(scene, reader);
    values.relative = sentence_relative(scene->arena, reader->lang, words->day, scene->today);
    values.due = sentence_date(scene->arena, reader->lang, words->day);
    values.why = words->why;
    struct outbox_mail mail = {.kind = "reminder",
        .letter = words->letter,
        .to = reader,
        .values = &values,
        .subject = words->subject,
        .rung = words->rung->name,
        .times = reminder_times(scene, words->letter, reader),
        .not_before = words->not_before};
    return outbox_add(scene, &mail, err);
}

/* ---- the facts of a case */

/* The day `on` was first seen with this subject: a mark, made now when there is none. */
static enum status case_mark(struct look_case *c, const struct reminder_list *rows, const char *subject,
    const char *mark, date_t on, date_t *ret, struct error *err)
{
    const struct outbox_scene *scene = &c->look->scene;
    *ret = scene->today;
    if (on == DATE_NONE)
        return ST_OK;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].on == on && !strcmp(rows->items[i].rung, mark)) {
            *ret = zone_date(scene->zone, rows->items[i].recorded_at);
            return ST_OK;
        }
    const struct reminder_row row = {
        .subject = subject, .rung = mark, .on = on, .state = "mark", .not_before = INSTANT_NONE};
    return reminder_put(scene->txn, &row, err);
}

static void case_remember(struct look_case *c, const struct reminder_list *rows)
{
    for (size_t i = 0; i < rows->count && c->facts.sent_count < REMINDER_SENT_MAX; i++)
        if (strcmp(rows->items[i].state, "mark") != 0)
            c->sent[c->facts.sent_count++] =
                (struct reminder_sent){.name = rows->items[i].rung, .on = rows->items[i].on};
    c->facts.sent = c->sent;
}

static enum status case_add_duty(struct look_case *c, const struct duty_row *duty, struct error *err)
{
    struct reminder_list rows;
    struct reminder_case *facts = &c->facts;
    enum status status = reminder_of(txn_snapshot(c->look->scene.txn), duty->id, &rows, err);
    c->duty = duty;
    facts->due = duty->due;
    facts->plan_by = duty->opens == duty->due ? duty->limit : duty->due;
    if (status == ST_OK)
        status = case_mark(c, &rows, duty->id, ".due", duty->due, &facts->duty_known, err);
    if (status == ST_OK)
        case_remember(c, &rows);
    return status;
}

static enum status case_add_review(struct look_case *c, const struct review_row *review, struct error *err)
{
    struct reminder_list rows;
    struct reminder_case *facts = &c->facts;
    enum status status = reminder_of(txn_snapshot(c->look->scene.txn), review->id, &rows, err);
    c->review = review;
    facts->state = work_name_index(review_state_names, review->state);
    facts->held_on = review->held_on;
    /* A slot that nobody was convened to reminds nobody. */
    bool convened = review_answerable((enum review_state)facts->state);
    facts->review_on = convened && review->held_on == DATE_NONE ? review->day : DATE_NONE;
    if (status == ST_OK)
        status = case_mark(c, &rows, review->id, ".set", facts->review_on, &facts->review_known, err);
    if (status == ST_OK)
        status = case_mark(c, &rows, review->id, ".held", facts->held_on, &facts->held_known, err);
    if (status == ST_OK)
        case_remember(c, &rows);
    return status;
}

/* ---- what comes of it */

static enum status case_record(struct look_case *c, const struct reminder *reminder, const char *state,
    instant_t not_before, struct error *err)
{
    const struct reminder_row row = {.subject = case_subject(c, reminder->rung),
        .rung = reminder->rung->name,
        .on = reminder->on,
        .state = state,
        .not_before = not_before};
    return reminder_put(c->look->scene.txn, &row, err);
}

/* Lines are read when work begins. Those of a date that has only just appeared wait for the next morning: a day
 * on which many people are entered one by one gives one letter to each reader. */
static instant_t case_morning(const struct look_case *c, const struct reminder *reminder)
{
    const struct outbox_scene *scene = &c->look->scene;
    bool fresh = reminder->on < reminder->known || reminder->known == scene->today;
    instant_t opening = organisation_letters_from(&scene->organisation, scene->today + fresh);
    return opening > txn_now(scene->txn) ? opening : txn_now(scene->txn);
}

/* A letter about a meeting is read when the day's work begins. What would wait for another day leaves now: it
 * was made up for, and says how many days are left. */
static instant_t case_today(const struct look_case *c)
{
    const struct outbox_scene *scene = &c->look->scene;
    instant_t opening = organisation_letters_from(&scene->organisation, scene->today);
    return zone_date(scene->zone, opening) == scene->today ? opening : INSTANT_NONE;
}

/* To the people of the meeting themselves; all others read lines. */
static enum status case_send(struct look_case *c, const struct reminder *reminder, struct error *err)
{
    struct outbox_scene scene = c->look->scene;
    struct outbox_reader readers[REMINDER_READERS];
    const struct reminder_words words = {.rung = reminder->rung,
        .letter = LETTER_REMINDER,
        .day = reminder->on - reminder->rung->days,
        .subject = c->review->id,
        .not_before = case_today(c)};
    enum status status = ST_OK;
    scene.has_review = true;
    scene.review = *c->review;
    size_t count = reminder_readers(&scene, reminder->rung, readers);
    for (size_t i = 0; status == ST_OK && i < count; i++)
        status = reminder_write(&scene, &words, &readers[i], err);
    return status;
}

static bool case_meets(const struct look_case *c, const struct reminder *reminder)
{
    return reminder_letter(reminder->rung, c->facts.state) == LETTER_REMINDER;
}

static bool case_repeats(const struct look_case *c, const struct reminder_plan *plan, size_t i)
{
    for (size_t later = i + 1; later < plan->due_count; later++)
        if (case_meets(c, &plan->due[later]))
            return true;
    return false;
}

static enum status case_speak(
    struct look_case *c, const struct reminder *reminder, bool silent, struct error *err)
{
    if (!case_meets(c, reminder))
        return case_record(c, reminder, "waiting", case_morning(c, reminder), err);
    /* When its day had passed before the slot was set, the invitation has just said the same. */
    enum status status = silent ? ST_OK : case_send(c, reminder, err);
    return status == ST_OK ? case_record(c, reminder, "sent", INSTANT_NONE, err) : status;
}

/* Of several reminders of one meeting only the last speaks: the others were missed, and say the same. Lines are
 * made one when they are written. */
static enum status case_act(struct look_case *c, const struct reminder_plan *plan, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < plan->past_count; i++)
        status = case_speak(c, &plan->past[i], true, err);
    for (size_t i = 0; status == ST_OK && i < plan->due_count; i++)
        status = case_speak(c, &plan->due[i], case_repeats(c, plan, i), err);
    return status;
}

static enum status look_at_case(
    struct look *look, const struct duty_row *duty, const struct review_row *review, struct error *err)
{
    struct look_case *c = ARENA_NEW(look->scene.arena, struct look_case);
    struct reminder_plan plan;
    enum status status = ST_OK;
    c->look = look;
    c->facts = reminder_case_init(look->scene.today);
    c->facts.week = organisation_letter_week(&look->scene.organisation);
    if (duty)
        status = case_add_duty(c, duty, err);
    if (status == ST_OK && review)
        status = case_add_review(c, review, err);
    if (status != ST_OK)
        return status;
    reminders_compute(look->scene.arena, &reminder_default_policy, &c->facts, &plan);
    if (plan.next != DATE_NONE && (look->next == DATE_NONE || plan.next < look->next))
        look->next = plan.next;
    return case_act(c, &plan, err);
}

/* ---- one employee */

bool reminder_duty_is_open(const struct duty_row *duty)
{
    static const char *const open[] = {"upcoming", "to_plan", "planned", "overdue"};
    if (duty->closed || !strcmp(duty->kind, "midcareer_visit"))
        return false;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        if (!strcmp(duty->state, open[i]))
            return true;
    return false;
}

static const struct review_row *look_find_review(struct look *look, const struct duty_row *duty)
{
    const struct json *body = NULL;
    if (json_parse(look->scene.arena, duty->body, strlen(duty->body), &body, NULL) != ST_OK)
        return NULL;
    const char *id = json_text(json_get(body, "planned_by"));
    for (size_t i = 0; id && i < look->reviews.count; i++)
        if (!strcmp(look->reviews.items[i].id, id)) {
            look->covered[i] = true;
            return &look->reviews.items[i];
        }
    return NULL;
}

/* Reviews that no open duty waits for. An annual one leaves nothing that the law asks for. */
static bool look_has_more(const struct review_row *review)
{
    return strcmp(review->type, "annual") != 0 || review->held_on == DATE_NONE;
}

static enum status look_at_all(struct look *look, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < look->duties.count; i++)
        if (reminder_duty_is_open(&look->duties.items[i]))
            status =
                look_at_case(look, &look->duties.items[i], look_find_review(look, &look->duties.items[i]), err);
    for (size_t i = 0; status == ST_OK && i < look->reviews.count; i++)
        if (!look->covered[i] && look_has_more(&look->reviews.items[i]))
            status = look_at_case(look, NULL, &look->reviews.items[i], err);
    return status;
}

static enum status look_at(const struct outbox_scene *scene, const char *employee, struct error *err)
{
    struct look look = {.scene = *scene, .next = DATE_NONE};
    const struct snapshot *snapshot = txn_snapshot(scene->txn);
    enum status status = outbox_scene_employee(&look.scene, employee, err);
    if (status == ST_OK)
        status = duty_of_employee(snapshot, employee, &look.duties, err);
    if (status == ST_OK)
        status = review_of(snapshot, employee, &look.reviews, err);
    if (status != ST_OK)
        return status;
    look.covered = ARENA_ARRAY(scene->arena, look.reviews.count, bool);
    date_t left = look.scene.employee.exit_date;
    if (!scene->organiser.email)
        look.next = scene->today + 1;
    else if (left == DATE_NONE || left > scene->today)
        status = look_at_all(&look, err);
    return status == ST_OK ? reminder_look_on(scene->txn, employee, look.next, err) : status;
}

struct look_task {
    const struct outbox_scene *scene;
    const char *employee;
};

static enum status look_try(struct txn *txn, void *context, struct error *err)
{
    const struct look_task *task = context;
    (void)txn;
    return look_at(task->scene, task->employee, err);
}

/* Who cannot be looked at is looked at again tomorrow: the others do not wait for that. */
static enum status look_at_one(const struct outbox_scene *scene, const char *employee, struct error *err)
{
    struct error why = ERROR_INIT;
    struct look_task task = {.scene = scene, .employee = employee};
    enum status status = txn_try(scene->txn, look_try, &task, &why);
    if (status == ST_OK || status == ST_BUSY || status == ST_FULL)
        return status == ST_OK ? status : error_set(err, status, "%s", why.detail);
    log_line(LOG_WARNING, "remind", "cannot be looked at", "employee=%s detail=%s", employee, why.detail);
    return reminder_look_on(scene->txn, employee, scene->today + 1, err);
}

enum status reminders_tick(struct txn *txn, unsigned limit, unsigned *ret_done, struct error *err)
{
    struct outbox_scene scene;
    struct employee_ids due;
    /* Duties of yesterday would remind of what is settled, and not of what is overdue since. */
    enum status status = duties_tick(txn, limit, ret_done, err);
    if (status != ST_OK || *ret_done > 0)
        return status;
    status = outbox_scene(txn, &scene, err);
    if (status == ST_OK)
        status = reminder_due(txn_snapshot(txn), txn_organisation(txn), scene.today, limit, &due, err);
    if (status != ST_OK)
        return status;
    for (size_t i = 0; status == ST_OK && i < due.count; i++)
        status = look_at_one(&scene, due.items[i], err);
    *ret_done = (unsigned)due.count;
    bool live = scene.organisation.deliveries == DELIVERY_LIVE;
    return status == ST_OK && due.count == 0 && live ? reminder_write_lines(&scene, ret_done, err) : status;
}
