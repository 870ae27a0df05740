#pragma once
/*
 * Sending mail through one relay with libcurl (RFC 5321). libcurl's SMTP blocks, inside its multi interface
 * too, so a session belongs to a thread of a mail lane, never to the loop. It keeps its connection between
 * messages.
 */
#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdatomic.h>
#include <stdbool.h>

struct smtp_relay {
    const char *url;               /* smtp://host:port or smtps://host:port */
    const char *user;              /* NULL = no authentication */
    const struct secret *password; /* borrowed; must outlive the sessions */
    bool require_tls;              /* smtp:// must upgrade with STARTTLS (RFC 3207) */
    const char *ca_file;           /* NULL = the system's authorities */
    long connect_timeout_s;
    long timeout_s; /* for a whole message */
    /* NULL = never. Once true, what is under way ends with SMTP_RETRY within about a second, and sessions close
     * without a word. */
    const atomic_bool *stopping;
};

enum smtp_outcome {
    SMTP_SENT,  /* the relay took responsibility (250 after DATA) */
    SMTP_RETRY, /* 4xx, unreachable, time-out: later */
    SMTP_DEAD,  /* 5xx for this message or recipient: never again as it is */
};

struct smtp_result {
    enum smtp_outcome outcome;
    int code;       /* the relay's last reply code, 0 when there was none */
    char text[200]; /* what happened, one line without controls */
};

/* Once per process, before any session. */
void net_init(void);

struct smtp_session;
struct smtp_session *smtp_session_new(const struct smtp_relay *relay);
void smtp_session_free(struct smtp_session *session);

/* Sends one message (CRLF lines, complete header) to one recipient; blocks for at most timeout_s. Addresses
 * must be email_valid (SMTP_DEAD otherwise). */
void smtp_send(struct smtp_session *session, const char *from, const char *to, struct span message,
    struct smtp_result *ret);
/* "smtp" or "smtps", a host, an optional port. */
enum status smtp_url_check(const char *url, struct error *err);
