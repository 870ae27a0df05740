/* The reason of a duty's dates in words. The sentences are in the rules; here are the words that depend on the
 * facts. Pure, any thread. */
#include "engine.h"

#include <string.h>

struct telling {
    const struct duty *duty;
    enum lang lang;
    enum duty_detail detail;
    struct buf *out;
};

static void tell_date(const struct telling *t, date_t date)
{
    static const char *const months[LANG_COUNT][12] = {
        [LANG_FR] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre"},
        [LANG_EN] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December"},
    };
    if (date == DATE_NONE)
        return;
    struct ymd ymd = date_ymd(date);
    const char *first = t->lang == LANG_FR && ymd.day == 1 ? "er" : "";
    buf_printf(t->out, "%d%s %s %d", ymd.day, first, months[t->lang][ymd.month - 1], ymd.year);
}

struct unit {
    const char *one[LANG_COUNT];
    const char *many[LANG_COUNT];
};

static void tell_count(const struct telling *t, int count, const struct unit *unit)
{
    static const char *const words[LANG_COUNT][13] = {
        [LANG_FR] = {"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
            "onze", "douze"},
        [LANG_EN] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve"},
    };
    const char *name = (count == 1 ? unit->one : unit->many)[t->lang];
    if (count >= 0 && count <= 12)
        buf_printf(t->out, "%s %s", words[t->lang][count], name);
    else
        buf_printf(t->out, "%d %s", count, name);
}

static void tell_period(const struct telling *t)
{
    static const struct unit units[] = {
        {{"an", "year"}, {"ans", "years"}},
        {{"mois", "month"}, {"mois", "months"}},
        {{"jour", "day"}, {"jours", "days"}},
    };
    struct period period = t->duty->period;
    const int counts[] = {period.years, period.months, period.days};
    bool begun = false;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] != 0) {
            buf_text(t->out, !begun ? "" : t->lang == LANG_FR ? " et " : " and ");
            tell_count(t, counts[i], &units[i]);
            begun = true;
        }
    }
}

/* Facts from before the law count from its first day. */
static void tell_floor(const struct telling *t)
{
    const struct duty *duty = t->duty;
    date_t base = anchor_base(duty->rule, (enum anchor_kind)duty->anchor_kind, duty->anchor);
    if (base != duty->anchor) {
        buf_text(t->out, t->lang == LANG_FR ? " (compté du " : " (counted from ");
        tell_date(t, base);
        buf_char(t->out, ')');
    }
}

static void tell_anchor(const struct telling *t)
{
    tell_date(t, t->duty->anchor);
    tell_floor(t);
}

/* Nobody returns from a mandate or a part-time leave: they end. To those who may not know why, all return. */
static bool tell_end(const struct telling *t)
{
    const struct absence_type *type = t->duty->absence_type;
    if (t->duty->anchor_kind != ANCHOR_RETURN || type == NULL || type->away == 1 ||
        t->detail == DUTY_DETAIL_DISCREET)
        return false;
    buf_text(t->out, t->lang == LANG_FR ? "le terme du " : "the end on ");
    tell_date(t, t->duty->anchor - 1);
    return true;
}

static void tell_anchor_fact(const struct telling *t)
{
    static const char *const facts[ANCHOR_COUNT][LANG_COUNT] = {
        [ANCHOR_HIRE] = {"l'embauche du ", "the hiring on "},
        [ANCHOR_REVIEW] = {"l'entretien tenu le ", "the review held on "},
        [ANCHOR_SENIORITY] = {"le début de l'ancienneté, le ", "the start of the seniority on "},
        [ANCHOR_RECAP] = {"le dernier état des lieux, tenu le ", "the last recap, held on "},
        [ANCHOR_RETURN] = {"le retour du ", "the return on "},
        [ANCHOR_LEAVE] = {"le départ du ", "the leave starting on "},
        [ANCHOR_VISIT] = {"la visite du ", "the visit of "},
        [ANCHOR_BIRTH] = {"la naissance, le ", "the birth on "},
    };
    if (tell_end(t))
        return;
    buf_text(t->out, facts[t->duty->anchor_kind][t->lang]);
    tell_anchor(t);
}

