/* What the daemon says of itself: /healthz, /readyz and /metrics (Prometheus text format 0.0.4). Loop thread.
 */
#include "internal.h"

#include "base/log.h"

#include <string.h>

static const int64_t latency_bounds_us[LATENCY_BUCKETS - 1] = {1000, 2000, 5000, 10000, 50000, 200000, 1000000};

void figures_count(struct api *api, const struct call *call, int status)
{
    if (!call->route)
        return;
    struct route_figures *figures = &api->figures[call->route - routes];
    int64_t taken = clock_monotonic() - call->started;
    unsigned bucket = 0;
    while (bucket < LATENCY_BUCKETS - 1 && taken > latency_bounds_us[bucket])
        bucket++;
    figures->answers[(unsigned)(status / 100) < 6 ? status / 100 : 5]++;
    figures->latency[bucket]++;
    figures->latency_sum_us += (uint64_t)taken;
}

static void metric(struct buf *out, const char *name, const char *type, const char *help, double value)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, type, name, value);
}

static void metrics_routes(const struct api *api, struct buf *out)
{
    buf_text(out, "# HELP entretiend_http_requests_total Answers by route and class of status.\n"
                  "# TYPE entretiend_http_requests_total counter\n");
    for (size_t i = 0; i < routes_count; i++)
        for (int class = 1; class < 6; class ++)
            if (api->figures[i].answers[class])
                buf_printf(out,
                    "entretiend_http_requests_total{method=\"%s\",route=\"%s\",class=\"%dxx\"} %llu\n",
                    http_method_name(routes[i].method), routes[i].path, class,
                    (unsigned long long)api->figures[i].answers[class]);
    buf_text(out, "# HELP entretiend_http_request_seconds Time from a complete request to its answer.\n"
                  "# TYPE entretiend_http_request_seconds histogram\n");
    for (size_t i = 0; i < routes_count; i++) {
        const struct route_figures *figures = &api->figures[i];
        uint64_t total = 0;
        for (int b = 0; b < LATENCY_BUCKETS; b++)
            total += figures->latency[b];
        uint64_t below = 0;
        for (int b = 0; total && b < LATENCY_BUCKETS - 1; b++) {
            below += figures->latency[b];
            buf_printf(out, "entretiend_http_request_seconds_bucket{route=\"%s %s\",le=\"%g\"} %llu\n",
                http_method_name(routes[i].method), routes[i].path, (double)latency_bounds_us[b] / 1e6,
                (unsigned long long)below);
        }
        if (total)
            buf_printf(out,
                "entretiend_http_request_seconds_bucket{route=\"%1$s %2$s\",le=\"+Inf\"} %3$llu\n"
                "entretiend_http_request_seconds_sum{route=\"%1$s %2$s\"} %4$.6f\n"
                "entretiend_http_request_seconds_count{route=\"%1$s %2$s\"} %3$llu\n",
                http_method_name(routes[i].method), routes[i].path, (unsigned long long)total,
                (double)figures->latency_sum_us / 1e6);
    }
}

static void metrics_lag(const struct api *api, struct buf *out)
{
    struct loop_lag lag;
    uint64_t below = 0;
    loop_lag_read(api->options.loop, &lag);
    buf_text(out, "# HELP entretiend_loop_lag_seconds How late the event loop's tick fires.\n"
                  "# TYPE entretiend_loop_lag_seconds histogram\n");
    for (int b = 0; b < LOOP_LAG_BUCKETS - 1; b++) {
        below += lag.bucket[b];
        buf_printf(out, "entretiend_loop_lag_seconds_bucket{le=\"%g\"} %llu\n",
            (double)loop_lag_bounds[b] / 1e6, (unsigned long long)below);
    }
    buf_printf(out,
        "entretiend_loop_lag_seconds_bucket{le=\"+Inf\"} %1$llu\nentretiend_loop_lag_seconds_sum %2$.6f\n"
        "entretiend_loop_lag_seconds_count %1$llu\n",
        (unsigned long long)lag.ticks, (double)lag.sum / 1e6);
    metric(out, "entretiend_loop_lag_recent_max_seconds", "gauge", "The latest full minute's largest lag.",
        (double)lag.recent_max / 1e6);
    metric(out, "entretiend_loop_lag_max_seconds", "gauge", "The largest lag since the start.",
        (double)lag.max / 1e6);
}

static void metrics_lane(struct buf *out, const char *lane, const struct lane_stats *stats)
{
    buf_printf(out,
        "entretiend_lane_jobs_total{lane=\"%1$s\"} %2$llu\nentretiend_lane_refused_total{lane=\"%1$s\"} "
        "%3$llu\n"
        "entretiend_lane_batches_total{lane=\"%1$s\"} %4$llu\nentretiend_lane_waiting{lane=\"%1$s\"} %5$u\n"
        "entretiend_lane_busy_seconds_total{lane=\"%1$s\"} %6$.6f\n",
        lane, (unsigned long long)stats->completed, (unsigned long long)stats->refused,
        (unsigned long long)stats->batches, stats->waiting, (double)stats->busy_us / 1e6);
}

