/*
 * The options: the one list that the loader, the printer, the sample file and the reference follow. Data only.
 */
#include "config.h"

#define AT(member) .offset = offsetof(struct config, member)
#define SECONDS(n) ((n)*US_PER_SEC)
#define DAYS(n)    ((n)*US_PER_DAY)
#define KIB(n)     (INT64_C(1024) * (n))
#define MIB(n)     (KIB(1024) * (n))

static const char *const level_names[] = {"error", "warning", "notice", "info", "debug", NULL};
static const char *const locale_names[] = {"fr", "en", NULL};
static const char *const transport_names[] = {"off", "file", "smtp", NULL};

const struct option_section option_sections[] = {
    {"listen", "Where people and machines reach the daemon."},
    {"store", "Where everything is kept."},
    {"limits", "Ceilings and deadlines of what comes in."},
    {"keys", "Keys that seal the secrets in the store. Keys are read from files or systemd credentials only."},
    {"defaults", "What a new organisation starts with."},
    {"rules", "What the duties are computed by."},
    {"mail", "How messages leave."},
    {"inbox", "What platforms post."},
    {"retention",
        "How long personal data is kept: nightly, contents are emptied and people erased; hashes stay."},
    {"outgoing", "What the daemon fetches from others: LMS platforms, calendars."},
    {"mailbox", "Where answers to invitations come in: the organiser's mailbox, read by IMAP."},
    {"feeds", "Calendars that people subscribe to."},
    {"log", "What is written to standard error."},
    {"clock", "The time, for tests and demonstrations."},
};
const size_t option_sections_count = sizeof(option_sections) / sizeof(option_sections[0]);

