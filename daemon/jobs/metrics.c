/* What the jobs say of themselves. Loop thread. */
#include "internal.h"

void jobs_metrics(const struct jobs *jobs, struct buf *out)
{
    static const char *const outcomes[] = {"sent", "retry", "given_up"};
    buf_text(out, "# HELP entretiend_deliveries_total Attempts to send a message, by their end.\n"
                  "# TYPE entretiend_deliveries_total counter\n");
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
        buf_printf(out, "entretiend_deliveries_total{channel=\"mail\",end=\"%s\"} %llu\n", outcomes[i],
            (unsigned long long)jobs->outcomes[i]);
    buf_printf(out,
        "# HELP entretiend_deliveries_under_way Messages claimed whose end is not written yet.\n"
        "# TYPE entretiend_deliveries_under_way gauge\n"
        "entretiend_deliveries_under_way{channel=\"mail\"} %u\n",
        jobs->sending);
    buf_printf(out,
        "# HELP entretiend_job_slices Pieces of work of the jobs under way.\n"
        "# TYPE entretiend_job_slices gauge\n"
        "entretiend_job_slices %u\n",
        jobs->running);
    mailbox_metrics(jobs, out);
    talk_metrics(jobs, out);
    selfcheck_metrics(jobs, out);
}
