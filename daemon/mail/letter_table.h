#pragma once
/* The letters as data: their names, their built-in sources, what each may say. */
#include "mail/letter.h"
#include "text/template.h"

enum letter_slot {
    SLOT_ORGANISATION,
    SLOT_RECIPIENT,
    SLOT_EMPLOYEE,
    SLOT_INTERVIEWER,
    SLOT_TITLE,
    SLOT_ANNUAL,
    SLOT_WHEN,
    SLOT_OLD_WHEN,
    SLOT_PLACE,
    SLOT_RELATIVE,
    SLOT_DUE,
    SLOT_WHY,
    SLOT_CONTACT,
    SLOT_ADDRESS,
    SLOT_PROPOSED,
    SLOT_CALENDARS,
    SLOT_COMMENT,
    SLOT_CONFERENCE,
    SLOT_PAGE,
    SLOT_ITEMS,
    SLOT_TIMES,
    SLOT_OVERDUE,
    SLOT_TO_PLAN,
    SLOT_REPORTS,
    SLOT_COPIES,
    SLOT_DECISIONS,
    SLOT_COUNT
};

struct letter_slot_row {
    const char *name;
    enum template_type type;
    size_t at; /* offset in struct letter_values */
};
extern const struct letter_slot_row letter_slots[SLOT_COUNT];

struct letter_row {
    const char *name;
    unsigned body; /* bits of the slots the body may use */
    unsigned must; /* those it has to use */
    unsigned subject;
    struct {
        const char *text;
        const size_t *size;
    } source[LANG_COUNT];
};
extern const struct letter_row letter_rows[LETTER_COUNT];

/* French HTML with the blanks that no line may break at and the apostrophes of print: the text keeps those of a
 * keyboard, which every program shows. */
const char *letter_typography(struct arena *arena, const char *html);

/* The source of the HTML body of a letter's text, ready for template_parse(). ST_INVALID says name and line.
 * `line` is where the body begins in its file. */
enum status letter_html(struct arena *arena, const struct template_source *body, enum lang lang,
    const char **ret, struct error *err) MUST_CHECK;
