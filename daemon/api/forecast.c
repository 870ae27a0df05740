/*
 * /v1/forecast: the meetings to come, month by month, if each is held on its day: of everybody, of each team or
 * establishment, or a row for each meeting; streams. On a read lane.
 */
#include "model/forecast.h"

#include "ops.h"
#include "staff_stream.h"
#include "team.h"
#include "work/organisation.h"
#include "work/trace.h"

#include <stdio.h>

enum { FORECAST_MONTHS_MAX = 12 * FORECAST_YEARS_MAX + 1 };

static const char *const forecast_rows_names[] = {"none", "meetings", NULL};

struct forecast_query {
    struct staff_params staff;
    date_t from, to;
    int rows;
};
static const struct field forecast_query_fields[] = {STAFF_FIELDS(struct forecast_query),
    FIELD(struct forecast_query, from, FIELD_DATE,
        .doc = "First day, not before this month; this month unless told. What is overdue is counted today."),
    FIELD(struct forecast_query, to, FIELD_DATE, .doc = "Last day, at most ten years on; a year unless told."),
    FIELD(struct forecast_query, rows, FIELD_ENUM, .names = forecast_rows_names,
        .doc = "A row for each of the meetings.")};
static const struct field_table forecast_query_table =
    FIELD_TABLE("ForecastQuery", struct forecast_query, forecast_query_fields, -1);

struct forecast_month {
    uint32_t kinds[DUTY_FAMILY_COUNT]; /* of the duties met; visits are there, and no meetings */
    uint32_t meetings, joint, conflicts, planned, overdue;
};

struct forecast_sums {
    uint32_t people; /* with something to come */
    uint32_t meetings;
    uint32_t missing; /* about whom a fact is missing: what depends on it is not foreseen */
    struct forecast_month months[FORECAST_MONTHS_MAX];
};

struct forecast_cursor {
    struct staff_cursor staff; /* first */
    date_t from, to;
    int first;  /* month: 12 * year + month - 1 */
    int months; /* how many */
    struct forecast_sums total, group;
};

static const struct forecast_cursor *cursor_of(const struct staff_stream *stream)
{
    return (const struct forecast_cursor *)stream->cursor;
}

static bool forecast_shows_people(const struct staff_stream *stream)
{
    const struct forecast_query *query = stream->call->params;
    return query->rows > 0;
}

static int month_of(date_t day)
{
    struct ymd ymd = date_ymd(day);
    return 12 * ymd.year + ymd.month - 1;
}

static const char *month_name(struct arena *arena, int month)
{
    return arena_printf(arena, "%04d-%02d", month / 12, month % 12 + 1);
}

/* ---- headings */

static void forecast_head(struct staff_stream *stream)
{
    static const char *const month[] = {"mois", "month"};
    static const char *const numbers[][LANG_COUNT] = {{"entretiens", "meetings"},
        {"dont communs (état des lieux et périodique)", "joint"}, {"dont en conflit", "conflict"},
        {"dont déjà fixés", "planned"}, {"dont en retard", "overdue"}};
    staff_put_word(stream, month);
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        csv_put_text(&stream->rows, trace_value_words(stream->lang, duty_family_name((enum duty_family)kind)));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        staff_put_word(stream, numbers[i]);
}

