/*
 * Statements into the store, and what they say of completions into the inbox. A statement that refers to
 * another is found by what the other is about, whichever comes first. On a write lane.
 */
#include "work/statement.h"

#include "completion.h"
#include "internal.h"
#include "store/attachment.h"
#include "store/statement.h"

#include <string.h>

/* How far references are followed, and how many of them. */
enum { REFER_DEPTH = 8, REFER_MAX = 100 };

struct stating {
    struct completion_intake in;
    struct lms_input input;
    instant_t next; /* free for the next statement; 0: not looked up yet */
};

static enum status state_parse(
    struct arena *arena, const struct statement_row *row, const struct json **ret, struct error *err)
{
    if (json_parse(arena, row->body, strlen(row->body), ret, NULL) == ST_OK)
        return ST_OK;
    return error_set(err, ST_INTERNAL, "the stored statement %s cannot be read", row->id);
}

/* ---- completions */

static enum status state_completion(
    struct stating *s, const struct lms_statement *statement, size_t position, struct error *err)
{
    struct lms_item item = lms_statement_item(txn_arena(s->in.txn), &s->input, statement->json, statement->raw);
    if (item.state != LMS_ITEM_IGNORED)
        return completion_take(&s->in, &item, position, err);
    s->in.receipt.received++;
    s->in.receipt.ignored++;
    return ST_OK;
}

/* What a voided statement told of is taken back, under the bytes of the one that voids it. */
static enum status state_take_back(struct stating *s, const struct statement_row *voided,
    const struct lms_statement *by, size_t position, struct error *err)
{
    const struct json *json = NULL;
    struct arena *arena = txn_arena(s->in.txn);
    enum status status = state_parse(arena, voided, &json, err);
    if (status != ST_OK)
        return status;
    struct lms_item item = lms_statement_undone(arena, &s->input, json, by->id, by->raw);
    return item.completion.effect == LMS_UNDONE ? completion_take(&s->in, &item, position, err) : ST_OK;
}

/* A voiding statement cannot be voided (xAPI-Data 2.3.2). */
static enum status state_void(
    struct stating *s, const struct lms_statement *statement, size_t position, struct error *err)
{
    struct statement_row target;
    const char *source = s->in.source->id;
    enum status status = statement_get(
        txn_snapshot(s->in.txn), txn_organisation(s->in.txn), source, statement->refers, &target, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status != ST_OK || target.voids || target.voided_by)
        return status;
    status = statement_void(s->in.txn, source, target.id, statement->id, err);
    return status == ST_OK ? state_take_back(s, &target, statement, position, err) : status;
}

/* ---- keys of statements that refer to others */

static enum status refer_keys(
    struct stating *s, const char *id, instant_t stored, unsigned depth, struct error *err);

static enum status refer_add_keys(struct stating *s, const struct json *json, const char *refers,
    instant_t stored, unsigned depth, struct error *err)
{
    const struct lms_statement_key *keys;
    enum status status = ST_OK;
    size_t count = lms_statement_keys(txn_arena(s->in.txn), json, &keys);
    for (size_t i = 0; status == ST_OK && i < count; i++)
        status = statement_find_by(s->in.txn, s->in.source->id, stored, keys[i].text, err);
    return status == ST_OK && refers && depth ? refer_keys(s, refers, stored, depth - 1, err) : status;
}

/* Lets the statement stored then be found by what the statement `id` is found by. */
static enum status refer_keys(
    struct stating *s, const char *id, instant_t stored, unsigned depth, struct error *err)
{
    struct statement_row target;
    const struct json *json = NULL;
    enum status status =
        statement_get(txn_snapshot(s->in.txn), txn_organisation(s->in.txn), s->in.source->id, id, &target, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status == ST_OK)
        status = state_parse(txn_arena(s->in.txn), &target, &json, err);
    return status == ST_OK ? refer_add_keys(s, json, target.refers, stored, depth, err) : status;
}

static enum status refer_list(struct stating *s, const char *id, struct statement_list *ret, struct error *err)
{
    return statement_referring(
        txn_snapshot(s->in.txn), txn_organisation(s->in.txn), s->in.source->id, id, REFER_MAX, ret, err);
}

/* Those that referred to a statement before it came are found by it now. */
static enum status refer_back(struct stating *s, const struct lms_statement *statement,
    const struct statement_list *list, unsigned depth, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < list->count; i++) {
        struct statement_list more = {0};
        status = refer_add_keys(s, statement->json, statement->refers, list->items[i].stored, REFER_DEPTH, err);
        if (status == ST_OK && depth)
            status = refer_list(s, list->items[i].id, &more, err);
        if (status == ST_OK)
            status = refer_back(s, statement, &more, depth - 1, err);
    }
    return status;
}

