#pragma once
/*
 * The organiser's side of an invitation by iTIP (RFC 5546), without a word of iCalendar: which SEQUENCE and
 * DTSTAMP the next message carries, who gets it, what an incoming answer changes. Pure: `now` is an argument,
 * nothing is modified in place, memory only from the caller's arena, any thread. Strings are borrowed.
 *
 * Ordering (RFC 5546 2.1.4, 2.1.5): each attendee remembers the (SEQUENCE, DTSTAMP) of the last answer taken;
 * an answer is taken when it is not older than that, nor older than the last change of the time, nor than the
 * attendee's own invitation. A SEQUENCE we never sent counts as our latest and a DTSTAMP ahead of the clock as
 * now, so that a wrong sender cannot lock later answers out.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum partstat {
    PARTSTAT_NEEDS_ACTION,
    PARTSTAT_ACCEPTED,
    PARTSTAT_TENTATIVE,
    PARTSTAT_DECLINED,
    PARTSTAT_DELEGATED, /* only received: kept as declined, with `delegated` */
    PARTSTAT_OTHER,     /* only received: anything else, never taken */
    PARTSTAT_COUNT
};
/* "NEEDS-ACTION", "ACCEPTED" ... as in RFC 5545 3.2.12; "X-OTHER" for PARTSTAT_OTHER. */
const char *partstat_name(enum partstat partstat);
/* Case-insensitive; NULL and "" are NEEDS-ACTION (the RFC's default), what is not listed is PARTSTAT_OTHER. */
enum partstat partstat_parse(const char *text);

enum itip_method {
    ITIP_NONE, /* nothing to send */
    ITIP_REQUEST,
    ITIP_CANCEL,
    ITIP_DECLINECOUNTER,
    ITIP_REPLY,
    ITIP_COUNTER,
    ITIP_REFRESH,
    ITIP_METHOD_COUNT
};
const char *itip_method_name(enum itip_method method); /* "REQUEST" ... */
/* Case-insensitive; ITIP_NONE for methods this program does not speak. */
enum itip_method itip_method_parse(const char *text);

/* The last answer taken from an attendee. */
struct invitation_answer {
    int method;        /* ITIP_REPLY or ITIP_COUNTER; ITIP_NONE: no answer yet */
    int partstat;      /* enum partstat, as received */
    int sequence;      /* -1: none */
    instant_t dtstamp; /* INSTANT_NONE: none */
    instant_t start;   /* of a COUNTER, else INSTANT_NONE */
    instant_t end;
};

struct invitation_attendee {
    const char *email;      /* compared without case */
    int partstat;           /* enum partstat: never DELEGATED or OTHER */
    bool delegated;         /* declined by delegating: someone else cannot come instead */
    bool countered;         /* the last answer proposes another time, not yet answered by us */
    int since;              /* SEQUENCE with which this person was put on the list */
    int sent;               /* highest SEQUENCE handed to a deliverer, -1: none yet */
    instant_t refreshed_at; /* last REFRESH answered, INSTANT_NONE: none */
    struct invitation_answer answer;
};

enum { INVITATION_ATTENDEES_MAX = 20, INVITATION_SEQUENCE_MAX = 1000000 };

struct invitation {
    const char *uid;
    int sequence;      /* -1: never sent */
    int time_sequence; /* SEQUENCE of the last change of the time */
    instant_t dtstamp; /* of the last message; whole seconds, never going back */
    instant_t start, end;
    bool cancelled;
    bool over; /* set by the caller: the review was held, refused or missed; answers change nothing any more */
    const struct invitation_attendee *attendees;
    size_t attendee_count;
};

/* Nothing sent, nobody invited. */
struct invitation invitation_init(const char *uid);

/* What the organiser does: one row each in the table of invitation.c. */
enum invitation_action {
    INVITATION_NONE,
    INVITATION_INVITE,  /* SEQUENCE 0, or one more when it was sent before and cancelled or corrected since */
    INVITATION_CHANGE,  /* anything but the time: +1, answers stay */
    INVITATION_MOVE,    /* the time: +1, everyone is asked again */
    INVITATION_RESEND,  /* same SEQUENCE, to one attendee or all */
    INVITATION_ADD,     /* same SEQUENCE, to the new attendees only */
    INVITATION_REPLACE, /* +1: CANCEL to those removed, REQUEST to all others */
    INVITATION_REFUSE_COUNTER, /* DECLINECOUNTER to one attendee, same SEQUENCE, the answer stays */
    INVITATION_CANCEL,         /* +1, CANCEL to all */
    INVITATION_ACTION_COUNT
};
const char *invitation_action_name(enum invitation_action action);
bool invitation_raises_sequence(enum invitation_action action);
bool invitation_resets_answers(enum invitation_action action);