static void tell_agreement(const struct telling *t)
{
    const struct case_agreement *agreement = t->duty->agreement;
    if (agreement == NULL)
        return;
    buf_text(
        t->out, t->lang == LANG_FR ? ", périodicité de l'accord collectif" : ", the period of the agreement");
    if (agreement->reference != NULL)
        buf_printf(t->out, t->lang == LANG_FR ? " « %s »" : " “%s”", agreement->reference);
}

static void tell_due(const struct telling *t)
{
    tell_date(t, t->duty->due);
}

static void tell_limit(const struct telling *t)
{
    tell_date(t, t->duty->limit);
}

static void tell_held(const struct telling *t)
{
    tell_date(t, t->duty->satisfied_on);
}

static void tell_absence(const struct telling *t)
{
    const struct absence_type *type = t->duty->absence_type;
    if (type == NULL || t->detail == DUTY_DETAIL_DISCREET)
        buf_text(t->out, "absence");
    else
        buf_text(t->out, t->lang == LANG_FR ? type->title_fr : type->title_en);
}

static void tell_article(const struct telling *t)
{
    buf_text(t->out, t->duty->article);
}

static void tell_days(const struct telling *t)
{
    static const struct unit day = {{"jour", "day"}, {"jours", "days"}};
    int days = t->duty->excluded_days;
    buf_printf(t->out, "%d %s", days, (days == 1 ? day.one : day.many)[t->lang]);
}

static const struct {
    const char *name;
    void (*tell)(const struct telling *t);
} placeholders[] = {
    {"{anchor}", tell_anchor},
    {"{anchor_fact}", tell_anchor_fact},
    {"{period}", tell_period},
    {"{agreement}", tell_agreement},
    {"{due}", tell_due},
    {"{limit}", tell_limit},
    {"{held}", tell_held},
    {"{absence}", tell_absence},
    {"{article}", tell_article},
    {"{days}", tell_days},
};

/* The length of the `{name}` that `text` begins with, told; 0 when it is none. */
static size_t tell_placeholder(const struct telling *t, const char *text)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        size_t length = strlen(placeholders[i].name);
        if (strncmp(text, placeholders[i].name, length) == 0) {
            placeholders[i].tell(t);
            return length;
        }
    }
    return 0;
}

static void tell(const struct telling *t, const char *fr, const char *en)
{
    const char *text = t->lang == LANG_FR ? fr : en;
    while (text != NULL && *text != '\0') {
        size_t plain = strcspn(text, "{");
        buf_add(t->out, text, plain);
        text += plain;
        if (*text == '{') {
            size_t taken = tell_placeholder(t, text);
            if (taken == 0) {
                buf_char(t->out, *text);
                taken = 1;
            }
            text += taken;
        }
    }
}

static void tell_more(const struct telling *t, const char *fr, const char *en)
{
    buf_text(t->out, t->lang == LANG_FR ? " ; " : "; ");
    tell(t, fr, en);
}

void duty_explain(const struct duty *duty, enum lang lang, enum duty_detail detail, struct buf *out)
{
    const struct telling t = {.duty = duty, .lang = lang, .detail = detail, .out = out};
    const struct rule *rule = duty->rule;
    if (duty->capped)
        tell(&t, rule->capped_fr, rule->capped_en);
    else
        tell(&t, rule->because_fr, rule->because_en);
    if (duty->postponement != NULL)
        tell_more(&t, duty->postponement->because_fr, duty->postponement->because_en);
    if (duty->excluded_days > 0 && detail == DUTY_DETAIL_FULL)
        tell_more(&t, rule->shifted_fr, rule->shifted_en);
    if (duty->state == DUTY_EXEMPT)
        tell_more(&t, rule->exempt_fr, rule->exempt_en);
    if (duty->warning == DUTY_WARNING_SPECIAL_ARTICLE && detail == DUTY_DETAIL_FULL)
        tell_more(&t, rule->special_fr, rule->special_en);
}

void duty_explain_reading(
    const struct duty *duty, const struct duty_reading *reading, enum lang lang, struct buf *out)
{
    const struct telling t = {.duty = duty, .lang = lang, .detail = DUTY_DETAIL_DISCREET, .out = out};
    const struct reading_text *text = &duty->rules->readings[reading->name];
    tell(&t, text->because_fr, text->because_en);
}