const struct option options[] = {
    {"listen.address", OPTION_ADDRESS, AT(listen.address), "127.0.0.1",
        .doc = "Address to listen on; `::` and `0.0.0.0` mean every interface."},
    {"listen.port", OPTION_NUMBER, AT(listen.port), "8470", .min = 0, .max = 65535,
        .doc = "Port to listen on; 0 takes any free one."},
    {"listen.base_url", OPTION_URL, AT(listen.base_url), "", OPTION_MAY_BE_EMPTY,
        .doc = "Address that people's links and feeds begin with; empty: made from address and port."},
    {"listen.tls_certificate", OPTION_FILE, AT(listen.tls_certificate), "", OPTION_MAY_BE_EMPTY | OPTION_RELOAD,
        .doc = "Certificate chain (PEM); empty: plain HTTP, for use behind a proxy."},
    {"listen.tls_key", OPTION_FILE, AT(listen.tls_key), "", OPTION_MAY_BE_EMPTY | OPTION_RELOAD,
        .doc = "Private key of the certificate (PEM)."},
    {"listen.trusted_proxies", OPTION_NUMBER, AT(listen.trusted_proxies), "0", .min = 0, .max = 8,
        .doc = "Proxies in front whose `X-Forwarded-For` is believed."},

    {"store.data_directory", OPTION_PATH, AT(store.data_directory), "/var/lib/entretiend",
        .doc = "Directory of the store and of generated keys; must exist, closed to others (mode 0700)."},
    {"store.sqlite_file", OPTION_PATH, AT(store.sqlite_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "The SQLite file; empty: `entretiend.db` in the data directory."},
    {"store.read_lanes", OPTION_NUMBER, AT(store.read_lanes), "2", .min = 1, .max = 4,
        .doc = "Threads that answer reads."},
    {"store.queue", OPTION_NUMBER, AT(store.queue), "1024", .min = 16, .max = 65536,
        .doc = "Writes that may wait; more are answered 503 with `Retry-After`."},
    {"store.batch", OPTION_NUMBER, AT(store.batch), "256", .min = 1, .max = 256,
        .doc = "Writes committed together at most."},

    {"limits.connections", OPTION_NUMBER, AT(limits.connections), "16384", .min = 1, .max = 65536,
        .doc = "Open connections in all."},
    {"limits.connections_per_address", OPTION_NUMBER, AT(limits.connections_per_address), "4096", .min = 1,
        .max = 65536, .doc = "Open connections of one IPv4 address or IPv6 /64 network."},
    {"limits.header_bytes", OPTION_SIZE, AT(limits.header_bytes), "16KiB", .min = KIB(1), .max = MIB(1),
        .doc = "Request line and header fields together; more is answered 431."},
    {"limits.body_bytes", OPTION_SIZE, AT(limits.body_bytes), "1MiB", .min = KIB(1), .max = MIB(64),
        .doc = "Body of a request to a route without a ceiling of its own; more is answered 413."},
    {"limits.buffered_bytes", OPTION_SIZE, AT(limits.buffered_bytes), "64MiB", .min = MIB(1), .max = MIB(4096),
        .doc = "All bodies being received; more is answered 503."},
    {"limits.header_deadline", OPTION_DURATION, AT(limits.header_deadline), "10s", .min = SECONDS(1),
        .max = SECONDS(300), .doc = "Time for a whole header."},
    {"limits.body_deadline", OPTION_DURATION, AT(limits.body_deadline), "60s", .min = SECONDS(1),
        .max = SECONDS(3600), .doc = "Time for a whole body."},
    {"limits.idle", OPTION_DURATION, AT(limits.idle), "60s", .min = SECONDS(1), .max = SECONDS(3600),
        .doc = "Time a connection may rest between requests."},
    {"limits.write_deadline", OPTION_DURATION, AT(limits.write_deadline), "60s", .min = SECONDS(1),
        .max = SECONDS(3600), .doc = "Time a reader may go without taking a byte of an answer."},
    {"limits.drain_deadline", OPTION_DURATION, AT(limits.drain_deadline), "20s", .min = SECONDS(1),
        .max = SECONDS(600), .doc = "Time that requests under way get to end when the daemon stops."},

    {"keys.sealing", OPTION_SECRET, AT(keys.sealing), "", OPTION_MAY_BE_EMPTY,
        .doc = "Key that seals: 32 bytes or 64 hexadecimal digits; empty: `sealing.key` in the data directory, "
               "made at the first start."},
    {"keys.retired", OPTION_SECRETS, AT(keys.retired), "", OPTION_MAY_BE_EMPTY,
        .doc = "Former sealing keys, which still open what they sealed."},

    {"defaults.locale", OPTION_CHOICE, AT(defaults.locale), "fr", .names = locale_names,
        .doc = "Language of messages and pages."},
    {"defaults.zone", OPTION_ZONE, AT(defaults.zone), "Europe/Paris", .doc = "Time zone of civil dates."},
    {"defaults.organiser_name", OPTION_TEXT, AT(defaults.organiser_name), "Ressources humaines",
        .doc = "Name that invitations come from."},
    {"defaults.organiser_email", OPTION_EMAIL, AT(defaults.organiser_email), "", OPTION_MAY_BE_EMPTY,
        .doc = "Mailbox that invitations come from and answers go to."},

    {"rules.file", OPTION_FILE, AT(rules_file), "", OPTION_MAY_BE_EMPTY,
        .doc =
            "Rules (JSON) that replace those built in, `config/rules/fr-l6315-1.json`; checked whole at start. "
            "All duties are computed again when they change."},

    {"mail.transport", OPTION_CHOICE, AT(mail.transport), "off", .names = transport_names,
        .doc = "`smtp` hands each message to the relay, `file` writes it into the directory; `off` keeps them "
               "waiting."},
    {"mail.directory", OPTION_PATH, AT(mail.directory), "", OPTION_MAY_BE_EMPTY,
        .doc = "Where `file` writes; empty: `outbox` in the data directory."},
    {"mail.relay", OPTION_TEXT, AT(mail.relay), "", OPTION_MAY_BE_EMPTY,
        .doc = "The relay of `smtp`: `smtp://host:port`, or `smtps://host:port` for TLS from the first byte."},
    {"mail.user", OPTION_TEXT, AT(mail.user), "", OPTION_MAY_BE_EMPTY,
        .doc = "Who logs in at the relay; empty: nobody."},
    {"mail.password", OPTION_SECRET, AT(mail.password), "", OPTION_MAY_BE_EMPTY, .doc = "The user's password."},
    {"mail.require_tls", OPTION_FLAG, AT(mail.require_tls), "yes",
        .doc = "Whether `smtp://` must change to TLS (STARTTLS) before anything is sent."},
    {"mail.ca_file", OPTION_FILE, AT(mail.ca_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "Certificates (PEM) that the relay is checked with; empty: the system's."},
    {"mail.connect_timeout", OPTION_DURATION, AT(mail.connect_timeout), "10s", .min = SECONDS(1),
        .max = SECONDS(60), .doc = "Time for the connection to the relay."},
    {"mail.timeout", OPTION_DURATION, AT(mail.timeout), "60s", .min = SECONDS(1), .max = SECONDS(180),
        .doc = "Time for a whole message."},
    {"mail.letters", OPTION_PATH, AT(mail.letters), "", OPTION_MAY_BE_EMPTY,
        .doc = "Directory of letters that replace the built-in ones of the same name."},

    {"inbox.keep_raw", OPTION_FLAG, AT(inbox.keep_raw), "no",
        .doc = "Whether whole bodies that platforms post are kept beside the records in them, where a body "
               "with several "
               "people shows each the others; mappings that refer to the whole body need it to read again."},

    {"retention.mail", OPTION_DURATION, AT(retention.mail), "365d", .min = DAYS(30), .max = DAYS(36500),
        .doc = "How long contents of mails are kept that were sent, given up, or came in about no review."},
    {"retention.raw", OPTION_DURATION, AT(retention.raw), "3653d", .min = DAYS(30), .max = DAYS(36500),
        .doc = "How long raw bodies of completions and answers are kept: the eight years of a cycle and two "
               "more."},
    {"retention.departed", OPTION_DURATION, AT(retention.departed), "1827d", .min = DAYS(365),
        .max = DAYS(36500), .doc = "How long after their exit people are erased: five years."},

    {"outgoing.allow", OPTION_NETWORKS, AT(outgoing.allow), "", OPTION_MAY_BE_EMPTY,
        .doc =
            "Addresses that are not public and yet may be connected to, by network or by host name; all other "
            "private, loopback and link-local addresses are refused."},
    {"outgoing.ca_file", OPTION_FILE, AT(outgoing.ca_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "Certificates (PEM) that servers are checked with; empty: the system's."},
    {"outgoing.concurrency", OPTION_NUMBER, AT(outgoing.concurrency), "16", .min = 1, .max = 256,
        .doc = "HTTP calls under way at the same time."},
    {"mailbox.url", OPTION_TEXT, AT(mailbox.url), "", OPTION_MAY_BE_EMPTY,
        .doc =
            "The mailbox: `imap://host:port/INBOX`, or `imaps://host:port/INBOX` for TLS from the first byte; "
            "empty: none is read."},
    {"mailbox.user", OPTION_TEXT, AT(mailbox.user), "", OPTION_MAY_BE_EMPTY, .doc = "Who logs in."},
    {"mailbox.password", OPTION_SECRET, AT(mailbox.password), "", OPTION_MAY_BE_EMPTY,
        .doc = "The user's password; empty: a bearer token (OAuth 2, XOAUTH2)."},
    {"mailbox.token_file", OPTION_PATH, AT(mailbox.token_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "File that holds a fresh bearer token, closed to others; read at each look."},
    {"mailbox.token_endpoint", OPTION_URL, AT(mailbox.token_endpoint), "", OPTION_MAY_BE_EMPTY,
        .doc = "Where a bearer token is asked for (RFC 6749)."},
    {"mailbox.token_client", OPTION_TEXT, AT(mailbox.token_client), "", OPTION_MAY_BE_EMPTY,
        .doc = "The client's id there."},
    {"mailbox.token_client_secret", OPTION_SECRET, AT(mailbox.token_client_secret), "", OPTION_MAY_BE_EMPTY,
        .doc = "The client's secret there."},
    {"mailbox.token_refresh", OPTION_SECRET, AT(mailbox.token_refresh), "", OPTION_MAY_BE_EMPTY,
        .doc = "The refresh token; empty: the client asks in its own name (client credentials)."},
    {"mailbox.token_scope", OPTION_TEXT, AT(mailbox.token_scope), "", OPTION_MAY_BE_EMPTY,
        .doc = "The scope that is asked for."},
    {"mailbox.require_tls", OPTION_FLAG, AT(mailbox.require_tls), "yes",
        .doc = "Whether `imap://` must change to TLS (STARTTLS) before anything is sent."},
    {"mailbox.ca_file", OPTION_FILE, AT(mailbox.ca_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "Certificates (PEM) that the server is checked with; empty: the system's."},
    {"mailbox.interval", OPTION_DURATION, AT(mailbox.interval), "60s", .min = SECONDS(1), .max = SECONDS(3600),
        .doc = "Time between two looks; after failures up to fifteen minutes."},
    {"mailbox.folder", OPTION_TEXT, AT(mailbox.folder), "entretiend",
        .doc = "Folder that answers are moved to once they are kept; other mail stays where it is."},
    {"mailbox.authserv_id", OPTION_TEXT, AT(mailbox.authserv_id), "", OPTION_MAY_BE_EMPTY,
        .doc = "The mail server whose `Authentication-Results` are believed (RFC 8601); empty: every answer "
               "waits for a person."},
    {"mailbox.per_sender", OPTION_NUMBER, AT(mailbox.per_sender), "100", .min = 1, .max = 100000,
        .doc = "Mails of one sender that are kept within 24 hours while they prove nothing; more stay in the "
               "inbox."},
    {"mailbox.strangers", OPTION_NUMBER, AT(mailbox.strangers), "2000", .min = 1, .max = 1000000,
        .doc = "The same for all senders together, of mails that belong to no review."},
    {"mailbox.connect_timeout", OPTION_DURATION, AT(mailbox.connect_timeout), "10s", .min = SECONDS(1),
        .max = SECONDS(60), .doc = "Time for the connection to the server."},
    {"mailbox.timeout", OPTION_DURATION, AT(mailbox.timeout), "60s", .min = SECONDS(1), .max = SECONDS(180),
        .doc = "Time for each command."},

    {"feeds.gzip", OPTION_FLAG, AT(gzip_feeds), "no",
        .doc =
            "Calendars are sent compressed to programs that ask for it. Outlook and Microsoft 365 are "
            "reported to break on that. Nothing else is ever compressed: an answer that holds a secret beside "
            "what a stranger may choose would give it away by its length (BREACH)."},

    {"log.level", OPTION_CHOICE, AT(log_level), "info", OPTION_RELOAD, .names = level_names,
        .doc = "The least important lines that are written."},

    {"clock.file", OPTION_FILE, AT(clock_file), "", OPTION_MAY_BE_EMPTY,
        .doc = "File holding the instant to live in (RFC 3339); refused without `--allow-set-clock`."},
};
const size_t options_count = sizeof(options) / sizeof(options[0]);
_Static_assert(sizeof(options) / sizeof(options[0]) <= CONFIG_OPTIONS_MAX, "struct config holds every option");
