/*
 * A review as answers show it: its row, and what people, duties and documents tell of it. On any lane.
 */
#include "calendar/work.h"
#include "work.h"

#include "base/json.h"
#include "internal.h"
#include "model/theme.h"
#include "store/delivery.h"
#include "store/duty.h"
#include "store/reply.h"

#include <string.h>
#include <strings.h>

static const char nothing[] = "";

enum status review_of_row(
    struct arena *arena, const struct review_row *row, struct review *ret, struct error *err)
{
    char key[ORG_KEY_MAX];
    struct review review;
    field_clear(&review_table, &review);
    if (!id_parse(row->id, "rev", key) || field_parse(&review_body_table, arena, row->body, strlen(row->body),
                                              FIELD_MODE_STORED, &review, NULL) != ST_OK)
        return error_set(err, ST_INTERNAL, "the body of %s cannot be read", row->id);
    review.id = row->id;
    review.organisation = arena_printf(arena, "org_%s", key);
    review.employee = row->employee;
    review.type = work_name_index(review_type_names, row->type);
    review.recap = row->recap;
    review.interviewer = row->interviewer;
    review.start = row->starts_at;
    review.end = row->ends_at;
    review.mode = work_name_index(review_mode_names, row->mode);
    review.location = row->location;
    review.conference_url = row->conference_url;
    review.state = work_name_index(review_state_names, row->state);
    review.held = row->held_on;
    review.sequence = row->sequence;
    review.created_at = row->created_at;
    review.updated_at = row->updated_at;
    review.version = row->version;
    *ret = review;
    return ST_OK;
}

const char *review_person_name(struct arena *arena, const struct employee_row *row)
{
    return arena_printf(arena, "%s %s", row->given_name, row->family_name);
}

/* ---- people */

static enum status view_uninvited(const struct snapshot *snapshot, const char *role, const char *id,
    struct review_attendee *list, size_t *count, struct error *err)
{
    struct employee_row person;
    if (!id)
        return ST_OK;
    enum status status = employee_get(snapshot, id, &person, err);
    if (status != ST_OK)
        return status;
    list[(*count)++] = (struct review_attendee){.role = role,
        .employee = person.id,
        .name = review_person_name(snapshot_arena(snapshot), &person),
        .email = person.email,
        .partstat = partstat_name(PARTSTAT_NEEDS_ACTION),
        .proposed_start = INSTANT_NONE,
        .proposed_end = INSTANT_NONE};
    return ST_OK;
}

static enum status view_attendees(const struct snapshot *snapshot, struct review *review, struct error *err)
{
    struct attendee_list rows;
    enum status status = attendee_list(snapshot, review->id, &rows, err);
    if (status != ST_OK)
        return status;
    struct review_attendee *list =
        ARENA_ARRAY(snapshot_arena(snapshot), rows.count + 2, struct review_attendee);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++)
        list[count++] = (struct review_attendee){.role = rows.items[i].role,
            .employee = rows.items[i].employee,
            .name = rows.items[i].name,
            .email = rows.items[i].email,
            .partstat = rows.items[i].partstat,
            .proposed_start = rows.items[i].countered ? rows.items[i].answer_start : INSTANT_NONE,
            .proposed_end = rows.items[i].countered ? rows.items[i].answer_end : INSTANT_NONE};
    if (rows.count == 0) {
        status = view_uninvited(snapshot, "employee", review->employee, list, &count, err);
        if (status == ST_OK)
            status = view_uninvited(snapshot, "interviewer", review->interviewer, list, &count, err);
    }
    review->attendees = (struct list){.items = list, .count = count};
    return status;
}

/* What tells them: a mail that was made, else an entry that is there. */
static enum status view_deliverers(
    const struct snapshot *snapshot, const struct review_row *row, struct review *review, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    size_t count = review->attendees.count;
    struct review_attendee *list = ARENA_ARRAY(arena, count, struct review_attendee);
    struct entry_list entries;
    char key[ORG_KEY_MAX] = "";
    (void)id_parse(row->id, "rev", key);
    if (count)
        memcpy(list, review->attendees.items, count * sizeof *list);
    review->attendees.items = list;
    enum status status = entry_of_review(snapshot, row->id, &entries, err);
    for (size_t i = 0; status == ST_OK && i < count; i++) {
        bool mailed = false;
        if (list[i].email)
            status = delivery_goes_by_mail(
                snapshot, key, row->uid, list[i].email, DELIVERY_ANY_VERSION, &mailed, err);
        for (size_t k = 0; k < entries.count && list[i].email; k++) {
            struct calendar_people people = calendar_people_read(arena, entries.items[k].people);
            const struct calendar_person *named = calendar_people_find(&people, list[i].email);
            bool own = !strcasecmp(entries.items[k].recipient, list[i].email);
            if ((named && named->status) || own)
                list[i].invited_by = "calendar";
            if (named && named->status)
                list[i].schedule_status = named->status;
        }
        if (mailed)
            list[i].invited_by = "mail";
    }
    return status;
}