static void metrics_store(const struct api *api, struct buf *out)
{
    struct store_stats stats;
    store_stats(api->options.store, &stats);
    metrics_lane(out, "write", &stats.write);
    metrics_lane(out, "read", &stats.read);
    metrics_lane(out, "long", &stats.longer);
    metric(out, "entretiend_store_commits_total", "counter", "Committed batches.", (double)stats.commits);
    metric(out, "entretiend_store_rollbacks_total", "counter", "Batches rolled back.", (double)stats.rollbacks);
    metric(out, "entretiend_store_bytes", "gauge", "Size of the database file.", (double)stats.file_bytes);
    metric(out, "entretiend_store_wal_bytes", "gauge", "Size of the write-ahead log.", (double)stats.wal_bytes);
    metric(out, "entretiend_store_ready", "gauge", "0 after a failed self-check or while the disk is full.",
        store_ready(api->options.store));
}

static void metrics_server(const struct api *api, struct buf *out)
{
    struct http_stats stats;
    if (!api->server)
        return;
    http_stats(api->server, &stats);
    metric(out, "entretiend_http_connections", "gauge", "Open connections.", stats.open);
    metric(out, "entretiend_http_accepted_total", "counter", "Accepted connections.", (double)stats.accepted);
    metric(out, "entretiend_http_refused_connections_total", "counter", "Connections over a limit.",
        (double)stats.refused_connections);
    metric(out, "entretiend_http_timeouts_total", "counter", "Connections cut at a deadline.",
        (double)stats.timeouts);
    metric(out, "entretiend_http_in_flight", "gauge", "Requests being answered.", stats.in_flight);
    metric(out, "entretiend_http_buffered_bytes", "gauge", "Bodies being received.", (double)stats.buffered);
}

static enum status metrics_local(struct call *call, struct error *err)
{
    (void)err;
    const struct api *api = call->api;
    struct buf *out = &call->body;
    buf_text(out, "# HELP entretiend_build_info The running version.\n# TYPE entretiend_build_info gauge\n"
                  "entretiend_build_info{version=\"" ENTRETIEND_VERSION "\"} 1\n");
    metrics_routes(api, out);
    metrics_server(api, out);
    metrics_lag(api, out);
    metrics_store(api, out);
    metric(
        out, "entretiend_rate_refusals_total", "counter", "Requests answered 429.", (double)api->rate_refusals);
    metric(out, "entretiend_ingest_refused_total", "counter",
        "Requests of platforms that proved where they come from and were refused.",
        (double)api->ingest_refused);
    metric(out, "entretiend_ingest_waiting", "gauge", "Requests of platforms that wait for room.", api->held);
    metric(out, "entretiend_http_streams_cut_total", "counter", "Long answers that failed midway.",
        (double)api->cut_streams);
    metric(out, "entretiend_log_warnings_total", "counter", "Log lines of level warning or worse.",
        (double)log_count(LOG_WARNING));
    metric(out, "entretiend_log_errors_total", "counter", "Log lines of level error.",
        (double)log_count(LOG_ERROR));
    if (api->options.metrics)
        api->options.metrics(api->options.metrics_context, out);
    return ST_OK;
}

const struct op metrics_get = {.name = "metrics_get",
    .summary = "Prometheus metrics",
    .produces = "text/plain; version=0.0.4; charset=utf-8",
    .local = metrics_local};

static enum status health_local(struct call *call, struct error *err)
{
    (void)err;
    struct json_writer w = call_writer(call);
    struct loop_lag lag;
    const struct clock *clock = call->api->options.clock;
    loop_lag_read(call->api->options.loop, &lag);
    jw_open(&w, '{');
    jw_member(&w, "status", "ok");
    jw_member(&w, "version", ENTRETIEND_VERSION);
    jw_member_instant(&w, "time", clock_now(clock));
    jw_member(&w, "clock", clock_is_set(clock) ? "set" : "real");
    jw_key(&w, "loop_lag_max_ms");
    jw_real(&w, (double)lag.recent_max / 1000);
    jw_close(&w, '}');
    return ST_OK;
}

const struct op health_get = {
    .name = "health_get", .summary = "Whether the process lives", .local = health_local};

static enum status ready_local(struct call *call, struct error *err)
{
    if (!call->api->ready)
        return error_set(err, ST_BUSY, "starting or stopping");
    if (!store_ready(call->api->options.store))
        return error_set(err, ST_BUSY, "the store does not take writes");
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member(&w, "status", "ready");
    jw_close(&w, '}');
    return ST_OK;
}

const struct op ready_get = {
    .name = "ready_get", .summary = "Whether requests are served", .local = ready_local};
