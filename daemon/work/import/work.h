#pragma once
/*
 * What the files of imports share: kinds and their columns as tables, a file on its way from cells to rows, the
 * people it speaks of.
 */
#include "internal.h"
#include "work/import.h"
#include "work/plan.h"
#include "work/review.h"

#define IMPORT_NOBODY UINT32_MAX

/* ---- an index of texts (import_index.c) */

struct import_index {
    struct import_slot *slots;
    size_t capacity;
    uint64_t seed;
};
/* For at most `count` keys; the keys are borrowed. */
struct import_index import_index(struct arena *arena, size_t count);
/* The value of the key; a new key gets `value`. */
uint32_t *import_index_at(struct import_index *index, const char *key, uint32_t value);
/* IMPORT_NOBODY when there is none. */
uint32_t import_index_find(const struct import_index *index, const char *key);

/* ---- words and cells (import_words.c) */

struct import_word {
    const char *said;  /* folded */
    const char *means; /* the name in the field's table */
};
extern const struct import_word import_words_yes[], import_words_mandatory[], import_words_contract[],
    import_words_sex[], import_words_absence[], import_words_review[], import_words_progression[],
    import_words_nature[], import_words_origin[], import_words_format[], import_words_modality[],
    import_words_financing[], import_words_lang[], import_words_state[], import_words_priority[],
    import_words_strand[], import_words_key[];

/* What a cell says in the words of the interface: the meaning of a word, an ISO date; other texts as they are.
 */
const char *import_cell_text(
    struct arena *arena, const struct field *field, const struct import_word *words, const char *cell);

/* Minutes of "7", "7,5", "7h30". */
bool import_hours(const char *cell, int64_t *ret);

/* ---- kinds (import_kinds.c) */

/* What every row begins with. */
struct import_head {
    unsigned line;
    bool refused;
    bool other_cleared;
    const char *number; /* of the person */
    const char *other;  /* manager, interviewer: number or e-mail */
    uint32_t person;    /* in the file's people, IMPORT_NOBODY: unknown */
    uint32_t other_person;
};

extern const struct field_table import_head_table;

enum {
    IMPORT_REQUIRED = 1 << 0, /* the file must have the column */
    IMPORT_FILLED = 1 << 1,   /* and each row a cell in it */
    IMPORT_HEAD = 1 << 2,     /* a field of the head */
    IMPORT_HOURS = 1 << 3,    /* hours; the field is in minutes */
};

struct import_column {
    const char *field;    /* also accepted as the heading */
    const char *headings; /* separated by '|'; the first is how it is called */
    const struct import_word *words;
    unsigned flags;
};

struct import_kind {
    const char *name;
    const struct import_column *columns;
    size_t column_count;
    size_t size;                     /* of a row: a head, then what is said of the person */
    size_t at;                       /* of the latter */
    const struct field_table *table; /* of the latter, or */
    const struct fact_kind *facts;   /* of the latter */
    bool people;                     /* the rows are the people */
    /* Beyond the cells: refuses what cannot be. `snapshot` is one aside. */
    enum status (*check)(
        const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err);
    /* What makes a second row the same as a first; NULL = the number. */
    const char *(*identity)(struct arena *arena, const struct import_head *row);
    /* What applying it now would do. */
    enum status (*foresee)(const struct snapshot *snapshot, const struct import_file *file,
        const struct import_head *row, enum outcome *ret, struct error *err);
    enum status (*apply)(struct txn *txn, const struct import_file *file, const struct import_head *row,
        enum outcome *ret, struct error *err);
};
extern const struct import_kind import_kinds[];
/* NULL when there is none. */
const struct import_kind *import_kind_named(const char *name);

/* ---- the file */

struct import_person {
    const char *id; /* NULL: new */
    const char *number, *email;
    uint32_t manager;
    uint32_t depth; /* people above */
    date_t first_day, exit_date;
    size_t row; /* position + 1 among the file's rows, 0 = none */
    bool walked, circling;
};

/* A column of the file. */
struct import_cells {
    const struct import_column *column; /* NULL: a heading that nobody knows */
    const struct field *field;
    size_t at;         /* of the struct that the field belongs to, in the row */
    uint64_t bit;      /* of what is given */
    const char *title; /* as in the file */
};