/* Answers show it as a warning. */
static enum status view_addresses(
    const struct snapshot *snapshot, const char *organisation, struct review *review, struct error *err)
{
    const struct review_attendee *list = review->attendees.items;
    for (size_t i = 0; i < review->attendees.count; i++) {
        struct failing_address failing;
        struct error missing = ERROR_INIT;
        const char *email = list[i].email ? work_address(snapshot_arena(snapshot), list[i].email) : "";
        enum status status = address_failing(snapshot, organisation, email, &failing, &missing);
        review->address_fails |= status == ST_OK;
        if (status != ST_OK && status != ST_NOT_FOUND)
            return error_set(err, status, "%s", missing.detail);
    }
    return ST_OK;
}

/* ---- duties and what they ask */

static bool duty_names(struct arena *arena, const struct duty_row *row, const char *review)
{
    const struct json *body;
    if (row->satisfied_by && strcmp(row->satisfied_by, review) == 0)
        return true;
    if (!strstr(row->body, review) || json_parse(arena, row->body, strlen(row->body), &body, NULL) != ST_OK)
        return false;
    const char *planned_by = json_text(json_get(body, "planned_by"));
    return planned_by && strcmp(planned_by, review) == 0;
}

static unsigned duty_family_bit(const char *kind)
{
    for (unsigned family = 0; family < DUTY_FAMILY_COUNT; family++)
        if (strcmp(duty_family_name((enum duty_family)family), kind) == 0)
            return 1u << family;
    return 0;
}

static enum status view_duties(
    const struct snapshot *snapshot, struct review *review, unsigned *ret_families, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct duty_list rows;
    enum status status = duty_of_employee(snapshot, review->employee, &rows, err);
    if (status != ST_OK)
        return status;
    struct review_duty *list = ARENA_ARRAY(arena, rows.count, struct review_duty);
    size_t count = 0;
    unsigned families = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct duty_row *row = &rows.items[i];
        if (!duty_names(arena, row, review->id))
            continue;
        families |= duty_family_bit(row->kind);
        list[count++] = (struct review_duty){.id = row->id,
            .kind = row->kind,
            .rule = row->rule,
            .state = row->state,
            .due = row->due,
            .limit = row->limit};
    }
    review->duties = (struct list){.items = list, .count = count};
    *ret_families = families;
    return ST_OK;
}

static struct list view_topics(
    struct arena *arena, const struct review_topic *topics, unsigned count, unsigned missing)
{
    const char **names = ARENA_ARRAY(arena, count, const char *);
    size_t found = 0;
    for (unsigned i = 0; i < count; i++)
        if (missing & (1u << i))
            names[found++] = topics[i].name;
    return (struct list){.items = names, .count = found};
}

static void view_missing(struct arena *arena, struct review *review, unsigned families)
{
    unsigned covered = 0;
    unsigned given = 0;
    bool asked = review->held != DATE_NONE && review->type == REVIEW_PROFESSIONAL;
    (void)themes_read(&review->themes, &covered, NULL);
    (void)informations_read(&review->information, &given, NULL);
    unsigned themes = asked ? themes_required(review->held, families) & ~covered : 0;
    unsigned information = asked ? informations_required(review->held) & ~given : 0;
    review->missing_themes = view_topics(arena, review_themes, THEME_COUNT, themes);
    review->missing_information = view_topics(arena, review_informations, INFORMATION_COUNT, information);
}

/* ---- what may be done, what to look at */

static struct list view_allowed(struct arena *arena, const struct review *review)
{
    const char **names = ARENA_ARRAY(arena, REVIEW_EVENT_COUNT, const char *);
    size_t count = 0;
    for (int event = 0; event < REVIEW_EVENT_COUNT; event++) {
        bool answer = event >= REVIEW_EVENT_ANSWER_PENDING && event <= REVIEW_EVENT_ANSWER_COUNTERED;
        if (!answer && review_allows((enum review_state)review->state, (enum review_event)event))
            names[count++] = review_event_name((enum review_event)event);
    }
    return (struct list){.items = names, .count = count};
}

static bool warn_short_notice(const struct review *review)
{
    return review->short_notice == 1 && review->held == DATE_NONE;
}

static bool warn_outside_hours(const struct review *review)
{
    return review->outside_hours == 1 && review->held == DATE_NONE;
}

static bool warn_no_link(const struct review *review)
{
    return (review->mode == REVIEW_REMOTE || review->mode == REVIEW_HYBRID) && !review->conference_url &&
           review->held == DATE_NONE;
}

static bool warn_no_interviewer(const struct review *review)
{
    return !review->interviewer && review->held == DATE_NONE;
}

