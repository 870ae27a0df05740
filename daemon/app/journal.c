/*
 * Log lines as entries of the journal, when standard error is it: what a line says in key=value becomes fields
 * of its own, and each kind of line has an id (systemd.journal-fields(7)). Any thread.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "subsystem.h"

#include "base/crypto.h"
#include "base/log.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

enum { JOURNAL_OWN = 5, JOURNAL_ID_DIGITS = 32 };

/* Keys that the journal's other users know by these names; others are ours. */
static const struct journal_name {
    const char *key, *field;
} journal_names[] = {
    {"request", "REQUEST_ID"},
    {"organisation", "ORGANISATION"},
};

static void journal_field_name(struct buf *out, const char *key)
{
    for (size_t i = 0; i < sizeof journal_names / sizeof journal_names[0]; i++)
        if (strcmp(journal_names[i].key, key) == 0) {
            buf_text(out, journal_names[i].field);
            return;
        }
    buf_text(out, "ENTRETIEND_");
    for (const char *c = key; *c; c++)
        buf_char(out, (char)toupper((unsigned char)*c));
}

/* The same for every line with this subject and message: half of a hash of both. */
static void journal_id(const struct log_record *record, char out[static SHA256_HEX])
{
    char text[256];
    int size = snprintf(text, sizeof text, "%s: %s", record->subject, record->message);
    struct sha256 hash = sha256(text, size < (int)sizeof text ? (size_t)size : sizeof text - 1);
    sha256_hex(&hash, out);
    out[JOURNAL_ID_DIGITS] = '\0';
}

static bool journal_take(const struct log_record *record)
{
    struct iovec parts[JOURNAL_OWN + LOG_FIELDS_MAX];
    size_t ends[JOURNAL_OWN + LOG_FIELDS_MAX];
    size_t count = 0, start = 0;
    char id[SHA256_HEX];
    BUF_AUTO text;
    buf_init(&text, 0);
    journal_id(record, id);
    buf_printf(&text, "MESSAGE=%s", record->line);
    ends[count++] = text.size;
    buf_printf(&text, "PRIORITY=%d", (int)record->level);
    ends[count++] = text.size;
    buf_text(&text, "SYSLOG_IDENTIFIER=entretiend");
    ends[count++] = text.size;
    buf_printf(&text, "MESSAGE_ID=%s", id);
    ends[count++] = text.size;
    buf_printf(&text, "ENTRETIEND_SUBJECT=%s", record->subject);
    ends[count++] = text.size;
    for (unsigned i = 0; i < record->count; i++) {
        journal_field_name(&text, record->fields[i].key);
        buf_printf(&text, "=%s", record->fields[i].value);
        ends[count++] = text.size;
    }
    for (size_t i = 0; i < count; start = ends[i++])
        parts[i] = (struct iovec){.iov_base = text.data + start, .iov_len = ends[i] - start};
    return sd_journal_sendv(parts, (int)count) == 0;
}

/* As systemd.exec(5) says: the variable is inherited by whoever sends standard error elsewhere. */
static bool journal_is_standard_error(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat info;
    char mine[64];
    if (!stream || fstat(STDERR_FILENO, &info) < 0)
        return false;
    (void)snprintf(mine, sizeof mine, "%ju:%ju", (uintmax_t)info.st_dev, (uintmax_t)info.st_ino);
    return strcmp(stream, mine) == 0;
}

void journal_begin(void)
{
    if (journal_is_standard_error())
        log_set_sink(journal_take);
}
