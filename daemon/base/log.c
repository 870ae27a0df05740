/*
 * Lines on standard error, one write each, so that lines of several threads never mix. What strangers wrote is
 * escaped here and nowhere else. Any thread.
 */
#include "base/log.h"

#include "utf8.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LOG_PRIORITY = 3,
    LOG_VALUES_MAX = 2048,
    LOG_LINE_MAX = 4096,
    LOG_ESCAPE_MAX = 6,
    LOG_FORMAT_MAX = 256,
    LOG_CUT_MAX = 5
};

static atomic_int log_level = LOG_INFO;
static atomic_ulong log_counts[LOG_DEBUG + 1];
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t log_once = PTHREAD_ONCE_INIT;
static bool log_journal;
static bool (*_Atomic log_sink)(const struct log_record *record);

struct log_out {
    char text[LOG_LINE_MAX];
    size_t size;
    bool cut;
};

static void log_look_for_journal(void)
{
    log_journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_set_sink(bool (*sink)(const struct log_record *record))
{
    atomic_store(&log_sink, sink);
}

void log_set_level(enum log_level level)
{
    atomic_store(&log_level, (int)level);
}

unsigned long log_count(enum log_level level)
{
    unsigned long count = 0;
    for (int i = LOG_ERROR; i <= (int)level && i <= LOG_DEBUG; i++)
        count += atomic_load(&log_counts[i]);
    return count;
}

/* Adds all of `bytes` or, when the line is full, nothing from now on. */
static void log_add(struct log_out *out, const char *bytes, size_t size)
{
    if (out->cut || out->size + size + LOG_CUT_MAX > sizeof out->text) {
        out->cut = true;
        return;
    }
    memcpy(out->text + out->size, bytes, size);
    out->size += size;
}

static bool log_unprintable(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == '\\';
}

/* Controls, line and direction separators, stray bytes and the escape character itself. */
static void log_add_escaped(struct log_out *out, const char *text)
{
    static const char plain[] = "\n\r\t\\";
    static const char letters[] = "nrt\\";
    size_t left = strlen(text);
    while (left) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, left, &point);
        char escape[LOG_ESCAPE_MAX + 1];
        const char *known = size == 1 && point ? strchr(plain, (int)point) : NULL;
        if (known)
            log_add(out, escape, (size_t)snprintf(escape, sizeof escape, "\\%c", letters[known - plain]));
        else if (size <= 1 && (!size || log_unprintable(point)))
            log_add(out, escape, (size_t)snprintf(escape, sizeof escape, "\\x%02x", (unsigned char)*text));
        else if (log_unprintable(point))
            log_add(out, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)point & 0xFFFF));
        else
            log_add(out, text, size);
        text += size ? size : 1;
        left -= size ? size : 1;
    }
}

static void log_write(const struct log_out *out)
{
    const char *at = out->text;
    size_t left = out->size;
    pthread_mutex_lock(&log_lock);
    while (left) {
        ssize_t written = write(STDERR_FILENO, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        /* Nobody to tell. */
        if (written <= 0)
            break;
        at += written;
        left -= (size_t)written;
    }
    pthread_mutex_unlock(&log_lock);
}

static void log_compose(struct log_out *out, int row, const char *const parts[3])
{
    static const char *const names[] = {"error", "warning", "notice", "info", "debug"};
    const char prefix[LOG_PRIORITY] = {'<', (char)('0' + row), '>'};
    if (log_journal)
        log_add(out, prefix, sizeof prefix);
    log_add(out, names[row - LOG_ERROR], strlen(names[row - LOG_ERROR]));
    log_add(out, " ", 1);
    log_add_escaped(out, parts[0]);
    log_add(out, ": ", 2);
    log_add_escaped(out, parts[1]);
    if (*parts[2]) {
        log_add(out, " ", 1);
        log_add_escaped(out, parts[2]);
    }
}

/* ---- values */

/* Stands between values while they are formatted. */
#define LOG_BETWEEN '\x1f'

/* Whether a value begins here: `key=%`. */
static bool log_begins_value(const char *format)
{
    size_t length = strspn(format, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return length > 0 && format[length] == '=';
}

/* The format with LOG_BETWEEN before each value but the first; how many there are of them, 0 when it is too
 * long. */
static unsigned log_mark(const char *format, char *marked, size_t size)
{
    unsigned values = log_begins_value(format) ? 1 : 0;
    size_t length = strlen(format);
    if (length >= size)
        return 0;
    memcpy(marked, format, length + 1);
    for (size_t i = 0; i < length; i++)
        if (marked[i] == ' ' && log_begins_value(marked + i + 1)) {
            marked[i] = LOG_BETWEEN;
            values++;
        }
    return values;
}

/* Takes the values apart, in place, unless one holds what stands between them: who wrote it could make up
 * others. */
static void log_take_apart(char *values, unsigned expected, struct log_record *record)
{
    unsigned between = 0;
    for (const char *c = values; *c; c++)
        between += *c == LOG_BETWEEN;
    if (expected == 0 || expected > LOG_FIELDS_MAX || between != expected - 1)
        return;
    for (char *at = values; at;) {
        char *end = strchr(at, LOG_BETWEEN);
        if (end)
            *end = '\0';
        char *equals = strchr(at, '=');
        *equals = '\0';
        record->fields[record->count++] = (struct log_field){.key = at, .value = equals + 1};
        at = end ? end + 1 : NULL;
    }
}

static bool log_hand_over(struct log_record *record, struct log_out *out, char *values, unsigned expected)
{
    bool (*sink)(const struct log_record *record) = atomic_load(&log_sink);
    if (!sink)
        return false;
    out->text[out->size] = '\0';
    record->line = out->text + (log_journal ? LOG_PRIORITY : 0);
    log_take_apart(values, expected, record);
    return sink(record);
}

/* The format is the caller's, which was checked there, or made of it. */
static int (*const log_values)(char *out, size_t size, const char *format, va_list args) = vsnprintf;

void log_line(enum log_level level, const char *subject, const char *message, const char *format, ...)
{
    int saved = errno;
    int row = (int)level < LOG_ERROR ? LOG_ERROR : (int)level > LOG_DEBUG ? LOG_DEBUG : (int)level;
    atomic_fetch_add(&log_counts[row], 1);
    if (row > atomic_load(&log_level))
        return;
    pthread_once(&log_once, log_look_for_journal);
    char values[LOG_VALUES_MAX] = "", apart[LOG_VALUES_MAX] = "", marked[LOG_FORMAT_MAX];
    int length = 0;
    unsigned expected = format ? log_mark(format, marked, sizeof marked) : 0;
    if (format) {
        va_list args;
        va_start(args, format);
        length = log_values(apart, sizeof apart, expected ? marked : format, args);
        va_end(args);
        for (size_t i = 0; i == 0 || apart[i - 1]; i++)
            values[i] = apart[i] == LOG_BETWEEN ? ' ' : apart[i];
    }
    struct log_out out = {.size = 0};
    log_compose(&out, row, (const char *const[3]){subject, message, values});
    bool cut = out.cut || length >= (int)sizeof values;
    struct log_record record = {.level = (enum log_level)row, .subject = subject, .message = message};
    if (!log_hand_over(&record, &out, apart, cut ? 0 : expected)) {
        const char *end = cut ? " ...\n" : "\n";
        memcpy(out.text + out.size, end, strlen(end));
        out.size += strlen(end);
        log_write(&out);
    }
    errno = saved;
}