struct invitation_change {
    int action;                /* enum invitation_action */
    instant_t start, end;      /* INVITE, MOVE */
    const char *const *emails; /* INVITE, ADD, REPLACE: the whole list after the change */
    size_t email_count;
    const char *email; /* RESEND (NULL: all), REFUSE_COUNTER */
};

/* One mail to one person. */
struct invitation_message {
    int method; /* enum itip_method; ITIP_NONE: only drop what is pending */
    const char *email;
    int sequence;
    instant_t dtstamp;
    bool drops;   /* deliveries to this person that have not left yet are superseded */
    bool removed; /* CANCEL that lists only this person: the review goes on without them */
    bool revises; /* a SEQUENCE of its own: the way to this person may be another one from now on */
};

struct invitation_messages {
    const struct invitation_message *items;
    size_t count;
};

/*
 * Applies what the organiser does. `ret` and `messages` are only written on success. ST_CONFLICT: the action
 * does not fit (never sent, cancelled, no counter to refuse); ST_INVALID with pointers "/start", "/end",
 * "/attendees/2", "/attendee": an empty slot, one in the past, too many people, someone twice, an address that
 * is none, someone not on the list.
 */
enum status invitation_apply(const struct invitation *in, const struct invitation_change *change, instant_t now,
    struct arena *arena, struct invitation *ret, struct invitation_messages *messages, struct error *err);

/* A deliverer has taken that message: later CANCELs must reach this person. */
void invitation_mark_sent(struct invitation_attendee *attendee, int sequence);

/* An answer read from mail, CalDAV or a form. */
struct itip_received {
    int method; /* ITIP_REPLY, ITIP_COUNTER, ITIP_REFRESH */
    const char *uid;
    const char *email;    /* the ATTENDEE, "mailto:" accepted */
    int partstat;         /* enum partstat */
    int sequence;         /* 0 when absent (RFC 5545 3.8.7.4) */
    instant_t dtstamp;    /* INSTANT_NONE when absent: counts as now */
    instant_t start, end; /* COUNTER, else INSTANT_NONE */
    bool verified;        /* the sender is proved to be the attendee, or a person has confirmed it */
};

enum itip_verdict {
    ITIP_TAKEN,
    ITIP_DUPLICATE,  /* the very answer taken last */
    ITIP_STALE,      /* older than the answer taken last */
    ITIP_OUTDATED,   /* answers a time, or an invitation of this person, that has changed since */
    ITIP_ELSEWHERE,  /* another UID */
    ITIP_STRANGER,   /* not an attendee: a forwarded invitation */
    ITIP_OVER,       /* cancelled, held, refused: nothing to answer any more */
    ITIP_UNUSABLE,   /* no usable PARTSTAT, a proposal in the past or without length, a method not for us */
    ITIP_UNVERIFIED, /* would be taken: shown, changing nothing until a person confirms */
    ITIP_VERDICT_COUNT
};
const char *itip_verdict_name(enum itip_verdict verdict);

struct itip_outcome {
    int verdict;                       /* enum itip_verdict */
    const char *sentence;              /* why, for the person who looks at it */
    size_t attendee;                   /* index, when the verdict is neither ELSEWHERE nor STRANGER */
    struct invitation_message message; /* REFRESH taken: what to send; else method ITIP_NONE */
};

/* Judges an answer; `ret` is always written, equal to `in` unless the verdict is ITIP_TAKEN. */
struct itip_outcome invitation_receive(const struct invitation *in, const struct itip_received *received,
    instant_t now, struct arena *arena, struct invitation *ret);

/*
 * What the answers amount to, an ITIP-free word for the review: the one that asks most of the organiser wins.
 * Any counter pending, else any declined, else any tentative, else pending while someone has not answered; only
 * when all have accepted, accepted. Nobody on the list: pending.
 */
enum invitation_aggregate {
    ANSWERS_PENDING,
    ANSWERS_ACCEPTED,
    ANSWERS_TENTATIVE,
    ANSWERS_DECLINED,
    ANSWERS_COUNTERED
};
enum invitation_aggregate invitation_aggregate(const struct invitation *invitation);