struct import_file {
    struct arena *arena;
    const struct import_kind *kind;
    const char *organisation; /* key */
    struct import_options options;
    date_t today;
    bool unusable; /* the file as a whole */
    char *rows;
    size_t count;
    uint32_t *order; /* positions to rows */
    struct import_person *people;
    size_t people_count;
    struct import_index by_number, by_email, by_course;
    struct import_cells *cells;
    size_t cell_count;
    struct import_refusal *refusals;
    size_t refusal_count;
    struct import_counts counts;
    int64_t fresh; /* people to be made */
};

struct import_head *import_row_at(const struct import_file *file, size_t index);
/* What is said of the person. */
void *import_row_is(const struct import_file *file, const struct import_head *row);
const struct field_table *import_is_table(const struct import_kind *kind);
/* The file's own name of a column, else how it is called; `pointer` as errors have it ("/copy/date"). */
const char *import_title(const struct import_file *file, const char *pointer);
void import_refuse_file(struct import_file *file, unsigned line, const char *column, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* Refuses the row; `pointer` names the column by its field. */
void import_refuse_row(struct import_file *file, struct import_head *row, const char *pointer,
    const char *format, ...) PRINTF_LIKE(4, 5);
/* Refuses it for each field at fault. */
void import_refuse_error(struct import_file *file, struct import_head *row, const struct error *err);

/* import_table.c: headings and cells to rows. */
void import_table_read(struct import_file *file, struct span content);
/* import_people.c */
enum status import_people_load(const struct snapshot *snapshot, struct import_file *file, struct error *err);
/* Finds the people of all rows, and refuses unknown ones. */
void import_people_find(struct import_file *file);
/* Puts managers before those who report to them. */
void import_people_order(struct import_file *file);
/* Rows that hang on people whose own row is refused. */
void import_people_cascade(struct import_file *file);
/* The id of a person by now. */
enum status import_person_id(const struct snapshot *snapshot, const struct import_file *file, uint32_t person,
    const char **ret, struct error *err);

/* ---- rows of each kind */

struct import_employee {
    struct import_head head;
    struct employee is;
};
struct import_absence {
    struct import_head head;
    struct absence is;
};
struct import_progression {
    struct import_head head;
    struct progression is;
};
struct import_review {
    struct import_head head;
    struct review_record is;
};
struct import_completion {
    struct import_head head;
    struct import_completed {
        const char *course, *reference;
        date_t day;
        int64_t minutes;
        int mandatory; /* enum action_mandatory */
    } is;
};
struct import_action {
    struct import_head head;
    struct action is;
};
struct import_alias {
    struct import_head head;
    struct import_key {
        int kind; /* enum lms_key_kind */
        const char *value;
        const char *source; /* its id or its name; NULL: any platform */
        date_t valid_from, valid_to;
    } is;
};
extern const struct field_table import_review_table, import_completion_table, import_alias_table;

#define IMPORT_VERBS(kind)                                                                                     \
    enum status import_##kind##_check(const struct snapshot *snapshot, struct import_file *file,               \
        struct import_head *row, struct error *err);                                                           \
    enum status import_##kind##_foresee(const struct snapshot *snapshot, const struct import_file *file,       \
        const struct import_head *row, enum outcome *ret, struct error *err);                                  \
    enum status import_##kind##_apply(struct txn *txn, const struct import_file *file,                         \
        const struct import_head *row, enum outcome *ret, struct error *err)
IMPORT_VERBS(employee); /* import_employee.c */
IMPORT_VERBS(fact);     /* import_history.c */
IMPORT_VERBS(review);
IMPORT_VERBS(completion); /* import_plan.c */
IMPORT_VERBS(action);
IMPORT_VERBS(alias); /* import_alias.c */

const char *import_absence_identity(struct arena *arena, const struct import_head *row);
const char *import_progression_identity(struct arena *arena, const struct import_head *row);
const char *import_review_identity(struct arena *arena, const struct import_head *row);
const char *import_completion_identity(struct arena *arena, const struct import_head *row);
const char *import_action_identity(struct arena *arena, const struct import_head *row);
const char *import_alias_identity(struct arena *arena, const struct import_head *row);