static bool warn_address(const struct review *review)
{
    return review->address_fails && review->held == DATE_NONE;
}

static bool warn_during_absence(const struct review *review)
{
    return review->during_absence;
}

static bool warn_serves_nothing(const struct review *review)
{
    return review->serves_nothing;
}

static bool warn_themes(const struct review *review)
{
    return review->missing_themes.count > 0;
}

static bool warn_information(const struct review *review)
{
    return review->missing_information.count > 0;
}

static const struct {
    bool (*applies)(const struct review *review);
    struct review_warning warning;
} warnings[] = {
    {warn_short_notice, {"short_notice", "the convocation leaves less than eight days to prepare"}},
    {warn_outside_hours, {"outside_hours", "the slot is not within the working hours of the organisation"}},
    {warn_no_link, {"no_link", "people meet at a distance, but there is no link to the conference"}},
    {warn_no_interviewer, {"no_interviewer", "nobody is named to hold the review"}},
    {warn_address, {"address_failing", "mail to somebody who is invited came back: the address is wrong"}},
    {warn_during_absence, {"during_absence", "somebody is away on the day that is set: find another slot"}},
    {warn_serves_nothing,
        {"serves_no_duty", "no duty needs this review any more, or it comes too late for it"}},
    {warn_themes, {"themes_missing", "themes that the law asks for were not covered"}},
    {warn_information, {"information_missing", "information that the employer owes was not given"}},
};

static struct list view_warnings(struct arena *arena, const struct review *review)
{
    enum { WARNINGS = sizeof warnings / sizeof warnings[0] };
    struct review_warning *list = ARENA_ARRAY(arena, WARNINGS, struct review_warning);
    size_t count = 0;
    for (size_t i = 0; i < WARNINGS; i++)
        if (warnings[i].applies(review))
            list[count++] = warnings[i].warning;
    return (struct list){.items = list, .count = count};
}

static enum status view_documents(const struct snapshot *snapshot, struct review *review, struct error *err)
{
    struct document_list rows;
    enum status status = document_list(snapshot, review->id, &rows, err);
    if (status != ST_OK)
        return status;
    struct review_document *list = ARENA_ARRAY(snapshot_arena(snapshot), rows.count, struct review_document);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct document_row *row = &rows.items[i];
        if (i + 1 < rows.count && strcmp(row->kind, rows.items[i + 1].kind) == 0)
            continue;
        list[count++] = (struct review_document){.kind = row->kind,
            .media_type = row->media_type,
            .sha256 = row->sha256,
            .number = row->number,
            .size = row->size,
            .recorded_at = row->recorded_at};
    }
    review->documents = (struct list){.items = list, .count = count};
    return ST_OK;
}

/* What has changed since the slot was set: facts of the people, and through them the duties. */
static enum status view_overtaken(
    const struct snapshot *snapshot, const struct review_row *row, struct review *review, struct error *err)
{
    bool convened = review->state == REVIEW_PROPOSED || review_answerable((enum review_state)review->state);
    bool employee = false;
    bool interviewer = false;
    if (!convened || row->day == DATE_NONE)
        return ST_OK;
    enum status status = review_away(snapshot, row->employee, row->day, &employee, err);
    if (status == ST_OK)
        status = review_away(snapshot, row->interviewer, row->day, &interviewer, err);
    review->during_absence = employee || interviewer;
    review->serves_nothing = review->type == REVIEW_PROFESSIONAL && review->duties.count == 0;
    return status;
}

/* ---- the whole */

enum status review_view_of(
    const struct snapshot *snapshot, const struct review_row *row, struct review *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct review review;
    char key[ORG_KEY_MAX];
    unsigned families = 0;
    enum status status = review_of_row(arena, row, &review, err);
    if (status == ST_OK)
        status = view_attendees(snapshot, &review, err);
    if (status == ST_OK && row->sequence >= 0)
        status = view_deliverers(snapshot, row, &review, err);
    if (status == ST_OK)
        status = view_addresses(snapshot, id_parse(row->id, "rev", key) ? key : "", &review, err);
    if (status == ST_OK)
        status = view_duties(snapshot, &review, &families, err);
    if (status == ST_OK)
        status = view_documents(snapshot, &review, err);
    if (status == ST_OK)
        status = view_overtaken(snapshot, row, &review, err);
    if (status != ST_OK)
        return status;
    if (!review.no_shows.items)
        review.no_shows.items = nothing;
    view_missing(arena, &review, families);
    review.allowed = view_allowed(arena, &review);
    review.warnings = view_warnings(arena, &review);
    *ret = review;
    return ST_OK;
}

enum status review_view(const struct snapshot *snapshot, const char *id, struct review *ret, struct error *err)
{
    struct review_row row;
    enum status status = review_get(snapshot, id, &row, err);
    return status == ST_OK ? review_view_of(snapshot, &row, ret, err) : status;
}
