/*
 * Reads a stranger's mail with GMime: ceilings on size and parts before parsing, one walk over the parts,
 * nothing kept of GMime's objects. Any thread.
 */
#include "mail/read.h"

#include "auth.h"
#include "base/text.h"
#include "bounce.h"
#include "bound.h"

#include <gmime/gmime.h>
#include <string.h>

#define MAIL_AUTO(type) __attribute__((cleanup(mail_read_unref))) type

/* Google sends the answers of its calendar's users itself. */
static const char google_sender[] = "calendar-notification@google.com";

static const struct mail_bounds mail_read_bounds = {
    .typed_max = MAIL_READ_PARTS, .begun_max = MAIL_READ_DASHES, .header_max = MAIL_READ_HEADER};

struct mail_reading {
    struct arena *arena;
    struct mail_received *mail;
    const char *authserv_id;
    GMimeObject *calendar; /* best so far */
    bool calendar_is_text;
};

static void mail_read_unref(void *object)
{
    g_clear_object((GObject **)object);
}

static const char *mail_copy_id(struct arena *arena, const char *id)
{
    if (id == NULL || id[0] == '\0' || strlen(id) > 990)
        return NULL;
    for (const char *c = id; *c != '\0'; c++) {
        if (*c <= 0x20 || *c >= 0x7F || *c == '<' || *c == '>')
            return NULL;
    }
    return arena_strdup(arena, id);
}

/* The first id of a header value of ids in brackets. */
static const char *mail_first_id(struct arena *arena, const char *value)
{
    const char *open = value != NULL ? strchr(value, '<') : NULL;
    const char *close = open != NULL ? strchr(open, '>') : NULL;

    return close != NULL ? mail_copy_id(arena, arena_strndup(arena, open + 1, (size_t)(close - open - 1)))
                         : NULL;
}

static void mail_read_from(struct mail_reading *r, GMimeMessage *message)
{
    InternetAddressList *list = g_mime_message_get_from(message);
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    unsigned fields = 0;

    for (int i = 0; i < g_mime_header_list_get_count(headers); i++)
        fields += g_ascii_strcasecmp(
                      g_mime_header_get_name(g_mime_header_list_get_header_at(headers, i)), "From") == 0;
    if (fields != 1 || internet_address_list_length(list) != 1)
        return;
    InternetAddress *address = internet_address_list_get_address(list, 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(address))
        return;
    r->mail->from = mail_lower_address(r->arena, INTERNET_ADDRESS_MAILBOX(address)->addr);
    r->mail->from_name = mail_clean(r->arena, internet_address_get_name(address), false);
}

/* The topmost field of the believed server that speaks of DMARC: forged ones are below. */
static void mail_read_authenticity(struct mail_reading *r, GMimeMessage *message)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));

    if (r->authserv_id == NULL || r->mail->from == NULL)
        return;
    const char *domain = strchr(r->mail->from, '@') + 1;
    for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        const char *value = g_mime_header_get_raw_value(header);
        if (value == NULL || g_ascii_strcasecmp(g_mime_header_get_name(header), "Authentication-Results") != 0)
            continue;
        r->mail->authenticity = mail_auth_results(value, r->authserv_id, domain);
        if (r->mail->authenticity != MAIL_AUTH_NONE)
            return;
    }
}

static bool mail_is_automatic(GMimeObject *message)
{
    const char *submitted = g_mime_object_get_header(message, "Auto-Submitted");
    const char *precedence = g_mime_object_get_header(message, "Precedence");

    if (submitted != NULL && g_ascii_strncasecmp(submitted, "no", 2) != 0)
        return true;
    return precedence != NULL &&
           (g_ascii_strcasecmp(precedence, "bulk") == 0 || g_ascii_strcasecmp(precedence, "auto_reply") == 0 ||
               g_ascii_strcasecmp(precedence, "junk") == 0);
}

static void mail_read_headers(struct mail_reading *r, GMimeMessage *message)
{
    struct mail_received *mail = r->mail;
    GMimeObject *object = GMIME_OBJECT(message);
    GDateTime *date = g_mime_message_get_date(message);

    mail->message_id = mail_copy_id(r->arena, g_mime_message_get_message_id(message));
    mail->in_reply_to = mail_first_id(r->arena, g_mime_object_get_header(object, "In-Reply-To"));
    mail->subject = mail_clean(r->arena, g_mime_message_get_subject(message), false);
    mail->date = date != NULL ? g_date_time_to_unix(date) * US_PER_SEC : INSTANT_NONE;
    mail->automatic = mail_is_automatic(object);
    mail_read_from(r, message);
    mail_read_authenticity(r, message);
}

/* The decoded bytes of a part, NUL-terminated. */
static char *mail_part_bytes(struct arena *arena, GMimeObject *object, size_t *ret_size)
{
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
    MAIL_AUTO(GMimeStream *) stream = g_mime_stream_mem_new();

    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    char *copy = arena_alloc(arena, bytes->len + 1);
    if (bytes->len > 0)
        memcpy(copy, bytes->data, bytes->len);
    *ret_size = bytes->len;
    return copy;
}

