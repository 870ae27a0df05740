/*
 * A recap as the interface shows it: what is computed becomes the structs of the tables below. On a lane.
 */
#include "recap_answer.h"

#include "base/text.h"

#define MAYBE (FIELD_READ | FIELD_NULL)

/* ---- what is shown */

struct shown_window {
    date_t from, to;
};
static const struct field window_fields[] = {
    FIELD(struct shown_window, from, FIELD_DATE, .flags = FIELD_READ,
        .doc = "Start of the seniority, or the last recap."),
    FIELD(struct shown_window, to, FIELD_DATE, .flags = FIELD_READ,
        .doc = "The day the recap was held, or is due."),
};
static const struct field_table window_table =
    FIELD_TABLE("RecapWindow", struct shown_window, window_fields, -1);

struct shown_recap_duty {
    const char *id, *kind, *rule, *regime, *title, *article, *source, *grade, *state, *outcome, *satisfied_by,
        *document, *told, *explanation;
    date_t verified_on, due, limit, satisfied_on;
};
#define DUTY(member, type, ...) FIELD(struct shown_recap_duty, member, type, ##__VA_ARGS__)
static const struct field recap_duty_fields[] = {
    DUTY(id, FIELD_ID, .flags = MAYBE, .kind = "duty"),
    DUTY(kind, FIELD_TEXT, .flags = FIELD_READ, .doc = "first, periodic, return ..."),
    DUTY(rule, FIELD_TEXT, .flags = FIELD_READ, .doc = "The rule in force at its date."),
    DUTY(regime, FIELD_TEXT, .flags = MAYBE, .doc = "R1: law of 2014, T: the transition, R2: law 2025-989."),
    DUTY(title, FIELD_TEXT, .flags = FIELD_READ),
    DUTY(article, FIELD_TEXT, .flags = MAYBE, .doc = "null for others than HR where it tells of a leave."),
    DUTY(source, FIELD_TEXT, .flags = MAYBE),
    DUTY(grade, FIELD_TEXT, .flags = FIELD_READ, .doc = "A to E."),
    DUTY(verified_on, FIELD_DATE, .flags = FIELD_READ),
    DUTY(due, FIELD_DATE, .flags = FIELD_READ),
    DUTY(limit, FIELD_DATE, .flags = FIELD_READ),
    DUTY(state, FIELD_TEXT, .flags = FIELD_READ, .doc = "As in lists of duties."),
    DUTY(outcome, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "pending, met, exempt, refused, tolerated (past its prudent date, not held), late, unproved (no "
               "report), unmet."),
    DUTY(satisfied_on, FIELD_DATE, .flags = MAYBE),
    DUTY(satisfied_by, FIELD_TEXT, .flags = MAYBE, .doc = "The review."),
    DUTY(document, FIELD_TEXT, .flags = MAYBE, .doc = "none, report, copy."),
    DUTY(told, FIELD_TEXT, .flags = FIELD_READ, .doc = "How it was met, in words."),
    DUTY(explanation, FIELD_TEXT, .flags = FIELD_READ, .doc = "Why these dates."),
};
static const struct field_table recap_duty_table =
    FIELD_TABLE("RecapDuty", struct shown_recap_duty, recap_duty_fields, -1);

struct shown_reviews {
    const char *verdict, *explanation;
    struct list duties;
};
static const struct field reviews_fields[] = {
    FIELD(struct shown_reviews, verdict, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "met, late (only late), unknown (a fact or document is missing), unmet."),
    FIELD(struct shown_reviews, explanation, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_reviews, duties, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED,
        .of = &recap_duty_table, .doc = "Every review that is due in the window."),
};
static const struct field_table reviews_table =
    FIELD_TABLE("RecapReviews", struct shown_reviews, reviews_fields, -1);

