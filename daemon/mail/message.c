/*
 * Builds messages with GMime, after refusing everything that could become a header or a line of its own.
 * Objects live inside one call, so that any thread may build.
 */
#include "mail/message.h"

#include "base/crypto.h"
#include "base/text.h"

#include <gmime/gmime.h>
#include <string.h>

#define MAIL_AUTO(type) __attribute__((cleanup(mail_unref))) type

static void mail_unref(void *object)
{
    g_clear_object((GObject **)object);
}

void mail_init(void)
{
    g_mime_init();
}

static void mail_check_text(const char *pointer, const char *text, size_t max, bool lines, struct error *err)
{
    if (text == NULL || strnlen(text, max + 1) > max)
        (void)error_field(err, pointer, "a text of at most %zu bytes was expected", max);
    else if (!utf8_valid(text, strlen(text)))
        (void)error_field(err, pointer, "not UTF-8");
    else if (text_has_controls(text, lines))
        (void)error_field(err, pointer, "contains control characters");
}

static void mail_check_address(const char *pointer, const struct mail_address *address, struct error *err)
{
    if (address->email == NULL || !email_valid(address->email))
        (void)error_field(err, pointer, "a mail address was expected");
    if (address->name != NULL)
        mail_check_text(pointer, address->name, MAIL_NAME_MAX, false, err);
}

/* id-left "@" id-right of printable ASCII (RFC 5322, 3.6.4); Message-IDs are ours, so the strict form will do.
 */
static void mail_check_id(const char *pointer, const char *id, struct error *err)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+=@";
    const char *at = id != NULL ? strchr(id, '@') : NULL;

    if (at == NULL || at == id || at[1] == '\0' || strchr(at + 1, '@') != NULL || strlen(id) > 250 ||
        strspn(id, allowed) != strlen(id))
        (void)error_field(err, pointer, "local@domain was expected");
}

static enum status mail_check(const struct mail_message *m, struct error *err)
{
    struct error found = ERROR_INIT;

    mail_check_address("/from", &m->from, &found);
    mail_check_address("/to", &m->to, &found);
    mail_check_text("/subject", m->subject, MAIL_SUBJECT_MAX, false, &found);
    mail_check_id("/message_id", m->message_id, &found);
    if (m->in_reply_to != NULL)
        mail_check_id("/in_reply_to", m->in_reply_to, &found);
    if (m->date < 0 || m->date > INT64_C(253402300799) * US_PER_SEC)
        (void)error_field(&found, "/date", "an instant was expected");
    mail_check_text("/text", m->text, MAIL_BODY_MAX, true, &found);
    mail_check_text("/html", m->html, MAIL_BODY_MAX, true, &found);
    if (m->calendar != NULL && (m->calendar->size == 0 || m->calendar->size > MAIL_CALENDAR_MAX))
        (void)error_field(&found, "/calendar", "1 to %d bytes were expected", MAIL_CALENDAR_MAX);
    if (m->calendar != NULL && m->calendar->method == ITIP_NONE)
        (void)error_field(&found, "/calendar", "a METHOD was expected");
    if (found.status != ST_OK && err != NULL)
        *err = found;
    return found.status;
}

static GMimeObject *mail_part(
    const char *type, const char *subtype, const char *data, size_t size, GMimeContentEncoding encoding)
{
    GMimePart *part = g_mime_part_new_with_type(type, subtype);
    MAIL_AUTO(GMimeStream *) stream = g_mime_stream_mem_new_with_buffer(data, size);
    MAIL_AUTO(GMimeDataWrapper *)
    content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    return GMIME_OBJECT(part);
}

