#pragma once
/*
 * Imports of CSV files: read and checked whole, then applied in slices. What a heading, a word or a date may
 * look like is in tables, French and English. History imported sends nothing.
 *
 * A file is read and checked on a read lane, against the organisation as it is then; it is applied on the write
 * lane, row after row in an order that does not change when a part of it is applied already: reading it again
 * and going on from a position is how an import survives a restart.
 */
#include "base/buf.h"
#include "base/field.h"
#include "store/import.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_BYTES_MAX = 32 * 1024 * 1024,
    IMPORT_ROWS_MAX = 200000,
    IMPORT_REFUSALS_MAX = 1000, /* that are named; all are counted */
    IMPORT_QUIET_MAX = 20       /* more new people than that: deliveries are held */
};

extern const char *const import_kind_names[]; /* "employees", "absences" ..., NULL-terminated */

enum import_state { IMPORT_RECEIVED, IMPORT_APPLYING, IMPORT_DONE, IMPORT_REFUSED, IMPORT_CHECKED };
extern const char *const import_state_names[];

/* What was asked; stored as JSON with the import. */
struct import_options {
    int dry_run; /* 1: read and check, say what it would do */
    int partial; /* 1: apply the other lines when some are refused */
};
struct import_counts {
    int64_t total, applied, created, updated, unchanged, refused;
    int64_t missing; /* employees that are not in the file */
};
extern const struct field_table import_options_table, import_counts_table;

/* A file read and checked. Everything lives in the arena it was read into. */
struct import_file;

/* Reads the file of an import that is received or applying. What is wrong with it is no error but its
 * refusals; errors are the store's. With dry_run, the counts say what applying would do. */
enum status import_read(const struct snapshot *snapshot, struct arena *arena, const struct import_row *import,
    struct import_file **ret, struct error *err);
/* Whether it will be applied, being no dry run: no refusals, or only of lines, and `partial` was asked. */
bool import_applies(const struct import_file *file);
bool import_is_dry(const struct import_file *file);
size_t import_rows(const struct import_file *file); /* positions to go through */
struct import_counts import_file_counts(const struct import_file *file);

/* Before the first slice, or instead of it (`state` applying, refused or checked): writes state, counts and
 * refusals, and holds the deliveries of an organisation that gets more than IMPORT_QUIET_MAX people at once. */
enum status import_begin(struct txn *txn, const struct import_file *file, const char *id,
    enum import_state state, struct error *err);
/* Applies rows from position `from` on: at least one, no more than fit in `budget_us` on the monotonic clock;
 * adds to `counts` and notes both with the import. *ret: the next position. A row that fails after all
 * (somebody changed what it refers to) is undone alone and refused when `careful`, which costs a savepoint for
 * each row; else it fails the slice with ST_CONFLICT, to be applied again carefully. */
enum status import_apply(struct txn *txn, const struct import_file *file, const char *id, size_t from,
    bool careful, int64_t budget_us, struct import_counts *counts, size_t *ret, struct error *err);
/* After the last slice: looks again at what waits for its person, and forgets the file. */
enum status import_end(struct txn *txn, const struct import_file *file, const char *id,
    const struct import_counts *counts, struct error *err);
/* Gives an import up that cannot be read or applied for a reason that is not its own. */
enum status import_abandon(struct txn *txn, const char *id, const char *reason, struct error *err);

/* Stores a file to be imported; audits import.received. ST_NOT_FOUND: no such kind. */
enum status import_receive(struct txn *txn, const char *kind, const struct import_options *options,
    struct span content, struct import_row *ret, struct error *err);