static void forecast_head_meetings(struct staff_stream *stream)
{
    static const char *const words[][LANG_COUNT] = {{"date", "on"}, {"échéance", "due"},
        {"obligations", "kinds"}, {"commun", "joint"}, {"conflit", "conflict"}, {"fixé", "planned"},
        {"en retard", "overdue"}, {"absence sans fin connue", "away"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        staff_put_word(stream, words[i]);
}

static void forecast_begin(struct staff_stream *stream)
{
    if (!stream->csv) {
        jw_member_date(stream->w, "from", cursor_of(stream)->from);
        jw_member_date(stream->w, "to", cursor_of(stream)->to);
    } else if (forecast_shows_people(stream)) {
        forecast_head_meetings(stream);
    } else {
        forecast_head(stream);
    }
}

/* ---- a row per meeting */

static void write_meeting(
    struct staff_stream *stream, const struct staff_row *row, const struct forecast_meeting *meeting)
{
    struct json_writer *w = stream->w;
    jw_open(w, '{');
    staff_write_person(w, row);
    jw_member_date(w, "on", meeting->on);
    jw_member_date(w, "due", meeting->due);
    jw_key(w, "kinds");
    jw_open(w, '[');
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        if (meeting->kinds >> kind & 1)
            jw_text(w, duty_family_name((enum duty_family)kind));
    jw_close(w, ']');
    jw_member_bool(w, "joint", meeting->joint);
    jw_member_bool(w, "conflict", meeting->conflict);
    jw_member_bool(w, "planned", meeting->planned);
    jw_member_bool(w, "overdue", meeting->overdue);
    jw_member_bool(w, "away", meeting->away);
    jw_close(w, '}');
}

static void put_yes(struct staff_stream *stream, bool yes)
{
    static const char *const words[][LANG_COUNT] = {{"non", "no"}, {"oui", "yes"}};
    staff_put_word(stream, words[yes]);
}

static void put_meeting(
    struct staff_stream *stream, const struct staff_row *row, const struct forecast_meeting *meeting)
{
    struct csv_writer *rows = &stream->rows;
    BUF_AUTO kinds;
    buf_init(&kinds, 0);
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++) {
        if (!(meeting->kinds >> kind & 1))
            continue;
        buf_text(&kinds, kinds.size ? ", " : "");
        buf_text(&kinds, trace_value_words(stream->lang, duty_family_name((enum duty_family)kind)));
    }
    staff_put_person(rows, row);
    csv_put_date(rows, meeting->on);
    csv_put_date(rows, meeting->due);
    csv_put_text(rows, kinds.data);
    put_yes(stream, meeting->joint);
    put_yes(stream, meeting->conflict);
    put_yes(stream, meeting->planned);
    put_yes(stream, meeting->overdue);
    put_yes(stream, meeting->away);
    csv_end_row(rows);
}

/* ---- sums */

static void month_add(struct forecast_month *month, const struct forecast_meeting *meeting)
{
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        month->kinds[kind] += meeting->kinds >> kind & 1;
    if (meeting->visit)
        return;
    month->meetings++;
    month->joint += meeting->joint;
    month->conflicts += meeting->conflict;
    month->planned += meeting->planned;
    month->overdue += meeting->overdue;
}

static void sums_add(
    struct forecast_sums *sums, const struct forecast_cursor *cursor, const struct forecast *forecast)
{
    sums->people += forecast->count > 0;
    sums->missing += forecast->missing != 0;
    for (size_t i = 0; i < forecast->count; i++) {
        sums->meetings += !forecast->items[i].visit;
        month_add(&sums->months[month_of(forecast->items[i].on) - cursor->first], &forecast->items[i]);
    }
}

static bool month_is_empty(const struct forecast_month *month)
{
    bool empty = month->meetings == 0;
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        empty &= month->kinds[kind] == 0;
    return empty;
}

static void write_month(struct json_writer *w, const char *name, const struct forecast_month *month)
{
    jw_open(w, '{');
    jw_member(w, "month", name);
    jw_member_int(w, "meetings", month->meetings);
    jw_member_int(w, "joint", month->joint);
    jw_member_int(w, "conflicts", month->conflicts);
    jw_member_int(w, "planned", month->planned);
    jw_member_int(w, "overdue", month->overdue);
    jw_key(w, "kinds");
    jw_open(w, '{');
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        if (month->kinds[kind])
            jw_member_int(w, duty_family_name((enum duty_family)kind), month->kinds[kind]);
    jw_close(w, '}');
    jw_close(w, '}');
}

static void put_month(struct staff_stream *stream, const char *name, const struct forecast_month *month)
{
    struct csv_writer *rows = &stream->rows;
    staff_put_group(stream);
    csv_put_text(rows, name);
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        csv_put_int(rows, month->kinds[kind]);
    csv_put_int(rows, month->meetings);
    csv_put_int(rows, month->joint);
    csv_put_int(rows, month->conflicts);
    csv_put_int(rows, month->planned);
    csv_put_int(rows, month->overdue);
    csv_end_row(rows);
}

/* A group shows the months in which something happens, the whole all of them. */
static void forecast_sums(struct staff_stream *stream, const void *context)
{
    const struct forecast_sums *sums = context;
    const struct forecast_cursor *cursor = cursor_of(stream);
    struct arena *arena = snapshot_arena(stream->snapshot);
    if (!stream->csv) {
        jw_member_int(stream->w, "people", sums->people);
        jw_member_int(stream->w, "meetings", sums->meetings);
        jw_member_int(stream->w, "missing", sums->missing);
        jw_key(stream->w, "months");
        jw_open(stream->w, '[');
    }
    for (int i = 0; i < cursor->months; i++) {
        const char *name = month_name(arena, cursor->first + i);
        if (cursor->staff.in_group && month_is_empty(&sums->months[i]))
            continue;
        if (stream->csv)
            put_month(stream, name, &sums->months[i]);
        else
            write_month(stream->w, name, &sums->months[i]);
    }
    if (!stream->csv)
        jw_close(stream->w, ']');
}

/* ---- the stream */

static enum status forecast_person(const struct snapshot *snapshot, struct staff_stream *stream,
    const struct staff_row *row, void *total, void *group, struct error *err)
{
    const struct forecast_cursor *cursor = cursor_of(stream);
    struct duties_view *view = ARENA_NEW(snapshot_arena(snapshot), struct duties_view);
    struct forecast forecast;
    enum status status =
        duties_view(snapshot, &stream->frame, row->id, cursor->staff.as_of, cursor->staff.known_at, view, err);
    if (status != ST_OK || !view->known)
        return status;
    forecast_compute(snapshot_arena(snapshot), &view->facts, cursor->from, cursor->to, &forecast);
    sums_add(total, cursor, &forecast);
    sums_add(group, cursor, &forecast);
    for (size_t i = 0; forecast_shows_people(stream) && i < forecast.count; i++) {
        if (stream->csv)
            put_meeting(stream, row, &forecast.items[i]);
        else
            write_meeting(stream, row, &forecast.items[i]);
    }
    return ST_OK;
}

static const struct staff_shape forecast_shape = {.file = "forecast",
    .total_at = offsetof(struct forecast_cursor, total),
    .group_at = offsetof(struct forecast_cursor, group),
    .sums_size = sizeof(struct forecast_sums),
    .shows_people = forecast_shows_people,
    .begin = forecast_begin,
    .person = forecast_person,
    .sums = forecast_sums};

static enum status forecast_parse(struct call *call, struct error *err)
{
    const struct forecast_query *query = call->params;
    return staff_parse(call, &query->staff, query->rows > 0, err);
}

static enum status forecast_window(
    const struct forecast_query *query, date_t today, struct forecast_cursor *cursor, struct error *err)
{
    struct ymd ymd = date_ymd(today);
    date_t month = today - (ymd.day - 1);
    date_t last = date_add(today, (struct period){.years = FORECAST_YEARS_MAX});
    cursor->from = query->from == DATE_NONE ? month : query->from;
    cursor->to = query->to == DATE_NONE ? date_add(cursor->from, (struct period){.years = 1}) - 1 : query->to;
    if (query->to == DATE_NONE && cursor->to > last)
        cursor->to = last;
    if (cursor->from < month)
        (void)error_field(
            err, "/from", "expected no day before this month: what has passed is in /v1/compliance");
    if (cursor->to < cursor->from)
        (void)error_field(err, "/to", "expected no day before from");
    if (cursor->to > last)
        (void)error_field(err, "/to", "expected at most ten years from today");
    cursor->first = month_of(cursor->from);
    cursor->months = month_of(cursor->to) - cursor->first + 1;
    return err->count ? err->status : ST_OK;
}

static enum status forecast_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct forecast_query *query = call->params;
    struct forecast_cursor *cursor = call->cursor;
    struct duties_frame frame;
    enum status status = ST_OK;
    if (!cursor->staff.begun) {
        status = call_frame(snapshot, call, &frame, err);
        if (status == ST_OK)
            status = forecast_window(query, frame.today, cursor, err);
    }
    if (status != ST_OK)
        return status;
    return staff_read(snapshot, call, &query->staff, &forecast_shape, DATE_NONE, DATE_NONE, err);
}

