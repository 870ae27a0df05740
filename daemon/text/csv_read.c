/*
 * Reads CSV tables with libcsv in strict mode, one physical line at a time, so that a bad row is named by its
 * line and the rows after it are still read. Pure, any thread.
 */
#include "text/csv.h"

#include "base/text.h"

#include <csv.h>
#include <string.h>

struct csv_reading {
    struct arena *arena;
    struct csv_table *table;
    struct csv_parser parser;
    const char *end;
    const char *at;        /* next physical line */
    unsigned line;         /* number of that line */
    const char *row_after; /* the line after the one where the row began */
    unsigned row_line;
    bool in_row;  /* a quoted cell goes on in the next line */
    bool row_end; /* libcsv has just ended a row */
    size_t max_rows;
    size_t row_room, fault_room;
    struct csv_row *rows;
    struct csv_fault *faults;
    const char *cells[CSV_COLUMNS_MAX];
    size_t count;
    unsigned bad_column;
    const char *bad; /* what is wrong with the row, NULL = nothing so far */
};

static void *csv_grow(struct arena *arena, const void *items, size_t count, size_t *room, size_t size)
{
    *room = *room == 0 ? 64 : *room * 2;
    void *grown = arena_array(arena, *room, size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

static void csv_add_fault(struct csv_reading *r, unsigned line, unsigned column, const char *detail)
{
    struct csv_table *table = r->table;

    if (table->fault_count == r->fault_room)
        r->faults = csv_grow(r->arena, r->faults, table->fault_count, &r->fault_room, sizeof(struct csv_fault));
    r->faults[table->fault_count++] = (struct csv_fault){.line = line, .column = column, .detail = detail};
    table->stopped = table->fault_count == CSV_FAULTS_MAX;
}

static void csv_blame(struct csv_reading *r, size_t column, const char *detail)
{
    if (r->bad != NULL)
        return;
    r->bad = detail;
    r->bad_column = (unsigned)column;
}

/* One cell, its line breaks as "\n". */
static const char *csv_cell_text(struct arena *arena, const char *bytes, size_t size)
{
    char *text = arena_strndup(arena, bytes, size);
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '\r' && from[1] == '\n')
            continue;
        *to++ = (char)(*from == '\r' ? '\n' : *from);
    }
    *to = '\0';
    return text;
}

/* The length of a no-break space at one end of a cell (U+00A0, U+202F), or of a blank, too; 0 when there is
 * none. */
static size_t csv_space(const char *bytes, size_t size, bool at_end, bool or_blank)
{
    static const char *const spaces[] = {"\xC2\xA0", "\xE2\x80\xAF", " "};
    for (size_t i = 0; i < 2U + or_blank; i++) {
        size_t length = strlen(spaces[i]);
        if (size >= length && memcmp(at_end ? bytes + size - length : bytes, spaces[i], length) == 0)
            return length;
    }
    return 0;
}

/* Spreadsheets and payrolls leave no-break spaces around what people then cannot tell apart. */
static const char *csv_cell_trimmed(struct arena *arena, const char *bytes, size_t size)
{
    bool begun = false;
    for (size_t taken; (taken = csv_space(bytes, size, false, begun)) > 0; size -= taken) {
        bytes += taken;
        begun = true;
    }
    begun = false;
    for (size_t taken; (taken = csv_space(bytes, size, true, begun)) > 0; begun = true)
        size -= taken;
    return size > 0 ? csv_cell_text(arena, bytes, size) : "";
}

static void csv_on_cell(void *bytes, size_t size, void *data)
{
    struct csv_reading *r = data;

    if (r->count == CSV_COLUMNS_MAX) {
        csv_blame(r, 0, "more than 64 columns");
        return;
    }
    const char *cell = "";
    if (size > CSV_CELL_MAX)
        csv_blame(r, r->count + 1, "longer than 4096 bytes");
    else if (!utf8_valid(bytes, size))
        csv_blame(r, r->count + 1, "not UTF-8");
    else
        cell = csv_cell_trimmed(r->arena, bytes, size);
    r->cells[r->count++] = cell;
}

static void csv_on_row(int terminator, void *data)
{
    (void)terminator;
    ((struct csv_reading *)data)->row_end = true;
}

static void csv_row_reset(struct csv_reading *r)
{
    r->count = 0;
    r->bad = NULL;
    r->bad_column = 0;
    r->row_end = false;
    r->in_row = false;
}

static void csv_parser_start(struct csv_reading *r)
{
    csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&r->parser, (unsigned char)r->table->delimiter);
}

/* Gives up the row being read and goes back to the line after the one where it began. */
static void csv_rewind(struct csv_reading *r, const char *detail)
{
    csv_add_fault(r, r->row_line, 0, detail);
    r->at = r->row_after;
    r->line = r->row_line + 1;
    csv_row_reset(r);
    csv_free(&r->parser);
    csv_parser_start(r);
}

static enum status csv_keep_row(struct csv_reading *r, struct error *err)
{
    struct csv_table *table = r->table;

    while (r->count > 0 && r->cells[r->count - 1][0] == '\0')
        r->count--;
    if (r->bad == NULL && table->heading.count > 0 && r->count > table->heading.count)
        csv_blame(r, table->heading.count + 1, "more cells than the heading");
    if (r->bad != NULL) {
        csv_add_fault(r, r->row_line, r->bad_column, r->bad);
    } else if (r->count > 0) {
        struct csv_row row = {.line = r->row_line,
            .count = r->count,
            .cells = arena_copy(r->arena, r->cells, r->count * sizeof(r->cells[0]))};
        if (table->heading.count == 0) {
            table->heading = row;
        } else {
            if (table->row_count == r->max_rows)
                return error_set(err, ST_TOO_LARGE, "line %u: more than %zu rows", row.line, r->max_rows);
            if (table->row_count == r->row_room)
                r->rows = csv_grow(r->arena, r->rows, table->row_count, &r->row_room, sizeof(struct csv_row));
            r->rows[table->row_count++] = row;
        }
    }
    csv_row_reset(r);
    return ST_OK;
}

