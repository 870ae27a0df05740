/*
 * multipart/form-data by GMime: the header field and the body are read as one MIME entity, its parts become
 * fields. Nothing of GMime's objects is kept. Any thread.
 */
#include "mail/form.h"

#include "base/text.h"
#include "bound.h"
#include "mail/message.h"

#include <gmime/gmime.h>
#include <limits.h>
#include <string.h>

#define FORM_AUTO(type) __attribute__((cleanup(form_unref))) type

static void form_unref(void *object)
{
    g_clear_object((GObject **)object);
}

enum status form_clean(char *text, struct error *err)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (from[0] != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
    if (!utf8_valid(text, strlen(text)) || text_has_controls(text, true))
        return error_set(err, ST_SYNTAX, "the form holds text that is not UTF-8, or control characters");
    return ST_OK;
}

/* The decoded bytes of a part. */
static enum status form_content(struct arena *arena, GMimePart *part, struct span *ret, struct error *err)
{
    GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
    *ret = (struct span){"", 0};
    if (!wrapper)
        return ST_OK;
    FORM_AUTO(GMimeStream *) stream = g_mime_stream_mem_new();
    if (g_mime_data_wrapper_write_to_stream(wrapper, stream) < 0)
        return error_set(err, ST_SYNTAX, "a part of the form cannot be read");
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    if (bytes->len > 0)
        *ret = (struct span){arena_copy(arena, bytes->data, bytes->len), bytes->len};
    return ST_OK;
}

static enum status form_text(
    struct arena *arena, struct span content, size_t max, const char **ret, struct error *err)
{
    if (content.size > max)
        return error_set(err, ST_SYNTAX, "a text of the form is longer than %zu bytes", max);
    if (memchr(content.data, '\0', content.size))
        return error_set(err, ST_SYNTAX, "the form holds U+0000");
    char *text = arena_strndup(arena, content.data, content.size);
    *ret = text;
    return form_clean(text, err);
}

static enum status form_read_part(
    struct arena *arena, GMimePart *part, struct form_field *ret, struct error *err)
{
    GMimeObject *object = GMIME_OBJECT(part);
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
    const char *kind = disposition ? g_mime_content_disposition_get_disposition(disposition) : NULL;
    const char *name = g_mime_object_get_content_disposition_parameter(object, "name");
    const char *file = g_mime_object_get_content_disposition_parameter(object, "filename");
    if (!kind || g_ascii_strcasecmp(kind, "form-data") != 0 || !name)
        return error_set(err, ST_SYNTAX, "a part of the form has no name");
    *ret = (struct form_field){.value = ""};
    struct span content;
    enum status status = form_text(arena, SPAN_TEXT(name), FORM_NAME_MAX, &ret->name, err);
    if (status == ST_OK && file)
        status = form_text(arena, SPAN_TEXT(file), FORM_TEXT_MAX, &ret->file_name, err);
    if (status == ST_OK)
        status = form_content(arena, part, &content, err);
    if (status != ST_OK)
        return status;
    if (!file)
        return form_text(arena, content, FORM_TEXT_MAX, &ret->value, err);
    ret->content = content;
    return ST_OK;
}

static enum status form_read_parts(
    struct arena *arena, GMimeMultipart *multipart, struct form *ret, struct error *err)
{
    int count = g_mime_multipart_get_count(multipart);
    if (count > FORM_FIELDS_MAX)
        return error_set(err, ST_SYNTAX, "the form has more than %d fields", FORM_FIELDS_MAX);
    struct form_field *fields = ARENA_ARRAY(arena, (size_t)count, struct form_field);
    for (int i = 0; i < count; i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        if (!GMIME_IS_PART(part))
            return error_set(err, ST_SYNTAX, "a part of the form holds parts");
        enum status status = form_read_part(arena, GMIME_PART(part), &fields[i], err);
        if (status != ST_OK)
            return status;
    }
    *ret = (struct form){.fields = fields, .count = (size_t)count};
    return ST_OK;
}

static enum status form_bound(const char *content_type, struct span body, struct error *err)
{
    FORM_AUTO(GMimeContentType *) type = g_mime_content_type_parse(NULL, content_type);
    const char *boundary = type ? g_mime_content_type_get_parameter(type, "boundary") : NULL;
    if (!boundary || !boundary[0] || !g_mime_content_type_is_type(type, "multipart", "form-data"))
        return error_set(err, ST_SYNTAX, "expected multipart/form-data with its boundary");
    const struct mail_bounds bounds = {.boundary = boundary,
        .typed_max = UINT_MAX,
        .begun_max = FORM_FIELDS_MAX + 1,
        .header_max = FORM_HEADER_MAX,
        .flat = true};
    const char *past = mail_past_bounds(&bounds, body.data, body.size);
    return past ? error_set(err, ST_SYNTAX, "the form has %s", past) : ST_OK;
}

enum status form_read_multipart(
    struct arena *arena, const char *content_type, struct span body, struct form *ret, struct error *err)
{
    mail_init();
    enum status status = form_bound(content_type, body, err);
    if (status != ST_OK)
        return status;
    BUF_AUTO entity;
    buf_init(&entity, 0);
    buf_printf(&entity, "Content-Type: %s\r\n\r\n", content_type);
    buf_add(&entity, body.data, body.size);
    FORM_AUTO(GMimeStream *) stream = g_mime_stream_mem_new_with_buffer(entity.data, entity.size);
    FORM_AUTO(GMimeParser *) parser = g_mime_parser_new_with_stream(stream);
    FORM_AUTO(GMimeObject *) object = g_mime_parser_construct_part(parser, NULL);
    if (!object || !GMIME_IS_MULTIPART(object))
        return error_set(err, ST_SYNTAX, "the body is no multipart/form-data");
    return form_read_parts(arena, GMIME_MULTIPART(object), ret, err);
}

static const struct form_field *form_find(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return &form->fields[i];
    return NULL;
}

const char *form_value(const struct form *form, const char *name)
{
    const struct form_field *field = form_find(form, name);
    return field && !field->file_name && field->value[0] ? field->value : NULL;
}

const struct form_field *form_file(const struct form *form, const char *name)
{
    const struct form_field *field = form_find(form, name);
    return field && field->file_name && field->content.size ? field : NULL;
}