static GMimeObject *mail_text_part(const char *subtype, const char *text)
{
    GMimeObject *part = mail_part("text", subtype, text, strlen(text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);

    g_mime_object_set_content_type_parameter(part, "charset", "UTF-8");
    return part;
}

/* Last of the alternatives, base64, no Content-Disposition: what makes clients show their answer buttons. */
static GMimeObject *mail_calendar_part(const struct mail_calendar *calendar)
{
    GMimeObject *part =
        mail_part("text", "calendar", calendar->text, calendar->size, GMIME_CONTENT_ENCODING_BASE64);

    g_mime_object_set_content_type_parameter(part, "charset", "UTF-8");
    g_mime_object_set_content_type_parameter(part, "method", itip_method_name(calendar->method));
    return part;
}

static GMimeObject *mail_attached_calendar(const struct mail_calendar *calendar)
{
    GMimeObject *part =
        mail_part("application", "ics", calendar->text, calendar->size, GMIME_CONTENT_ENCODING_BASE64);

    g_mime_object_set_content_type_parameter(part, "name", "invite.ics");
    g_mime_object_set_disposition(part, "attachment");
    g_mime_object_set_content_disposition_parameter(part, "filename", "invite.ics");
    return part;
}

/* A boundary that no encoded content holds ("=_" is in neither base64 nor quoted-printable). */
static GMimeMultipart *mail_multipart(const char *subtype, const struct mail_message *m)
{
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    const struct span parts[] = {SPAN_TEXT(subtype), SPAN_TEXT(m->message_id)};
    struct sha256 hash = sha256_parts(parts, 2);
    char hex[SHA256_HEX];
    char boundary[64];

    (void)g_snprintf(boundary, sizeof(boundary), "=_%.32s", sha256_hex(&hash, hex));
    g_mime_multipart_set_boundary(multipart, boundary);
    return multipart;
}

static void mail_add(GMimeMultipart *multipart, GMimeObject *part)
{
    g_mime_multipart_add(multipart, part);
    g_object_unref(part);
}

static GMimeObject *mail_body(const struct mail_message *m)
{
    GMimeMultipart *alternative = mail_multipart("alternative", m);

    mail_add(alternative, mail_text_part("plain", m->text));
    mail_add(alternative, mail_text_part("html", m->html));
    if (m->calendar == NULL)
        return GMIME_OBJECT(alternative);
    mail_add(alternative, mail_calendar_part(m->calendar));
    GMimeMultipart *mixed = mail_multipart("mixed", m);
    mail_add(mixed, GMIME_OBJECT(alternative));
    mail_add(mixed, mail_attached_calendar(m->calendar));
    return GMIME_OBJECT(mixed);
}

static void mail_headers(GMimeMessage *message, const struct mail_message *m)
{
    GMimeObject *object = GMIME_OBJECT(message);
    GDateTime *date = g_date_time_new_from_unix_utc(m->date / US_PER_SEC);

    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, m->from.name, m->from.email);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, m->to.name, m->to.email);
    g_mime_message_set_subject(message, m->subject, "utf-8");
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_mime_message_set_message_id(message, m->message_id);
    if (m->in_reply_to != NULL) {
        char *bracketed = g_strdup_printf("<%s>", m->in_reply_to);
        g_mime_object_set_header(object, "In-Reply-To", bracketed, "utf-8");
        g_free(bracketed);
    }
    g_mime_object_set_header(object, "Content-Language", m->lang == LANG_EN ? "en" : "fr", "utf-8");
    g_mime_object_set_header(object, "Auto-Submitted", "auto-generated", "utf-8");
}

enum status mail_build(struct buf *out, const struct mail_message *m, struct error *err)
{
    enum status status = mail_check(m, err);

    if (status != ST_OK)
        return status;
    MAIL_AUTO(GMimeMessage *) message = g_mime_message_new(FALSE);
    MAIL_AUTO(GMimeObject *) body = mail_body(m);
    mail_headers(message, m);
    g_mime_message_set_mime_part(message, body);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    char *text = g_mime_object_to_string(GMIME_OBJECT(message), format);
    g_mime_format_options_free(format);
    if (text == NULL)
        return error_set(err, ST_INTERNAL, "the message could not be written");
    buf_text(out, text);
    g_free(text);
    return ST_OK;
}
