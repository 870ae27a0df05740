/*
 * The service itself as subsystems: the store, calls to others, the jobs, the interface over them, the server
 * that carries it. Loop thread.
 */
#include "subsystem.h"

#include "api/api.h"
#include "base/log.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include "mail/letter.h"
#include "net/fetch.h"
#include "store/store.h"
#include "work/delivery.h"
#include "work/duties.h"
#include "work/link.h"
#include "work/organisation.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

/* ---- store */

static struct store_options service_store_options(const struct app *app)
{
    const struct config_store *store = &app->config->store;
    return (struct store_options){.path = store->sqlite_file,
        .read_lanes = (unsigned)store->read_lanes,
        .queue = (unsigned)store->queue,
        .batch = (unsigned)store->batch,
        .clock = app->clock,
        .keyring = app->keyring};
}

enum status service_store_start(struct app *app, struct error *err)
{
    struct store_options where = service_store_options(app);
    return store_open(app->loop, &where, &app->store, err);
}

enum status service_store_start_offline(struct app *app, struct error *err)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    enum status status = service_store_start(app, err);
    struct arena *arena = arena_new(0);
    for (size_t i = 0; status == ST_OK && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        status = data_give(app, arena_printf(arena, "%s%s", app->config->store.sqlite_file, suffixes[i]), err);
        if (status != ST_OK)
            service_store_stop(app);
    }
    arena_free(arena);
    return status;
}

void service_store_end(struct app *app, void (*drained)(void *context), void *context)
{
    store_drain(app->store, drained, context);
}

void service_store_stop(struct app *app)
{
    store_free(app->store);
}

/* ---- net */

/* Whoever made a call has ended by then: nothing is left to be patient for. */
enum { NET_PATIENCE_S = 1 };

enum status service_net_start(struct app *app, struct error *err)
{
    const struct config_outgoing *outgoing = &app->config->outgoing;
    net_init();
    struct fetcher_options needs = {.loop = app->loop,
        .clock = app->clock,
        .allow = outgoing->allow,
        .ca_file = outgoing->ca_file,
        .user_agent = "entretiend/" ENTRETIEND_VERSION,
        .concurrency = (unsigned)outgoing->concurrency};
    return fetcher_new(&needs, &app->fetcher, err);
}

void service_net_end(struct app *app, void (*drained)(void *context), void *context)
{
    fetcher_drain(app->fetcher, NET_PATIENCE_S * US_PER_SEC, drained, context);
}

void service_net_stop(struct app *app)
{
    fetcher_free(app->fetcher);
    app->fetcher = NULL;
}

static struct retention_terms service_retention(const struct app *app)
{
    const struct config_retention *config = &app->config->retention;
    return (struct retention_terms){.mail = config->mail, .raw = config->raw, .departed = config->departed};
}

/* ---- jobs */

static struct mailbox_route jobs_mailbox(const struct config_mailbox *mailbox)
{
    long timeout = (long)(mailbox->timeout / US_PER_SEC);
    return (struct mailbox_route){.mailbox = {.url = mailbox->url,
                                      .user = mailbox->user,
                                      .password = mailbox->password,
                                      .require_tls = mailbox->require_tls,
                                      .ca_file = mailbox->ca_file,
                                      .connect_timeout_s = (long)(mailbox->connect_timeout / US_PER_SEC),
                                      .timeout_s = timeout},
        .bearer = {.file = mailbox->token_file,
            .endpoint = mailbox->token_endpoint,
            .client_id = mailbox->token_client,
            .client_secret = mailbox->token_client_secret,
            .refresh_token = mailbox->token_refresh,
            .scope = mailbox->token_scope,
            .ca_file = mailbox->ca_file,
            .timeout_s = timeout},
        .folder = mailbox->folder,
        .authserv_id = mailbox->authserv_id,
        .interval_us = mailbox->interval,
        .per_sender = mailbox->per_sender,
        .strangers = mailbox->strangers};
}

