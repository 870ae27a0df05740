/*
 * What all resources share: ids and their organisation, versions, pages and cursors. Any lane's thread.
 */
#include "internal.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#define CURSOR_MAX 4096

/* ---- ids and versions */

enum status row_missing(struct db_conn *db, const char *what, const char *id, struct error *err)
{
    enum status status = db_status(db, err);
    return status != ST_OK ? status : error_set(err, ST_NOT_FOUND, "there is no %s %s", what, id ? id : "");
}

static enum status row_not_an_id(const char *id, struct error *err)
{
    return error_set(err, ST_NOT_FOUND, "there is nothing with the id %s", id ? id : "");
}

const char *row_organisation(
    const struct snapshot *snapshot, const char *id, const char *kind, struct error *err)
{
    char *key = arena_alloc(snapshot->arena, ORG_KEY_MAX);
    if (id && id_parse(id, kind, key))
        return key;
    (void)row_not_an_id(id, err);
    return NULL;
}

enum status row_own(const struct txn *txn, const char *id, const char *kind, struct error *err)
{
    char key[ORG_KEY_MAX];
    if (id && id_parse(id, kind, key) && strcmp(key, txn->organisation) == 0)
        return ST_OK;
    return row_not_an_id(id, err);
}

const char *row_id(const struct txn *txn, const char *id, const char *kind)
{
    return id ? id : id_make(txn->snapshot.arena, kind, txn->organisation, txn->snapshot.now);
}

const char *row_id_at(struct arena *arena, const char *kind, const char *organisation, instant_t from)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char time[11] = "0000000000";
    int64_t ms = from == INSTANT_NONE ? 0 : from / 1000;
    for (int i = 9; i >= 0; i--, ms >>= 5)
        time[i] = digits[ms & 31];
    return arena_printf(arena, "%s_%s_%s", kind, organisation, time);
}

int64_t row_write(
    struct db_conn *db, const struct statement *statement, const struct db_value *values, size_t count)
{
    struct db_rows *rows = db_query(db, statement, values, count);
    int64_t written = db_next(rows) ? db_get_int(rows, 0) : 0;
    while (db_next(rows))
        ;
    db_done(rows);
    return db_class(db) == DB_OK ? written : 0;
}

int64_t row_read_int(
    struct db_conn *db, const struct statement *statement, const char *organisation, const char *id)
{
    struct db_rows *rows = db_query(db, statement, DB_VALUES(db_text(organisation), db_text(id)));
    int64_t found = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    return db_class(db) == DB_OK ? found : 0;
}

enum status row_changed(struct txn *txn, int64_t written, const struct statement *version_of, const char *what,
    const char *id, int64_t expected, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = db_status(db, err);
    if (status != ST_OK || written > 0)
        return status;
    int64_t version = row_read_int(db, version_of, txn->organisation, id);
    if (version == 0)
        return row_missing(db, what, id, err);
    return error_set(err, ST_PRECONDITION, "%s %s has version %" PRId64 " by now, not %" PRId64, what, id,
        version, expected);
}

bool row_taken(const struct db_conn *db)
{
    return db_class(db) == DB_CONSTRAINT;
}

int row_name_index(const char *const names[], const char *text)
{
    for (int i = 0; text && names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return 0;
}

/* ---- pages */

unsigned page_limit(const struct page *page)
{
    if (page->limit == 0)
        return PAGE_DEFAULT;
    return page->limit > PAGE_MAX ? PAGE_MAX : page->limit;
}

const char *cursor_make(struct arena *arena, const char *const parts[], unsigned count)
{
    BUF_AUTO text;
    buf_init(&text, CURSOR_MAX);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '[');
    for (unsigned i = 0; i < count; i++)
        jw_text(&w, parts[i]);
    jw_close(&w, ']');
    return base64url_encode(arena, text.data, text.size);
}

static bool cursor_parse(struct arena *arena, const char *cursor, const char *parts[], unsigned count)
{
    uint8_t *text;
    size_t size, length = strlen(cursor);
    const struct json *value;
    if (length > CURSOR_MAX || !base64url_decode(arena, cursor, length, &text, &size))
        return false;
    if (json_parse(arena, (const char *)text, size, &value, NULL) != ST_OK || json_count(value) != count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        parts[i] = json_text(json_at(value, i));
        if (!parts[i])
            return false;
    }
    return true;
}

static enum status cursor_refuse(struct error *err)
{
    return error_field(err, "/cursor", "is not a cursor of this list");
}

enum status cursor_read(struct arena *arena, const struct page *page, const char *first, const char *parts[],
    unsigned count, struct error *err)
{
    for (unsigned i = 0; i < count; i++)
        parts[i] = first;
    if (!page->cursor || cursor_parse(arena, page->cursor, parts, count))
        return ST_OK;
    return cursor_refuse(err);
}

const char *cursor_make_int(struct arena *arena, int64_t number)
{
    const char *part = arena_printf(arena, "%" PRId64, number);
    return cursor_make(arena, &part, 1);
}

enum status cursor_read_int(
    struct arena *arena, const struct page *page, int64_t first, int64_t *ret, struct error *err)
{
    const char *part;
    int64_t value;
    enum status status = cursor_read(arena, page, NULL, &part, 1, err);
    if (status != ST_OK)
        return status;
    if (part && !parse_int64(part, INT64_MIN, INT64_MAX, &value))
        return cursor_refuse(err);
    *ret = part ? value : first;
    return ST_OK;
}

/* ---- arrays */

void *row_push(struct row_array *array)
{
    if (array->count == array->capacity) {
        size_t capacity = array->capacity ? array->capacity * 2 : 8;
        char *items = arena_array(array->arena, capacity, array->size);
        if (array->count > 0)
            memcpy(items, array->items, array->count * array->size);
        array->items = items;
        array->capacity = capacity;
    }
    return (char *)array->items + array->count++ * array->size;
}

bool row_cut(struct row_array *array, unsigned limit)
{
    bool more = array->count > limit;
    if (more)
        array->count = limit;
    return more;
}
