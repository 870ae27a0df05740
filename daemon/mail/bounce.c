/* Reads delivery status notifications: blocks of header lines separated by empty lines. Pure, any thread. */
#include "bounce.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

const char *mail_clean(struct arena *arena, const char *text, bool lines)
{
    if (text == NULL || !utf8_valid(text, strlen(text)))
        return NULL;
    size_t size = strnlen(text, MAIL_READ_TEXT) + 1;
    char *clean = arena_alloc(arena, size);
    (void)text_copy(clean, size, text);
    char *to = clean;
    for (const char *from = clean; *from != '\0'; from++) {
        unsigned char c = (unsigned char)*from;
        if (c == '\n' && lines)
            *to++ = '\n';
        else if (c == '\n' || c == '\t')
            *to++ = ' ';
        else if (c >= 0x20 && c != 0x7F)
            *to++ = (char)c;
    }
    *to = '\0';
    return clean[strspn(clean, " \n")] != '\0' ? clean : NULL;
}

const char *mail_lower_address(struct arena *arena, const char *text)
{
    const char *semicolon = text != NULL ? strchr(text, ';') : NULL;

    if (text == NULL)
        return NULL;
    if (semicolon != NULL)
        text = semicolon + 1;
    text += strspn(text, " <");
    char *address = arena_strndup(arena, text, strcspn(text, " >"));
    for (char *c = address; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    return email_valid(address) ? address : NULL;
}

/* The line after `at`. */
static const char *mail_next_line(const char *at)
{
    at += strcspn(at, "\n");
    return *at == '\n' ? at + 1 : at;
}

static bool mail_empty_line(const char *at)
{
    return *at == '\n' || (*at == '\r' && at[1] == '\n');
}

char *mail_field(struct arena *arena, const char *block, const char *name)
{
    size_t size = strlen(name);

    while (*block != '\0' && (strncasecmp(block, name, size) != 0 || block[size] != ':'))
        block = mail_next_line(block);
    if (*block == '\0')
        return NULL;
    BUF_AUTO value;
    buf_init(&value, 0);
    block += size + 1;
    do {
        block += strspn(block, " \t");
        if (value.size > 0)
            buf_char(&value, ' ');
        buf_add(&value, block, strcspn(block, "\r\n"));
        block = mail_next_line(block);
    } while (*block == ' ' || *block == '\t');
    return arena_strndup(arena, value.data, value.size);
}

static enum mail_bounce_action mail_bounce_action(const char *word)
{
    if (word != NULL && strncasecmp(word, "failed", 6) == 0)
        return MAIL_BOUNCE_FAILED;
    if (word != NULL && strncasecmp(word, "delayed", 7) == 0)
        return MAIL_BOUNCE_DELAYED;
    return MAIL_BOUNCE_OTHER;
}

/* The original recipient is the address we wrote to; the final one may be what an alias became. */
static void mail_read_recipient(
    struct arena *arena, const char *block, struct mail_received *mail, struct mail_bounce *bounces)
{
    const char *recipient = mail_lower_address(arena, mail_field(arena, block, "Original-Recipient"));

    if (recipient == NULL)
        recipient = mail_lower_address(arena, mail_field(arena, block, "Final-Recipient"));
    if (recipient == NULL || mail->bounce_count == MAIL_READ_BOUNCES)
        return;
    bounces[mail->bounce_count++] = (struct mail_bounce){
        .recipient = recipient,
        .action = mail_bounce_action(mail_field(arena, block, "Action")),
        .status = mail_clean(arena, mail_field(arena, block, "Status"), false),
        .diagnostic = mail_clean(arena, mail_field(arena, block, "Diagnostic-Code"), false),
    };
}

void mail_read_bounces(struct arena *arena, const char *body, struct mail_received *mail)
{
    struct mail_bounce *bounces = ARENA_ARRAY(arena, MAIL_READ_BOUNCES, struct mail_bounce);

    mail->bounces = bounces;
    while (*body != '\0' && mail->bounce_count < MAIL_READ_BOUNCES) {
        const char *end = body;
        while (*end != '\0' && !mail_empty_line(end))
            end = mail_next_line(end);
        mail_read_recipient(arena, arena_strndup(arena, body, (size_t)(end - body)), mail, bounces);
        body = mail_empty_line(end) ? mail_next_line(end) : end;
    }
}
