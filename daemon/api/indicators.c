/*
 * /v1/indicators/{year}: the figures that the staff's representatives are told, by category and sex, nobody
 * singled out; a stream over the staff. On a read lane.
 */
#include "work/indicators.h"

#include "base/number.h"
#include "base/text.h"
#include "ops.h"
#include "staff_stream.h"
#include "team.h"
#include "work/employee.h"

enum { INDICATORS_FIRST_YEAR = 2014, INDICATORS_LAST_YEAR = 2199 };

struct indicators_query {
    struct staff_params staff;
};
static const struct field indicators_query_fields[] = {STAFF_FORMAT_FIELDS(struct indicators_query)};
static const struct field_table indicators_query_table =
    FIELD_TABLE("IndicatorsQuery", struct indicators_query, indicators_query_fields, -1);

struct indicators_cursor {
    struct staff_cursor staff; /* first */
    int year;
    struct indicators indicators;
};

static const struct {
    size_t at;
    bool cents;
    const char *name;
    const char *words[LANG_COUNT];
} columns[] = {
#define COLUMN(member, ...)                                                                                    \
    {                                                                                                          \
        offsetof(struct indicator_figures, member), __VA_ARGS__                                                \
    }
    COLUMN(people, false, "people", {"effectif", "people"}),
    COLUMN(reviewed, false, "reviewed", {"salariés reçus en entretien", "people_reviewed"}),
    COLUMN(reviews, false, "reviews", {"entretiens tenus", "reviews"}),
    COLUMN(recaps, false, "recaps", {"dont états des lieux", "recaps"}),
    COLUMN(credited, false, "cpf_credited", {"salariés dont le CPF a été abondé", "cpf_credited"}),
    COLUMN(credit, true, "cpf_amount", {"montant des abondements", "cpf_amount"}),
    COLUMN(trained, false, "trained", {"salariés formés", "people_trained"}),
    COLUMN(trainings, false, "trainings", {"actions de formation", "trainings"}),
    COLUMN(minutes, false, "training_minutes", {"minutes de formation", "training_minutes"}),
    COLUMN(skills_assessments, false, "skills_assessments", {"bilans de compétences", "skills_assessments"}),
    COLUMN(vae, false, "vae", {"VAE", "vae"}),
    COLUMN(decided, false, "decided", {"actions décidées à la suite d'un entretien", "decided"}),
    COLUMN(decided_done, false, "decided_done", {"dont réalisées", "decided_done"}),
    COLUMN(decided_dropped, false, "decided_dropped", {"dont abandonnées ou reportées", "decided_dropped"}),
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static int64_t figure(const struct indicator_figures *figures, size_t column)
{
    return *(const int64_t *)((const char *)figures + columns[column].at);
}

/* ---- JSON */

static void write_figures(struct json_writer *w, const struct indicator_figures *figures)
{
    for (size_t i = 0; i < COLUMNS; i++)
        jw_member_int(w, columns[i].name, figure(figures, i));
}

static void write_groups(struct json_writer *w, const struct indicators *indicators)
{
    jw_key(w, "groups");
    jw_open(w, '[');
    for (size_t i = 0; i < indicators->count; i++) {
        const struct indicator_group *group = &indicators->groups[i];
        jw_open(w, '{');
        jw_member(w, "category", group->category[0] ? group->category : NULL);
        jw_member(w, "sex", group->sex < 0 ? NULL : employee_sex_names[group->sex]);
        write_figures(w, &group->figures);
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

static void write_sum(struct json_writer *w, const char *key, const struct indicator_figures *figures)
{
    jw_key(w, key);
    if (!figures || figures->people == 0) {
        jw_null(w);
        return;
    }
    jw_open(w, '{');
    write_figures(w, figures);
    jw_close(w, '}');
}

static void write_indicators(struct json_writer *w, const struct indicators *indicators, bool told)
{
    static const struct indicators nothing;
    const struct indicators *shown = told ? indicators : &nothing;
    jw_member_bool(w, "withheld", !told);
    write_groups(w, shown);
    write_sum(w, "merged", &shown->merged);
    write_sum(w, "total", &shown->total);
}

/* ---- CSV */

static void put_figures(struct staff_stream *stream, const struct indicator_figures *figures)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].cents)
            csv_put_cents(&stream->rows, figure(figures, i));
        else
            csv_put_int(&stream->rows, figure(figures, i));
    }
    csv_end_row(&stream->rows);
}

static void put_indicators(struct staff_stream *stream, const struct indicators *indicators)
{
    static const char *const sexes[][LANG_COUNT] = {{"femmes", "female"}, {"hommes", "male"}};
    static const char *const unsaid[] = {"non précisé", "not said"};
    static const char *const merged[] = {
        "autres (groupes de moins de cinq réunis)", "others (groups under five)"};
    static const char *const whole[] = {"total", "total"};
    for (size_t i = 0; i < indicators->count; i++) {
        const struct indicator_group *group = &indicators->groups[i];
        if (group->category[0])
            csv_put_text(&stream->rows, group->category);
        else
            staff_put_word(stream, unsaid);
        staff_put_word(stream, group->sex < 0 ? unsaid : sexes[group->sex]);
        put_figures(stream, &group->figures);
    }
    if (indicators->merged.people > 0) {
        staff_put_word(stream, merged);
        csv_put_text(&stream->rows, "");
        put_figures(stream, &indicators->merged);
    }
    staff_put_word(stream, whole);
    csv_put_text(&stream->rows, "");
    put_figures(stream, &indicators->total);
}

