/*
 * People, reviews, organisations and times as they are called on the command line, and back. What was found is
 * remembered for the run.
 */
#include "internal.h"

#include "base/id.h"
#include "base/text.h"
#include "display.h"

#include <stdlib.h>
#include <string.h>

/* A GET whose failure is no failure of the command: NULL then. */
static const struct json *resolve_try(struct ctl *ctl, struct arena *arena, const char *target)
{
    const struct request request = {.method = "GET", .target = target};
    const struct json *value = NULL;
    struct answer answer;
    if (client_send(ctl->client, arena, &request, &answer, NULL) != ST_OK || answer.status != 200 ||
        json_parse(arena, answer.body.data, answer.body.size, &value, NULL) != ST_OK)
        return NULL;
    return value;
}

/* ---- organisations */

static bool organisation_is_called(struct arena *arena, const struct json *organisation, const char *text)
{
    const char *name = json_text(json_get(organisation, "name"));
    return text_equal(json_text(json_get(organisation, "siren")), text) ||
           (name && strcmp(text_fold(arena, name), text_fold(arena, text)) == 0);
}

/* The id of the one organisation that is called so; any when `text` is NULL. */
static enum ctl_exit organisation_find(struct ctl *ctl, const char *text, const char **ret)
{
    const struct json *list = NULL;
    const char *found = NULL;
    size_t matches = 0;
    enum ctl_exit code = ctl_get(ctl, ctl->arena, "/v1/organisations?limit=500", &list);
    if (code != CTL_DONE)
        return code;
    const struct json *items = json_get(list, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *item = json_at(items, i);
        const char *id = json_text(json_get(item, "id"));
        if (id && (!text || organisation_is_called(ctl->arena, item, text))) {
            found = id;
            matches++;
        }
    }
    if (matches == 1) {
        *ret = found;
        return CTL_DONE;
    }
    if (!text)
        return ctl_fail(ctl, CTL_MISUSED, "the token sees %s: %s",
            matches ? "several organisations" : "no organisation", "name one with --organisation");
    return ctl_fail(ctl, CTL_REFUSED, "%s organisation is called %s", matches ? "more than one" : "no", text);
}

enum ctl_exit resolve_configured(struct ctl *ctl, const char **ret)
{
    enum ctl_exit code = CTL_DONE;
    const char *text = ctl->settings.organisation;
    if (text && strcmp(text, "all") == 0)
        text = NULL;
    if (!ctl->organisation && text && id_valid(text, "org"))
        ctl->organisation = text;
    else if (!ctl->organisation && text)
        code = organisation_find(ctl, text, &ctl->organisation);
    if (code == CTL_DONE)
        *ret = ctl->organisation;
    return code;
}

enum ctl_exit resolve_organisation(struct ctl *ctl, const char **ret)
{
    enum ctl_exit code = resolve_configured(ctl, ret);
    if (code == CTL_DONE && !ctl->organisation)
        code = organisation_find(ctl, NULL, &ctl->organisation);
    if (code == CTL_DONE)
        *ret = ctl->organisation;
    return code;
}

bool resolve_only(struct ctl *ctl)
{
    const struct json *list = resolve_try(ctl, ctl->arena, "/v1/organisations?limit=2");
    const struct json *items = json_get(list, "items");
    const char *id = json_text(json_get(json_at(items, 0), "id"));
    if (ctl->organisation || json_count(items) != 1 || !id || !id_valid(id, "org"))
        return false;
    ctl->organisation = id;
    return true;
}

/* ---- times */

static const struct json *zone_organisation(struct ctl *ctl)
{
    const char *id = NULL;
    (void)resolve_configured(ctl, &id);
    if (id)
        return resolve_try(ctl, ctl->arena, arena_printf(ctl->arena, "/v1/organisations/%s", id));
    const struct json *items = json_get(resolve_try(ctl, ctl->arena, "/v1/organisations?limit=2"), "items");
    return json_count(items) == 1 ? json_at(items, 0) : NULL;
}

const struct zone *resolve_zone(struct ctl *ctl)
{
    if (ctl->zone_known)
        return ctl->zone;
    ctl->zone_known = true;
    const char *name = json_text(json_get(zone_organisation(ctl), "zone"));
    ctl->zone = name ? zone_load(name, NULL) : NULL;
    return ctl->zone;
}

enum ctl_exit resolve_instant(struct ctl *ctl, const char *text, const char **ret)
{
    instant_t instant;
    date_t date = DATE_NONE;
    char utc[INSTANT_TEXT_MAX];
    *ret = text;
    if (instant_parse(text, &instant))
        return CTL_DONE;
    const struct zone *zone = resolve_zone(ctl);
    if (!zone)
        return ctl_fail(ctl, CTL_MISUSED,
            "%s: the organisation's time zone is not known, say which: %sZ or %s+01:00", text, text, text);
    /* Its form has been checked: only the seconds may be missing. */
    (void)instant_parse(arena_printf(ctl->arena, "%s%s", text, strlen(text) == 16 ? ":00Z" : "Z"), &instant);
    (void)date_parse(arena_strndup(ctl->arena, text, 10), &date);
    int second = (int)((instant - date * US_PER_DAY) / US_PER_SEC);
    *ret = arena_strdup(ctl->arena, instant_text(zone_instant(zone, date, second), utc));
    return CTL_DONE;
}

/* ---- people */

struct person {
    const char *id, *number, *name;
};
struct people {
    struct person *slots;
    size_t count, capacity;
};

