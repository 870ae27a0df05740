/*
 * /feeds/{secret}.ics: what calendars read. Errors are chosen for calendar programs: an unknown secret is 404,
 * a revoked one an empty calendar, later 410; never 401 or 403, which make some of them give up on the whole
 * account. What was made is kept on the loop until its organisation has written or its civil day has ended, so
 * that most readers need no lane: see store_version().
 */
#include "http/coding.h"
#include "internal.h"
#include "ops.h"
#include "work/feed.h"

#include <stdlib.h>
#include <string.h>

enum { CALENDAR_MAX = 1024 * 1024, CALENDARS_MAX = 64 * 1024 * 1024 };

/* One subscription in one coding. Its organisation is known from the first reading on, its calendar from the
 * second: only a version that was looked at before a snapshot began vouches for it. */
struct cached_calendar {
    struct sha256 key; /* of the secret and the coding */
    char organisation[ORG_KEY_MAX];
    uint64_t version;
    date_t day;
    const struct zone *zone;
    instant_t modified;
    char etag[40];
    struct shared_body *body; /* NULL: not yet */
};

/* A reading under way. */
struct reading {
    struct sha256 key;
    bool vouched; /* `version` was looked at before the snapshot began */
    uint64_t version;
    char organisation[ORG_KEY_MAX];
    const struct zone *zone;
    date_t day;
    instant_t modified;
    bool made;
};

/* ---- headers */

/* An HTTP date (RFC 9110 5.6.7), rounded up so that it is never before the change. */
static char *http_date(struct arena *arena, int64_t seconds)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    date_t date = (date_t)(seconds / 86400);
    struct ymd ymd = date_ymd(date);
    int64_t second = seconds % 86400;
    return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[date % 7], ymd.day,
        months[ymd.month - 1], ymd.year, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* A second that is not over proves nothing: more may change in it. Clients send back the date they were given;
 * one that is not ours proves nothing either. If-None-Match wins. */
static void calendar_last_modified(struct call *call, instant_t modified)
{
    int64_t seconds = (modified + US_PER_SEC - 1) / US_PER_SEC;
    if (clock_now(call->api->options.clock) <= seconds * US_PER_SEC)
        return;
    const char *date = http_date(call->arena, seconds);
    call_header(call, "Last-Modified", date);
    if (!call->if_none_match && call->if_modified_since && !strcmp(call->if_modified_since, date))
        call->status = 304;
}

/* A calendar holds nothing that a reader may choose, so that its length gives no secret away. */
static bool calendar_is_gzip(const struct call *call)
{
    return call->api->options.gzip_feeds && http_takes_gzip(call->accept_encoding);
}

static void calendar_headers(struct call *call, const char *etag, instant_t modified)
{
    call->body_type = "text/calendar; charset=utf-8";
    call->etag = etag;
    call->coding = calendar_is_gzip(call) ? "gzip" : NULL;
    call_header(call, "Vary", "Accept-Encoding");
    call_header(call, "Cache-Control", "private, max-age=300");
    call_header(call, "Content-Disposition", "inline; filename=\"entretiens.ics\"");
    calendar_last_modified(call, modified);
}

/* ---- what is kept */

static struct cached_calendar **calendar_slot(struct api *api, const struct sha256 *key)
{
    return &api->calendars[(key->bytes[0] << 8 | key->bytes[1]) % CALENDAR_SLOTS];
}

static void calendar_drop(struct api *api, struct cached_calendar *calendar)
{
    if (calendar->body)
        api->calendar_bytes -= calendar->body->size;
    shared_body_release(calendar->body);
    calendar->body = NULL;
}

void api_forget_calendars(struct api *api)
{
    for (size_t i = 0; i < CALENDAR_SLOTS; i++) {
        if (api->calendars[i])
            calendar_drop(api, api->calendars[i]);
        free(api->calendars[i]);
        api->calendars[i] = NULL;
    }
}

/* The secret of ".../SECRET.ics", NULL when it cannot be one. */
static const char *calendar_secret(const struct call *call)
{
    const char *file = call_param(call, "file");
    size_t length = strlen(file);
    bool named = length >= 5 && length <= 80 && strcmp(file + length - 4, ".ics") == 0;
    return named ? arena_strndup(call->arena, file, length - 4) : NULL;
}

static struct sha256 calendar_key(const struct call *call, const char *secret)
{
    const struct span parts[] = {SPAN_TEXT(calendar_is_gzip(call) ? "gzip " : ""), SPAN_TEXT(secret)};
    return sha256_parts(parts, 2);
}