/* ---- the stream */

static void indicators_begin(struct staff_stream *stream)
{
    static const char *const category[] = {"catégorie", "category"};
    static const char *const sex[] = {"sexe", "sex"};
    const struct indicators_cursor *cursor = (const struct indicators_cursor *)stream->cursor;
    if (!stream->csv) {
        jw_member_int(stream->w, "year", cursor->year);
        return;
    }
    staff_put_word(stream, category);
    staff_put_word(stream, sex);
    for (size_t i = 0; i < COLUMNS; i++)
        staff_put_word(stream, columns[i].words);
}

static bool indicators_show_people(const struct staff_stream *stream)
{
    (void)stream;
    return false;
}

static int sex_of(const char *text)
{
    for (int i = 0; text && employee_sex_names[i]; i++)
        if (text_equal(employee_sex_names[i], text))
            return i;
    return FIELD_UNSET;
}

static enum status indicators_person(const struct snapshot *snapshot, struct staff_stream *stream,
    const struct staff_row *row, void *total, void *group, struct error *err)
{
    const struct indicators_cursor *cursor = (const struct indicators_cursor *)stream->cursor;
    struct indicator_figures one;
    (void)group;
    enum status status =
        indicators_of(snapshot, &stream->frame, row->id, cursor->year, cursor->staff.known_at, &one, err);
    if (status == ST_OK && one.people > 0)
        indicators_add(total, row->category, sex_of(row->sex), &one);
    return status;
}

static void indicators_sums(struct staff_stream *stream, const void *sums)
{
    struct indicators *merged = ARENA_NEW(snapshot_arena(stream->snapshot), struct indicators);
    *merged = *(const struct indicators *)sums;
    bool told = indicators_merge(merged);
    if (!stream->csv)
        write_indicators(stream->w, merged, told);
    else if (told)
        put_indicators(stream, merged);
}

static const struct staff_shape indicators_shape = {.file = "indicators",
    .bare = true,
    .total_at = offsetof(struct indicators_cursor, indicators),
    .group_at = offsetof(struct indicators_cursor, indicators),
    .sums_size = sizeof(struct indicators),
    .shows_people = indicators_show_people,
    .begin = indicators_begin,
    .person = indicators_person,
    .sums = indicators_sums};

/* Of a year to come there are plans only: the answer is marked as a projection. */
static enum status indicators_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct indicators_query *query = call->params;
    struct indicators_cursor *cursor = call->cursor;
    struct duties_frame frame;
    int64_t year = 0;
    enum status status = call_frame(snapshot, call, &frame, err);
    if (status != ST_OK)
        return status;
    if (!parse_int64(call_param(call, "year"), INDICATORS_FIRST_YEAR, INDICATORS_LAST_YEAR, &year))
        return error_set(err, ST_NOT_FOUND, "the figures are those of the years %d to %d",
            INDICATORS_FIRST_YEAR, INDICATORS_LAST_YEAR);
    cursor->year = (int)year;
    date_t begins = date_of(cursor->year, 1, 1);
    return staff_read(snapshot, call, &query->staff, &indicators_shape,
        begins > frame.today ? begins : DATE_NONE, DATE_NONE, err);
}

/* ---- for the interface's description */

struct indicators_body {
    const char *organisation;
    date_t as_of, known_on;
    instant_t known_at;
    int projected, withheld;
    int64_t recomputing, year;
    const struct json *groups, *merged, *total;
};
#define BODY(member, type, ...) FIELD(struct indicators_body, member, type, ##__VA_ARGS__)
static const struct field indicators_fields[] = {
    BODY(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    BODY(as_of, FIELD_DATE, .flags = FIELD_READ, .doc = "Today."),
    BODY(known_on, FIELD_DATE, .flags = FIELD_READ),
    BODY(known_at, FIELD_INSTANT, .flags = FIELD_READ),
    BODY(projected, FIELD_BOOL, .flags = FIELD_READ),
    BODY(recomputing, FIELD_INT,
        .doc = "People whose stored duties are being brought up to date; this answer is."),
    BODY(year, FIELD_INT, .flags = FIELD_READ),
    BODY(withheld, FIELD_BOOL, .flags = FIELD_READ, .doc = "Fewer than five people: nothing is told."),
    BODY(groups, FIELD_JSON, .flags = FIELD_READ,
        .doc = "Of five people and more, by category and sex: people, reviewed, reviews, recaps, cpf_credited, "
               "cpf_amount (cents), trained, trainings, training_minutes, skills_assessments, vae, decided "
               "(actions "
               "that came of reviews), decided_done, decided_dropped."),
    BODY(merged, FIELD_JSON, .flags = FIELD_READ | FIELD_NULL,
        .doc =
            "The same of smaller groups together, with the smallest other one when they are fewer than five."),
    BODY(total, FIELD_JSON, .flags = FIELD_READ | FIELD_NULL, .doc = "The same of everybody."),
};
static const struct field_table indicators_table =
    FIELD_TABLE("Indicators", struct indicators_body, indicators_fields, -1);

const struct op indicators_get = {.name = "indicators",
    .summary =
        "The yearly figures by category and sex (R2312-8, R2312-9), groups under five merged; JSON or CSV",
    .query = &indicators_query_table,
    .output = &indicators_table,
    .cursor_size = sizeof(struct indicators_cursor),
    .read = indicators_read};