/* ---- for the interface's description */

struct forecast_body {
    const char *organisation;
    date_t as_of, known_on, from, to;
    instant_t known_at;
    int projected;
    int64_t recomputing;
    const struct json *items, *groups, *total;
};
#define BODY(member, type, ...) FIELD(struct forecast_body, member, type, ##__VA_ARGS__)
static const struct field forecast_fields[] = {
    BODY(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    BODY(as_of, FIELD_DATE, .flags = FIELD_READ, .doc = "Today, from which time is played forward."),
    BODY(known_on, FIELD_DATE, .flags = FIELD_READ),
    BODY(known_at, FIELD_INSTANT, .flags = FIELD_READ,
        .doc = "Facts recorded by then, whatever is written since."),
    BODY(projected, FIELD_BOOL, .flags = FIELD_READ),
    BODY(recomputing, FIELD_INT,
        .doc = "People whose stored duties are being brought up to date; this answer is."),
    BODY(from, FIELD_DATE, .flags = FIELD_READ),
    BODY(to, FIELD_DATE, .flags = FIELD_READ),
    BODY(items, FIELD_JSON,
        .doc = "With rows=meetings: who, on, due, kinds, joint, conflict, planned, overdue, away."),
    BODY(groups, FIELD_JSON,
        .doc = "With by: the months of each manager's team, or establishment, that are not empty."),
    BODY(total, FIELD_JSON, .flags = FIELD_READ,
        .doc = "people, meetings, missing, and months: month, meetings (joint: recap and periodic review in "
               "one; conflicts: "
               "one meeting cannot serve both; planned; overdue), kinds {kind: duties met}."),
};
static const struct field_table forecast_table =
    FIELD_TABLE("Forecast", struct forecast_body, forecast_fields, -1);

const struct op forecast_get = {.name = "forecast",
    .summary = "The meetings to come, month by month, if each is held on its day; JSON or CSV",
    .query = &forecast_query_table,
    .output = &forecast_table,
    .cursor_size = sizeof(struct forecast_cursor),
    .parse = forecast_parse,
    .read = forecast_read};