/* The first byte after the physical line at `at`: LF, CRLF and a lone CR end lines. */
static const char *csv_line_end(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n')
        at++;
    return at < end ? at + 1 : at;
}

static bool csv_blank(const char *at, const char *end, char delimiter)
{
    while (at < end && *at != delimiter && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at == end;
}

static enum status csv_feed_line(struct csv_reading *r, struct error *err)
{
    const char *from = r->at;
    const char *next = csv_line_end(from, r->end);
    size_t size = (size_t)(next - from);

    if (!r->in_row) {
        r->row_line = r->line;
        r->row_after = next;
        if (csv_blank(from, next, r->table->delimiter)) {
            r->at = next;
            r->line++;
            return ST_OK;
        }
        r->in_row = true;
    }
    if (csv_parse(&r->parser, from, size, csv_on_cell, csv_on_row, r) != size) {
        csv_rewind(r, "a quote inside an unquoted cell, or text after a closing quote");
        return ST_OK;
    }
    r->at = next;
    r->line++;
    if (r->row_end)
        return csv_keep_row(r, err);
    if (r->parser.entry_pos > CSV_CELL_MAX && next < r->end)
        csv_rewind(r, "a quoted cell longer than 4096 bytes, or a quote that is never closed");
    return ST_OK;
}

/* At the end of the bytes: the last row may lack its line break. */
static enum status csv_finish_row(struct csv_reading *r, struct error *err)
{
    if (!r->in_row)
        return ST_OK;
    if (csv_fini(&r->parser, csv_on_cell, csv_on_row, r) != 0) {
        csv_rewind(r, "a quote that is never closed");
        return ST_OK;
    }
    return csv_keep_row(r, err);
}

static enum status csv_read_rows(struct csv_reading *r, struct error *err)
{
    enum status status = ST_OK;

    while (status == ST_OK && !r->table->stopped && (r->at < r->end || r->in_row))
        status = r->at < r->end ? csv_feed_line(r, err) : csv_finish_row(r, err);
    return status;
}

static char csv_find_delimiter(const char *at, const char *end)
{
    static const char candidates[] = {';', ',', '\t'};
    size_t seen[sizeof(candidates)] = {0};
    bool quoted = false;

    for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        if (*at == '"')
            quoted = !quoted;
        for (size_t i = 0; !quoted && i < sizeof(candidates); i++)
            seen[i] += *at == candidates[i];
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof(candidates); i++)
        best = seen[i] > seen[best] ? i : best;
    return candidates[best];
}

/* The line `sep=;` that spreadsheets understand and some write. */
static bool csv_named_delimiter(struct csv_reading *r)
{
    static const char key[] = "sep=";
    const char *next = csv_line_end(r->at, r->end);
    size_t size = (size_t)(next - r->at);

    if (size < sizeof(key) || memcmp(r->at, key, sizeof(key) - 1) != 0)
        return false;
    char c = r->at[sizeof(key) - 1];
    if ((c != ';' && c != ',' && c != '\t') || !csv_blank(r->at + sizeof(key), next, '\0'))
        return false;
    r->table->delimiter = c;
    r->at = next;
    r->line++;
    return true;
}

static enum status csv_decode(struct csv_reading *r, const char *bytes, size_t size, struct error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const char *nul = size > 0 ? memchr(bytes, '\0', size) : NULL;

    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return error_set(err, ST_SYNTAX, "UTF-16 text: save the file as CSV UTF-8");
    if (nul != NULL)
        return error_set(err, ST_SYNTAX, "byte 0 at position %zu: not a text file", (size_t)(nul - bytes));
    if (size >= 3 && memcmp(bytes, mark, 3) == 0) {
        bytes += 3;
        size -= 3;
    } else if (!utf8_valid(bytes, size)) {
        r->table->windows1252 = true;
        bytes = text_from_windows1252(r->arena, bytes, size, &size);
    }
    r->at = bytes;
    r->end = bytes + size;
    return ST_OK;
}

enum status csv_read(struct arena *arena, const void *bytes, size_t size, size_t max_rows,
    const struct csv_table **ret, struct error *err)
{
    struct csv_table *table = ARENA_NEW(arena, struct csv_table);
    struct csv_reading r = {.arena = arena, .table = table, .line = 1, .max_rows = max_rows};
    enum status status = csv_decode(&r, bytes, size, err);

    if (status != ST_OK)
        return status;
    if (!csv_named_delimiter(&r))
        table->delimiter = csv_find_delimiter(r.at, r.end);
    csv_parser_start(&r);
    status = csv_read_rows(&r, err);
    csv_free(&r.parser);
    if (status != ST_OK)
        return status;
    if (table->heading.count == 0 && table->fault_count == 0)
        return error_set(err, ST_SYNTAX, "an empty file: a heading line was expected");
    table->rows = r.rows;
    table->faults = r.faults;
    *ret = table;
    return ST_OK;
}

const char *csv_cell(const struct csv_row *row, size_t column)
{
    return column < row->count ? row->cells[column] : "";
}
