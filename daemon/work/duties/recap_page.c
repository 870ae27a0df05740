/*
 * The recap as the document that the employer hands over: what was due, what is proved, what is missing, what
 * follows, and where each sentence comes from. Never why somebody was away; how many days do not count, to
 * those who may know. Pure.
 */
#include "model/plan.h"
#include "sheet.h"
#include "text/sentence.h"
#include "work/recap.h"

#include <string.h>

enum { PAGE_EVIDENCE_MAX = 30 };

struct recap_writer {
    struct arena *arena;
    const struct recap_document *document;
    const struct recap_cycle *cycle;
    enum lang lang;
    struct sheet sheet;
};

#define PAGE_STYLE                                                                                             \
    "@page{size:A4;margin:16mm 15mm 18mm}"                                                                     \
    "body{font:15px/1.45 system-ui,'Liberation Sans','DejaVu "                                                 \
    "Sans',sans-serif;color:#1b1f24;background:#fff;margin:0}"                                                 \
    "main{max-width:52em;margin:2.5em auto;padding:0 1.5em}"                                                   \
    "header{border-bottom:3px solid #1d3f6e;padding-bottom:.5em;margin-bottom:1em}"                            \
    "h1{font-size:1.55em;line-height:1.2;margin:0;color:#1d3f6e}header p{margin:.25em 0 0;color:#4a5260}"      \
    "h2{font-size:1.15em;margin:1.6em 0 .4em;color:#1d3f6e;border-bottom:1px solid #c9d1dc;"                   \
    "padding-bottom:.15em;break-after:avoid}"                                                                  \
    "h3{font-size:1em;margin:1.1em 0 .2em;break-after:avoid}p{margin:.35em 0}p.lead{break-after:avoid}"        \
    "dl{display:grid;grid-template-columns:13em 1fr;gap:.2em 1em;margin:0}dt{color:#4a5260}dd{margin:0}"       \
    "table{border-collapse:collapse;width:100%;margin:.5em 0;font-size:.93em}"                                 \
    "th{text-align:left;font-weight:600;border-bottom:2px solid #1d3f6e;padding:.35em .6em .35em 0}"           \
    "td{vertical-align:top;border-bottom:1px solid #dfe4ea;padding:.4em .6em .4em 0;overflow-wrap:anywhere}"   \
    "td:first-child,th:first-child{white-space:nowrap;width:8.5em}"                                            \
    "td:nth-child(5){white-space:nowrap}small{display:block;color:#4a5260}thead{display:table-header-group}"   \
    "tr,dl,.keep{break-inside:avoid}"                                                                          \
    "span{display:inline-block;font-size:.85em;font-weight:600;padding:.05em .6em;border-radius:.8em;"         \
    "border:1px solid currentColor;margin-left:.4em}"                                                          \
    ".good{color:#1a6b3c}.warn{color:#8a5a00}.bad{color:#a3262a}.wait{color:#4a5260}"                          \
    "td.good,td.warn,td.bad{font-weight:600}"                                                                  \
    "p.good,p.warn,p.bad{border-left:4px solid currentColor;padding:.3em 0 .3em .8em;color:inherit}"           \
    "p.good{border-color:#1a6b3c}p.warn{border-color:#8a5a00}p.bad{border-color:#a3262a}"                      \
    "p.fine{color:#4a5260;font-size:.87em}p.sign{margin-top:1.4em;line-height:2.2;break-inside:avoid}"         \
    "ul{margin:.3em 0;padding-left:1.3em}"                                                                     \
    "@media print{body{font-size:10pt}main{max-width:none;margin:0;padding:0}"                                 \
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}"                                            \
    "@media screen and (max-width:44em){main{margin:1em auto;padding:0 1em}"                                   \
    "dl,table,tbody,tr,td{display:block}"                                                                      \
    "dd{margin:0 0 .5em}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}"    \
    "tr{border-bottom:1px solid #1d3f6e;padding:.4em 0}"                                                       \
    "td,td:first-child{border:0;padding:.15em 0;width:auto;white-space:normal}"                                \
    "td[data-label]::before{content:attr(data-label);display:block;font-size:.85em;font-weight:400;color:#"    \
    "4a5260}}"

/* ---- words */

enum word {
    WORD_TITLE,
    WORD_BELOW,
    WORD_EMPLOYEE,
    WORD_NUMBER,
    WORD_EMPLOYER,
    WORD_HIRED,
    WORD_WINDOW,
    WORD_RECAP,
    WORD_RULE,
    WORD_MADE,
    WORD_REVIEWS,
    WORD_CRITERIA,
    WORD_GAPS,
    WORD_EXPOSURE,
    WORD_EXPOSURE_SHORT,
    WORD_CURES,
    WORD_GROUNDS,
    WORD_NOTHING,
    WORD_NO_REVIEW,
    WORD_ALL_REVIEWS,
    WORD_GRADES,
    WORD_HANDED,
    WORD_MORE,
    WORD_COUNT
};
static const char *const words[WORD_COUNT][LANG_COUNT] = {
    [WORD_TITLE] = {"État des lieux récapitulatif du parcours professionnel", "Recap of the professional path"},
    [WORD_BELOW] = {"Article L6315-1, II, du Code du travail. Une copie est remise au salarié.",
        "Article L6315-1 II of the French Code du travail. A copy is handed over to the employee."},
    [WORD_EMPLOYEE] = {"Salarié", "Employee"},
    [WORD_NUMBER] = {"Matricule", "Number"},
    [WORD_EMPLOYER] = {"Employeur", "Employer"},
    [WORD_HIRED] = {"Entrée dans l'entreprise", "Hired on"},
    [WORD_WINDOW] = {"Période examinée", "Period examined"},
    [WORD_RECAP] = {"État des lieux", "Recap"},
    [WORD_RULE] = {"Règle appliquée", "Rule applied"},
    [WORD_MADE] = {"Situation au", "As of"},
    [WORD_REVIEWS] = {"Entretiens dus dans la période", "Reviews due in the period"},
    [WORD_CRITERIA] = {"Formation, certification, progression", "Training, certification, progression"},
    [WORD_GAPS] = {"Ce qui reste à établir", "What is still to be established"},
    [WORD_EXPOSURE] = {"Abondement du compte personnel de formation",
        "Contribution to the personal training account"},
    [WORD_EXPOSURE_SHORT] = {"Exposition", "Exposure"},
    [WORD_CURES] = {"Ce qui y remédierait, du plus simple au plus coûteux :",
        "What would avert it, the simplest first:"},
    [WORD_GROUNDS] = {"Fondements", "Grounds"},
    [WORD_NOTHING] = {"Aucun état des lieux n'est dû à ce jour.", "No recap is owed on this day."},
    [WORD_NO_REVIEW] = {"Aucun entretien n'est encore échu dans la période.",
        "No review fell due in the period yet."},
    [WORD_ALL_REVIEWS] = {"Constat", "Finding"},
    [WORD_GRADES] = {"Grades : A texte du Code ; B doctrine du ministère du Travail ; C jurisprudence ; D "
                     "pratique ; E choix de l'outil.",
        "Grades: A text of the Code; B doctrine of the Ministry of Labour; C case law; D practice; E own "
        "choice."},
    [WORD_HANDED] = {"Copie remise au salarié le ..........................  par "
                     "............................................\nSignature de l'employeur "
                     "................................  Signature du salarié (facultative) "
                     "................................",
        "Copy handed over on ..........................  by ............................................\n"
        "Signature of the employer ................................  Signature of the employee (not required) "
        "................................"},
    [WORD_MORE] = {"et d'autres", "and more"},
};

static const char *const nature_words[NATURE_COUNT][LANG_COUNT] = {
    [NATURE_TRAINING] = {"formation", "training"},
    [NATURE_SKILLS_ASSESSMENT] = {"bilan de compétences", "skills assessment"},
    [NATURE_VAE] = {"VAE", "VAE"},
    [NATURE_AFEST] = {"AFEST", "AFEST"},
    [NATURE_APPRENTICESHIP] = {"apprentissage", "apprenticeship"},
    [NATURE_MENTORING] = {"mentorat", "mentoring"},
    [NATURE_SELF_STUDY] = {"autoformation", "self-study"},
};
static const char *const progression_words[][LANG_COUNT] = {
    {"salariale", "pay"}, {"professionnelle", "career"}};

static const char *word(const struct recap_writer *p, enum word name)
{
    return words[name][p->lang];
}

static const char *day(const struct recap_writer *p, date_t date)
{
    return date == DATE_NONE ? "" : sentence_date(p->arena, p->lang, date);
}

/* For columns. */
static const char *day_short(const struct recap_writer *p, date_t date)
{
    struct ymd ymd = date_ymd(date);
    return arena_printf(p->arena, p->lang == LANG_FR ? "%3$02d/%2$02d/%1$04d" : "%1$04d-%2$02d-%3$02d",
        ymd.year, ymd.month, ymd.day);
}

static const char *told(const struct recap_writer *p, const struct buf *text)
{
    return arena_strndup(p->arena, text->data, text->size);
}

static const char *verdict_kind(int verdict)
{
    static const char *const kinds[RECAP_VERDICT_COUNT] = {
        [RECAP_MET] = "good", [RECAP_LATE] = "warn", [RECAP_UNKNOWN] = "warn", [RECAP_UNMET] = "bad"};
    return kinds[verdict];
}

static const char *outcome_kind(int outcome)
{
    static const char *const kinds[RECAP_OUTCOME_COUNT] = {
        [RECAP_DUTY_PENDING] = "wait",
        [RECAP_DUTY_MET] = "good",
        [RECAP_DUTY_EXEMPT] = "good",
        [RECAP_DUTY_REFUSED] = "good",
        [RECAP_DUTY_TOLERATED] = "warn",
        [RECAP_DUTY_LATE] = "warn",
        [RECAP_DUTY_UNPROVED] = "warn",
        [RECAP_DUTY_UNMET] = "bad",
    };
    return kinds[outcome];
}

/* ---- parts */

static const char *rule_title(const struct recap_writer *p, const struct rule *rule)
{
    return p->lang == LANG_FR ? rule->title_fr : rule->title_en;
}

/* The article of the rule, not the one that an absence names. */
static const char *rule_article(const struct recap_writer *p, const struct duty *duty)
{
    return duty_shown_article(duty, p->document->detail) ? duty->rule->article : NULL;
}

static const char *rule_ground(const struct recap_writer *p, const struct duty *duty)
{
    const char *article = rule_article(p, duty);
    return arena_printf(p->arena, "%s%s%s (%s)", duty->rule->id, article ? ", " : "", article ? article : "",
        duty->rule->grade);
}

static void page_hired(struct recap_writer *p)
{
    const struct case_employee *employee = &p->document->view->given.facts->employee;
    const char *hired = day(p, employee->hire_date);
    if (employee->seniority_date != DATE_NONE && employee->seniority_date != employee->hire_date)
        hired = arena_printf(p->arena,
            p->lang == LANG_FR ? "%s, ancienneté depuis le %s" : "%s, seniority since %s", hired,
            day(p, employee->seniority_date));
    sheet_pair(&p->sheet, word(p, WORD_HIRED), hired);
}

static void page_who(struct recap_writer *p)
{
    const struct recap_document *d = p->document;
    const char *siren = d->siren ? arena_printf(p->arena, " (SIREN %s)", d->siren) : "";
    sheet_pairs_open(&p->sheet);
    sheet_pair(
        &p->sheet, word(p, WORD_EMPLOYEE), arena_printf(p->arena, "%s %s", d->given_name, d->family_name));
    sheet_pair(&p->sheet, word(p, WORD_NUMBER), d->number);
    sheet_pair(&p->sheet, word(p, WORD_EMPLOYER), arena_printf(p->arena, "%s%s", d->organisation, siren));
    page_hired(p);
    if (p->cycle) {
        const struct recap_duty own = {.duty = p->cycle->duty, .outcome = p->cycle->outcome};
        BUF_AUTO text;
        buf_init(&text, 0);
        recap_tell_duty(&own, p->lang, &text);
        sheet_pair(&p->sheet, word(p, WORD_WINDOW),
            arena_printf(p->arena, p->lang == LANG_FR ? "du %s au %s" : "%s to %s", day(p, p->cycle->from),
                day(p, p->cycle->to)));
        sheet_pair(&p->sheet, word(p, WORD_RECAP),
            arena_printf(p->arena, p->lang == LANG_FR ? "%s (échéance : %s)" : "%s (due: %s)", text.data,
                day(p, p->cycle->duty->due)));
        buf_reset(&text);
        duty_explain(p->cycle->duty, p->lang, p->document->detail, &text);
        sheet_pair(&p->sheet, word(p, WORD_RULE),
            arena_printf(p->arena, "%s \u2014 %s", rule_ground(p, p->cycle->duty), text.data));
    }
    sheet_pair(&p->sheet, word(p, WORD_MADE), day(p, d->as_of));
    sheet_pairs_close(&p->sheet);
}

static void page_duty(struct recap_writer *p, const struct recap_duty *one)
{
    BUF_AUTO how;
    BUF_AUTO why;
    buf_init(&how, 0);
    buf_init(&why, 0);
    recap_tell_duty(one, p->lang, &how);
    duty_explain(one->duty, p->lang, DUTY_DETAIL_DISCREET, &why);
    const char *cells[] = {
        day(p, one->duty->due), rule_title(p, one->duty->rule), rule_ground(p, one->duty), told(p, &how)};
    sheet_row(&p->sheet, cells, told(p, &why), outcome_kind(one->outcome));
}

static void page_reviews(struct recap_writer *p)
{
    static const char *const columns[LANG_COUNT][4] = {
        {"Échéance", "Entretien", "Fondement (grade)", "Constat"},
        {"Due", "Review", "Ground (grade)", "Finding"}};
    BUF_AUTO text;
    buf_init(&text, 0);
    recap_tell_reviews(p->cycle, p->lang, &text);
    sheet_heading(&p->sheet, word(p, WORD_REVIEWS));
    sheet_finding(&p->sheet, word(p, WORD_ALL_REVIEWS),
        recap_verdict_words((enum recap_verdict)p->cycle->reviews, p->lang), verdict_kind(p->cycle->reviews));
    sheet_paragraph(&p->sheet, "lead", told(p, &text));
    if (p->cycle->duty_count == 0) {
        sheet_paragraph(&p->sheet, "fine", word(p, WORD_NO_REVIEW));
        return;
    }
    sheet_table_open(&p->sheet, columns[p->lang], 4);
    for (size_t i = 0; i < p->cycle->duty_count; i++)
        page_duty(p, &p->cycle->duties[i]);
    sheet_table_close(&p->sheet);
}

static void page_evidence(struct recap_writer *p, const struct recap_evidence *item)
{
    const struct recap_training *training = item->training;
    const struct recap_progression *progression = item->progression;
    const char *title = training ? training->title : progression->description;
    const char *nature =
        training ? nature_words[training->nature][p->lang] : progression_words[progression->kind == 1][p->lang];
    const char *note =
        training && training->certified >= 0 && training->certification ? training->certification : NULL;
    const char *kind = item->reason == RECAP_COUNTS ? "good" : item->reason < RECAP_MANDATORY ? "warn" : "wait";
    const char *cells[] = {day(p, item->date), title ? title : "", nature,
        recap_reason_words((enum recap_reason)item->reason, p->lang)};
    sheet_row(&p->sheet, cells, note, kind);
}

static void page_criterion(struct recap_writer *p, enum recap_criterion_name name)
{
    static const char *const columns[LANG_COUNT][4] = {
        {"Date", "Intitulé", "Nature", "Constat"}, {"Date", "Title", "Nature", "Finding"}};
    const struct recap_criterion *criterion = &p->cycle->criteria[name];
    BUF_AUTO text;
    buf_init(&text, 0);
    recap_tell_criterion(p->cycle, name, p->lang, &text);
    sheet_finding(&p->sheet, recap_criterion_words(name, p->lang),
        recap_verdict_words((enum recap_verdict)criterion->verdict, p->lang), verdict_kind(criterion->verdict));
    sheet_paragraph(&p->sheet, "lead", told(p, &text));
    if (criterion->count == 0)
        return;
    sheet_table_open(&p->sheet, columns[p->lang], 4);
    for (size_t i = 0; i < criterion->count && i < PAGE_EVIDENCE_MAX; i++)
        page_evidence(p, &criterion->items[i]);
    sheet_table_close(&p->sheet);
    if (criterion->count > PAGE_EVIDENCE_MAX)
        sheet_paragraph(&p->sheet, "fine",
            arena_printf(p->arena, "%s: %zu", word(p, WORD_MORE), criterion->count - PAGE_EVIDENCE_MAX));
}

static void page_gaps(struct recap_writer *p)
{
    if (p->cycle->gap_count == 0)
        return;
    sheet_heading(&p->sheet, word(p, WORD_GAPS));
    sheet_list_open(&p->sheet);
    for (size_t i = 0; i < p->cycle->gap_count; i++) {
        BUF_AUTO text;
        buf_init(&text, 0);
        recap_tell_gap(p->document->view, &p->cycle->gaps[i], p->lang, &text);
        sheet_item(&p->sheet, text.data);
    }
    sheet_list_close(&p->sheet);
}

static void page_exposure(struct recap_writer *p)
{
    static const char *const kinds[] = {
        [RECAP_EXPOSURE_NONE] = "good", [RECAP_EXPOSURE_POSSIBLE] = "warn", [RECAP_EXPOSURE_EXPOSED] = "bad"};
    const char *kind = kinds[p->cycle->exposure];
    BUF_AUTO text;
    buf_init(&text, 0);
    recap_tell_exposure(p->cycle, p->lang, &text);
    sheet_heading(&p->sheet, word(p, WORD_EXPOSURE));
    sheet_finding(&p->sheet, word(p, WORD_EXPOSURE_SHORT),
        recap_exposure_words((enum recap_exposure)p->cycle->exposure, p->lang), kind);
    sheet_paragraph(&p->sheet, kind, told(p, &text));
    if (p->cycle->cure_count == 0)
        return;
    sheet_paragraph(&p->sheet, NULL, word(p, WORD_CURES));
    sheet_list_open(&p->sheet);
    for (size_t i = 0; i < p->cycle->cure_count; i++) {
        buf_reset(&text);
        recap_tell_cure(p->document->view, &p->cycle->cures[i], p->lang, &text);
        sheet_item(&p->sheet, text.data);
    }
    sheet_list_close(&p->sheet);
}

/* ---- grounds */

static void page_rule(struct recap_writer *p, const struct duty *duty)
{
    const struct rule *rule = duty->rule;
    const char *article = rule_article(p, duty), *source = duty_shown_source(duty, p->document->detail);
    const char *cells[] = {article ? article : "", rule_title(p, rule), source ? source : "", rule->grade,
        day_short(p, rule->verified_on)};
    sheet_row(&p->sheet, cells, rule->id, NULL);
}

/* Each rule once. */
static bool page_told_before(const struct recap_writer *p, size_t index)
{
    const struct rule *rule = p->cycle->duties[index].duty->rule;
    if (rule == p->cycle->duty->rule)
        return true;
    for (size_t i = 0; i < index; i++)
        if (p->cycle->duties[i].duty->rule == rule)
            return true;
    return false;
}

static bool ground_of_exposure(int name)
{
    return name >= GROUND_CONTRIBUTION;
}

static void page_grounds(struct recap_writer *p)
{
    static const char *const columns[LANG_COUNT][5] = {
        {"Texte", "Objet", "Source", "Grade", "Vérifié le"}, {"Text", "What", "Source", "Grade", "Checked on"}};
    const struct rules *rules = p->document->view->given.facts->rules;
    sheet_heading(&p->sheet, word(p, WORD_GROUNDS));
    sheet_table_open(&p->sheet, columns[p->lang], 5);
    page_rule(p, p->cycle->duty);
    for (size_t i = 0; i < p->cycle->duty_count; i++)
        if (!page_told_before(p, i))
            page_rule(p, p->cycle->duties[i].duty);
    for (int i = 0; i < GROUND_COUNT; i++) {
        const struct ground *ground = &rules->recap.grounds[i];
        const char *cells[] = {ground->article, p->lang == LANG_FR ? ground->because_fr : ground->because_en,
            ground->source, ground->grade, day_short(p, ground->verified_on)};
        if (p->document->exposure || !ground_of_exposure(i))
            sheet_row(&p->sheet, cells, NULL, NULL);
    }
    sheet_table_close(&p->sheet);
    sheet_paragraph(&p->sheet, "fine", word(p, WORD_GRADES));
}

/* ---- the whole */

static void page_write(struct recap_writer *p)
{
    sheet_title(&p->sheet, word(p, WORD_TITLE), word(p, WORD_BELOW));
    page_who(p);
    if (!p->cycle) {
        sheet_paragraph(&p->sheet, NULL, word(p, WORD_NOTHING));
    } else {
        page_reviews(p);
        sheet_heading(&p->sheet, word(p, WORD_CRITERIA));
        for (int i = 0; i < RECAP_CRITERIA; i++)
            page_criterion(p, (enum recap_criterion_name)i);
        page_gaps(p);
        if (p->document->exposure)
            page_exposure(p);
        if (!p->sheet.plain)
            sheet_paragraph(&p->sheet, "sign", word(p, WORD_HANDED));
        page_grounds(p);
    }
    const struct rules *rules = p->document->view->duties.facts.rules;
    sheet_paragraph(&p->sheet, "fine",
        arena_printf(p->arena,
            p->lang == LANG_FR ? "%s Règles %s, vérifiées le %s." : "%s Rules %s, checked on %s.",
            recap_notice_words(p->lang), rules->id, day(p, rules->verified_on)));
    sheet_finish(&p->sheet);
}

void recap_page(struct arena *arena, const struct recap_document *document, struct buf *out)
{
    struct recap_writer p = {
        .arena = arena, .document = document, .cycle = document->cycle, .lang = document->lang};
    p.sheet = sheet_html(out, lang_tag(p.lang), words[WORD_TITLE][p.lang], PAGE_STYLE);
    page_write(&p);
}

void recap_text(struct arena *arena, const struct recap_document *document, struct buf *out)
{
    struct recap_writer p = {
        .arena = arena, .document = document, .cycle = document->cycle, .lang = document->lang};
    p.sheet = sheet_plain(out);
    page_write(&p);
}
