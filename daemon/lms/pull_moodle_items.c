/*
 * Items of what a step has brought. An answer of Moodle does not say whom and what it is about: the evidence is
 * an object that holds it, byte for byte, beside the course and the user it was asked for. Pure, any thread.
 */
#include "moodle_pull.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define COMPLETION_FUNCTION "core_completion_get_course_completion_status"
#define BADGES_FUNCTION     "core_badges_get_user_badges"

static void evidence_text(struct json_writer *w, const char *name, const char *text)
{
    if (text)
        jw_member(w, name, text);
}

static void evidence_user(struct json_writer *w, const struct moodle_user *user)
{
    jw_key(w, "user");
    jw_open(w, '{');
    jw_member_int(w, "id", user->id);
    evidence_text(w, "idnumber", user->number);
    evidence_text(w, "email", user->email);
    evidence_text(w, "username", user->username);
    jw_close(w, '}');
}

static void evidence_course(struct json_writer *w, const struct moodle_course *course)
{
    jw_key(w, "course");
    jw_open(w, '{');
    jw_member_int(w, "id", course->id);
    evidence_text(w, "code", course->code);
    evidence_text(w, "title", course->title);
    jw_close(w, '}');
}

static void evidence_grade(struct json_writer *w, const struct moodle_pair *pair)
{
    if (isnan(pair->score))
        return;
    jw_key(w, "grade");
    jw_open(w, '{');
    jw_key(w, "raw");
    jw_real(w, pair->score);
    jw_key(w, "min");
    jw_real(w, pair->score_min);
    jw_key(w, "max");
    jw_real(w, pair->score_max);
    jw_close(w, '}');
}

static struct span evidence_end(struct arena *arena, struct json_writer *w, struct span answer)
{
    answer = slice_trim(slice_without_mark(answer));
    jw_key(w, "answer");
    jw_raw(w, arena_strndup(arena, answer.data, answer.size));
    jw_close(w, '}');
    return (struct span){arena_copy(arena, w->out->data, w->out->size), w->out->size};
}

/* What an item is made of, when it is taken and whenever its evidence is read again. */
struct moodle_item {
    struct arena *arena;
    const struct lms_pull *pull;
    struct lms_input input;
    struct lms_item *item;
};

static struct moodle_item item_begin(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *item)
{
    *item = item_init(raw);
    return (struct moodle_item){.arena = arena,
        .pull = pull,
        .input = {.source = pull->source, .content = raw, .now = pull->now},
        .item = item};
}

static struct item_reading item_reading(const struct moodle_item *of)
{
    return (struct item_reading){.arena = of->arena, .input = &of->input, .item = of->item};
}

static struct lms_item *taking_next(struct moodle_taking *t, size_t exchange)
{
    struct lms_pulled *pulled = &t->page->items[t->page->count++];
    pulled->exchange = exchange;
    return &pulled->item;
}

static void item_user(struct item_reading *reading, const struct moodle_user *user)
{
    item_key(reading, LMS_KEY_NUMBER, value_clean(reading->arena, user->number));
    item_key(reading, LMS_KEY_EMAIL, user->email);
    item_key(reading, LMS_KEY_USERNAME, value_clean(reading->arena, user->username));
    item_key(reading, LMS_KEY_ID, arena_printf(reading->arena, "%lld", (long long)user->id));
}

static const struct moodle_user *user_of(const struct moodle_gathered *all, int64_t id)
{
    for (size_t i = 0; i < all->user_count; i++)
        if (all->users[i].id == id)
            return &all->users[i];
    return NULL;
}

static const struct moodle_course *course_of(const struct moodle_gathered *all, int64_t id)
{
    for (size_t i = 0; i < all->course_count; i++)
        if (all->courses[i].id == id)
            return &all->courses[i];
    return NULL;
}

