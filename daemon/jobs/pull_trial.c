/*
 * The operation `source_test`: the first step of a run, of which nothing is stored. Loop thread, but for the
 * functions on lanes.
 */
#include "pull.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

static enum status trial_open(struct txn *txn, void *context, struct error *err)
{
    struct pull_run *run = context;
    pull_close(run->open); /* of a transaction that has to be repeated */
    run->open = NULL;
    return pull_try(txn, run->trial->subject, &run->open, err);
}

static void trial_leave(struct pull_run *run, const char *problem)
{
    struct operation_run *operation = run->trial;
    run_free(run);
    if (problem)
        operation_fail(operation, problem);
    else
        operation_done(operation);
}

void trial_give_up(struct pull_run *run)
{
    char problem[sizeof run->problem];
    memcpy(problem, run->problem, sizeof problem);
    trial_leave(run, problem);
}

static void trial_opened(void *context, enum status status, const struct error *err)
{
    struct pull_run *run = context;
    if (!run_is_back(run))
        return;
    if (status == ST_OK)
        run_enter(run);
    else
        trial_leave(run, status == ST_NOT_FOUND ? "the source has no url: it only posts" : err->detail);
}

static void trial_begin(struct pull_run *run)
{
    run_store(run, trial_open, NULL, trial_opened, trial_begin);
}

void pull_trial_begin(struct operation_run *operation)
{
    if (!operation->jobs->options.fetcher || !operation->subject) {
        operation_fail(operation, "nothing can be fetched here");
        return;
    }
    struct pull_run *run = run_new(operation->jobs, NULL);
    run->trial = operation;
    trial_begin(run);
}

/* ---- the answer */

static void trial_write(struct pull_run *run, const struct lms_page *page)
{
    struct json_writer w = json_writer(&run->trial->result);
    const char *const *warnings = page->warnings.items;
    jw_open(&w, '{');
    jw_member_bool(&w, "ok", true);
    jw_key(&w, "platform");
    jw_raw(&w, page->about);
    jw_key(&w, "warnings");
    jw_open(&w, '[');
    for (size_t i = 0; i < page->warnings.count; i++)
        jw_text(&w, warnings[i]);
    jw_close(&w, ']');
    jw_close(&w, '}');
}

static enum status trial_look(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct pull_run *run = context;
    struct lms_page page;
    (void)snapshot;
    buf_reset(&run->trial->result);
    run->problem[0] = '\0';
    enum status status =
        lms_pull_take(run->arena, &run->open->pull, run->open->cursor, &run->answered, &page, err);
    if (status != ST_OK)
        return status;
    if (page.problem)
        (void)text_copy(run->problem, sizeof run->problem, page.problem);
    else
        trial_write(run, &page);
    return ST_OK;
}

static void trial_looked(void *context, enum status status, const struct error *err)
{
    struct pull_run *run = context;
    if (!run_is_back(run))
        return;
    if (status != ST_OK)
        (void)text_copy(run->problem, sizeof run->problem, err->detail);
    if (run->problem[0])
        trial_give_up(run);
    else
        trial_leave(run, NULL);
}

void trial_take(struct pull_run *run)
{
    run_store(run, NULL, trial_look, trial_looked, trial_take);
}
