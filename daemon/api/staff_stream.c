/* Answers about the whole staff, as streams: everybody looked at once, sums or rows. On a read lane. */
#include "staff_stream.h"

#include "base/text.h"
#include "store/duty.h"
#include "team.h"

#include <string.h>

enum { STAFF_SLICE = 64 };

const char *const staff_by_names[] = {"none", "manager", "establishment", NULL};
const char *const staff_format_names[] = {"json", "csv", NULL};
const char *const staff_delimiter_names[] = {"semicolon", "comma", NULL};

/* ---- what is asked for */

enum status staff_parse(
    const struct call *call, const struct staff_params *params, bool rows, struct error *err)
{
    bool grouped = params->by > STAFF_BY_NOTHING;
    if (grouped && rows)
        return error_field(err, "/by", "expected without rows: they name manager and establishment");
    if (grouped && call_is_manager(call))
        return error_field(err, "/by", "a manager sees the own team, which is one group");
    return ST_OK;
}

static bool staff_wants_csv(const struct call *call, const struct staff_params *params)
{
    if (params->format != FIELD_UNSET)
        return params->format == STAFF_CSV;
    return call->accept && strstr(call->accept, "text/csv") && !strstr(call->accept, "application/json");
}

static struct csv_writer staff_csv(struct staff_stream *stream)
{
    const struct staff_params *params = stream->params;
    bool semicolon = params->delimiter == FIELD_UNSET ? stream->lang == LANG_FR : params->delimiter == 0;
    bool bom = params->bom == FIELD_UNSET ? semicolon : params->bom == 1;
    return csv_writer(&stream->call->body, semicolon ? ';' : ',', bom && !stream->cursor->begun);
}

/* ---- cells */

void staff_put_word(struct staff_stream *stream, const char *const words[LANG_COUNT])
{
    csv_put_text(&stream->rows, words[stream->lang]);
}

static void staff_put_headings(struct staff_stream *stream)
{
    static const char *const headings[][LANG_COUNT] = {{"matricule", "number"}, {"nom", "family_name"},
        {"prénom", "given_name"}, {"responsable", "manager"}, {"établissement", "establishment"},
        {"catégorie", "category"}};
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        staff_put_word(stream, headings[i]);
}

/* ---- beginning, end */

