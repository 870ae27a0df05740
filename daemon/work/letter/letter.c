/*
 * Letters shown with sample values. On a lane.
 */
#include "work/letter.h"

#include "internal.h"
#include "outbox.h"
#include "text/sentence.h"

#include <string.h>

/* Who reads each letter. */
static const char *const letter_readers[LETTER_COUNT] = {[LETTER_INVITATION] = "employee",
    [LETTER_INVITATION_INTERVIEWER] = "interviewer",
    [LETTER_UPDATE] = "employee, interviewer",
    [LETTER_CANCELLATION] = "employee, interviewer",
    [LETTER_COUNTER_DECLINED] = "employee, interviewer",
    [LETTER_PROPOSAL] = "employee",
    [LETTER_DECISION] = "interviewer, hr",
    [LETTER_REMINDER] = "employee, interviewer",
    [LETTER_COPY_READY] = "employee",
    [LETTER_PLAN_IT] = "manager",
    [LETTER_REPORT_MISSING] = "interviewer",
    [LETTER_COPY_MISSING] = "interviewer",
    [LETTER_OVERDUE] = "hr, manager",
    [LETTER_DIGEST_HR] = "hr",
    [LETTER_DIGEST_MANAGER] = "manager",
    [LETTER_RETURNED] = "hr",
    [LETTER_WEEKLY_HR] = "hr",
    [LETTER_CALENDAR_FAILED] = "hr"};

static const struct field letter_fields[] = {
    FIELD(struct letter_shown, name, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "Its name: a file NAME.fr.txt or NAME.en.txt in `mail.letters` replaces it."),
    FIELD(struct letter_shown, to, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "Who reads it: employee, interviewer, manager, hr."),
    FIELD(struct letter_shown, slots, FIELD_TEXTS, .flags = FIELD_READ, .doc = "What its source may use."),
    FIELD(struct letter_shown, locale, FIELD_ENUM, .names = lang_names, .flags = FIELD_READ,
        .doc = "The language of the words below."),
    FIELD(struct letter_shown, subject, FIELD_LINES, .flags = FIELD_READ, .doc = "Its subject."),
    FIELD(struct letter_shown, text, FIELD_LINES, .flags = FIELD_READ, .doc = "Its words."),
    FIELD(struct letter_shown, html, FIELD_LINES, .flags = FIELD_READ, .doc = "The same as HTML."),
};
const struct field_table letter_table = FIELD_TABLE("Letter", struct letter_shown, letter_fields, -1);

static struct letter_shown letter_head(struct arena *arena, enum letter letter)
{
    struct letter_list slots = letter_slot_names(letter, arena);
    return (struct letter_shown){.name = letter_name(letter),
        .to = letter_readers[letter],
        .slots = {.items = slots.items, .count = slots.count},
        .locale = FIELD_UNSET};
}

size_t letters_show(struct arena *arena, const struct letter_shown **ret)
{
    struct letter_shown *all = ARENA_ARRAY(arena, LETTER_COUNT, struct letter_shown);
    for (unsigned letter = 0; letter < LETTER_COUNT; letter++)
        all[letter] = letter_head(arena, (enum letter)letter);
    *ret = all;
    return LETTER_COUNT;
}

/* ---- sample values */

struct sample {
    const char *employee, *interviewer, *place, *why, *comment;
    const char *overdue[1], *to_plan[2], *reports[1], *copies[1], *slots[3];
};

static const struct sample samples[LANG_COUNT] = {
    [LANG_FR] = {.employee = "Camille Roche",
        .interviewer = "Karim Benali",
        .place = "Lyon, salle Saône",
        .why = "quatre ans après l'entretien tenu le 8 mars 2023",
        .comment = "Un mot de l'organisateur.",
        .overdue = {"Inès Moreau – 4 janvier 2027 (il y a 5 jours)"},
        .to_plan = {"Camille Roche – 8 mars 2027 (dans 58 jours)", "Hugo Petit – 30 mars 2027"},
        .reports = {"Léa Bernard – 15 décembre 2026 (il y a 25 jours)"},
        .copies = {"Paul Girard – 10 décembre 2026 (il y a 30 jours)"}},
    [LANG_EN] = {.employee = "Camille Roche",
        .interviewer = "Karim Benali",
        .place = "Lyon, room Saône",
        .why = "four years after the review held on 8 March 2023",
        .comment = "A word from the organiser.",
        .overdue = {"Inès Moreau – 4 January 2027 (5 days ago)"},
        .to_plan = {"Camille Roche – 8 March 2027 (in 58 days)", "Hugo Petit – 30 March 2027"},
        .reports = {"Léa Bernard – 15 December 2026 (25 days ago)"},
        .copies = {"Paul Girard – 10 December 2026 (30 days ago)"}},
};

