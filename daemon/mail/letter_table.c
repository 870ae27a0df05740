/* What each letter is called, where its built-in source is, and what it may say. Data only. */
#include "letter_table.h"

#include <stddef.h>

#define ROW(slot_name, slot_type)                                                                              \
    {                                                                                                          \
        .name = #slot_name, .type = (slot_type), .at = offsetof(struct letter_values, slot_name)               \
    }

const struct letter_slot_row letter_slots[SLOT_COUNT] = {
    [SLOT_ORGANISATION] = ROW(organisation, TEMPLATE_TEXT),
    [SLOT_RECIPIENT] = ROW(recipient, TEMPLATE_TEXT),
    [SLOT_EMPLOYEE] = ROW(employee, TEMPLATE_TEXT),
    [SLOT_INTERVIEWER] = ROW(interviewer, TEMPLATE_TEXT),
    [SLOT_TITLE] = ROW(title, TEMPLATE_TEXT),
    [SLOT_ANNUAL] = ROW(annual, TEMPLATE_TEXT),
    [SLOT_WHEN] = ROW(when, TEMPLATE_TEXT),
    [SLOT_OLD_WHEN] = ROW(old_when, TEMPLATE_TEXT),
    [SLOT_PLACE] = ROW(place, TEMPLATE_TEXT),
    [SLOT_RELATIVE] = ROW(relative, TEMPLATE_TEXT),
    [SLOT_DUE] = ROW(due, TEMPLATE_TEXT),
    [SLOT_WHY] = ROW(why, TEMPLATE_TEXT),
    [SLOT_CONTACT] = ROW(contact, TEMPLATE_TEXT),
    [SLOT_ADDRESS] = ROW(address, TEMPLATE_TEXT),
    [SLOT_PROPOSED] = ROW(proposed, TEMPLATE_TEXT),
    [SLOT_CALENDARS] = ROW(calendars, TEMPLATE_TEXT),
    [SLOT_COMMENT] = ROW(comment, TEMPLATE_LINES),
    [SLOT_CONFERENCE] = ROW(conference, TEMPLATE_LINK),
    [SLOT_PAGE] = ROW(page, TEMPLATE_LINK),
    [SLOT_ITEMS] = ROW(items, TEMPLATE_LIST),
    [SLOT_TIMES] = ROW(times, TEMPLATE_LIST),
    [SLOT_OVERDUE] = ROW(overdue, TEMPLATE_LIST),
    [SLOT_TO_PLAN] = ROW(to_plan, TEMPLATE_LIST),
    [SLOT_REPORTS] = ROW(reports, TEMPLATE_LIST),
    [SLOT_COPIES] = ROW(copies, TEMPLATE_LIST),
    [SLOT_DECISIONS] = ROW(decisions, TEMPLATE_LIST),
};

#define BIT(slot) (1U << SLOT_##slot)

enum {
    PEOPLE = BIT(ORGANISATION) | BIT(RECIPIENT) | BIT(CONTACT) | BIT(TITLE),
    MEETING = PEOPLE | BIT(WHEN) | BIT(PLACE) | BIT(CONFERENCE),
    LISTS = BIT(OVERDUE) | BIT(TO_PLAN) | BIT(REPORTS) | BIT(COPIES),
    /* No letter has more in its subject, which is shown on locked screens. */
    SUBJECT = BIT(ORGANISATION) | BIT(TITLE) | BIT(WHEN) | BIT(RELATIVE),
    SUBJECT_OTHERS = SUBJECT | BIT(EMPLOYEE) | BIT(DUE),
};

#define LETTERS(X)                                                                                             \
    X(invitation)                                                                                              \
    X(invitation_interviewer)                                                                                  \
    X(update)                                                                                                  \
    X(cancellation)                                                                                            \
    X(counter_declined)                                                                                        \
    X(proposal)                                                                                                \
    X(decision)                                                                                                \
    X(reminder)                                                                                                \
    X(copy_ready)                                                                                              \
    X(plan_it)                                                                                                 \
    X(report_missing)                                                                                          \
    X(copy_missing)                                                                                            \
    X(overdue)                                                                                                 \
    X(digest_hr)                                                                                               \
    X(digest_manager)                                                                                          \
    X(returned)                                                                                                \
    X(weekly_hr)                                                                                               \
    X(calendar_failed)

#define DECLARE(name)                                                                                          \
    extern const char letter_##name##_fr[], letter_##name##_en[];                                              \
    extern const size_t letter_##name##_fr_size, letter_##name##_en_size;
LETTERS(DECLARE)