struct shown_evidence {
    const char *id, *title, *nature, *mandatory, *reason, *explanation;
    date_t date;
    int counts;
};
static const struct field evidence_fields[] = {
    FIELD(
        struct shown_evidence, id, FIELD_TEXT, .flags = FIELD_READ, .doc = "Of an action, completion or fact."),
    FIELD(struct shown_evidence, title, FIELD_TEXT, .flags = MAYBE),
    FIELD(struct shown_evidence, date, FIELD_DATE, .flags = MAYBE),
    FIELD(struct shown_evidence, nature, FIELD_TEXT, .flags = MAYBE, .doc = "training, vae ...; pay, career."),
    FIELD(struct shown_evidence, mandatory, FIELD_TEXT, .flags = MAYBE, .doc = "yes, no, unknown (L6321-2)."),
    FIELD(struct shown_evidence, counts, FIELD_BOOL, .flags = FIELD_READ),
    FIELD(struct shown_evidence, reason, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "counts, or why it does not: mandatory, other_nature, cpf_alone; or not yet: mandatory_unknown, "
               "undated, without_proof, register_unknown."),
    FIELD(struct shown_evidence, explanation, FIELD_TEXT, .flags = FIELD_READ),
};
static const struct field_table evidence_table =
    FIELD_TABLE("RecapEvidence", struct shown_evidence, evidence_fields, -1);

struct shown_criterion {
    const char *name, *title, *verdict, *explanation, *article, *source, *grade;
    date_t verified_on;
    struct list evidence;
};
static const struct field criterion_fields[] = {
    FIELD(struct shown_criterion, name, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "training, certification, progression."),
    FIELD(struct shown_criterion, title, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_criterion, verdict, FIELD_TEXT, .flags = FIELD_READ, .doc = "met, unknown, unmet."),
    FIELD(struct shown_criterion, explanation, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_criterion, article, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_criterion, source, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_criterion, grade, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_criterion, verified_on, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct shown_criterion, evidence, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED,
        .of = &evidence_table),
};
static const struct field_table criterion_table =
    FIELD_TABLE("RecapCriterion", struct shown_criterion, criterion_fields, -1);

struct shown_gap {
    const char *fact, *id, *explanation;
    int64_t year;
};
static const struct field gap_fields[] = {
    FIELD(struct shown_gap, fact, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "birth_date, headcount, report, mandatory, date, register, proof."),
    FIELD(
        struct shown_gap, id, FIELD_TEXT, .flags = MAYBE, .doc = "Of the review, action, completion or fact."),
    FIELD(struct shown_gap, year, FIELD_INT, .flags = MAYBE, .doc = "Of the headcount."),
    FIELD(struct shown_gap, explanation, FIELD_TEXT, .flags = FIELD_READ),
};
static const struct field_table gap_table = FIELD_TABLE("RecapGap", struct shown_gap, gap_fields, -1);

struct shown_contribution {
    int64_t amount, amount_after_notice;
    const char *currency, *threshold, *explanation;
    date_t payable_by, settled_on;
    int64_t threshold_year;
    int prescribed;
};
static const struct field contribution_fields[] = {
    FIELD(struct shown_contribution, amount, FIELD_INT, .flags = FIELD_READ, .doc = "At stake, cents."),
    FIELD(struct shown_contribution, amount_after_notice, FIELD_INT, .flags = FIELD_READ,
        .doc = "Cents, after a formal notice."),
    FIELD(struct shown_contribution, currency, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_contribution, payable_by, FIELD_DATE, .flags = FIELD_READ,
        .doc = "Last day of the civil quarter after the recap (R6323-3)."),
    FIELD(struct shown_contribution, settled_on, FIELD_DATE, .flags = MAYBE,
        .doc = "Paid: an event cpf_contribution."),
    FIELD(struct shown_contribution, prescribed, FIELD_BOOL, .flags = FIELD_READ, .doc = "Claims have lapsed."),
    FIELD(struct shown_contribution, threshold, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "Fifty employees: reached, below, unknown."),
    FIELD(struct shown_contribution, threshold_year, FIELD_INT, .flags = FIELD_READ,
        .doc = "The last civil year that counts."),
    FIELD(struct shown_contribution, explanation, FIELD_TEXT, .flags = FIELD_READ),
};
static const struct field_table contribution_table =
    FIELD_TABLE("RecapContribution", struct shown_contribution, contribution_fields, -1);

