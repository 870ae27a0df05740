#pragma once
/*
 * Answers about the whole staff, as streams (op.h): everybody is looked at once, one by one, and what is said
 * about them is either a row each, or sums: of everybody, or of each group. JSON or CSV; constant memory
 * however many people there are.
 *
 * What is consistent: facts are those known at the instant of the first chunk, `known_at`, or at the end of
 * ?known_on, whatever is written while the answer is read. Who belongs to the staff, and to which team, is read
 * on the way: who changes team meanwhile may be in both sums, or in none.
 */
#include "op.h"
#include "store/staff.h"
#include "text/csv.h"
#include "work/duties.h"
#include "work/organisation.h"

enum staff_by { STAFF_BY_NOTHING, STAFF_BY_TEAM, STAFF_BY_SITE };
enum staff_format { STAFF_JSON, STAFF_CSV };

/* First in the struct of the query, STAFF_FIELDS first in its table. */
struct staff_params {
    const char *organisation, *manager, *establishment;
    int by, format, lang, delimiter, bom;
};
extern const char *const staff_by_names[], *const staff_format_names[], *const staff_delimiter_names[];

/* Whose staff, and how it is written; STAFF_FIELDS: which of them, too. */
#define STAFF_FORMAT_FIELDS(query)                                                                             \
    FIELD_AS("organisation", query, staff.organisation, FIELD_ID, .kind = "org",                               \
        .doc = "Which organisation, for tokens that see several."),                                            \
        FIELD_AS("format", query, staff.format, FIELD_ENUM, .names = staff_format_names,                       \
            .doc = "json or csv; Accept: text/csv asks for csv, too."),                                        \
        FIELD_AS("lang", query, staff.lang, FIELD_ENUM, .names = lang_names,                                   \
            .doc = "Of headings and words in csv; the organisation's unless told."),                           \
        FIELD_AS("delimiter", query, staff.delimiter, FIELD_ENUM, .names = staff_delimiter_names,              \
            .doc = "Of csv: semicolon, as French spreadsheets want, with decimal commas, or comma; by the "    \
                   "language unless told."),                                                                   \
        FIELD_AS("bom", query, staff.bom, FIELD_BOOL,                                                          \
            .doc = "Whether csv begins with a byte order mark, without which spreadsheets spoil accents; "     \
                   "true with semicolons unless told.")
#define STAFF_FIELDS(query)                                                                                    \
    STAFF_FORMAT_FIELDS(query),                                                                                \
        FIELD_AS("manager", query, staff.manager, FIELD_ID, .kind = "emp",                                     \
            .doc = "Only who reports to this employee."),                                                      \
        FIELD_AS(                                                                                              \
            "establishment", query, staff.establishment, FIELD_TEXT, .doc = "Only who belongs to this one."),  \
        FIELD_AS("by", query, staff.by, FIELD_ENUM, .names = staff_by_names,                                   \
            .doc = "The sums of each manager's team, or of each establishment, besides the whole.")

enum { STAFF_GROUP_MAX = 804 };

/* First in every cursor of such a stream. */
struct staff_cursor {
    bool begun, in_group;
    date_t as_of, known_on;
    instant_t known_at;
    struct json_writer w;
    char group[STAFF_GROUP_MAX], id[ID_MAX];
    char number[STAFF_GROUP_MAX], name[2 * STAFF_GROUP_MAX]; /* of the manager whose team the group is */
};

/* What a chunk works with. Memory of the snapshot, and for one person memory of their own. */
struct staff_stream {
    struct call *call;
    const struct snapshot *snapshot;
    const struct staff_params *params;
    const struct staff_shape *shape;
    struct staff_cursor *cursor;
    struct duties_frame frame; /* as known at cursor->known_at */
    enum lang lang;
    bool csv;
    struct csv_writer rows; /* when csv */
    struct json_writer *w;  /* otherwise */
    void *shared;           /* what `load` made for this chunk */
};

struct staff_shape {
    const char *file;                     /* of the CSV: "compliance" */
    bool bare;                            /* the sums of everybody are members of the answer, not of `total` */
    size_t total_at, group_at, sums_size; /* two equal structs in the cursor, all zero at their begin; one and
                                             the same without groups */
    /* For each chunk, before people: what they share. May be NULL. */
    enum status (*load)(struct staff_stream *stream, struct error *err);
    bool (*shows_people)(const struct staff_stream *stream); /* rows instead of the sums of groups */
    /* Members before the rows; headings of a CSV behind those of the person, or of the group. */
    void (*begin)(struct staff_stream *stream);
    /* Looks at one person: adds to `total` and `group`, writes a row when rows are asked for. The snapshot's
     * memory is the person's. */
    enum status (*person)(const struct snapshot *snapshot, struct staff_stream *stream,
        const struct staff_row *row, void *total, void *group, struct error *err);
    /* The members of sums; or the rows of a CSV, each begun with staff_put_group(). */
    void (*sums)(struct staff_stream *stream, const void *sums);
};

/* For the op's parse: what does not go together. `rows`: rows are asked for. */
enum status staff_parse(
    const struct call *call, const struct staff_params *params, bool rows, struct error *err);
/* For the op's read. `as_of`, `known_on`: as asked for, DATE_NONE = today, and as_of. */
enum status staff_read(const struct snapshot *snapshot, struct call *call, const struct staff_params *params,
    const struct staff_shape *shape, date_t as_of, date_t known_on, struct error *err);

/* What names a person: members of a row, or cells (number, family and given name, manager's number,
 * establishment, category). */
void staff_write_person(struct json_writer *w, const struct staff_row *row);
void staff_put_person(struct csv_writer *rows, const struct staff_row *row);
/* The cells that say whose sums these are: of the group, or of everybody. */
void staff_put_group(struct staff_stream *stream);
/* French or English, as the stream speaks. */
void staff_put_word(struct staff_stream *stream, const char *const words[LANG_COUNT]);
