/*
 * GET /xapi/statements: one statement by its id, or a page of them by filters (xAPI-Communication 2.1.3). A
 * read lane.
 */
#include "statements.h"

#include <stdio.h>
#include <string.h>

enum { FIND_BYTES = 1024 * 1024 /* of one page and its attachments, past its first statement */ };

struct find_query {
    const char *statement, *voided, *agent, *verb, *activity, *registration, *since, *until;
    int related_activities, related_agents, attachments, ascending;
    int format;
    int64_t limit, cursor;
};

static const char *const find_formats[] = {"exact", "ids", "canonical", NULL};

#define FIND(name, member, kind, ...) FIELD_AS(name, struct find_query, member, kind, ##__VA_ARGS__)
static const struct field find_fields[] = {
    FIND("statementId", statement, FIELD_TEXT, .doc = "The one with this id."),
    FIND("voidedStatementId", voided, FIELD_TEXT, .doc = "The voided one with this id."),
    FIND("agent", agent, FIELD_TEXT, .max = 4000, .doc = "Of this agent or group, as JSON."),
    FIND("verb", verb, FIELD_TEXT, .max = 2000, .doc = "With this verb."),
    FIND("activity", activity, FIELD_TEXT, .max = 2000, .doc = "About this activity."),
    FIND("registration", registration, FIELD_TEXT, .doc = "Of this registration, a UUID."),
    FIND("related_activities", related_activities, FIELD_BOOL, .doc = "Wherever the activity stands."),
    FIND("related_agents", related_agents, FIELD_BOOL, .doc = "Wherever the agent stands."),
    FIND("since", since, FIELD_TEXT, .doc = "Stored after."),
    FIND("until", until, FIELD_TEXT, .doc = "Stored until."),
    FIND("limit", limit, FIELD_INT, .max = 1000000000, .doc = "At most so many; 0 = as many as a page holds."),
    FIND("format", format, FIELD_ENUM, .names = find_formats, .doc = "exact unless told."),
    FIND("attachments", attachments, FIELD_BOOL,
        .doc = "true: with the data of attachments, as multipart/mixed."),
    FIND("ascending", ascending, FIELD_BOOL, .doc = "The oldest first."),
    FIND("cursor", cursor, FIELD_INT, .max = INT64_MAX, .doc = "Where a page before ended; part of `more`."),
};
static const struct field_table find_table = FIELD_TABLE("StatementQuery", struct find_query, find_fields, -1);

/* What a call looks for, after its parameters were checked. */
struct find {
    const char *id; /* lower case, NULL: by filter */
    bool voided;
    struct statement_filter filter;
    struct lms_statement_key keys[STATEMENT_FILTER_KEYS];
    size_t key_count;
};

static const char *find_lower(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return out;
}

static void find_key(struct find *find, enum lms_statement_key_kind kind, const char *value)
{
    find->keys[find->key_count] = lms_statement_key(kind, value);
    find->filter.keys[find->key_count] = find->keys[find->key_count].text;
    find->key_count++;
}

static enum status find_agent(struct call *call, struct find *find, struct error *err)
{
    const struct find_query *query = call->params;
    const struct json *agent, *authority;
    const struct hook *hook = call->state;
    const char *identifier = NULL;
    if (json_parse(call->arena, query->agent, strlen(query->agent), &agent, NULL) != ST_OK)
        return error_field(err, "/agent", "expected an agent as JSON");
    enum status status = lms_agent_identifier(call->arena, agent, &identifier, err);
    if (status != ST_OK)
        return status;
    const char *own = statements_authority(call, hook->source->id);
    if (query->related_agents == 1 && json_parse(call->arena, own, strlen(own), &authority, NULL) == ST_OK &&
        !strcmp(identifier, lms_agent_key(call->arena, authority)))
        return ST_OK; /* it says all of them */
    find_key(find, query->related_agents == 1 ? LMS_BY_AGENT_RELATED : LMS_BY_AGENT, identifier);
    return ST_OK;
}

static enum status find_time(const char *text, const char *pointer, instant_t *ret, struct error *err)
{
    *ret = INSTANT_NONE;
    if (!text || lms_is_timestamp(text, ret))
        return ST_OK;
    return error_field(err, pointer, "expected an ISO 8601 time");
}

/* Continues after what the page before ended with. */
static void find_continue(struct find *find, int64_t cursor)
{
    if (cursor == FIELD_INT_NONE)
        return;
    if (find->filter.ascending && cursor > find->filter.since)
        find->filter.since = cursor;
    if (!find->filter.ascending && (find->filter.until == INSTANT_NONE || cursor <= find->filter.until))
        find->filter.until = cursor - 1;
}

static enum status find_filter(struct call *call, struct find *find, struct error *err)
{
    const struct find_query *query = call->params;
    find->filter.ascending = query->ascending == 1;
    bool all = query->limit == FIELD_INT_NONE || !query->limit || query->limit > PAGE_MAX;
    find->filter.limit = all ? PAGE_MAX : (unsigned)query->limit;
    if (query->agent)
        (void)find_agent(call, find, err);
    if (query->activity && lms_is_iri(query->activity))
        find_key(
            find, query->related_activities == 1 ? LMS_BY_ACTIVITY_RELATED : LMS_BY_ACTIVITY, query->activity);
    else if (query->activity)
        (void)error_field(err, "/activity", "expected an IRI");
    if (query->registration && lms_is_uuid(query->registration))
        find_key(find, LMS_BY_REGISTRATION, find_lower(call->arena, query->registration));
    else if (query->registration)
        (void)error_field(err, "/registration", "expected a UUID");
    if (query->verb && lms_is_iri(query->verb))
        find_key(find, LMS_BY_VERB, query->verb);
    else if (query->verb)
        (void)error_field(err, "/verb", "expected an IRI");
    (void)find_time(query->since, "/since", &find->filter.since, err);
    (void)find_time(query->until, "/until", &find->filter.until, err);
    find_continue(find, query->cursor);
    return err->count ? ST_INVALID : ST_OK;
}

