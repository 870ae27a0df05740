/* What /v1/compliance says, in JSON and CSV. On a read lane. */
#include "compliance_rows.h"

#include "team.h"
#include "work/trace.h"

#include <string.h>

static const struct compliance_query *query_of(const struct staff_stream *stream)
{
    return stream->call->params;
}

/* What it may cost is between HR and the management. */
static bool shows_money(const struct staff_stream *stream)
{
    return !call_is_manager(stream->call);
}

/* ---- words */

static const char *standing_word(enum standing standing, enum lang lang)
{
    static const char *const words[STANDING_COUNT][LANG_COUNT] = {
        [STANDING_EXCLUDED] = {"non concerné", "excluded"},
        [STANDING_COMPLIANT] = {"conforme", "compliant"},
        [STANDING_UNPROVED] = {"preuve incomplète", "unproved"},
        [STANDING_TOLERATED] = {"retard toléré", "tolerated"},
        [STANDING_UNKNOWN] = {"données manquantes", "unknown"},
        [STANDING_BREACH] = {"manquement", "breach"}};
    return words[standing][lang];
}

static const char *missing_word(enum missing_fact fact, enum lang lang)
{
    static const char *const words[MISSING_COUNT][LANG_COUNT] = {
        [MISSING_HIRE_DATE] = {"date d'entrée manquante", "hire_date missing"},
        [MISSING_BIRTH_DATE] = {"date de naissance manquante", "birth_date missing"},
        [MISSING_MANDATORY] = {"formation à qualifier", "training to classify"},
        [MISSING_TRAINING] = {"formation à prouver", "training to prove"},
        [MISSING_HEADCOUNT] = {"effectif annuel manquant", "headcount missing"}};
    return words[fact][lang];
}

static const char *kind_word(const struct staff_stream *stream, const struct duty *duty)
{
    return trace_value_words(stream->lang, duty_family_name((enum duty_family)duty->family));
}

static const char *state_word(const struct staff_stream *stream, const struct duty *duty)
{
    return trace_value_words(stream->lang, duty_state_name((enum duty_state)duty->state));
}

/* ---- headings */

#define WORDS(fr, en) ((const char *const[LANG_COUNT]){(fr), (en)})

static void put_all(struct staff_stream *stream, const char *const words[][LANG_COUNT], size_t count)
{
    for (size_t i = 0; i < count; i++)
        staff_put_word(stream, words[i]);
}
#define PUT_ALL(stream, words) put_all((stream), (words), sizeof(words) / sizeof((words)[0]))

static void head_employees(struct staff_stream *stream)
{
    static const char *const words[][LANG_COUNT] = {{"situation", "standing"}, {"en retard", "overdue"},
        {"prochaine obligation", "next"}, {"échéance", "due"}, {"état", "state"},
        {"données manquantes", "missing"}};
    static const char *const money[][LANG_COUNT] = {{"exposition", "exposure"}, {"montant dû", "amount"},
        {"montant possible", "possible"}, {"payable le", "payable_on"}, {"remède", "cure"},
        {"remède avant le", "cure_by"}};
    PUT_ALL(stream, words);
    if (shows_money(stream))
        PUT_ALL(stream, money);
}

static void head_duties(struct staff_stream *stream)
{
    static const char *const words[][LANG_COUNT] = {{"obligation", "kind"}, {"règle", "rule"},
        {"état", "state"}, {"tolérée", "tolerated"}, {"échéance", "due"}, {"date limite", "limit"},
        {"satisfaite le", "satisfied_on"}};
    PUT_ALL(stream, words);
}

static void head_sums(struct staff_stream *stream)
{
    static const char *const money[][LANG_COUNT] = {{"salariés exposés", "people_exposed"},
        {"montant dû", "amount"}, {"exposition possible", "people_possibly_exposed"},
        {"montant possible", "possible"}};
    staff_put_word(stream, WORDS("effectif", "employees"));
    for (int i = 0; i < STANDING_COUNT; i++)
        csv_put_text(&stream->rows, standing_word((enum standing)i, stream->lang));
    staff_put_word(stream, WORDS("obligations en retard", "overdue"));
    staff_put_word(stream, WORDS("obligations manquées", "missed"));
    for (int i = 0; i < MISSING_COUNT; i++)
        csv_put_text(&stream->rows, missing_word((enum missing_fact)i, stream->lang));
    if (shows_money(stream))
        PUT_ALL(stream, money);
}

void compliance_head(struct staff_stream *stream)
{
    if (query_of(stream)->rows == ROWS_EMPLOYEES)
        head_employees(stream);
    else if (query_of(stream)->rows == ROWS_DUTIES)
        head_duties(stream);
    else
        head_sums(stream);
}

/* ---- a row per employee */

static void write_missing(struct json_writer *w, unsigned missing)
{
    jw_key(w, "missing");
    jw_open(w, '[');
    for (unsigned i = 0; i < MISSING_COUNT; i++)
        if (missing >> i & 1)
            jw_text(w, missing_fact_name((enum missing_fact)i));
    jw_close(w, ']');
}

