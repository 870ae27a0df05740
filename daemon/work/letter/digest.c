/*
 * HR's week: everything that waits for somebody, in one letter each Monday morning; nothing when nothing does.
 * On a write lane.
 */
#include "base/text.h"
#include "internal.h"
#include "outbox.h"
#include "store/duty.h"
#include "store/reminder.h"
#include "store/reply.h"
#include "text/sentence.h"
#include "work/reminders.h"
#include "work/reply.h"

#include <string.h>

enum { DIGEST_SHOWN = 50, DIGEST_WEEKDAY = 1 };

struct digest {
    struct outbox_scene scene;
    struct outbox_reader to;
    struct letter_values values;
};

/* ---- lists */

/* One more than is shown tells that there are more. */
static void digest_add(struct digest *digest, struct letter_list *list, const char *item)
{
    const char **items = (const char **)list->items;
    if (!items)
        list->items = items = ARENA_ARRAY(digest->scene.arena, DIGEST_SHOWN + 1, const char *);
    if (list->count < DIGEST_SHOWN)
        items[list->count++] = item;
    else if (list->count == DIGEST_SHOWN)
        items[list->count++] = digest->to.lang == LANG_FR ? "… et d'autres encore" : "… and more";
}

static const char *digest_name(const struct digest *digest, const char *employee)
{
    struct employee_row person;
    bool known = employee_get(txn_snapshot(digest->scene.txn), employee, &person, NULL) == ST_OK;
    return known ? outbox_shown_name(digest->scene.arena, &person) : employee;
}

static const char *digest_line(const struct digest *digest, const char *employee, date_t day, const char *note)
{
    struct arena *arena = digest->scene.arena;
    const char *name = digest_name(digest, employee);
    const char *when = day == DATE_NONE ? "" : sentence_date(arena, digest->to.lang, day);
    return arena_printf(
        arena, "%s%s%s%s%s", name, *when ? " – " : "", when, note ? " – " : "", note ? note : "");
}

static enum status digest_duties(
    struct digest *digest, const char *state, struct letter_list *list, struct error *err)
{
    struct duty_list rows;
    const struct duty_filter filter = {.state = state, .due_before = DATE_NONE, .due_after = DATE_NONE};
    const struct page page = {.limit = DIGEST_SHOWN + 1};
    enum status status = duty_list(
        txn_snapshot(digest->scene.txn), txn_organisation(digest->scene.txn), &filter, &page, &rows, err);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++)
        digest_add(digest, list, digest_line(digest, rows.items[i].employee, rows.items[i].due, NULL));
    return status;
}

static enum status digest_reviews(
    struct digest *digest, const char *state, const char *note, struct letter_list *list, struct error *err)
{
    struct review_list rows;
    const struct review_filter filter = {
        .state = state, .type = "professional", .from = DATE_NONE, .to = DATE_NONE};
    const struct page page = {.limit = DIGEST_SHOWN + 1};
    enum status status = review_list(
        txn_snapshot(digest->scene.txn), txn_organisation(digest->scene.txn), &filter, &page, &rows, err);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++)
        digest_add(digest, list, digest_line(digest, rows.items[i].employee, rows.items[i].day, note));
    return status;
}

/* What has to be decided, by the state of the review. */
static const struct {
    const char *state;
    const char *note[LANG_COUNT];
} digest_decisions[] = {
    {"countered", {"un autre moment est proposé", "another time is proposed"}},
    {"declined", {"l'invitation a été refusée", "the invitation was declined"}},
    {"no_show", {"la personne n'est pas venue", "the person did not come"}},
};

static enum status digest_replies(struct digest *digest, struct error *err)
{
    static const char *const note[LANG_COUNT] = {
        "une réponse attend d'être confirmée", "an answer waits to be confirmed"};
    struct reply_list rows;
    const struct reply_filter filter = {.state = reply_state_names[REPLY_UNVERIFIED]};
    const struct page page = {.limit = DIGEST_SHOWN + 1};
    const struct snapshot *snapshot = txn_snapshot(digest->scene.txn);
    enum status status = reply_list(snapshot, txn_organisation(digest->scene.txn), &filter, &page, &rows, err);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++) {
        struct review_row review;
        if (rows.items[i].review && review_get(snapshot, rows.items[i].review, &review, NULL) == ST_OK)
            digest_add(digest, &digest->values.decisions,
                digest_line(digest, review.employee, review.day, note[digest->to.lang]));
    }
    return status;
}

static enum status digest_gather(struct digest *digest, struct error *err)
{
    struct letter_values *values = &digest->values;
    enum status status = digest_duties(digest, "overdue", &values->overdue, err);
    if (status == ST_OK)
        status = digest_duties(digest, "to_plan", &values->to_plan, err);
    if (status == ST_OK)
        status = digest_reviews(digest, "held", NULL, &values->reports, err);
    if (status == ST_OK)
        status = digest_reviews(digest, "reported", NULL, &values->copies, err);
    for (size_t i = 0; status == ST_OK && i < sizeof digest_decisions / sizeof digest_decisions[0]; i++)
        status = digest_reviews(digest, digest_decisions[i].state, digest_decisions[i].note[digest->to.lang],
            &values->decisions, err);
    return status == ST_OK ? digest_replies(digest, err) : status;
}

/* ---- the letter */

/* The next Monday after `day`, or the first day worked after it, when work begins. */
static instant_t digest_next(const struct outbox_scene *scene, date_t day)
{
    date_t next = day + 1;
    while (date_weekday(next) != DIGEST_WEEKDAY)
        next++;
    return organisation_letters_from(&scene->organisation, next);
}

static enum status digest_write(struct digest *digest, struct error *err)
{
    digest->to = outbox_reader_hr(&digest->scene);
    digest->values = outbox_values(&digest->scene, &digest->to);
    enum status status = digest_gather(digest, err);
    const struct letter_values *values = &digest->values;
    size_t count = values->overdue.count + values->to_plan.count + values->reports.count +
                   values->copies.count + values->decisions.count;
    if (status != ST_OK || count == 0)
        return status;
    const struct outbox_mail mail = {
        .kind = "digest", .letter = LETTER_WEEKLY_HR, .to = &digest->to, .values = values};
    return outbox_add(&digest->scene, &mail, err);
}

enum status digest_tick(struct txn *txn, unsigned *ret_done, struct error *err)
{
    struct digest digest = {0};
    instant_t due = INSTANT_NONE;
    *ret_done = 0;
    enum status status = outbox_scene(txn, &digest.scene, err);
    if (status == ST_OK)
        status = digest_due(txn_snapshot(txn), txn_organisation(txn), &due, err);
    if (status != ST_OK || due > txn_now(txn))
        return status;
    if (due != INSTANT_NONE)
        status = digest_write(&digest, err);
    if (status == ST_OK)
        status = digest_set_due(txn, digest_next(&digest.scene, digest.scene.today), err);
    *ret_done = status == ST_OK;
    return status;
}