/* With an id, nothing but `format` and `attachments` makes sense. */
static enum status find_check_single(struct call *call, struct error *err)
{
    for (size_t i = 0, ids = 0; i < call->query.count; i++) {
        const char *name = call->query.pairs[i].name;
        bool id = !strcmp(name, "statementId") || !strcmp(name, "voidedStatementId");
        ids += id;
        if (ids > 1 || (!id && strcmp(name, "format") != 0 && strcmp(name, "attachments") != 0))
            return error_field(err, "", "%s does not go together with the id of a statement", name);
    }
    return ST_OK;
}

static enum status find_parse(struct call *call, struct error *err)
{
    const struct find_query *query = call->params;
    const char *id = query->statement ? query->statement : query->voided;
    struct find *find = ARENA_NEW(call->arena, struct find);
    enum lms_xapi_version version;
    enum status status = statements_enter(call, &version, err);
    call->in = find;
    if (status == ST_OK && !id)
        return find_filter(call, find, err);
    if (status == ST_OK && !lms_is_uuid(id))
        status = error_field(err, query->statement ? "/statementId" : "/voidedStatementId", "expected a UUID");
    if (status == ST_OK)
        status = find_check_single(call, err);
    if (status == ST_OK)
        find->id = find_lower(call->arena, id);
    find->voided = query->voided != NULL;
    return status;
}

static enum status find_show(
    struct call *call, struct json_writer *w, const struct statement_row *row, struct error *err)
{
    const struct find_query *query = call->params;
    const struct json *statement;
    if (query->format == FIELD_UNSET || query->format == LMS_FORMAT_EXACT) {
        jw_raw(w, row->body);
        return ST_OK;
    }
    if (json_parse(call->arena, row->body, strlen(row->body), &statement, NULL) != ST_OK)
        return error_set(err, ST_INTERNAL, "the stored statement %s cannot be read", row->id);
    lms_statement_show(
        w, statement, (enum lms_statement_format)query->format, query_get(&call->headers, "accept-language"));
    return ST_OK;
}

static enum status find_one(
    const struct snapshot *snapshot, struct call *call, const struct find *find, struct error *err)
{
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const struct find_query *query = call->params;
    const struct hook *hook = call->state;
    struct statement_row row;
    enum status status = statement_get(snapshot, call->organisation, hook->source->id, find->id, &row, err);
    if (status == ST_OK && (row.voided_by != NULL) != find->voided)
        status = error_set(err, ST_NOT_FOUND,
            find->voided ? "the statement %s is not voided" : "the statement %s is voided", find->id);
    if (status != ST_OK)
        return status;
    int64_t seconds = row.stored / US_PER_SEC;
    struct ymd day = date_ymd((date_t)(seconds / 86400));
    call_header(call, "Last-Modified",
        arena_printf(call->arena, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * (seconds / 86400 % 7),
            day.day, months + 3 * (day.month - 1), day.year, (int)(seconds / 3600 % 24),
            (int)(seconds / 60 % 60), (int)(seconds % 60)));
    struct json_writer w = call_writer(call);
    struct attached attached = {0};
    status = find_show(call, &w, &row, err);
    if (status == ST_OK && query->attachments == 1) {
        status = attached_gather(snapshot, call, &row, &attached, err);
        attached_wrap(call, &attached);
    }
    call_etag_of_body(call);
    return status;
}

/* The same request, from where this page ended. */
static const char *find_more(const struct call *call, instant_t last)
{
    BUF_AUTO link;
    buf_init(&link, 0);
    buf_text(&link, "/xapi/statements?");
    for (size_t i = 0; i < call->query.count; i++) {
        if (!strcmp(call->query.pairs[i].name, "cursor"))
            continue;
        link_escape(&link, call->query.pairs[i].name);
        buf_char(&link, '=');
        link_escape(&link, call->query.pairs[i].value);
        buf_char(&link, '&');
    }
    buf_printf(&link, "cursor=%lld", (long long)last);
    return arena_strdup(call->arena, link.data);
}

static enum status find_page(
    const struct snapshot *snapshot, struct call *call, const struct find *find, struct error *err)
{
    const struct hook *hook = call->state;
    bool whole = ((const struct find_query *)call->params)->attachments == 1;
    struct attached attached = {0};
    struct statement_filter filter = find->filter;
    struct statement_list list;
    size_t shown = 0;
    filter.limit++;
    enum status status = statement_find(snapshot, call->organisation, hook->source->id, &filter, &list, err);
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_key(&w, "statements");
    jw_open(&w, '[');
    for (; status == ST_OK && shown < list.count && shown < find->filter.limit; shown++) {
        if (shown && call->body.size + attached.bytes > FIND_BYTES)
            break;
        status = find_show(call, &w, &list.items[shown], err);
        if (status == ST_OK && whole)
            status = attached_gather(snapshot, call, &list.items[shown], &attached, err);
    }
    jw_close(&w, ']');
    jw_member(
        &w, "more", status == ST_OK && shown < list.count ? find_more(call, list.items[shown - 1].stored) : "");
    jw_close(&w, '}');
    if (status == ST_OK && whole)
        attached_wrap(call, &attached);
    return status;
}

static enum status find_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct find *find = call->in;
    return find->id ? find_one(snapshot, call, find, err) : find_page(snapshot, call, find, err);
}

const struct op statements_get = {.name = "statements_get",
    .summary = "The xAPI statements of a source, by id or by filters",
    .query = &find_table,
    .parse = find_parse,
    .read = find_read};