#define SAMPLE_LIST(array) ((struct letter_list){.items = (array), .count = sizeof(array) / sizeof((array)[0])})

/* The day of the samples, from which theirs count. */
static date_t sample_day(int days)
{
    return date_of(2027, 1, 9) + days;
}

static const char *sample_slot(struct arena *arena, const struct zone *zone, enum lang lang, int days)
{
    instant_t start = zone_instant(zone, sample_day(days), 14 * 3600);
    return sentence_slot(arena, lang, zone, start, start + 3600 * US_PER_SEC);
}

/* Three, on the days after each other. */
static struct letter_list sample_times(struct arena *arena, const struct zone *zone, enum lang lang)
{
    enum { COUNT = 3, FIRST = 31 };
    const char **items = ARENA_ARRAY(arena, COUNT, const char *);
    const char **urls = ARENA_ARRAY(arena, COUNT, const char *);
    for (int i = 0; i < COUNT; i++) {
        char at[INSTANT_TEXT_MAX];
        items[i] = sample_slot(arena, zone, lang, FIRST + i);
        urls[i] = arena_printf(arena, "https://rh.example.org/me/exemple?slot=%s",
            instant_text(zone_instant(zone, sample_day(FIRST + i), 14 * 3600), at));
    }
    return (struct letter_list){.items = items, .count = COUNT, .urls = urls};
}

static void sample_fill(struct arena *arena, const struct zone *zone, enum letter letter, enum lang lang,
    struct letter_values *values)
{
    bool late = letter == LETTER_OVERDUE || letter == LETTER_REPORT_MISSING || letter == LETTER_COPY_MISSING;
    const struct sample *sample = &samples[lang];
    bool to_employee = strncmp(letter_readers[letter], "employee", strlen("employee")) == 0;
    bool to_hr = strncmp(letter_readers[letter], "hr", strlen("hr")) == 0;
    values->recipient = to_employee ? sample->employee : to_hr ? NULL : sample->interviewer;
    values->employee = to_employee ? NULL : sample->employee;
    values->interviewer = sample->interviewer;
    values->place = sample->place;
    values->why = sample->why;
    values->comment = sample->comment;
    values->address = "camille.roche@example.org";
    values->when = sample_slot(arena, zone, lang, late ? -7 : 31);
    values->old_when = sample_slot(arena, zone, lang, 30);
    values->proposed = sample_slot(arena, zone, lang, 33);
    values->relative = sentence_relative(arena, lang, sample_day(late ? -7 : 31), sample_day(0));
    values->due = sentence_date(arena, lang, sample_day(late ? -7 : 31));
    values->page = "https://rh.example.org/me/exemple";
    values->times = sample_times(arena, zone, lang);
    values->overdue = SAMPLE_LIST(sample->overdue);
    values->to_plan = SAMPLE_LIST(sample->to_plan);
    values->reports = SAMPLE_LIST(sample->reports);
    values->copies = SAMPLE_LIST(sample->copies);
}

/* ---- one letter */

static int letter_find(const char *name)
{
    int letter = 0;
    while (letter < LETTER_COUNT && strcmp(letter_name((enum letter)letter), name) != 0)
        letter++;
    return letter;
}

enum status letter_show(const struct snapshot *snapshot, const char *organisation, const char *name,
    const struct letter_question *question, struct letter_shown *ret, struct error *err)
{
    struct organisation whose;
    struct letter_values values = {.conference = "https://visio.example.org/salle"};
    struct arena *arena = snapshot_arena(snapshot);
    int letter = letter_find(name);
    if (letter == LETTER_COUNT)
        return error_set(err, ST_NOT_FOUND, "there is no letter of that name: see /v1/letters");
    enum status status = organisation_view(snapshot, organisation, &whose, err);
    if (status != ST_OK)
        return status;
    enum lang lang = (enum lang)(question->locale == FIELD_UNSET ? whose.locale : question->locale);
    sample_fill(arena, organisation_zone(&whose), (enum letter)letter, lang, &values);
    outbox_fill_organisation(&whose, lang, question->annual == 1, &values);
    if (question->remote == 0)
        values.conference = NULL;
    struct letter_text words = outbox_words((enum letter)letter, lang, &values, arena);
    *ret = letter_head(arena, (enum letter)letter);
    ret->locale = (int)lang;
    ret->subject = words.subject;
    ret->text = words.text;
    ret->html = words.html;
    return ST_OK;
}
