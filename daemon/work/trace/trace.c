/*
 * The steps recorded about an employee, read from the audit records. On a read lane.
 */
#include "work/trace.h"

#include <string.h>

/* Records whose subject is the person say in their payload what they are about. */
static const char *const trace_about[] = {"duty", "fact", "completion"};

static const char *trace_kind(struct arena *arena, const char *verb)
{
    return arena_strndup(arena, verb, strcspn(verb, "."));
}

static const char *trace_id(const struct audit_row *record, const struct json *details)
{
    for (size_t i = 0; i < sizeof trace_about / sizeof trace_about[0]; i++) {
        const char *id = json_text(json_get(details, trace_about[i]));
        if (id && strncmp(record->subject, "emp_", 4) == 0)
            return id;
    }
    return record->subject;
}

static bool trace_duty_tells(const struct json *payload)
{
    static const char *const days[] = {"/changed/excluded_days/0", "/changed/excluded_days/1"};
    const char *kind = json_text(json_get(payload, "kind"));
    bool tells = kind && (!strcmp(kind, "return") || !strcmp(kind, "before_leave"));
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        tells = tells || json_int(json_pointer(payload, days[i])) > 0;
    return tells;
}

bool trace_tells_reason(struct arena *arena, const struct audit_row *record)
{
    const struct json *payload = NULL;
    if (strncmp(record->verb, "absence.", 8) == 0)
        return true;
    return strncmp(record->verb, "duty.", 5) == 0 && record->payload &&
           json_parse(arena, record->payload, strlen(record->payload), &payload, NULL) == ST_OK &&
           trace_duty_tells(payload);
}

static struct trace_step trace_step_of(
    struct arena *arena, const struct audit_row *record, enum lang lang, bool reasons)
{
    struct trace_step step = {.kind = trace_kind(arena, record->verb),
        .what = trace_verb_words(lang, record->verb),
        .record = record};
    if (record->payload &&
        json_parse(arena, record->payload, strlen(record->payload), &step.details, NULL) != ST_OK)
        step.details = NULL;
    step.id = trace_id(record, step.details);
    step.withheld = step.details && !reasons && trace_tells_reason(arena, record);
    if (step.withheld)
        step.details = NULL;
    return step;
}

enum status trace_read(const struct snapshot *snapshot, const char *employee, enum lang lang, bool reasons,
    const struct page *page, struct trace_steps *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct audit_list list;
    enum status status = trace_list(snapshot, employee, page, &list, err);
    if (status != ST_OK)
        return status;
    struct trace_step *steps = ARENA_ARRAY(arena, list.count, struct trace_step);
    for (size_t i = 0; i < list.count; i++)
        steps[i] = trace_step_of(arena, &list.items[i], lang, reasons);
    *ret = (struct trace_steps){.items = steps, .count = list.count, .next = list.next};
    return ST_OK;
}
