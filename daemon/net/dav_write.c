/*
 * Bodies of requests to CalDAV servers, and where their answers' hrefs lead. Any thread.
 */
#include "net/dav.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define SPACES   " xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\""

void dav_put_who(struct buf *out)
{
    buf_text(out, XML_HEAD "<D:propfind" SPACES "><D:prop><D:current-user-principal/><D:resourcetype/>"
                           "</D:prop></D:propfind>");
}

void dav_put_homes(struct buf *out)
{
    buf_text(out, XML_HEAD "<D:propfind" SPACES "><D:prop><C:calendar-home-set/><C:schedule-outbox-URL/>"
                           "<C:calendar-user-address-set/></D:prop></D:propfind>");
}

void dav_put_calendars(struct buf *out)
{
    buf_text(out, XML_HEAD "<D:propfind" SPACES "><D:prop><D:resourcetype/>"
                           "<C:supported-calendar-component-set/></D:prop></D:propfind>");
}

/* 20261123T080000Z */
static void dav_put_time(struct buf *out, instant_t at)
{
    char text[INSTANT_TEXT_MAX];
    for (const char *c = instant_text(at - at % US_PER_SEC, text); *c; c++)
        if (*c != '-' && *c != ':')
            buf_char(out, *c);
}

void dav_put_freebusy(struct buf *out, instant_t from, instant_t to)
{
    buf_text(out, XML_HEAD "<C:free-busy-query" SPACES "><C:time-range start=\"");
    dav_put_time(out, from);
    buf_text(out, "\" end=\"");
    dav_put_time(out, to);
    buf_text(out, "\"/></C:free-busy-query>");
}

/* Whoever can expands what recurs. */
void dav_put_events(struct buf *out, instant_t from, instant_t to)
{
    buf_text(out, XML_HEAD "<C:calendar-query" SPACES "><D:prop><C:calendar-data><C:expand start=\"");
    dav_put_time(out, from);
    buf_text(out, "\" end=\"");
    dav_put_time(out, to);
    buf_text(out, "\"/></C:calendar-data></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\">"
                  "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"");
    dav_put_time(out, from);
    buf_text(out, "\" end=\"");
    dav_put_time(out, to);
    buf_text(out, "\"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>");
}

/* ---- where hrefs lead */

static char *dav_url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool dav_same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *one = dav_url_part(a, part, CURLU_DEFAULT_PORT);
    char *other = dav_url_part(b, part, CURLU_DEFAULT_PORT);
    bool same = one && other && !strcmp(one, other);
    curl_free(one);
    curl_free(other);
    return same;
}

char *dav_resolve(struct arena *arena, const char *base, const char *href)
{
    CURLU *from = curl_url();
    CURLU *to = curl_url();
    char *made = NULL;
    if (!from || !to)
        abort();
    bool read = href && curl_url_set(from, CURLUPART_URL, base, 0) == CURLUE_OK &&
                curl_url_set(to, CURLUPART_URL, base, 0) == CURLUE_OK &&
                curl_url_set(to, CURLUPART_URL, href, 0) == CURLUE_OK;
    char *user = read ? dav_url_part(to, CURLUPART_USER, 0) : NULL;
    if (read && !user && dav_same_part(from, to, CURLUPART_SCHEME) && dav_same_part(from, to, CURLUPART_HOST) &&
        dav_same_part(from, to, CURLUPART_PORT)) {
        char *text = dav_url_part(to, CURLUPART_URL, 0);
        made = text ? arena_strdup(arena, text) : NULL;
        curl_free(text);
    }
    curl_free(user);
    curl_url_cleanup(from);
    curl_url_cleanup(to);
    return made;
}