/* The statement that voided this one before it came. */
static const char *refer_voider(const struct lms_statement *statement, const struct statement_list *list)
{
    for (size_t i = 0; !statement->voids && i < list->count; i++)
        if (list->items[i].voids)
            return list->items[i].id;
    return NULL;
}

/* ---- receiving */

static const char *state_body(struct arena *arena, const struct lms_statement *statement, instant_t stored)
{
    char text[INSTANT_TEXT_MAX];
    instant_text(stored, text);
    size_t size = strlen(statement->head) - 1; /* without the last brace */
    return statement->timed ? arena_printf(arena, "%.*s,\"stored\":\"%s\"}", (int)size, statement->head, text)
                            : arena_printf(arena, "%.*s,\"timestamp\":\"%s\",\"stored\":\"%s\"}", (int)size,
                                  statement->head, text, text);
}

/* An id that is known: a repeat, or a conflict. */
static enum status state_repeat(struct stating *s, const struct lms_statement *statement, struct error *err)
{
    struct statement_row known;
    const struct json *json = NULL;
    struct arena *arena = txn_arena(s->in.txn);
    enum status status = statement_get(
        txn_snapshot(s->in.txn), txn_organisation(s->in.txn), s->in.source->id, statement->id, &known, err);
    if (status == ST_OK)
        status = state_parse(arena, &known, &json, err);
    if (status != ST_OK)
        return status;
    if (!lms_statement_same(arena, json, statement->json))
        return error_set(
            err, ST_CONFLICT, "the statement %s is here already and says something else", statement->id);
    s->in.receipt.received++;
    s->in.receipt.duplicates++;
    return ST_OK;
}

static enum status state_index(struct stating *s, const struct lms_statement *statement,
    const struct statement_list *referring, instant_t stored, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < statement->key_count; i++)
        status = statement_find_by(s->in.txn, s->in.source->id, stored, statement->keys[i].text, err);
    if (status == ST_OK && statement->refers)
        status = refer_keys(s, statement->refers, stored, REFER_DEPTH, err);
    return status == ST_OK ? refer_back(s, statement, referring, REFER_DEPTH, err) : status;
}

/* The data of its attachments that came with it. */
static enum status state_attach(
    struct stating *s, const struct lms_statement *statement, instant_t stored, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < statement->attached_count; i++) {
        const struct lms_part *part = statement->attached[i];
        const struct attachment_row row = {.sha2 = part->hash, .type = part->type, .content = part->content};
        status = attachment_add(s->in.txn, s->in.source->id, stored, &row, err);
    }
    return status;
}

static enum status state_one(
    struct stating *s, const struct lms_statement *statement, size_t position, struct error *err)
{
    struct statement_row row = {.source = s->in.source->id,
        .id = statement->id,
        .refers = statement->refers,
        .voids = statement->voids};
    struct statement_list referring = {0};
    bool fresh = false;
    enum status status = s->next ? ST_OK : statement_clock(s->in.txn, row.source, &s->next, err);
    row.stored = s->next;
    row.body = state_body(txn_arena(s->in.txn), statement, row.stored);
    if (status == ST_OK)
        status = refer_list(s, statement->id, &referring, err);
    row.voided_by = refer_voider(statement, &referring);
    if (status == ST_OK)
        status = statement_add(s->in.txn, &row, &fresh, err);
    if (status != ST_OK || !fresh)
        return status == ST_OK ? state_repeat(s, statement, err) : status;
    s->next++;
    status = state_attach(s, statement, row.stored, err);
    if (status == ST_OK)
        status = state_index(s, statement, &referring, row.stored, err);
    if (status == ST_OK && statement->voids)
        status = state_void(s, statement, position, err);
    return status == ST_OK && !row.voided_by ? state_completion(s, statement, position, err) : status;
}

enum status statements_receive(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_statements *statements, struct completion_receipt *ret,
    struct error *err)
{
    struct stating s = {.in = {.txn = txn, .source = source, .request = request},
        .input = {.source = source->id, .request = request, .now = txn_now(txn)}};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < statements->count; i++)
        status = state_one(&s, &statements->items[i], i, err);
    if (status == ST_OK && statements->count)
        status = completion_taken(&s.in, err);
    *ret = s.in.receipt;
    return status;
}
