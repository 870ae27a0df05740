/*
 * The operation `badge_verify`: the documents of a badge, one after the other, then the write lane judges and
 * keeps them. Loop thread, but for the function on the lane.
 */
#include "internal.h"

#include "base/json.h"
#include "base/text.h"
#include "work/badge.h"

struct badge_run {
    struct badge_order order;
    struct lms_badge_documents docs;
    enum lms_badge_part part; /* under way */
    char problem[ERROR_DETAIL_MAX];
};

/* ---- keeping */

static enum status badge_write(struct txn *txn, void *context, struct error *err)
{
    struct operation_run *run = context;
    struct badge_run *badge = run->state;
    const char *result = NULL, *problem = NULL;
    enum status status = badge_keep(txn, &badge->order, &badge->docs, &result, &problem, err);
    badge->problem[0] = '\0';
    buf_reset(&run->result);
    if (status == ST_OK && problem)
        (void)text_copy(badge->problem, sizeof badge->problem, problem);
    else if (status == ST_OK)
        buf_text(&run->result, result);
    return status;
}

static void badge_written(void *context, enum status status, const struct error *err)
{
    struct operation_run *run = context;
    struct jobs *jobs = run->jobs;
    struct badge_run *badge = run->state;
    run->writing = false;
    if (jobs->draining) {
        operation_free(run);
        jobs_ended(jobs);
    } else if (status != ST_OK || badge->problem[0]) {
        operation_fail(run, status != ST_OK ? err->detail : badge->problem);
    } else {
        operation_done(run);
    }
}

static void badge_settle(struct operation_run *run)
{
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = run->organisation,
        .actor = "system",
        .priority = LANE_PEOPLE,
        .context = run,
        .done = badge_written};
    run->writing = true;
    if (store_write(run->jobs->options.store, &request, badge_write, &err) == ST_OK)
        return;
    run->writing = false;
    operation_fail(run, err.detail);
}

/* ---- fetching */

static void badge_go_on(struct operation_run *run);

static void badge_answered(void *context, struct fetch_answer *answer)
{
    struct operation_run *run = context;
    struct badge_run *badge = run->state;
    const char *problem = NULL;
    run->call = NULL;
    if (answer->outcome != FETCH_ANSWERED)
        problem = arena_strdup(run->arena, answer->problem);
    else if (answer->status != 200)
        problem = lms_badge_unanswered(run->arena, badge->part, answer->status);
    else
        badge->docs.bodies[badge->part] =
            (struct span){arena_strndup(run->arena, answer->body.data, answer->body.size), answer->body.size};
    fetch_answer_free(answer);
    if (problem)
        operation_fail(run, problem);
    else
        badge_go_on(run);
}

static void badge_go_on(struct operation_run *run)
{
    static const struct fetch_field accept = {"Accept", "application/ld+json, application/json"};
    struct badge_run *badge = run->state;
    struct error err = ERROR_INIT;
    const char *problem = lms_badge_next(run->arena, &badge->docs, &badge->part);
    if (!problem && badge->part == LMS_BADGE_PARTS) {
        badge_settle(run);
        return;
    }
    const struct fetch_request request = {.url = problem ? NULL : badge->docs.urls[badge->part],
        .fields = &accept,
        .field_count = 1,
        .answer_max = LMS_BADGE_MAX,
        .done = badge_answered,
        .context = run};
    if (!problem && fetch_start(run->jobs->options.fetcher, &request, &run->call, &err) != ST_OK)
        problem = err.detail;
    if (problem)
        operation_fail(run, problem);
}

void badge_begin(struct operation_run *run)
{
    struct error err = ERROR_INIT;
    struct badge_run *badge = ARENA_NEW(run->arena, struct badge_run);
    *badge = (struct badge_run){.part = LMS_BADGE_ASSERTION};
    run->state = badge;
    if (!run->jobs->options.fetcher) {
        operation_fail(run, "nothing can be fetched here");
    } else if (badge_order_read(run->arena, run->request, &badge->order, &err) != ST_OK) {
        operation_fail(run, err.detail);
    } else {
        badge->docs.urls[LMS_BADGE_ASSERTION] = badge->order.url;
        badge_go_on(run);
    }
}