struct shown_cure {
    const char *kind, *id, *explanation;
    date_t by;
};
static const struct field cure_fields[] = {
    FIELD(struct shown_cure, kind, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "classify_training, record_headcount, date_training, prove_training, write_report, "
               "record_birth_date, hold_review, training, pay."),
    FIELD(struct shown_cure, id, FIELD_TEXT, .flags = MAYBE, .doc = "What it is about."),
    FIELD(struct shown_cure, by, FIELD_DATE, .flags = MAYBE, .doc = "Last day."),
    FIELD(struct shown_cure, explanation, FIELD_TEXT, .flags = FIELD_READ),
};
static const struct field_table cure_table = FIELD_TABLE("RecapCure", struct shown_cure, cure_fields, -1);

struct shown_ground {
    const char *name, *article, *source, *grade, *explanation;
    date_t verified_on;
};
static const struct field ground_fields[] = {
    FIELD(struct shown_ground, name, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_ground, article, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_ground, source, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_ground, grade, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "A text of the Code, B doctrine of the Ministry, C case law, D practice, E own choice."),
    FIELD(struct shown_ground, verified_on, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct shown_ground, explanation, FIELD_TEXT, .flags = FIELD_READ),
};
static const struct field_table ground_table =
    FIELD_TABLE("RecapGround", struct shown_ground, ground_fields, -1);

struct shown_previous {
    date_t from, held_on, payable_by;
    const char *review, *reviews, *exposure;
};
static const struct field previous_fields[] = {
    FIELD(struct shown_previous, review, FIELD_TEXT, .flags = MAYBE, .doc = "Ask for it with ?review="),
    FIELD(struct shown_previous, from, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct shown_previous, held_on, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct shown_previous, reviews, FIELD_TEXT, .flags = FIELD_READ, .doc = "The verdict."),
    FIELD(struct shown_previous, exposure, FIELD_TEXT, .flags = MAYBE),
    FIELD(struct shown_previous, payable_by, FIELD_DATE, .flags = FIELD_READ),
};
static const struct field_table previous_table =
    FIELD_TABLE("RecapPrevious", struct shown_previous, previous_fields, -1);