static struct mail_route jobs_route(const struct config_mail *mail)
{
    return (struct mail_route){.transport = (enum mail_transport)mail->transport,
        .directory = mail->directory,
        .relay = {.url = mail->relay,
            .user = mail->user,
            .password = mail->password,
            .require_tls = mail->require_tls,
            .ca_file = mail->ca_file,
            .connect_timeout_s = (long)(mail->connect_timeout / US_PER_SEC),
            .timeout_s = (long)(mail->timeout / US_PER_SEC)}};
}

/* Long work may end before the interface is there, and after it is gone. */
static void jobs_work_ended(void *context, const char *id)
{
    const struct app *app = context;
    if (app->api)
        api_notify(app->api, id);
}

/* What links begin with: as configured, else by address and port. A port that the system chooses is known once
 * it is bound; letters written before then carry no link. */
static void service_name_base(struct app *app)
{
    const struct config_listen *listen = &app->config->listen;
    unsigned port = app->port ? app->port : (unsigned)listen->port;
    bool any = !strcmp(listen->address, "0.0.0.0") || !strcmp(listen->address, "::");
    const char *host = any ? "localhost" : listen->address;
    bool colons = strchr(host, ':') != NULL;
    if (app->base_url || (!listen->base_url && port == 0))
        return;
    int written = listen->base_url
                      ? asprintf(&app->base_url, "%s", listen->base_url)
                      : asprintf(&app->base_url, "%s://%s%s%s:%u", listen->tls_certificate ? "https" : "http",
                            colons ? "[" : "", host, colons ? "]" : "", port);
    if (written < 0)
        abort();
    link_begin(app->base_url);
}

enum status service_jobs_start(struct app *app, struct error *err)
{
    const struct config *config = app->config;
    app->letters = letters_load(config->mail.letters, err);
    if (!app->letters)
        return ST_INVALID;
    app->mail = jobs_route(&config->mail);
    app->mailbox = jobs_mailbox(&config->mailbox);
    app->jobs_seen = clock_now(app->clock);
    delivery_begin(&(struct delivery_means){.letters = app->letters,
        .organiser_name = config->defaults.organiser_name,
        .organiser_email = config->defaults.organiser_email});
    duties_begin(config->rules);
    organisation_begin(&(struct organisation_defaults){
        .locale = (enum lang)config->defaults.locale, .zone = config->defaults.zone});
    service_name_base(app);
    struct jobs_options needs = {.loop = app->loop,
        .store = app->store,
        .clock = app->clock,
        .retention = service_retention(app),
        .mail = &app->mail,
        .fetcher = app->fetcher,
        .ended = jobs_work_ended,
        .mailbox = &app->mailbox,
        .context = app};
    enum status status = jobs_new(&needs, &app->jobs, err);
    if (status != ST_OK)
        letters_free(app->letters);
    return status;
}

/* A set clock wakes nobody by itself. */
void service_jobs_tick(struct app *app)
{
    if (!clock_is_set(app->clock) || clock_now(app->clock) == app->jobs_seen)
        return;
    app->jobs_seen = clock_now(app->clock);
    jobs_wake(app->jobs, NULL);
}

void service_jobs_end(struct app *app, void (*drained)(void *context), void *context)
{
    jobs_drain(app->jobs, drained, context);
}

void service_jobs_stop(struct app *app)
{
    jobs_free(app->jobs);
    app->jobs = NULL;
    letters_free(app->letters);
}

static void jobs_changed(void *context, const char *organisation)
{
    const struct app *app = context;
    jobs_wake(app->jobs, organisation);
}

static void jobs_report(void *context, struct buf *out)
{
    const struct app *app = context;
    jobs_metrics(app->jobs, out);
    fetcher_metrics(app->fetcher, out);
}

/* ---- interface */

enum status service_api_start(struct app *app, struct error *err)
{
    struct api_options needs = {.loop = app->loop,
        .store = app->store,
        .clock = app->clock,
        .keyring = app->keyring,
        .gzip_feeds = app->config->gzip_feeds,
        .keep_raw = app->config->inbox.keep_raw,
        .retention = service_retention(app),
        .changed = jobs_changed,
        .changed_context = app,
        .metrics = jobs_report,
        .metrics_context = app};
    return api_new(&needs, &app->api, err);
}