/* The course goes by its address, as in the statements that Moodle's logstore sends. */
static void item_completion(const struct moodle_item *of, const struct moodle_pair *pair,
    const struct moodle_course *course, const struct moodle_user *user)
{
    struct item_reading reading = item_reading(of);
    struct completion_in *completion = &of->item->completion;
    item_user(&reading, user);
    completion->event_id = arena_printf(of->arena, "completion:%lld:%lld:%lld", (long long)course->id,
        (long long)user->id, pair->at == INSTANT_NONE ? -1LL : (long long)(pair->at / US_PER_SEC));
    completion->course_id = arena_printf(
        of->arena, "%s/course/view.php?id=%lld", pull_base(of->arena, of->pull->url), (long long)course->id);
    completion->course_code = value_clean(of->arena, course->code);
    completion->course_title = value_clean(of->arena, course->title);
    completion->effect = LMS_COMPLETED;
    completion->score = pair->score;
    completion->score_min = pair->score_min;
    completion->score_max = pair->score_max;
    if (pair->at != INSTANT_NONE)
        item_occurred(&reading, (struct value_time){.at = pair->at});
    item_finish(&reading, NULL, 0);
}

/* Nothing says when it was undone: when that was learnt. */
static void item_denial(
    const struct moodle_item *of, const struct moodle_course *course, const struct moodle_user *user)
{
    struct item_reading reading = item_reading(of);
    struct completion_in *completion = &of->item->completion;
    item_user(&reading, user);
    completion->event_id =
        arena_printf(of->arena, "completion:%lld:%lld", (long long)course->id, (long long)user->id);
    completion->course_id = arena_printf(
        of->arena, "%s/course/view.php?id=%lld", pull_base(of->arena, of->pull->url), (long long)course->id);
    completion->course_code = value_clean(of->arena, course->code);
    completion->course_title = value_clean(of->arena, course->title);
    completion->effect = LMS_UNDONE;
    completion->arrival = true;
    item_occurred(&reading, (struct value_time){.at = of->pull->now});
    item_finish(&reading, NULL, 0);
}

static struct span completion_evidence(struct moodle_taking *t, const struct moodle_pair *pair,
    const struct moodle_course *course, const struct moodle_user *user)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "function", COMPLETION_FUNCTION);
    evidence_course(&w, course);
    evidence_user(&w, user);
    evidence_grade(&w, pair);
    return evidence_end(t->arena, &w, t->done->items[pair->exchange].answer.body);
}

static void take_completion(struct moodle_taking *t, const struct moodle_pair *pair,
    const struct moodle_course *course, const struct moodle_user *user)
{
    struct span raw = completion_evidence(t, pair, course, user);
    struct moodle_item of = item_begin(t->arena, t->pull, raw, taking_next(t, pair->exchange));
    item_completion(&of, pair, course, user);
}

static void take_denial(struct moodle_taking *t, const struct moodle_pair *pair,
    const struct moodle_course *course, const struct moodle_user *user)
{
    struct span raw = completion_evidence(t, pair, course, user);
    struct lms_denial *denial = &t->page->denials[t->page->denial_count++];
    denial->pulled.exchange = pair->exchange;
    denial->prefix =
        arena_printf(t->arena, "id:completion:%lld:%lld:", (long long)course->id, (long long)user->id);
    struct moodle_item of = item_begin(t->arena, t->pull, raw, &denial->pulled.item);
    item_denial(&of, course, user);
}

void moodle_take_completions(struct moodle_taking *t, const struct moodle_gathered *all)
{
    t->page->items = ARENA_ARRAY(t->arena, all->completed_count, struct lms_pulled);
    for (size_t i = 0; i < all->completed_count; i++) {
        const struct moodle_course *course = course_of(all, all->completed[i].course);
        const struct moodle_user *user = user_of(all, all->completed[i].user);
        if (course && user)
            take_completion(t, &all->completed[i], course, user);
    }
    t->page->denies = true;
    t->page->denials = ARENA_ARRAY(t->arena, all->denied_count, struct lms_denial);
    for (size_t i = 0; i < all->denied_count; i++) {
        const struct moodle_course *course = course_of(all, all->denied[i].course);
        const struct moodle_user *user = user_of(all, all->denied[i].user);
        if (course && user)
            take_denial(t, &all->denied[i], course, user);
    }
}

/* ---- badges: a certificate of its own, with its own name and its own end */