#define SOURCE(word)                                                                                           \
    .name = #word, .source = {[LANG_FR] = {letter_##word##_fr, &letter_##word##_fr_size},                      \
                       [LANG_EN] = {letter_##word##_en, &letter_##word##_en_size}}

const struct letter_row letter_rows[LETTER_COUNT] = {
    [LETTER_INVITATION] = {SOURCE(invitation),
        .body = MEETING | BIT(ANNUAL) | BIT(INTERVIEWER) | BIT(PAGE) | BIT(ITEMS),
        .must = BIT(TITLE) | BIT(WHEN) | BIT(CONFERENCE), .subject = SUBJECT},
    [LETTER_INVITATION_INTERVIEWER] = {SOURCE(invitation_interviewer),
        .body = MEETING | BIT(ANNUAL) | BIT(EMPLOYEE) | BIT(PAGE),
        .must = BIT(EMPLOYEE) | BIT(WHEN) | BIT(CONFERENCE), .subject = SUBJECT_OTHERS},
    [LETTER_UPDATE] = {SOURCE(update),
        .body = MEETING | BIT(EMPLOYEE) | BIT(INTERVIEWER) | BIT(OLD_WHEN) | BIT(PAGE) | BIT(COMMENT),
        .must = BIT(TITLE) | BIT(WHEN) | BIT(CONFERENCE), .subject = SUBJECT},
    [LETTER_CANCELLATION] = {SOURCE(cancellation),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(PAGE) | BIT(COMMENT), .must = BIT(TITLE) | BIT(WHEN),
        .subject = SUBJECT},
    [LETTER_COUNTER_DECLINED] = {SOURCE(counter_declined),
        .body = PEOPLE | BIT(WHEN) | BIT(PAGE) | BIT(COMMENT), .must = BIT(TITLE) | BIT(WHEN),
        .subject = SUBJECT},
    [LETTER_PROPOSAL] = {SOURCE(proposal), .body = MEETING | BIT(INTERVIEWER) | BIT(PAGE),
        .must = BIT(TITLE) | BIT(WHEN) | BIT(CONFERENCE), .subject = SUBJECT},
    [LETTER_DECISION] = {SOURCE(decision),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(PROPOSED) | BIT(COMMENT) | BIT(PAGE),
        .must = BIT(EMPLOYEE) | BIT(PROPOSED) | BIT(COMMENT), .subject = SUBJECT_OTHERS},
    [LETTER_REMINDER] = {SOURCE(reminder), .body = MEETING | BIT(EMPLOYEE) | BIT(RELATIVE) | BIT(PAGE),
        .must = BIT(WHEN) | BIT(CONFERENCE), .subject = SUBJECT},
    [LETTER_COPY_READY] = {SOURCE(copy_ready), .body = PEOPLE | BIT(WHEN) | BIT(PAGE), .must = BIT(PAGE),
        .subject = SUBJECT},
    [LETTER_PLAN_IT] = {SOURCE(plan_it),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(DUE) | BIT(RELATIVE) | BIT(WHY) | BIT(TIMES) | BIT(CALENDARS) |
                BIT(PAGE),
        .must = BIT(EMPLOYEE) | BIT(DUE) | BIT(TIMES) | BIT(CALENDARS), .subject = SUBJECT_OTHERS},
    [LETTER_REPORT_MISSING] = {SOURCE(report_missing),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(RELATIVE) | BIT(PAGE), .must = BIT(EMPLOYEE),
        .subject = SUBJECT_OTHERS},
    [LETTER_COPY_MISSING] = {SOURCE(copy_missing),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(RELATIVE) | BIT(PAGE), .must = BIT(EMPLOYEE),
        .subject = SUBJECT_OTHERS},
    [LETTER_OVERDUE] = {SOURCE(overdue),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(INTERVIEWER) | BIT(DUE) | BIT(RELATIVE) | BIT(WHY) | BIT(TIMES) |
                BIT(CALENDARS) | BIT(PAGE),
        .must = BIT(EMPLOYEE) | BIT(DUE) | BIT(TIMES) | BIT(CALENDARS), .subject = SUBJECT_OTHERS},
    [LETTER_DIGEST_HR] = {SOURCE(digest_hr), .body = PEOPLE | LISTS, .must = LISTS, .subject = SUBJECT},
    [LETTER_WEEKLY_HR] = {SOURCE(weekly_hr), .body = PEOPLE | LISTS | BIT(DECISIONS),
        .must = LISTS | BIT(DECISIONS), .subject = SUBJECT},
    [LETTER_RETURNED] = {SOURCE(returned),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(ADDRESS) | BIT(COMMENT),
        .must = BIT(ADDRESS) | BIT(COMMENT), .subject = SUBJECT_OTHERS},
    [LETTER_CALENDAR_FAILED] = {SOURCE(calendar_failed),
        .body = PEOPLE | BIT(EMPLOYEE) | BIT(WHEN) | BIT(ADDRESS) | BIT(COMMENT),
        .must = BIT(ADDRESS) | BIT(COMMENT), .subject = SUBJECT_OTHERS},
    [LETTER_DIGEST_MANAGER] = {SOURCE(digest_manager), .body = PEOPLE | LISTS, .must = LISTS,
        .subject = SUBJECT},
};

const char *letter_name(enum letter letter)
{
    return letter_rows[letter].name;
}

bool letter_has_page(enum letter letter)
{
    return letter_rows[letter].body & BIT(PAGE);
}

struct letter_list letter_slot_names(enum letter letter, struct arena *arena)
{
    const char **names = ARENA_ARRAY(arena, SLOT_COUNT, const char *);
    size_t count = 0;
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++)
        if (letter_rows[letter].body & (1U << slot))
            names[count++] = letter_slots[slot].name;
    return (struct letter_list){.items = names, .count = count};
}