void service_api_stop(struct app *app)
{
    api_free(app->api);
    app->api = NULL;
}

/* ---- server */

/* Each connection is a descriptor: the soft limit is raised as far as the hard one allows. */
static void http_raise_descriptors(int64_t connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < wanted)
        log_line(LOG_NOTICE, "http", "fewer descriptors than limits.connections may need", "limit=%llu",
            (unsigned long long)limit.rlim_cur);
}

static struct http_limits http_limits_of(const struct config *config)
{
    const struct config_limits *limits = &config->limits;
    return (struct http_limits){.connections = (unsigned)limits->connections,
        .connections_per_address = (unsigned)limits->connections_per_address,
        .header_bytes = (size_t)limits->header_bytes,
        .body_bytes = (size_t)limits->body_bytes,
        .buffered_bytes = (size_t)limits->buffered_bytes,
        .header_deadline_us = limits->header_deadline,
        .body_deadline_us = limits->body_deadline,
        .idle_us = limits->idle,
        .write_deadline_us = limits->write_deadline,
        .trusted_proxies = (unsigned)config->listen.trusted_proxies};
}

static enum status http_apply_tls(struct app *app, struct error *err)
{
    const struct config_listen *listen = &app->config->listen;
    return listen->tls_certificate ? http_set_tls(app->http, listen->tls_certificate, listen->tls_key, err)
                                   : ST_OK;
}

/* Takes over a socket that the service manager listens on; the first one's address is the daemon's. */
static enum status http_take_socket(struct app *app, int fd, struct error *err)
{
    struct sockaddr_storage name = {0};
    socklen_t size = sizeof name;
    char port[8] = "";
    if (fd == SD_LISTEN_FDS_START && getsockname(fd, (struct sockaddr *)&name, &size) == 0 &&
        getnameinfo((struct sockaddr *)&name, size, app->address, sizeof app->address, port, sizeof port,
            NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        app->port = (uint16_t)strtoul(port, NULL, 10); /* of a local socket, whose "port" is its path: 0 */
    return http_listen_fd(app->http, fd, err);
}

/* The sockets that the service manager hands over, or one of our own. */
static enum status http_open_sockets(struct app *app, struct error *err)
{
    const struct config_listen *listen = &app->config->listen;
    int given = sd_listen_fds(1);
    enum status status = ST_OK;
    snprintf(app->address, sizeof app->address, "%s", listen->address);
    app->port = (uint16_t)listen->port;
    if (given <= 0)
        return http_listen(app->http, listen->address, app->port, &app->port, err);
    for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + given && status == ST_OK; fd++)
        status = http_take_socket(app, fd, err);
    return status;
}

enum status service_http_start(struct app *app, struct error *err)
{
    struct http_handler handler = api_handler(app->api);
    struct http_limits limits = http_limits_of(app->config);
    http_raise_descriptors(app->config->limits.connections);
    enum status status = http_server_new(app->loop, &limits, &handler, &app->http, err);
    if (status != ST_OK)
        return status;
    status = http_apply_tls(app, err);
    if (status == ST_OK)
        status = http_open_sockets(app, err);
    if (status != ST_OK) {
        http_server_free(app->http);
        return status;
    }
    api_set_server(app->api, app->http);
    service_name_base(app);
    api_set_base_url(app->api, app->base_url);
    api_set_ready(app->api, true);
    return ST_OK;
}

enum status service_http_reload(struct app *app, const struct config *before, struct error *err)
{
    (void)before;
    return http_apply_tls(app, err);
}

void service_http_end(struct app *app, void (*drained)(void *context), void *context)
{
    api_set_ready(app->api, false);
    http_drain(app->http, app->config->limits.drain_deadline, drained, context);
}

void service_http_stop(struct app *app)
{
    store_close(app->store); /* after a stop that had no time, its jobs still read the requests */
    api_set_server(app->api, NULL);
    http_server_free(app->http);
}
