/*
 * The calls of a step: so many at the same time, with the source's credential. Loop thread.
 */
#include "pull.h"

#include "base/crypto.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_MAX = 64 * 1024, STEP_CALLS_MAX = 4 * LMS_CALLS_MAX };

void run_clear(struct pull_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->calls[i].call)
            fetch_cancel(run->calls[i].call);
        fetch_answer_free(run->calls[i].answer);
    }
    free(run->calls);
    run->calls = NULL;
    run->count = run->begun = run->ended = 0;
    run->asked = (struct lms_calls){0};
    run->answered = (struct lms_exchanges){0};
    run->retry_after = -1;
    run->stop = run->refused = false;
    run->problem[0] = '\0';
    arena_reset(run->arena);
}

/* ---- one call */

static void call_ended(struct pull_run *run);

static void call_answered(void *context, struct fetch_answer *answer)
{
    struct pull_call *call = context;
    struct pull_run *run = call->run;
    call->call = NULL;
    call->answer = answer;
    run->ended++;
    if (answer->outcome != FETCH_ANSWERED && !run->problem[0]) {
        (void)text_copy(run->problem, sizeof run->problem, answer->problem);
        run->refused = answer->outcome != FETCH_FAILED;
    }
    if (answer->retry_after > run->retry_after)
        run->retry_after = answer->retry_after;
    bool later = answer->status == 429 || answer->status >= 500;
    run->stop = run->stop || answer->outcome != FETCH_ANSWERED || later;
    call_ended(run);
}

/* The token of a form goes first: it is wiped with the rest. */
static void call_body(const struct pull_run *run, const struct lms_call *asked, struct buf *body)
{
    size_t size = 0;
    if (run->open->auth == LMS_AUTH_TOKEN && run->open->credential) {
        const unsigned char *bytes = secret_bytes(run->open->credential, &size);
        buf_text(body, "wstoken=");
        buf_add(body, bytes, size);
        buf_char(body, '&');
    }
    buf_text(body, asked->form);
}

static enum status call_begin(struct pull_run *run, struct pull_call *call, struct error *err)
{
    static const struct fetch_field form = {"Content-Type", "application/x-www-form-urlencoded"};
    const struct pull_open *open = run->open;
    const struct lms_call *asked = &call->asked;
    struct fetch_field fields[8] = {{"Accept", "application/json"}};
    size_t count = 1;
    BUF_AUTO body;
    buf_init(&body, 0);
    if (asked->form) {
        call_body(run, asked, &body);
        fields[count++] = form;
    }
    for (size_t i = 0; i < asked->field_count && count < 8; i++)
        fields[count++] = (struct fetch_field){asked->fields[i].name, asked->fields[i].value};
    struct fetch_request request = {.method = asked->method,
        .url = asked->url,
        .fields = fields,
        .field_count = count,
        .body = {asked->form ? body.data : NULL, body.size},
        .user = open->pull.settings->user,
        .answer_max = LMS_ANSWER_MAX,
        .done = call_answered,
        .context = call};
    if (open->auth == LMS_AUTH_BEARER || open->auth == LMS_AUTH_OAUTH2) {
        request.auth = FETCH_BEARER;
        request.secret = open->auth == LMS_AUTH_OAUTH2 ? open->token : open->credential;
    } else if (open->auth == LMS_AUTH_BASIC) {
        request.auth = FETCH_BASIC;
        request.secret = open->credential;
    }
    enum status status = fetch_start(run->jobs->options.fetcher, &request, &call->call, err);
    wipe(body.data, body.size);
    return status;
}

/* ---- all of them */

static void run_go_on(struct pull_run *run)
{
    struct error err = ERROR_INIT;
    while (!run->stop && run->begun < run->count && run->begun - run->ended < run->open->concurrency) {
        if (call_begin(run, &run->calls[run->begun], &err) == ST_OK) {
            run->begun++;
            continue;
        }
        (void)text_copy(run->problem, sizeof run->problem, err.detail);
        run->refused = err.status == ST_INVALID;
        run->stop = true;
    }
}

/* A token that was sold before its time is over is bought anew, once a step. */
static bool run_was_sold_out(const struct pull_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->calls[i].answer && run->calls[i].answer->status == 401)
            return run->open->auth == LMS_AUTH_OAUTH2 && !run->renewed;
    return false;
}

static void call_ended(struct pull_run *run)
{
    run_go_on(run);
    if (run->begun > run->ended)
        return;
    if (run->problem[0]) {
        run_give_up(run);
    } else if (run_was_sold_out(run)) {
        secret_free(run->open->token);
        run->open->token = NULL;
        run->renewed = true;
        run_clear(run);
        run_enter(run);
    } else if (run->stop) {
        run_take(run);
    } else {
        run_ask(run);
    }
}