static void write_next(struct json_writer *w, const struct duty *duty)
{
    jw_key(w, "next");
    if (!duty) {
        jw_null(w);
        return;
    }
    jw_open(w, '{');
    jw_member(w, "kind", duty_family_name((enum duty_family)duty->family));
    jw_member_date(w, "due", duty->due);
    jw_member(w, "state", duty_state_name((enum duty_state)duty->state));
    jw_close(w, '}');
}

static void write_money(struct json_writer *w, const struct compliance *compliance)
{
    const struct recap_cure *cure = compliance->cure;
    jw_member(w, "exposure", recap_exposure_name((enum recap_exposure)compliance->exposure));
    jw_member_int(w, "amount", compliance->exposed);
    jw_member_int(w, "possible", compliance->possible);
    jw_member_date(w, "payable_on", compliance->payable_on);
    jw_key(w, "cure");
    if (!cure) {
        jw_null(w);
        return;
    }
    jw_open(w, '{');
    jw_member(w, "kind", recap_cure_name((enum recap_cure_kind)cure->kind));
    jw_member(w, "id", cure->id);
    jw_member_date(w, "by", cure->by);
    jw_close(w, '}');
}

static void write_employee(
    struct staff_stream *stream, const struct staff_row *row, const struct compliance *compliance)
{
    struct json_writer *w = stream->w;
    jw_open(w, '{');
    staff_write_person(w, row);
    jw_member(w, "standing", standing_name((enum standing)compliance->standing));
    jw_member_int(w, "overdue", compliance->overdue);
    write_next(w, compliance->next);
    write_missing(w, compliance->missing);
    if (shows_money(stream))
        write_money(w, compliance);
    jw_close(w, '}');
}

static void put_missing(struct staff_stream *stream, unsigned missing)
{
    BUF_AUTO list;
    buf_init(&list, 0);
    for (unsigned i = 0; i < MISSING_COUNT; i++) {
        if (!(missing >> i & 1))
            continue;
        buf_text(&list, list.size ? ", " : "");
        buf_text(&list, missing_word((enum missing_fact)i, stream->lang));
    }
    csv_put_text(&stream->rows, list.data);
}

static void put_money(
    struct staff_stream *stream, const struct recap_view *view, const struct compliance *compliance)
{
    struct csv_writer *rows = &stream->rows;
    const struct recap_cure *cure = compliance->cure;
    BUF_AUTO told;
    buf_init(&told, 0);
    if (cure)
        recap_tell_cure(view, cure, stream->lang, &told);
    csv_put_text(rows, recap_exposure_words((enum recap_exposure)compliance->exposure, stream->lang));
    csv_put_cents(rows, compliance->exposed);
    csv_put_cents(rows, compliance->possible);
    csv_put_date(rows, compliance->payable_on);
    csv_put_text(rows, told.data);
    csv_put_date(rows, cure ? cure->by : DATE_NONE);
}

static void put_employee(struct staff_stream *stream, const struct staff_row *row,
    const struct recap_view *view, const struct compliance *compliance)
{
    struct csv_writer *rows = &stream->rows;
    const struct duty *next = compliance->next;
    staff_put_person(rows, row);
    csv_put_text(rows, standing_word((enum standing)compliance->standing, stream->lang));
    csv_put_int(rows, compliance->overdue);
    csv_put_text(rows, next ? kind_word(stream, next) : "");
    csv_put_date(rows, next ? next->due : DATE_NONE);
    csv_put_text(rows, next ? state_word(stream, next) : "");
    put_missing(stream, compliance->missing);
    if (shows_money(stream))
        put_money(stream, view, compliance);
    csv_end_row(rows);
}

/* ---- a row per duty */

static void write_duty(struct staff_stream *stream, const struct staff_row *row, const struct duty *duty)
{
    struct json_writer *w = stream->w;
    jw_open(w, '{');
    staff_write_person(w, row);
    jw_member(w, "kind", duty_family_name((enum duty_family)duty->family));
    jw_member(w, "rule", duty->rule->id);
    jw_member(w, "state", duty_state_name((enum duty_state)duty->state));
    jw_member_bool(w, "tolerated", duty->tolerated);
    jw_member_date(w, "due", duty->due);
    jw_member_date(w, "limit", duty->limit);
    jw_member_date(w, "satisfied_on", duty->satisfied_on);
    jw_close(w, '}');
}

static void put_duty(struct staff_stream *stream, const struct staff_row *row, const struct duty *duty)
{
    struct csv_writer *rows = &stream->rows;
    staff_put_person(rows, row);
    csv_put_text(rows, kind_word(stream, duty));
    csv_put_text(rows, duty->rule->id);
    csv_put_text(rows, state_word(stream, duty));
    staff_put_word(stream, duty->tolerated ? WORDS("oui", "yes") : WORDS("non", "no"));
    csv_put_date(rows, duty->due);
    csv_put_date(rows, duty->limit);
    csv_put_date(rows, duty->satisfied_on);
    csv_end_row(rows);
}