static void item_badge(const struct moodle_item *of, const struct json *badge, const struct moodle_user *user)
{
    const char *hash = json_text(json_get(badge, "uniquehash")), *name = json_text(json_get(badge, "name"));
    int64_t issued = json_int(json_get(badge, "dateissued")), expires = json_int(json_get(badge, "dateexpire"));
    const char *base = pull_base(of->arena, of->pull->url), *encoded = lms_encode(of->arena, hash);
    struct item_reading reading = item_reading(of);
    struct completion_in *completion = &of->item->completion;
    item_user(&reading, user);
    completion->event_id = arena_printf(of->arena, "badge:%s", value_clean(of->arena, hash));
    completion->course_id = arena_printf(
        of->arena, "%s/badges/badgeclass.php?id=%lld", base, (long long)json_int(json_get(badge, "id")));
    completion->course_title = value_clean(of->arena, name);
    completion->effect = LMS_COMPLETED;
    completion->certificate_id = value_clean(of->arena, hash);
    item_certificate_url(&reading, arena_printf(of->arena, "%s/badges/badge.php?hash=%s", base, encoded));
    if (issued > 0 && issued < INT32_MAX * INT64_C(4))
        item_occurred(&reading, (struct value_time){.at = issued * US_PER_SEC});
    if (expires > 0 && expires < INT32_MAX * INT64_C(4))
        completion->expires = expires * US_PER_SEC;
    item_finish(&reading, NULL, 0);
}

static bool badge_is_one(const struct json *badge)
{
    return json_text(json_get(badge, "uniquehash")) && json_text(json_get(badge, "name"));
}

static void take_badge(
    struct moodle_taking *t, const struct json *badge, const struct moodle_user *user, size_t exchange)
{
    BUF_AUTO out, bytes;
    buf_init(&out, 0);
    buf_init(&bytes, 0);
    struct json_writer w = json_writer(&out);
    if (!badge_is_one(badge))
        return;
    json_write(&bytes, badge);
    jw_open(&w, '{');
    jw_member(&w, "function", BADGES_FUNCTION);
    evidence_user(&w, user);
    struct span raw = evidence_end(t->arena, &w, (struct span){bytes.data, bytes.size});
    struct moodle_item of = item_begin(t->arena, t->pull, raw, taking_next(t, exchange));
    item_badge(&of, badge, user);
}

void moodle_take_badges(struct moodle_taking *t, const struct moodle_gathered *all)
{
    enum { BADGES_MAX = 1000 };
    t->page->items = ARENA_ARRAY(t->arena, BADGES_MAX, struct lms_pulled);
    for (size_t i = 0; i < t->done->count; i++) {
        const struct lms_call *call = &t->done->items[i].call;
        if (call->what != MOODLE_ASKED_BADGES)
            continue;
        struct moodle_answer answer = moodle_read(t->arena, &t->done->items[i]);
        const struct moodle_user *user = user_of(all, call->user);
        const struct json *list = answer.body ? json_get(answer.body, "badges") : NULL;
        for (size_t j = 0; user && j < json_count(list) && t->page->count < BADGES_MAX; j++)
            take_badge(t, json_at(list, j), user, i);
    }
}

/* ---- evidence that is read again */

static double evidence_number(const struct json *grade, const char *name)
{
    const struct json *value = json_get(grade, name);
    return value ? json_real(value) : (double)NAN;
}

enum status moodle_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err)
{
    const struct json *root;
    struct moodle_user user;
    struct moodle_item of = item_begin(arena, pull, raw, ret);
    enum status status = json_parse(arena, raw.data, raw.size, &root, err);
    if (status != ST_OK || !moodle_user_read(json_get(root, "user"), &user))
        return error_set(err, ST_INTERNAL, "a kept record is none of Moodle's");
    const char *function = json_text(json_get(root, "function"));
    const struct json *course = json_get(root, "course"), *answer = json_get(root, "answer"),
                      *grade = json_get(root, "grade");
    if (text_equal(function, BADGES_FUNCTION) && badge_is_one(answer)) {
        item_badge(&of, answer, &user);
        return ST_OK;
    }
    struct moodle_pair pair = {.score = evidence_number(grade, "raw"),
        .score_min = evidence_number(grade, "min"),
        .score_max = evidence_number(grade, "max")};
    struct moodle_course about = {.id = json_int(json_get(course, "id")),
        .code = json_text(json_get(course, "code")),
        .title = json_text(json_get(course, "title"))};
    if (text_equal(function, COMPLETION_FUNCTION) && moodle_not_completed(answer))
        return error_set(err, ST_NOT_FOUND, "a denial says nothing more");
    if (!text_equal(function, COMPLETION_FUNCTION) || !moodle_completed(answer, &pair.at))
        return error_set(err, ST_INTERNAL, "a kept record is none of Moodle's");
    item_completion(&of, &pair, &about, &user);
    return ST_OK;
}