/* Whose team is asked for has to be somebody here. */
static enum status staff_find_manager(const struct staff_stream *stream, struct error *err)
{
    const struct call *call = stream->call;
    const char *manager = call_is_manager(call) ? NULL : stream->params->manager;
    struct employee_row row;
    char organisation[ORG_KEY_MAX];
    if (!manager)
        return ST_OK;
    if (!id_parse(manager, "emp", organisation) || strcmp(organisation, call->organisation) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no such manager here");
    return employee_get(stream->snapshot, manager, &row, err);
}

static enum status staff_know(struct staff_stream *stream, date_t as_of, date_t known_on, struct error *err)
{
    struct staff_cursor *cursor = stream->cursor;
    enum status status = staff_find_manager(stream, err);
    if (status == ST_OK)
        status = call_frame(stream->snapshot, stream->call, &stream->frame, err);
    if (status != ST_OK)
        return status;
    date_t today = stream->frame.today;
    cursor->as_of = as_of == DATE_NONE ? today : as_of;
    cursor->known_on = known_on == DATE_NONE ? cursor->as_of : known_on;
    cursor->known_on = cursor->known_on > today ? today : cursor->known_on;
    cursor->known_at = cursor->known_on == today ? snapshot_now(stream->snapshot)
                                                 : duties_day_end(&stream->frame, cursor->known_on);
    return ST_OK;
}

static void staff_answer_json(struct staff_stream *stream, int64_t stale)
{
    struct staff_cursor *cursor = stream->cursor;
    struct json_writer *w = stream->w;
    bool rows = stream->shape->shows_people(stream);
    *w = call_writer(stream->call);
    jw_open(w, '{');
    jw_member(w, "organisation",
        arena_printf(snapshot_arena(stream->snapshot), "org_%s", stream->call->organisation));
    jw_member_date(w, "as_of", cursor->as_of);
    jw_member_date(w, "known_on", cursor->known_on);
    jw_member_instant(w, "known_at", cursor->known_at);
    jw_member_bool(w, "projected", cursor->as_of > stream->frame.today);
    if (stale > 0)
        jw_member_int(w, "recomputing", stale);
    stream->shape->begin(stream);
    if (!rows && stream->params->by <= STAFF_BY_NOTHING)
        return;
    jw_key(w, rows ? "items" : "groups");
    jw_open(w, '[');
}

static void staff_put_group_headings(struct staff_stream *stream)
{
    static const char *const number[] = {"matricule du responsable", "manager_number"};
    static const char *const name[] = {"responsable", "manager"};
    static const char *const site[] = {"établissement", "establishment"};
    if (stream->params->by == STAFF_BY_TEAM) {
        staff_put_word(stream, number);
        staff_put_word(stream, name);
    } else if (stream->params->by == STAFF_BY_SITE) {
        staff_put_word(stream, site);
    }
}

static void staff_answer_csv(struct staff_stream *stream)
{
    struct call *call = stream->call;
    char day[DATE_TEXT_MAX];
    call->body_type = "text/csv; charset=utf-8; header=present";
    call_header(call, "Content-Disposition",
        arena_printf(snapshot_arena(stream->snapshot), "attachment; filename=\"%s-%s.csv\"",
            stream->shape->file, date_text(stream->cursor->as_of, day)));
    call_header(call, "Vary", "Accept");
    if (stream->shape->shows_people(stream))
        staff_put_headings(stream);
    else
        staff_put_group_headings(stream);
    stream->shape->begin(stream);
    csv_end_row(&stream->rows);
}

static enum status staff_begin(struct staff_stream *stream, struct error *err)
{
    int64_t stale = 0;
    enum status status = duty_stale(stream->snapshot, stream->call->organisation, &stale, err);
    if (status != ST_OK)
        return status;
    if (stream->csv)
        staff_answer_csv(stream);
    else
        staff_answer_json(stream, stale);
    stream->cursor->begun = true;
    return ST_OK;
}

static void *staff_sums(const struct staff_stream *stream, size_t at)
{
    return (char *)stream->cursor + at;
}

static const char *staff_or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static void staff_group_json(struct staff_stream *stream, const void *sums)
{
    const struct staff_cursor *cursor = stream->cursor;
    struct json_writer *w = stream->w;
    jw_open(w, '{');
    if (stream->params->by == STAFF_BY_TEAM) {
        jw_member(w, "manager", staff_or_null(cursor->group));
        jw_member(w, "manager_number", staff_or_null(cursor->number));
        jw_member(w, "manager_name", staff_or_null(cursor->name));
    } else {
        jw_member(w, "establishment", staff_or_null(cursor->group));
    }
    stream->shape->sums(stream, sums);
    jw_close(w, '}');
}

static void staff_group_end(struct staff_stream *stream)
{
    void *sums = staff_sums(stream, stream->shape->group_at);
    if (stream->cursor->in_group && stream->csv)
        stream->shape->sums(stream, sums);
    else if (stream->cursor->in_group)
        staff_group_json(stream, sums);
    if (stream->cursor->in_group)
        memset(sums, 0, stream->shape->sums_size);
    stream->cursor->in_group = false;
}

static void staff_end_json(struct staff_stream *stream)
{
    struct json_writer *w = stream->w;
    if (stream->shape->shows_people(stream) || stream->params->by > STAFF_BY_NOTHING)
        jw_close(w, ']');
    if (!stream->shape->bare) {
        jw_key(w, "total");
        jw_open(w, '{');
    }
    stream->shape->sums(stream, staff_sums(stream, stream->shape->total_at));
    if (!stream->shape->bare)
        jw_close(w, '}');
    jw_close(w, '}');
}

static void staff_end(struct staff_stream *stream)
{
    staff_group_end(stream);
    if (!stream->csv)
        staff_end_json(stream);
    else if (!stream->shape->shows_people(stream))
        stream->shape->sums(stream, staff_sums(stream, stream->shape->total_at));
}

/* ---- people */

static void staff_group_begin(struct staff_stream *stream, const struct staff_row *row)
{
    struct staff_cursor *cursor = stream->cursor;
    const char *given = row->manager_given_name ? row->manager_given_name : "";
    const char *family = row->manager_family_name ? row->manager_family_name : "";
    const char *name = arena_printf(snapshot_arena(stream->snapshot), "%s %s", given, family);
    cursor->in_group = true;
    text_copy(cursor->group, sizeof cursor->group, row->group);
    text_copy(cursor->number, sizeof cursor->number, row->manager_number ? row->manager_number : "");
    text_copy(cursor->name, sizeof cursor->name, row->manager ? name : "");
}

struct staff_step {
    struct staff_stream *stream;
    const struct staff_row *row;
};

static enum status staff_look(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct staff_step *step = context;
    struct staff_stream *stream = step->stream;
    const struct staff_shape *shape = stream->shape;
    return shape->person(snapshot, stream, step->row, staff_sums(stream, shape->total_at),
        staff_sums(stream, shape->group_at), err);
}

static enum status staff_step(struct staff_stream *stream, const struct staff_row *row, struct error *err)
{
    struct staff_step step = {.stream = stream, .row = row};
    struct staff_cursor *cursor = stream->cursor;
    bool grouped = stream->params->by > STAFF_BY_NOTHING;
    if (grouped && (!cursor->in_group || strcmp(cursor->group, row->group) != 0)) {
        staff_group_end(stream);
        staff_group_begin(stream, row);
    }
    enum status status = snapshot_aside(stream->snapshot, staff_look, &step, err);
    text_copy(cursor->id, sizeof cursor->id, row->id);
    return status;
}

static enum status staff_slice(struct staff_stream *stream, bool *ret_last, struct error *err)
{
    static const enum staff_order orders[] = {STAFF_BY_ID, STAFF_BY_MANAGER, STAFF_BY_ESTABLISHMENT};
    const struct staff_params *params = stream->params;
    const struct call *call = stream->call;
    enum staff_order order = orders[params->by == FIELD_UNSET ? STAFF_BY_NOTHING : params->by];
    struct staff_list list;
    enum status status = staff_next(stream->snapshot, call->organisation, order,
        call_team_of(call, params->manager), params->establishment,
        (struct staff_place){stream->cursor->group, stream->cursor->id}, STAFF_SLICE, &list, err);
    size_t done = 0;
    while (status == ST_OK && done < list.count && (done == 0 || !call_chunk_full(call)))
        status = staff_step(stream, &list.items[done++], err);
    *ret_last = status == ST_OK && done == list.count && list.count < STAFF_SLICE;
    return status;
}

enum status staff_read(const struct snapshot *snapshot, struct call *call, const struct staff_params *params,
    const struct staff_shape *shape, date_t as_of, date_t known_on, struct error *err)
{
    struct staff_cursor *cursor = call->cursor;
    struct staff_stream stream = {.call = call,
        .snapshot = snapshot,
        .params = params,
        .shape = shape,
        .cursor = cursor,
        .w = &cursor->w,
        .csv = staff_wants_csv(call, params)};
    enum status status = cursor->begun ? ST_OK : staff_know(&stream, as_of, known_on, err);
    if (status == ST_OK)
        status = duties_frame_load(snapshot, call->organisation, cursor->known_at, &stream.frame, err);
    if (status != ST_OK)
        return status;
    stream.lang = params->lang == FIELD_UNSET ? stream.frame.lang : (enum lang)params->lang;
    if (stream.csv)
        stream.rows = staff_csv(&stream);
    bool last = false;
    if (shape->load)
        status = shape->load(&stream, err);
    if (status == ST_OK && !cursor->begun)
        status = staff_begin(&stream, err);
    while (status == ST_OK && !last && !call_chunk_full(call))
        status = staff_slice(&stream, &last, err);
    if (status == ST_OK && last)
        staff_end(&stream);
    call->more = !last;
    if (!call->body.size && call->more && !stream.csv)
        buf_char(&call->body, '\n'); /* the client sees that the answer is being made */
    return status;
}

/* ---- what is said of everybody */

void staff_write_person(struct json_writer *w, const struct staff_row *row)
{
    jw_member(w, "employee", row->id);
    jw_member(w, "number", row->number);
    jw_member(w, "given_name", row->given_name);
    jw_member(w, "family_name", row->family_name);
    jw_member(w, "manager", row->manager);
    jw_member(w, "establishment", row->establishment);
    jw_member(w, "category", row->category);
}

void staff_put_person(struct csv_writer *rows, const struct staff_row *row)
{
    csv_put_text(rows, row->number);
    csv_put_text(rows, row->family_name);
    csv_put_text(rows, row->given_name);
    csv_put_text(rows, row->manager_number);
    csv_put_text(rows, row->establishment);
    csv_put_text(rows, row->category);
}

void staff_put_group(struct staff_stream *stream)
{
    static const char *const whole[LANG_COUNT] = {"total", "total"};
    const struct staff_cursor *cursor = stream->cursor;
    int by = stream->params->by;
    if (by == STAFF_BY_TEAM)
        csv_put_text(&stream->rows, cursor->in_group ? cursor->number : "");
    if (by > STAFF_BY_NOTHING && !cursor->in_group)
        staff_put_word(stream, whole);
    else if (by > STAFF_BY_NOTHING)
        csv_put_text(&stream->rows, by == STAFF_BY_TEAM ? cursor->name : cursor->group);
}
