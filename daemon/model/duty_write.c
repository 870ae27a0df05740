/* A duty as answers show it, its stable name, the days to plan it on. Pure, any thread. */
#include "engine.h"

char *duty_name(struct arena *arena, const struct duty *duty)
{
    const char *family = duty_family_name((enum duty_family)duty->family);
    char date[DATE_TEXT_MAX];
    date_text(duty->anchor, date);
    if (duty->anchor_id == NULL)
        return arena_printf(arena, "%s/%s", family, date);
    return arena_printf(arena, "%s/%s/%s", family, date, duty->anchor_id);
}

void duty_window(const struct duty *duty, const struct duty_policies *policies, date_t today, date_t *ret_from,
    date_t *ret_to)
{
    *ret_from = date_max(today + policies->notice_days, duty->opens);
    *ret_to = duty->opens == duty->due ? duty->limit : duty->due;
}

static void write_explanation(
    const struct duty *duty, enum lang lang, enum duty_detail detail, struct json_writer *w)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    duty_explain(duty, lang, detail, &text);
    jw_key(w, "explanation");
    jw_text_n(w, text.data, text.size);
}

static void write_readings(
    const struct duty *duty, enum lang lang, enum duty_detail detail, struct json_writer *w)
{
    jw_key(w, "readings");
    jw_open(w, '[');
    for (unsigned i = 0; i < duty->reading_count; i++) {
        const struct duty_reading *reading = &duty->readings[i];
        if (reading->name == READING_MINISTRY && detail == DUTY_DETAIL_DISCREET)
            continue;
        BUF_AUTO text;
        buf_init(&text, 0);
        duty_explain_reading(duty, reading, lang, &text);
        jw_open(w, '{');
        jw_member(w, "name", reading_name((enum reading_name)reading->name));
        jw_member_date(w, "date", reading->date);
        jw_member(w, "grade", duty->rules->readings[reading->name].grade);
        jw_key(w, "explanation");
        jw_text_n(w, text.data, text.size);
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

const char *duty_shown_article(const struct duty *duty, enum duty_detail detail)
{
    if (detail == DUTY_DETAIL_FULL)
        return duty->article;
    return duty->family == DUTY_BEFORE_LEAVE ? NULL : duty->rule->article;
}

const char *duty_shown_source(const struct duty *duty, enum duty_detail detail)
{
    return detail == DUTY_DETAIL_FULL || duty->family != DUTY_BEFORE_LEAVE ? duty->rule->source : NULL;
}

static void write_rule(const struct duty *duty, enum lang lang, enum duty_detail detail, struct json_writer *w)
{
    const struct rule *rule = duty->rule;
    jw_member(w, "kind", duty_family_name((enum duty_family)duty->family));
    jw_member(w, "rule", rule->id);
    jw_member(w, "regime", regime_name((enum regime)rule->regime));
    jw_member(w, "title", lang == LANG_FR ? rule->title_fr : rule->title_en);
    jw_member(w, "article", duty_shown_article(duty, detail));
    jw_member(w, "source", duty_shown_source(duty, detail));
    jw_member(w, "grade", rule->grade);
    jw_member_date(w, "verified_on", rule->verified_on);
}

static void write_anchor(const struct duty *duty, struct json_writer *w)
{
    jw_key(w, "anchor");
    jw_open(w, '{');
    jw_member(w, "kind", anchor_kind_name((enum anchor_kind)duty->anchor_kind));
    jw_member_date(w, "date", duty->anchor);
    jw_member(w, "id", duty->anchor_id);
    jw_close(w, '}');
}

static void write_absences(const struct duty *duty, enum duty_detail detail, struct json_writer *w)
{
    if (detail == DUTY_DETAIL_DISCREET)
        return;
    jw_member(w, "absence", duty->absence != NULL ? duty->absence->type : NULL);
    jw_member_int(w, "excluded_days", duty->excluded_days);
    jw_key(w, "absences");
    jw_open(w, '[');
    for (size_t i = 0; i < duty->absence_count; i++) {
        const struct duty_absence *one = &duty->absences[i];
        jw_open(w, '{');
        jw_member(w, "id", one->absence->id);
        jw_member(w, "type", one->absence->type);
        jw_member_int(w, "days", one->days);
        jw_member_int(w, "excluded", one->excluded);
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

static const char *closing_id(const struct duty *duty)
{
    if (duty->visited_by != NULL)
        return duty->visited_by->id;
    return duty->satisfied_by != NULL ? duty->satisfied_by->id : NULL;
}

static void write_conflict(const struct duty *duty, const char *id, struct json_writer *w)
{
    if (id == NULL)
        jw_member_bool(w, "conflict", duty->conflict >= 0);
    else
        jw_member(w, "conflict", duty->conflict >= 0 ? id : NULL);
}

void duty_write_members(const struct duty *duty, enum lang lang, enum duty_detail detail, const char *conflict,
    struct json_writer *w)
{
    const char *warning = duty_warning_name((enum duty_warning)duty->warning);
    write_rule(duty, lang, detail, w);
    write_anchor(duty, w);
    jw_member_date(w, "due", duty->due);
    jw_member_date(w, "limit", duty->limit);
    jw_member_date(w, "opens", duty->opens);
    jw_member_date(w, "shifted", duty->shifted);
    jw_member(w, "state", duty_state_name((enum duty_state)duty->state));
    jw_member_bool(w, "tolerated", duty->tolerated);
    jw_member_bool(w, "expected", duty->expected);
    write_conflict(duty, conflict, w);
    jw_member(w, "warning", detail == DUTY_DETAIL_FULL ? warning : NULL);
    jw_member(w, "agreement", duty->agreement != NULL ? duty->agreement->reference : NULL);
    write_absences(duty, detail, w);
    jw_member(w, "planned_by", duty->planned_by != NULL ? duty->planned_by->id : NULL);
    jw_member(w, "satisfied_by", closing_id(duty));
    jw_member_date(w, "satisfied_on", duty->satisfied_on);
    jw_member(w, "document", duty_document_name((enum duty_document)duty->document));
    write_readings(duty, lang, detail, w);
    write_explanation(duty, lang, detail, w);
}