static void people_release(void *people)
{
    free(((struct people *)people)->slots);
}

static struct person *people_slot(const struct people *people, const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t at = (size_t)hash & (people->capacity - 1);
    while (people->slots[at].id && strcmp(people->slots[at].id, id) != 0)
        at = (at + 1) & (people->capacity - 1);
    return &people->slots[at];
}

static struct people *people_of(struct ctl *ctl)
{
    struct people *people = ctl->people;
    if (!people) {
        people = ctl->people = ARENA_NEW(ctl->arena, struct people);
        arena_defer(ctl->arena, people_release, people);
    }
    if (2 * (people->count + 1) <= people->capacity)
        return people;
    struct people bigger = {.count = people->count, .capacity = people->capacity ? 2 * people->capacity : 64};
    bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
    if (!bigger.slots)
        abort();
    for (size_t i = 0; i < people->capacity; i++)
        if (people->slots[i].id)
            *people_slot(&bigger, people->slots[i].id) = people->slots[i];
    free(people->slots);
    *people = bigger;
    return people;
}

static struct person *people_add(struct ctl *ctl, const char *id, const struct json *employee)
{
    struct people *people = people_of(ctl);
    const char *number = json_text(json_get(employee, "number"));
    const char *given = json_text(json_get(employee, "given_name"));
    const char *family = json_text(json_get(employee, "family_name"));
    struct person *person = people_slot(people, id);
    *person = (struct person){.id = arena_strdup(ctl->arena, id),
        .number = number ? arena_strdup(ctl->arena, number) : "",
        .name = given && family ? arena_printf(ctl->arena, "%s %s", given, family) : ""};
    people->count++;
    return person;
}

void resolve_employee(struct ctl *ctl, const char *id, const char **ret_number, const char **ret_name)
{
    *ret_number = *ret_name = "";
    if (!id_valid(id, "emp"))
        return;
    const struct person *person = people_slot(people_of(ctl), id);
    if (!person->id) {
        struct arena *arena = arena_new(0);
        const char *target = arena_printf(arena, "/v1/employees/%s", id);
        person = people_add(ctl, id, resolve_try(ctl, arena, target));
        arena_free(arena);
    }
    *ret_number = person->number;
    *ret_name = person->name;
}

enum ctl_exit resolve_person(struct ctl *ctl, const char *number, const char **ret)
{
    const struct json *list = NULL;
    const char *organisation = NULL;
    if (id_valid(number, "emp")) {
        *ret = number;
        return CTL_DONE;
    }
    BUF_AUTO target;
    buf_init(&target, 0);
    buf_text(&target, "/v1/employees");
    target_add(&target, "number", number);
    enum ctl_exit code = resolve_configured(ctl, &organisation);
    if (organisation)
        target_add(&target, "organisation", organisation);
    if (code == CTL_DONE)
        code = ctl_get(ctl, ctl->arena, target.data, &list);
    if (code != CTL_DONE)
        return code;
    const char *id = json_text(json_get(json_at(json_get(list, "items"), 0), "id"));
    if (!id)
        return ctl_fail(ctl, CTL_REFUSED, "there is no employee with the number %s", number);
    *ret = id;
    return CTL_DONE;
}

/* ---- reviews */

static bool review_is_under_way(const struct json *review)
{
    static const char *const ended[] = {"closed", "cancelled", "refused"};
    const char *state = json_text(json_get(review, "state"));
    for (size_t i = 0; state && i < sizeof(ended) / sizeof(ended[0]); i++)
        if (strcmp(ended[i], state) == 0)
            return false;
    return state != NULL;
}

/* Which one is meant has to be said: lists them. */
static enum ctl_exit review_is_unclear(struct ctl *ctl, const char *number, const struct json *items)
{
    enum ctl_exit code =
        ctl_fail(ctl, CTL_MISUSED, "employee %s has several reviews under way: give the id of one", number);
    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *item = json_at(items, i);
        const char *id = json_text(json_get(item, "id"));
        const char *type = json_text(json_get(item, "type"));
        if (id && id_valid(id, "rev") && review_is_under_way(item))
            buf_printf(&ctl->complaint, "  %s\n",
                display_escape(ctl->arena,
                    arena_printf(
                        ctl->arena, "%s %s %s", id, type ? type : "?", json_text(json_get(item, "state"))),
                    false));
    }
    return code;
}

enum ctl_exit resolve_review(struct ctl *ctl, const char *text, const char **ret)
{
    const struct json *list = NULL;
    const char *employee = NULL;
    const char *found = NULL;
    size_t count = 0;
    if (id_valid(text, "rev")) {
        *ret = text;
        return CTL_DONE;
    }
    BUF_AUTO target;
    buf_init(&target, 0);
    buf_text(&target, "/v1/reviews?limit=500");
    enum ctl_exit code = resolve_person(ctl, text, &employee);
    if (code == CTL_DONE) {
        target_add(&target, "employee", employee);
        code = ctl_get(ctl, ctl->arena, target.data, &list);
    }
    if (code != CTL_DONE)
        return code;
    const struct json *items = json_get(list, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        if (review_is_under_way(json_at(items, i))) {
            found = json_text(json_get(json_at(items, i), "id"));
            count++;
        }
    }
    if (count > 1)
        return review_is_unclear(ctl, text, items);
    if (!found)
        return ctl_fail(ctl, CTL_REFUSED, "employee %s has no review under way", text);
    *ret = found;
    return CTL_DONE;
}
