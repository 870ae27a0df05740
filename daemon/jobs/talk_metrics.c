/*
 * How calendar servers are, as they were when a conversation last ended: kept from then on, one line of each
 * metric a server. Loop thread.
 */
#include "talk.h"

#include "base/id.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIGURES_MAX = 100 };

struct calendar_figures {
    struct calendar_figures *next;
    char id[ID_MAX];
    uint64_t visits[2];     /* that went well, that failed */
    uint64_t deliveries[3]; /* by enum delivery_outcome: sent, to be tried again, given up */
    int64_t failures;
    instant_t next_at;
};

static struct calendar_figures *figures_of(struct jobs *jobs, const char *id)
{
    unsigned count = 0;
    for (struct calendar_figures *one = jobs->calendars; one; one = one->next, count++)
        if (!strcmp(one->id, id))
            return one;
    if (count == FIGURES_MAX)
        return NULL;
    struct calendar_figures *made = calloc(1, sizeof *made);
    if (!made)
        abort();
    (void)text_copy(made->id, sizeof made->id, id);
    made->next = jobs->calendars;
    jobs->calendars = made;
    return made;
}

void talk_count(struct talk *talk)
{
    struct calendar_figures *figures = talk->calendar->id ? figures_of(talk->jobs, talk->calendar->id) : NULL;
    if (!figures)
        return;
    if (talk->is_visit)
        figures->visits[!talk->found.ok]++;
    else if ((unsigned)talk->result.outcome < 3)
        figures->deliveries[talk->result.outcome]++;
    figures->failures = talk->failures_after;
    figures->next_at = talk->next_after;
}

void talk_metrics_free(struct jobs *jobs)
{
    while (jobs->calendars) {
        struct calendar_figures *next = jobs->calendars->next;
        free(jobs->calendars);
        jobs->calendars = next;
    }
}

static void metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void talk_metrics(const struct jobs *jobs, struct buf *out)
{
    static const char *const ends[] = {"sent", "retry", "given_up"};
    const struct calendar_figures *one;
    metrics_head(
        out, "entretiend_calendar_visits_total", "counter", "Visits to calendar servers, by their end.");
    for (one = jobs->calendars; one; one = one->next)
        buf_printf(out,
            "entretiend_calendar_visits_total{calendar=\"%1$s\",end=\"well\"} %2$llu\n"
            "entretiend_calendar_visits_total{calendar=\"%1$s\",end=\"failed\"} %3$llu\n",
            one->id, (unsigned long long)one->visits[0], (unsigned long long)one->visits[1]);
    metrics_head(out, "entretiend_calendar_deliveries_total", "counter", "Attempts to deliver, by their end.");
    for (one = jobs->calendars; one; one = one->next)
        for (size_t i = 0; i < 3; i++)
            buf_printf(out, "entretiend_calendar_deliveries_total{calendar=\"%s\",end=\"%s\"} %llu\n", one->id,
                ends[i], (unsigned long long)one->deliveries[i]);
    metrics_head(out, "entretiend_calendar_failures", "gauge", "Failures in a row; each doubles the wait.");
    for (one = jobs->calendars; one; one = one->next)
        buf_printf(
            out, "entretiend_calendar_failures{calendar=\"%s\"} %lld\n", one->id, (long long)one->failures);
    metrics_head(out, "entretiend_calendar_next_seconds", "gauge", "When it is tried again, in Unix time.");
    for (one = jobs->calendars; one; one = one->next)
        buf_printf(out, "entretiend_calendar_next_seconds{calendar=\"%s\"} %lld\n", one->id,
            (long long)(one->next_at / US_PER_SEC));
}
