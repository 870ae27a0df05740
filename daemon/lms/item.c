/*
 * What every format does with a record it has read: checks of single values, what is lacking, the identity
 * under which a repeated event is recognised. Pure, any thread.
 */
#include "base/text.h"
#include "read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OCCURRED_FIRST (INT64_C(7305) * US_PER_DAY) /* 1990-01-01 */

const char *const lms_key_names[] = {
    "number", "email", "username", "id", "account", "email_sha1", "openid", NULL};
const char *const lms_effect_names[] = {"completed", "failed", "undone", "other", NULL};

const char *lms_item_state_name(enum lms_item_state state)
{
    static const char *const names[] = {"ready", "thin", "ignored", "unreadable"};
    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "?";
}

struct lms_item item_init(struct span raw)
{
    return (struct lms_item){.raw = raw,
        .hash = sha256(raw.data, raw.size),
        .state = LMS_ITEM_READY,
        .completion = {.occurred = INSTANT_NONE,
            .effect = LMS_OTHER,
            .score = (double)NAN,
            .score_min = (double)NAN,
            .score_max = (double)NAN,
            .minutes = FIELD_INT_NONE,
            .expires = INSTANT_NONE}};
}

void item_problem(struct item_reading *reading, const char *format, ...)
{
    if (reading->item->problem)
        return;
    va_list args;
    va_start(args, format);
    reading->item->problem = arena_vprintf(reading->arena, format, args);
    va_end(args);
}

static const char *item_lower(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return out;
}

void item_key(struct item_reading *reading, enum lms_key_kind kind, const char *value)
{
    struct completion_in *completion = &reading->item->completion;
    if (!value)
        return;
    if (kind == LMS_KEY_EMAIL && !email_valid(value)) {
        item_problem(reading, "the user's mail address is none");
        return;
    }
    if (kind == LMS_KEY_EMAIL || kind == LMS_KEY_EMAIL_SHA1)
        value = item_lower(reading->arena, value);
    size_t at = completion->key_count;
    for (; at > 0 && completion->keys[at - 1].kind >= (int)kind; at--)
        if (completion->keys[at - 1].kind == (int)kind)
            return;
    for (size_t i = completion->key_count; i > at; i--)
        completion->keys[i] = completion->keys[i - 1];
    completion->keys[at] = (struct lms_key){(int)kind, value};
    completion->key_count++;
}

void item_occurred(struct item_reading *reading, struct value_time time)
{
    if (time.at < OCCURRED_FIRST)
        item_problem(reading, "the date is before 1990");
    else if (time.at > reading->input->now + US_PER_DAY)
        item_problem(reading, "the date is still to come");
    else {
        reading->item->completion.occurred = time.at;
        reading->item->completion.day_only = time.day_only;
    }
}

void item_certificate_url(struct item_reading *reading, const char *url)
{
    if (url && url_valid(url))
        reading->item->completion.certificate_url = url;
    else if (url)
        item_problem(reading, "the certificate's address is none");
}

void item_unreadable(struct item_reading *reading, const char *why)
{
    reading->item->state = LMS_ITEM_UNREADABLE;
    item_problem(reading, "%s", why);
}

static unsigned item_lacks(const struct completion_in *completion)
{
    unsigned lacks = 0;
    bool known = false;
    for (size_t i = 0; i < completion->key_count; i++)
        known |= completion->keys[i].kind <= LMS_KEY_EMAIL || completion->keys[i].kind == LMS_KEY_EMAIL_SHA1;
    lacks |= completion->key_count ? 0 : LMS_LACKS_USER;
    lacks |= completion->key_count && !known ? LMS_LACKS_KNOWN_USER : 0;
    lacks |= completion->course_id || completion->course_title ? 0 : LMS_LACKS_COURSE;
    lacks |= completion->course_id && !completion->course_title ? LMS_LACKS_TITLE : 0;
    lacks |= completion->occurred == INSTANT_NONE ? LMS_LACKS_DATE : 0;
    return lacks;
}

/* Lengths go before the texts: no two lists of parts write the same bytes. */
static void item_part(struct buf *out, const char *text)
{
    if (text)
        buf_printf(out, "%zu:%s,", strlen(text), text);
    else
        buf_text(out, "-,");
}

static const char *item_described(
    struct arena *arena, const struct lms_input *input, const struct lms_item *item)
{
    const struct completion_in *completion = &item->completion;
    BUF_AUTO parts;
    buf_init(&parts, 0);
    item_part(&parts, input->source);
    item_part(&parts, lms_key_names[completion->keys[0].kind]);
    item_part(&parts, completion->keys[0].value);
    item_part(&parts, completion->course_id);
    item_part(&parts, completion->course_id ? NULL : completion->course_title);
    buf_printf(&parts, "%lld,", (long long)completion->occurred);
    item_part(&parts, lms_effect_names[completion->effect]);
    item_part(&parts, completion->status);
    struct sha256 hash = sha256(parts.data, parts.size);
    char hex[SHA256_HEX];
    return arena_printf(arena, "key:%s", sha256_hex(&hash, hex));
}

/* What is taken back is another event than what was done, whatever id the platform gives it. */
static const char *item_named(struct arena *arena, const struct lms_item *item, const char *id, size_t number)
{
    enum { ID_PLAIN_MAX = 200 };
    const char *kind = "id";
    if (strlen(id) > ID_PLAIN_MAX) {
        struct sha256 hash = sha256(id, strlen(id));
        char hex[SHA256_HEX];
        id = arena_strdup(arena, sha256_hex(&hash, hex));
        kind = "idhash";
    }
    const char *effect = item->completion.effect == LMS_UNDONE ? "/undone" : "";
    return number ? arena_printf(arena, "%s:%s#%zu%s", kind, id, number, effect)
                  : arena_printf(arena, "%s:%s%s", kind, id, effect);
}

void item_finish(struct item_reading *reading, const char *shared, size_t number)
{
    struct lms_item *item = reading->item;
    struct completion_in *completion = &item->completion;
    const char *own = completion->event_id;
    if (!own)
        completion->event_id = shared;
    item->lacks = item->state == LMS_ITEM_UNREADABLE ? 0 : item_lacks(completion);
    unsigned needed = LMS_LACKS_USER | LMS_LACKS_COURSE | LMS_LACKS_DATE;
    if (item->state == LMS_ITEM_READY && (item->lacks & needed)) {
        item->state = LMS_ITEM_THIN;
        item_problem(reading, "it does not say %s",
            item->lacks & LMS_LACKS_USER     ? "who"
            : item->lacks & LMS_LACKS_COURSE ? "which course"
                                             : "when");
    }
    char hex[SHA256_HEX];
    if (own)
        item->identity = item_named(reading->arena, item, own, 0);
    else if (shared)
        item->identity = item_named(reading->arena, item, shared, number);
    else if (item->state != LMS_ITEM_UNREADABLE && !completion->arrival && !(item->lacks & needed))
        item->identity = item_described(reading->arena, reading->input, item);
    else
        item->identity = arena_printf(reading->arena, "body:%s", sha256_hex(&item->hash, hex));
}