static const struct cached_calendar *calendar_find(const struct call *call, const struct sha256 *key)
{
    const struct cached_calendar *known = *calendar_slot(call->api, key);
    return known && bytes_equal_ct(&known->key, key, sizeof *key) ? known : NULL;
}

bool calendar_known(const struct call *call)
{
    const char *secret = calendar_secret(call);
    struct sha256 key = calendar_key(call, secret ? secret : "");
    return secret && calendar_find(call, &key);
}

static bool calendar_cached(struct call *call)
{
    struct api *api = call->api;
    const char *secret = calendar_secret(call);
    struct reading *reading = ARENA_NEW(call->arena, struct reading);
    *reading = (struct reading){0};
    call->state = reading;
    if (!secret)
        return false;
    reading->key = calendar_key(call, secret);
    const struct cached_calendar *known = calendar_find(call, &reading->key);
    if (!known)
        return false;
    reading->vouched = true;
    reading->version = store_version(api->options.store, known->organisation);
    if (!known->body || known->version != reading->version ||
        known->day != zone_date(known->zone, clock_now(api->options.clock)))
        return false;
    call->shared = known->body;
    calendar_headers(call, known->etag, known->modified);
    return true;
}

static void calendar_remember(struct call *call)
{
    struct api *api = call->api;
    const struct reading *reading = call->state;
    if (!reading->made)
        return;
    struct cached_calendar **slot = calendar_slot(api, &reading->key);
    struct cached_calendar *kept = *slot;
    bool same = kept && memcmp(&kept->key, &reading->key, sizeof(reading->key)) == 0;
    if (!kept)
        kept = *slot = calloc(1, sizeof(*kept));
    if (!kept)
        abort();
    calendar_drop(api, kept);
    kept->key = reading->key;
    memcpy(kept->organisation, reading->organisation, sizeof(kept->organisation));
    if (!same || !reading->vouched || call->body.size > CALENDAR_MAX ||
        api->calendar_bytes + call->body.size > CALENDARS_MAX)
        return;
    kept->version = reading->version;
    kept->day = reading->day;
    kept->zone = reading->zone;
    kept->modified = reading->modified;
    memcpy(kept->etag, call->etag, strlen(call->etag) + 1);
    kept->body = shared_body_new(call->body.data, call->body.size);
    api->calendar_bytes += call->body.size;
}

/* ---- reading */

static void calendar_made(struct call *call, const struct feed_row *row, const struct feed_calendar *calendar)
{
    char hex[SHA256_HEX];
    struct reading *reading = call->state;
    struct sha256 hash = sha256(calendar->text.data, calendar->text.size);
    bool gzip = calendar_is_gzip(call);
    if (gzip)
        http_gzip(&call->body, calendar->text.data, calendar->text.size);
    else
        buf_add(&call->body, calendar->text.data, calendar->text.size);
    /* Strong: each coding has its own (RFC 9110 8.8.3.3). */
    const char *etag = arena_printf(call->arena, "\"%.32s%s\"", sha256_hex(&hash, hex), gzip ? "-gzip" : "");
    calendar_headers(call, etag, calendar->modified);
    memcpy(reading->organisation, row->organisation, strlen(row->organisation) + 1);
    reading->zone = calendar->zone;
    reading->day = calendar->day;
    reading->modified = calendar->modified;
    reading->made = true;
}

static enum status calendar_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct feed_row row;
    struct feed_calendar calendar;
    const char *secret = calendar_secret(call);
    if (!secret || feed_of_secret(snapshot, secret, &row, NULL) != ST_OK) {
        call->wrong_secret = true;
        return error_set(err, ST_NOT_FOUND, "there is no such calendar");
    }
    enum status status = feed_render(snapshot, &row, &calendar, err);
    if (status != ST_OK)
        return status;
    if (calendar.gone) {
        call->refusal = 410;
        status = error_set(err, ST_NOT_FOUND, "this subscription was revoked");
    } else {
        calendar_made(call, &row, &calendar);
    }
    buf_free(&calendar.text);
    return status;
}

const struct op calendar_get = {.name = "feed_calendar",
    .summary = "A subscribed calendar (RFC 5545)",
    .produces = "text/calendar",
    .cached = calendar_cached,
    .remember = calendar_remember,
    .read = calendar_read};

static enum status robots_local(struct call *call, struct error *err)
{
    (void)err;
    buf_text(&call->body, "User-agent: *\nAllow: /feeds/\nDisallow: /\n");
    return ST_OK;
}

/* Google reads no feed of a host whose robots.txt does not answer. */
const struct op robots_get = {.name = "robots_get",
    .summary = "Lets calendars in",
    .produces = "text/plain; charset=utf-8",
    .local = robots_local};