static bool mail_names_calendar(GMimeObject *part)
{
    const char *name = g_mime_part_get_filename(GMIME_PART(part));
    size_t size = name != NULL ? strlen(name) : 0;

    return size > 4 && g_ascii_strcasecmp(name + size - 4, ".ics") == 0;
}

static void mail_consider_part(struct mail_reading *r, GMimeObject *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);
    size_t size = 0;

    if (g_mime_content_type_is_type(type, "text", "calendar")) {
        if (!r->calendar_is_text)
            r->calendar = part;
        r->calendar_is_text = true;
    } else if (g_mime_content_type_is_type(type, "application", "ics") || mail_names_calendar(part)) {
        if (r->calendar == NULL)
            r->calendar = part;
    } else if (g_mime_content_type_is_type(type, "message", "delivery-status")) {
        if (r->mail->is_bounce && r->mail->bounces == NULL)
            mail_read_bounces(r->arena, mail_part_bytes(r->arena, part, &size), r->mail);
    } else if (g_mime_content_type_is_type(type, "text", "rfc822-headers")) {
        if (r->mail->is_bounce && r->mail->bounced_message_id == NULL)
            r->mail->bounced_message_id = mail_first_id(
                r->arena, mail_field(r->arena, mail_part_bytes(r->arena, part, &size), "Message-ID"));
    } else if (GMIME_IS_TEXT_PART(part) && r->mail->text == NULL &&
               !g_mime_part_is_attachment(GMIME_PART(part)) &&
               g_mime_content_type_is_type(type, "text", "plain")) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        r->mail->text = mail_clean(r->arena, text, true);
        g_free(text);
    }
}

/* Messages inside the message are not looked into, but for the id of ours that a bounce returns. */
static void mail_consider_message(struct mail_reading *r, GMimeObject *part)
{
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));

    if (r->mail->is_bounce && r->mail->bounced_message_id == NULL && inner != NULL)
        r->mail->bounced_message_id = mail_copy_id(r->arena, g_mime_message_get_message_id(inner));
}

static void mail_walk(struct mail_reading *r, GMimeObject *part, unsigned depth)
{
    if (part == NULL || depth > MAIL_READ_DEPTH)
        return;
    if (GMIME_IS_MULTIPART(part)) {
        for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(part)); i++)
            mail_walk(r, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        mail_consider_message(r, part);
    } else if (GMIME_IS_PART(part)) {
        mail_consider_part(r, part);
    }
}

static bool mail_is_bounce(GMimeObject *part)
{
    const char *report = part != NULL ? g_mime_object_get_content_type_parameter(part, "report-type") : NULL;

    return GMIME_IS_MULTIPART(part) && report != NULL && g_ascii_strcasecmp(report, "delivery-status") == 0 &&
           g_mime_content_type_is_type(g_mime_object_get_content_type(part), "multipart", "report");
}

static void mail_read_body(struct mail_reading *r, GMimeMessage *message)
{
    GMimeObject *body = g_mime_message_get_mime_part(message);

    r->mail->is_bounce = mail_is_bounce(body);
    r->mail->automatic = r->mail->automatic || r->mail->is_bounce;
    mail_walk(r, body, 0);
    if (r->calendar != NULL)
        r->mail->calendar = mail_part_bytes(r->arena, r->calendar, &r->mail->calendar_size);
}

enum status mail_read(struct arena *arena, const char *bytes, size_t size, const char *authserv_id,
    const struct mail_received **ret, struct error *err)
{
    if (size > MAIL_READ_MAX)
        return error_set(err, ST_TOO_LARGE, "a mail of more than %d bytes", MAIL_READ_MAX);
    const char *past = mail_past_bounds(&mail_read_bounds, bytes, size);
    if (past != NULL)
        return error_set(err, ST_TOO_LARGE, "a mail with %s", past);
    MAIL_AUTO(GMimeStream *) stream = g_mime_stream_mem_new_with_buffer(bytes, size);
    MAIL_AUTO(GMimeParser *) parser = g_mime_parser_new_with_stream(stream);
    MAIL_AUTO(GMimeMessage *) message = g_mime_parser_construct_message(parser, NULL);
    if (message == NULL ||
        g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message))) == 0)
        return error_set(err, ST_SYNTAX, "not a mail: no header");
    struct mail_received *mail = ARENA_NEW(arena, struct mail_received);
    struct mail_reading r = {.arena = arena, .mail = mail, .authserv_id = authserv_id};
    mail_read_headers(&r, message);
    mail_read_body(&r, message);
    *ret = mail;
    return ST_OK;
}

bool mail_speaks_for(const struct mail_received *mail, const char *attendee)
{
    return mail->authenticity == MAIL_AUTH_PASS && mail->from != NULL &&
           (g_ascii_strcasecmp(mail->from, attendee) == 0 || strcmp(mail->from, google_sender) == 0);
}