static void show_duty(struct staff_stream *stream, const struct staff_row *row, const struct duty *duty)
{
    const struct compliance_query *query = query_of(stream);
    if (query->state && strcmp(query->state, duty_state_name((enum duty_state)duty->state)) != 0)
        return;
    if (query->kind && strcmp(query->kind, duty_family_name((enum duty_family)duty->family)) != 0)
        return;
    if (stream->csv)
        put_duty(stream, row, duty);
    else
        write_duty(stream, row, duty);
}

static void show_duties(struct staff_stream *stream, const struct staff_row *row, const struct duties *duties,
    const struct compliance *compliance)
{
    for (size_t i = 0; i < duties->open_count; i++)
        show_duty(stream, row, &duties->open[i]);
    for (size_t i = 0; i < duties->history_count; i++)
        if (compliance_counts(compliance, &duties->history[i]))
            show_duty(stream, row, &duties->history[i]);
}

void compliance_show(struct staff_stream *stream, const struct staff_row *row, const struct recap_view *view,
    const struct compliance *compliance)
{
    const struct compliance_query *query = query_of(stream);
    if (query->rows == ROWS_DUTIES)
        show_duties(stream, row, &view->duties.duties, compliance);
    else if (query->rows == ROWS_EMPLOYEES && stream->csv)
        put_employee(stream, row, view, compliance);
    else if (query->rows == ROWS_EMPLOYEES)
        write_employee(stream, row, compliance);
}

/* ---- sums */

static void write_kinds(struct json_writer *w, const struct compliance_sums *sums)
{
    jw_key(w, "duties");
    jw_open(w, '{');
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++) {
        jw_key(w, duty_family_name((enum duty_family)kind));
        jw_open(w, '{');
        for (int state = 0; state < DUTY_STATE_COUNT; state++)
            if (sums->duties[kind][state])
                jw_member_int(w, duty_state_name((enum duty_state)state), sums->duties[kind][state]);
        jw_close(w, '}');
    }
    jw_close(w, '}');
}

static void write_exposure(struct json_writer *w, const struct compliance_sums *sums)
{
    jw_key(w, "exposure");
    jw_open(w, '{');
    jw_member(w, "currency", "EUR");
    jw_member_int(w, "exposed", sums->exposures[RECAP_EXPOSURE_EXPOSED]);
    jw_member_int(w, "amount", sums->exposed);
    jw_member_int(w, "possibly_exposed", sums->exposures[RECAP_EXPOSURE_POSSIBLE]);
    jw_member_int(w, "possible", sums->possible);
    jw_close(w, '}');
    jw_key(w, "cures");
    jw_open(w, '{');
    for (int i = 0; i < RECAP_CURE_COUNT; i++)
        if (sums->cures[i])
            jw_member_int(w, recap_cure_name((enum recap_cure_kind)i), sums->cures[i]);
    jw_close(w, '}');
}

static void write_sums(const struct staff_stream *stream, const struct compliance_sums *sums)
{
    struct json_writer *w = stream->w;
    jw_member_int(w, "employees", sums->employees);
    jw_key(w, "standings");
    jw_open(w, '{');
    for (int i = 0; i < STANDING_COUNT; i++)
        jw_member_int(w, standing_name((enum standing)i), sums->standings[i]);
    jw_close(w, '}');
    write_kinds(w, sums);
    jw_key(w, "missing");
    jw_open(w, '{');
    for (int i = 0; i < MISSING_COUNT; i++)
        jw_member_int(w, missing_fact_name((enum missing_fact)i), sums->missing[i]);
    jw_close(w, '}');
    if (shows_money(stream))
        write_exposure(w, sums);
}

static int64_t sum_of_state(const struct compliance_sums *sums, enum duty_state state)
{
    int64_t sum = 0;
    for (int kind = 0; kind < DUTY_FAMILY_COUNT; kind++)
        sum += sums->duties[kind][state];
    return sum;
}

static void put_sums(struct staff_stream *stream, const struct compliance_sums *sums)
{
    struct csv_writer *rows = &stream->rows;
    staff_put_group(stream);
    csv_put_int(rows, sums->employees);
    for (int i = 0; i < STANDING_COUNT; i++)
        csv_put_int(rows, sums->standings[i]);
    csv_put_int(rows, sum_of_state(sums, DUTY_OVERDUE));
    csv_put_int(rows, sum_of_state(sums, DUTY_MISSED));
    for (int i = 0; i < MISSING_COUNT; i++)
        csv_put_int(rows, sums->missing[i]);
    if (shows_money(stream)) {
        csv_put_int(rows, sums->exposures[RECAP_EXPOSURE_EXPOSED]);
        csv_put_cents(rows, sums->exposed);
        csv_put_int(rows, sums->exposures[RECAP_EXPOSURE_POSSIBLE]);
        csv_put_cents(rows, sums->possible);
    }
    csv_end_row(rows);
}

void compliance_show_sums(struct staff_stream *stream, const void *sums)
{
    if (stream->csv)
        put_sums(stream, sums);
    else
        write_sums(stream, sums);
}