struct shown_recap {
    const char *employee, *organisation, *employee_number, *employee_name, *excluded, *review, *exposure,
        *notice;
    date_t as_of, known_on, held_on;
    int projected, known;
    const struct shown_window *window;
    const struct shown_recap_duty *recap;
    const struct shown_reviews *reviews;
    struct list criteria, unknown, cures, grounds, previous;
    const struct shown_contribution *contribution;
};
#define RECAP(member, type, ...) FIELD(struct shown_recap, member, type, ##__VA_ARGS__)
static const struct field recap_fields[] = {
    RECAP(employee, FIELD_ID, .flags = FIELD_READ, .kind = "emp"),
    RECAP(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    RECAP(employee_number, FIELD_TEXT, .flags = FIELD_READ),
    RECAP(employee_name, FIELD_TEXT, .flags = FIELD_READ),
    RECAP(as_of, FIELD_DATE, .flags = FIELD_READ),
    RECAP(known_on, FIELD_DATE, .flags = FIELD_READ),
    RECAP(projected, FIELD_BOOL, .flags = FIELD_READ, .doc = "as_of lies in the future."),
    RECAP(known, FIELD_BOOL, .flags = FIELD_READ, .doc = "Whether the employee was known then."),
    RECAP(excluded, FIELD_TEXT, .flags = MAYBE, .doc = "not_hired, left, temporary."),
    RECAP(window, FIELD_OBJECT, .flags = MAYBE, .of = &window_table,
        .doc = "Six years under the law of 2014, eight since 2025; null when nothing is owed."),
    RECAP(recap, FIELD_OBJECT, .flags = MAYBE, .of = &recap_duty_table, .doc = "The recap itself."),
    RECAP(held_on, FIELD_DATE, .flags = MAYBE),
    RECAP(review, FIELD_TEXT, .flags = MAYBE, .doc = "The review at which it was held."),
    RECAP(reviews, FIELD_OBJECT, .flags = MAYBE, .of = &reviews_table),
    RECAP(criteria, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED, .of = &criterion_table),
    RECAP(unknown, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED, .of = &gap_table,
        .doc = "Facts that are missing; what hangs on them never counts as compliant."),
    RECAP(exposure, FIELD_TEXT, .flags = MAYBE,
        .doc = "none, possible, exposed; null for managers and with ?exposure=false."),
    RECAP(contribution, FIELD_OBJECT, .flags = MAYBE, .of = &contribution_table),
    RECAP(cures, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED, .of = &cure_table, .doc = "Cheapest first."),
    RECAP(grounds, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED, .of = &ground_table),
    RECAP(previous, FIELD_LIST, .flags = FIELD_READ | FIELD_REQUIRED, .of = &previous_table,
        .doc = "Recaps held, oldest first."),
    RECAP(notice, FIELD_TEXT, .flags = FIELD_READ),
};
const struct field_table recap_table = FIELD_TABLE("Recap", struct shown_recap, recap_fields, -1);

/* ---- filling */

struct filling {
    struct arena *arena;
    const struct recap_shown *shown;
    const struct recap_cycle *cycle;
    enum lang lang;
};

/* What a teller writes, as a text. */
#define TOLD(arena, ...)                                                                                       \
    __extension__({                                                                                            \
        BUF_AUTO told_text;                                                                                    \
        buf_init(&told_text, 0);                                                                               \
        struct buf *out = &told_text;                                                                          \
        __VA_ARGS__;                                                                                           \
        arena_strndup((arena), told_text.data, told_text.size);                                                \
    })

static const char *duty_id_of(const struct filling *f, const struct duty *duty)
{
    const struct duties_view *view = &f->shown->view->duties;
    const struct duties *duties = &view->duties;
    if (duty >= duties->open && duty < duties->open + duties->open_count)
        return view->open_ids[duty - duties->open];
    if (duty >= duties->history && duty < duties->history + duties->history_count)
        return view->history_ids[duty - duties->history];
    return NULL;
}

static struct shown_recap_duty fill_duty(const struct filling *f, const struct recap_duty *one)
{
    const struct duty *duty = one->duty;
    const struct rule *rule = duty->rule;
    enum duty_detail detail = f->shown->detail;
    return (struct shown_recap_duty){.id = duty_id_of(f, duty),
        .kind = duty_family_name((enum duty_family)duty->family),
        .rule = rule->id,
        .regime = regime_name((enum regime)rule->regime),
        .title = f->lang == LANG_FR ? rule->title_fr : rule->title_en,
        .article = duty_shown_article(duty, detail),
        .source = duty_shown_source(duty, detail),
        .grade = rule->grade,
        .verified_on = rule->verified_on,
        .due = duty->due,
        .limit = duty->limit,
        .state = duty_state_name((enum duty_state)duty->state),
        .outcome = recap_outcome_name((enum recap_outcome)one->outcome),
        .satisfied_on = duty->satisfied_on,
        .satisfied_by = duty->satisfied_by ? duty->satisfied_by->id : NULL,
        .document = duty_document_name((enum duty_document)duty->document),
        .told = TOLD(f->arena, recap_tell_duty(one, f->lang, out)),
        .explanation = TOLD(f->arena, duty_explain(duty, f->lang, detail, out))};
}

static const struct shown_reviews *fill_reviews(const struct filling *f)
{
    const struct recap_cycle *cycle = f->cycle;
    struct shown_reviews *reviews = ARENA_NEW(f->arena, struct shown_reviews);
    struct shown_recap_duty *duties = ARENA_ARRAY(f->arena, cycle->duty_count, struct shown_recap_duty);
    for (size_t i = 0; i < cycle->duty_count; i++)
        duties[i] = fill_duty(f, &cycle->duties[i]);
    *reviews = (struct shown_reviews){.verdict = recap_verdict_name((enum recap_verdict)cycle->reviews),
        .explanation = TOLD(f->arena, recap_tell_reviews(cycle, f->lang, out)),
        .duties = {.items = duties, .count = cycle->duty_count}};
    return reviews;
}

static struct shown_evidence fill_evidence(const struct filling *f, const struct recap_evidence *item)
{
    static const char *const progressions[] = {"pay", "career"};
    const struct recap_training *training = item->training;
    const struct recap_progression *progression = item->progression;
    struct shown_evidence shown = {.date = item->date,
        .counts = item->reason == RECAP_COUNTS,
        .reason = recap_reason_name((enum recap_reason)item->reason),
        .explanation = recap_reason_words((enum recap_reason)item->reason, f->lang)};
    if (training) {
        shown.id = training->id;
        shown.title = training->title;
        shown.nature = action_nature_names[training->nature];
        shown.mandatory = action_mandatory_names[training->mandatory];
    } else {
        shown.id = progression->id;
        shown.title = progression->description;
        shown.nature = progressions[progression->kind == 1];
    }
    return shown;
}

static struct list fill_criteria(const struct filling *f)
{
    static const enum ground_name grounds[] = {
        [RECAP_TRAINING] = GROUND_TRAINING,
        [RECAP_CERTIFICATION] = GROUND_CERTIFICATION,
        [RECAP_PROGRESSION] = GROUND_PROGRESSION,
    };
    struct shown_criterion *list = ARENA_ARRAY(f->arena, RECAP_CRITERIA, struct shown_criterion);
    for (int c = 0; c < RECAP_CRITERIA; c++) {
        const struct recap_criterion *criterion = &f->cycle->criteria[c];
        const struct ground *ground = &f->shown->view->given.facts->rules->recap.grounds[grounds[c]];
        enum recap_criterion_name name = (enum recap_criterion_name)c;
        struct shown_evidence *items = ARENA_ARRAY(f->arena, criterion->count, struct shown_evidence);
        for (size_t i = 0; i < criterion->count; i++)
            items[i] = fill_evidence(f, &criterion->items[i]);
        list[c] = (struct shown_criterion){.name = recap_criterion_name(name),
            .title = recap_criterion_words(name, f->lang),
            .verdict = recap_verdict_name((enum recap_verdict)criterion->verdict),
            .explanation = TOLD(f->arena, recap_tell_criterion(f->cycle, name, f->lang, out)),
            .article = ground->article,
            .source = ground->source,
            .grade = ground->grade,
            .verified_on = ground->verified_on,
            .evidence = {.items = items, .count = criterion->count}};
    }
    return (struct list){.items = list, .count = RECAP_CRITERIA};
}

static struct list fill_gaps(const struct filling *f)
{
    const struct recap_cycle *cycle = f->cycle;
    struct shown_gap *list = ARENA_ARRAY(f->arena, cycle->gap_count, struct shown_gap);
    for (size_t i = 0; i < cycle->gap_count; i++) {
        const struct recap_gap *gap = &cycle->gaps[i];
        list[i] = (struct shown_gap){.fact = recap_gap_name((enum recap_gap_kind)gap->kind),
            .id = gap->id,
            .year = gap->year ? gap->year : FIELD_INT_NONE,
            .explanation = TOLD(f->arena, recap_tell_gap(f->shown->view, gap, f->lang, out))};
    }
    return (struct list){.items = list, .count = cycle->gap_count};
}

static const struct shown_contribution *fill_contribution(const struct filling *f)
{
    const struct recap_cycle *cycle = f->cycle;
    struct shown_contribution *contribution = ARENA_NEW(f->arena, struct shown_contribution);
    *contribution = (struct shown_contribution){.amount = cycle->amount,
        .amount_after_notice = cycle->amount_after_notice,
        .currency = "EUR",
        .payable_by = cycle->payable_on,
        .settled_on = cycle->settled_on,
        .prescribed = cycle->prescribed,
        .threshold = recap_size_name((enum recap_size)cycle->size),
        .threshold_year = cycle->size_year,
        .explanation = TOLD(f->arena, recap_tell_exposure(cycle, f->lang, out))};
    return contribution;
}

static struct list fill_cures(const struct filling *f)
{
    const struct recap_cycle *cycle = f->cycle;
    struct shown_cure *list = ARENA_ARRAY(f->arena, cycle->cure_count, struct shown_cure);
    for (size_t i = 0; i < cycle->cure_count; i++) {
        const struct recap_cure *cure = &cycle->cures[i];
        list[i] = (struct shown_cure){.kind = recap_cure_name((enum recap_cure_kind)cure->kind),
            .id = cure->id,
            .by = cure->by,
            .explanation = TOLD(f->arena, recap_tell_cure(f->shown->view, cure, f->lang, out))};
    }
    return (struct list){.items = list, .count = cycle->cure_count};
}

static struct list fill_grounds(const struct filling *f)
{
    const struct ground *grounds = f->shown->view->given.facts->rules->recap.grounds;
    struct shown_ground *list = ARENA_ARRAY(f->arena, GROUND_COUNT, struct shown_ground);
    for (int i = 0; i < GROUND_COUNT; i++)
        list[i] = (struct shown_ground){.name = ground_name((enum ground_name)i),
            .article = grounds[i].article,
            .source = grounds[i].source,
            .grade = grounds[i].grade,
            .verified_on = grounds[i].verified_on,
            .explanation = f->lang == LANG_FR ? grounds[i].because_fr : grounds[i].because_en};
    return (struct list){.items = list, .count = GROUND_COUNT};
}

static struct list fill_previous(const struct filling *f)
{
    const struct recap *recap = &f->shown->view->recap;
    struct shown_previous *list = ARENA_ARRAY(f->arena, recap->count, struct shown_previous);
    size_t count = 0;
    for (size_t i = 0; i < recap->count; i++) {
        const struct recap_cycle *cycle = &recap->cycles[i];
        if (cycle->held == DATE_NONE)
            continue;
        list[count++] = (struct shown_previous){
            .review = cycle->duty->satisfied_by ? cycle->duty->satisfied_by->id : NULL,
            .from = cycle->from,
            .held_on = cycle->held,
            .reviews = recap_verdict_name((enum recap_verdict)cycle->reviews),
            .exposure = f->shown->exposure ? recap_exposure_name((enum recap_exposure)cycle->exposure) : NULL,
            .payable_by = cycle->payable_on};
    }
    return (struct list){.items = list, .count = count};
}

/* What only a cycle has. */
static void fill_cycle(const struct filling *f, struct shown_recap *recap)
{
    const struct recap_cycle *cycle = f->cycle;
    struct shown_window *window = ARENA_NEW(f->arena, struct shown_window);
    struct shown_recap_duty *duty = ARENA_NEW(f->arena, struct shown_recap_duty);
    const struct recap_duty own = {.duty = cycle->duty, .outcome = cycle->outcome};
    *window = (struct shown_window){.from = cycle->from, .to = cycle->to};
    *duty = fill_duty(f, &own);
    recap->window = window;
    recap->recap = duty;
    recap->held_on = cycle->held;
    recap->review = cycle->duty->satisfied_by ? cycle->duty->satisfied_by->id : NULL;
    recap->reviews = fill_reviews(f);
    recap->criteria = fill_criteria(f);
    recap->unknown = fill_gaps(f);
    if (f->shown->exposure) {
        recap->exposure = recap_exposure_name((enum recap_exposure)cycle->exposure);
        recap->contribution = fill_contribution(f);
        recap->cures = fill_cures(f);
    }
}

void recap_write_shown(const struct call *call, const struct recap_shown *shown, struct json_writer *w)
{
    const struct employee_row *employee = shown->employee;
    const struct duties *duties = &shown->view->duties.duties;
    const struct filling f = {.arena = call->arena, .shown = shown, .cycle = shown->cycle, .lang = shown->lang};
    struct shown_recap recap;
    field_clear(&recap_table, &recap);
    recap.employee = employee->id;
    recap.organisation = arena_printf(call->arena, "org_%s", call->organisation);
    recap.employee_number = employee->number;
    recap.employee_name = arena_printf(call->arena, "%s %s", employee->given_name, employee->family_name);
    recap.as_of = shown->as_of;
    recap.known_on = shown->known_on;
    recap.projected = shown->as_of > shown->today;
    recap.known = shown->view->duties.known;
    if (duties->exclusion != DUTY_SUBJECT)
        recap.excluded = duty_exclusion_name((enum duty_exclusion)duties->exclusion);
    recap.notice = recap_notice_words(shown->lang);
    recap.grounds = fill_grounds(&f);
    recap.previous = fill_previous(&f);
    if (shown->cycle)
        fill_cycle(&f, &recap);
    field_write(&recap_table, w, &recap);
}
