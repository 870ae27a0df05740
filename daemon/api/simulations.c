/* POST /v1/simulations: duties of cases that are not stored. On a read lane, since a thousand cases take a
 * while. */
#include "model/simulation.h"

#include "ops.h"
#include "work/duties.h"
#include "work/organisation.h"

#include <string.h>

struct simulation_query {
    const char *organisation;
    int lang;
};
static const struct field simulation_query_fields[] = {
    FIELD(struct simulation_query, organisation, FIELD_ID, .kind = "org", .doc = "Whose language is spoken."),
    FIELD(struct simulation_query, lang, FIELD_ENUM, .names = lang_names,
        .doc = "Of explanations; the organisation's unless told."),
};
static const struct field_table simulation_query_table =
    FIELD_TABLE("SimulationQuery", struct simulation_query, simulation_query_fields, -1);

struct simulation_answer {
    const struct json *duties, *history, *results;
};
static const struct field simulation_answer_fields[] = {
    FIELD(struct simulation_answer, duties, FIELD_JSON, .flags = FIELD_READ,
        .doc = "Of one case: its open duties, as in /v1/duties without ids; conflict is true or false."),
    FIELD(struct simulation_answer, history, FIELD_JSON, .flags = FIELD_READ,
        .doc = "Of one case: closed duties."),
    FIELD(struct simulation_answer, results, FIELD_JSON, .flags = FIELD_READ,
        .doc = "Of an array of cases: one answer each in order, or {\"errors\": [...]} for an invalid one."),
};
static const struct field_table simulation_answer_table =
    FIELD_TABLE("SimulationAnswer", struct simulation_answer, simulation_answer_fields, -1);

static enum status simulation_lang(
    const struct snapshot *snapshot, const struct call *call, enum lang *ret, struct error *err)
{
    const struct simulation_query *query = call->params;
    struct organisation_row row;
    if (query->lang != FIELD_UNSET) {
        *ret = (enum lang)query->lang;
        return ST_OK;
    }
    *ret = LANG_FR;
    if (strcmp(call->organisation, "system") == 0)
        return ST_OK;
    enum status status = organisation_get(snapshot, call->organisation, &row, err);
    if (status == ST_OK)
        *ret = strcmp(row.locale, "en") == 0 ? LANG_EN : LANG_FR;
    return status;
}

static enum status simulation_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct json *body = NULL;
    enum lang lang = LANG_FR;
    struct json_writer w = call_writer(call);
    enum status status = simulation_lang(snapshot, call, &lang, err);
    if (status == ST_OK)
        status = json_parse(call->arena, call->request.data, call->request.size, &body, err);
    if (status == ST_OK)
        status = simulation_run(snapshot_arena(snapshot), body, duties_rules(), lang, &w, err);
    return status;
}

const struct op simulation_post = {.name = "simulation",
    .summary = "The duties of a case, or of up to 1000 cases in an array; nothing is stored",
    .query = &simulation_query_table,
    .input = &simulation_case_table,
    .output = &simulation_answer_table,
    .any_organisation = true,
    .consumes = "application/json",
    .read = simulation_read};
