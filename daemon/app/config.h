#pragma once
/*
 * The configuration in force. Read whole at start and again on SIGHUP; the values live as long as the struct.
 * Belongs to the loop thread.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/secret.h"
#include "jobs/jobs.h"
#include "model/rules.h"
#include "option.h"

#define CONFIG_DEFAULT_PATH "/etc/entretiend/entretiend.conf"

enum { CONFIG_OPTIONS_MAX = 128, CONFIG_FILE_MAX = 256 * 1024, CONFIG_PROBLEMS_MAX = 20 };

struct secrets {
    const struct secret **items;
    size_t count;
};

struct config_listen {
    const char *address;
    int64_t port;
    const char *base_url; /* NULL: derived from the address and the port */
    const char *tls_certificate, *tls_key;
    int64_t trusted_proxies;
};

struct config_store {
    const char *data_directory;
    const char *sqlite_file; /* never NULL once loaded */
    int64_t read_lanes, queue, batch;
};

struct config_limits {
    int64_t connections, connections_per_address;
    int64_t header_bytes, body_bytes, buffered_bytes;
    int64_t header_deadline, body_deadline, idle, write_deadline;
    int64_t drain_deadline;
};

struct config_keys {
    const struct secret *sealing; /* NULL: a file of the data directory, made at the first start */
    struct secrets retired;
};

struct config_defaults {
    int locale;
    const char *zone;
    const char *organiser_name, *organiser_email;
};

struct config_mail {
    int transport;         /* enum mail_transport of jobs/jobs.h */
    const char *directory; /* never NULL once loaded */
    const char *letters;
    const char *relay, *user, *ca_file;
    const struct secret *password;
    bool require_tls;
    int64_t connect_timeout, timeout;
};

struct config_retention {
    int64_t mail, raw, departed;
};

struct config_inbox {
    bool keep_raw;
};

struct config_outgoing {
    const char *allow, *ca_file;
    int64_t concurrency;
};

struct config_mailbox {
    const char *url, *user, *folder, *authserv_id, *ca_file;
    const struct secret *password;
    const char *token_file, *token_endpoint, *token_client, *token_scope;
    const struct secret *token_client_secret, *token_refresh;
    bool require_tls;
    int64_t interval, connect_timeout, timeout;
    int64_t per_sender, strangers;
};

struct config {
    struct arena *arena;
    const char *path;                      /* of the file, NULL when there was none */
    const char *texts[CONFIG_OPTIONS_MAX]; /* as given, in the order of `options` */
    int lines[CONFIG_OPTIONS_MAX];         /* where, 0 = default */
    uint32_t faulty; /* a bit for each section that a mistake was found in; what goes with it is not judged */
    struct config_listen listen;
    struct config_store store;
    struct config_limits limits;
    struct config_keys keys;
    struct config_defaults defaults;
    struct config_mail mail;
    struct config_inbox inbox;
    struct config_retention retention;
    struct config_outgoing outgoing;
    struct config_mailbox mailbox;
    bool gzip_feeds;
    int log_level; /* an index into LOG_ERROR ... LOG_DEBUG */
    const char *clock_file;
    const char *rules_file;
    const struct rules *rules; /* of that file, NULL: those built in */
    struct config *former;     /* replaced by this one on a reload: what took its strings keeps them */
};

/* What the command line allows the file to say. */
struct config_source {
    const char *path;   /* NULL: the defaults alone */
    bool may_set_clock; /* --allow-set-clock */
};

/* NULL when anything is wrong: then `problems` holds a line for each of the first CONFIG_PROBLEMS_MAX,
 * "FILE:LINE: section.key: ...", and how many more there are. */
struct config *config_load(const struct config_source *source, struct buf *problems);
/* Frees the former ones too. */
void config_free(struct config *config);
/* Turns `fresh` into what a reload of `current` leads to: options that need a restart keep their old value.
 * `kept` gets the names of those that differ, one a line. */
void config_keep_fixed(const struct config *current, struct config *fresh, struct buf *kept);

/* The configuration in the syntax of the file. Contents of secrets are never in it. */
void config_print(const struct config *config, struct buf *out);
/* config/entretiend.conf and docs/configuration.md. */
void config_sample(struct buf *out);
void config_reference(struct buf *out);

/* Inside the module. The name that `key`, unknown in `section` (NULL: at the top), was meant to be, or what is
 * expected there: the end of a sentence. */
void config_suggest(const char *section, const char *key, struct buf *out);
void config_fault(struct config *config, const char *section);
/* Whether values fit together; a line each into `problems`. */
void config_check(struct config *config, const struct config_source *source, struct buf *problems);
void config_problem(struct buf *problems, const struct config *config, const struct option *option,
    const char *format, ...) PRINTF_LIKE(4, 5);