static void run_begin_calls(struct pull_run *run)
{
    call_ended(run);
}

void run_fetch(struct pull_run *run)
{
    size_t room = STEP_CALLS_MAX - run->count;
    size_t more = run->asked.count < room ? run->asked.count : room;
    if (more == 0) {
        (void)text_copy(run->problem, sizeof run->problem, "a step asks for too much");
        run->refused = true;
        run_give_up(run);
        return;
    }
    if (!run->calls)
        run->calls = calloc(STEP_CALLS_MAX, sizeof *run->calls);
    if (!run->calls)
        abort();
    for (size_t i = 0; i < more; i++)
        run->calls[run->count++] = (struct pull_call){.run = run, .asked = run->asked.items[i]};
    run_begin_calls(run);
}

/* ---- the token of OAuth2 */

static enum status token_write(struct txn *txn, void *context, struct error *err)
{
    const struct pull_run *run = context;
    return pull_keep_token(txn, run->open, run->token, run->token_life, err);
}

static void token_written(void *context, enum status status, const struct error *err)
{
    struct pull_run *run = context;
    (void)err;
    if (!run_is_back(run))
        return;
    /* What could not be stored is good for this run. */
    (void)status;
    run->open->token = secret_new(run->token, strlen(run->token));
    wipe(run->token, strlen(run->token));
    free(run->token);
    run->token = NULL;
    run_ask(run);
}

static void token_store(struct pull_run *run)
{
    run_store(run, token_write, NULL, token_written, token_store);
}

static void token_answered(void *context, struct fetch_answer *answer)
{
    struct pull_call *call = context;
    struct pull_run *run = call->run;
    const char *problem = answer->problem, *token = NULL;
    call->call = NULL;
    call->answer = answer;
    run->retry_after = answer->retry_after;
    run->refused = answer->outcome != FETCH_FAILED;
    if (answer->outcome == FETCH_ANSWERED) {
        run->refused = answer->status < 500 && answer->status != 429;
        problem = "the platform sells no token now";
        if (run->refused)
            token = lms_pull_token(run->arena, answer->body, &run->token_life, &problem);
    }
    (void)text_copy(run->problem, sizeof run->problem, token ? "" : problem);
    run->token = token ? strdup(token) : NULL;
    int64_t retry_after = run->retry_after;
    bool refused = run->refused;
    char said[sizeof run->problem];
    memcpy(said, run->problem, sizeof said);
    run_clear(run);
    if (run->token) {
        token_store(run);
        return;
    }
    memcpy(run->problem, said, sizeof said);
    run->retry_after = retry_after;
    run->refused = refused;
    run_give_up(run);
}

static void token_form(const struct pull_open *open, struct arena *arena, struct buf *out)
{
    size_t size = 0;
    const struct lms_pull_settings *settings = open->pull.settings;
    const char *plain = open->credential ? (const char *)secret_bytes(open->credential, &size) : "";
    char *secret = arena_strndup(arena, plain, size);
    char *encoded = (char *)lms_encode(arena, secret);
    buf_printf(out, "grant_type=client_credentials&client_id=%s&client_secret=%s",
        lms_encode(arena, settings->user ? settings->user : ""), encoded);
    if (settings->scope)
        buf_printf(out, "&scope=%s", lms_encode(arena, settings->scope));
    wipe(secret, size);
    wipe(encoded, strlen(encoded));
}

static void token_buy(struct pull_run *run)
{
    static const struct fetch_field fields[] = {
        {"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    const struct lms_pull *pull = &run->open->pull;
    struct error err = ERROR_INIT;
    BUF_AUTO form;
    buf_init(&form, 0);
    token_form(run->open, run->arena, &form);
    run->calls = calloc(STEP_CALLS_MAX, sizeof *run->calls);
    if (!run->calls)
        abort();
    run->calls[0] = (struct pull_call){.run = run};
    run->count = 1;
    struct fetch_request request = {.method = "POST",
        .url = lms_pull_token_url(run->arena, pull->platform, pull->url, pull->settings),
        .fields = fields,
        .field_count = 2,
        .body = {form.data, form.size},
        .answer_max = TOKEN_MAX,
        .done = token_answered,
        .context = &run->calls[0]};
    enum status status = fetch_start(run->jobs->options.fetcher, &request, &run->calls[0].call, &err);
    wipe(form.data, form.size);
    if (status == ST_OK)
        return;
    (void)text_copy(run->problem, sizeof run->problem, err.detail);
    run->refused = status == ST_INVALID;
    run_give_up(run);
}

void run_enter(struct pull_run *run)
{
    if (run->open->auth == LMS_AUTH_OAUTH2 && !run->open->token)
        token_buy(run);
    else
        run_ask(run);
}
