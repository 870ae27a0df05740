#pragma once
/*
 * What the files of the store share. A resource is one file: its statements at the top, its verbs below, each
 * verb a statement or two and `return db_status(...)`; it needs nothing from the core but what is declared
 * here.
 */
#include "db/db.h"
#include "store/page.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct snapshot {
    struct db_conn *db;
    struct arena *arena;
    instant_t now;
};

/* A record to be: one call of txn_audit. */
struct audit_note {
    instant_t at;
    const char *organisation;                     /* whose chain */
    const char *actor, *verb, *subject, *payload; /* canonical JSON */
};

struct audit_notes {
    struct audit_note *items;
    size_t count, capacity;
};

struct txn {
    struct snapshot snapshot;
    const char *organisation, *actor;
    const struct keyring *keyring;
    struct audit_notes *notes; /* of the batch */
    void *slot;                /* the job's own */
    enum status broken;        /* a failure that sticks and is not the database's */
};

/* Runs `run` under a savepoint; undoes its rows and its notes unless it and every statement went well. */
enum status txn_under_savepoint(struct txn *txn, txn_run run, void *context, struct error *err);
/* Runs a job of a transaction that is committed or rolled back whole. SQLite keeps a copy of
 * every page changed since a savepoint and walks over them at the end of each statement: that makes long slices
 * slow. */
enum status txn_alone(struct txn *txn, txn_run run, void *context, struct error *err);

/* ---- the core */

struct store_job {
    struct lane_job lane; /* first */
    txn_run write;        /* one of the two */
    snapshot_run read;
    const char *organisation, *actor;
    void *context;
    store_done done;
    enum status status;
    struct error error;
};

/* A connection with its memory, for one thread at a time. */
struct store_worker {
    struct store *store;
    struct db_conn *db;
    struct arena *arena;
    struct error error; /* of the latest transaction that failed, in the database's words */
    unsigned careful;   /* batches that are to run each job under a savepoint */
};

/* Organisations share a counter when their keys hash alike: it then rises more often than it had to. */
enum { STORE_VERSIONS = 1024 };

struct store {
    struct store_options options;
    struct db_options db;
    struct lane *write, *read, *longer; /* the last one for store_read_long */
    struct store_worker writer, *readers, reader_long;
    pthread_mutex_t now_mutex;
    struct store_worker now;     /* of what runs now, under that mutex; connected when first needed */
    pthread_mutex_t close_mutex; /* of `closing`, which ends the wait for a lost database */
    pthread_cond_t close_cond;
    bool closing;
    atomic_bool stopping; /* the same, for statements that take long */
    unsigned drained;     /* lanes, while draining */
    void (*on_drained)(void *context);
    void *on_drained_context;
    atomic_bool full, damaged;
    _Atomic uint64_t commits, rollbacks, retries, reconnects;
    _Atomic uint64_t versions[STORE_VERSIONS];
};

/* After a transaction: see store_version(). */
void store_raise_version(struct store *store, const char *organisation);
/* Runs write jobs of one organisation in one transaction and completes them (status and error are set). */
void batch_run(struct store_worker *worker, struct store_job **jobs, unsigned count);
/* Runs one read job in a snapshot and completes it. */
void store_run_read(struct store_worker *worker, struct store_job *job);
/* Tries for a second or so. */
bool store_reconnect(struct store_worker *worker);
/* The class of a failed transaction as the answer to a job; remembers a full disk and damage. */
enum status store_refuse(struct store_worker *worker, enum db_class class, struct error *err);
/* Ends the transaction; its class, whose sentence is kept in the worker. */
enum db_class store_end(struct store_worker *worker);

/* Where the chain of an organisation stands, in the row that every write transaction locks first. */
struct chain_row {
    int64_t seq;
    const char *hash; /* hexadecimal, "" for none */
};
/* False when there is no such organisation, or after an error. */
bool chain_lock(struct db_conn *db, struct arena *arena, const char *organisation, struct chain_row *ret);
/* Appends the notes of that organisation and moves the head. */
void chain_append(struct db_conn *db, struct arena *arena, const char *organisation,
    const struct chain_row *head, const struct audit_notes *notes);

enum status store_migrate(struct db_conn *db, struct error *err);

/* ---- for the resources */

/* The sticky error when there is one, else ST_NOT_FOUND: `return row_missing(db, "review", id, err);`. */
enum status row_missing(struct db_conn *db, const char *what, const char *id, struct error *err);
/* The organisation's key in an id of that kind, NULL when it is none: then `err` says ST_NOT_FOUND. */
const char *row_organisation(
    const struct snapshot *snapshot, const char *id, const char *kind, struct error *err);
/* ST_OK when the id is of that kind and of the job's organisation, else ST_NOT_FOUND. */
enum status row_own(const struct txn *txn, const char *id, const char *kind, struct error *err);
/* `id`, or a new one of the job's organisation. */
const char *row_id(const struct txn *txn, const char *id, const char *kind);
/* Before every id of that kind made from that instant on: its time and nothing drawn. INSTANT_NONE: before all.
 */
const char *row_id_at(struct arena *arena, const char *kind, const char *organisation, instant_t from);
/* Runs INSERT or UPDATE ... RETURNING a positive integer (the version) for one row: that, or 0 when no row
 * changed or after an error. */
int64_t row_write(
    struct db_conn *db, const struct statement *statement, const struct db_value *values, size_t count);
/* The first column of a query by organisation and id as an integer, 0 when there is no row or after an error.
 */
int64_t row_read_int(
    struct db_conn *db, const struct statement *statement, const char *organisation, const char *id);
/* After row_write by id and version: ST_OK when a row changed, else why not. `version_of` selects the version
 * by organisation and id. */
enum status row_changed(struct txn *txn, int64_t written, const struct statement *version_of, const char *what,
    const char *id, int64_t expected, struct error *err);
/* A unique constraint or foreign key that failed as ST_CONFLICT at a field; other failures as they are. Only
 * for verbs whose one statement can fail that way for one reason. */
bool row_taken(const struct db_conn *db);
/* training.c: before a row becomes `row`, keeps what it says, for those who ask what was known. */
struct action_row;
struct completion_row;
struct course_row;
void training_keep_action(struct txn *txn, const struct action_row *row);
void training_keep_completion(struct txn *txn, const struct completion_row *row);
void training_keep_course(struct txn *txn, const struct course_row *row);
/* The index of `text` in `names`, 0 when it is none of them. */
int row_name_index(const char *const names[], const char *text);

unsigned page_limit(
    const struct page *page); /* rows to return; ask for one more to know whether there is a next */
/* A cursor of up to four texts. */
enum { CURSOR_PARTS = 4 };
#define CURSOR_LAST "~" /* after every id: the first page of an order from the newest */
const char *cursor_make(struct arena *arena, const char *const parts[], unsigned count);
/* The parts of page->cursor, or `first` for each when there is none. ST_INVALID at "/cursor". */
enum status cursor_read(struct arena *arena, const struct page *page, const char *first, const char *parts[],
    unsigned count, struct error *err);
/* The same for an order by number. */
const char *cursor_make_int(struct arena *arena, int64_t number);
enum status cursor_read_int(
    struct arena *arena, const struct page *page, int64_t first, int64_t *ret, struct error *err);

/* A growing array of rows in an arena: struct row_array a = ROW_ARRAY(arena, struct x_row); x = row_push(&a).
 */
struct row_array {
    struct arena *arena;
    void *items;
    size_t size, count, capacity;
};
#define ROW_ARRAY(memory, type) ((struct row_array){.arena = (memory), .size = sizeof(type)})
void *row_push(struct row_array *array);
/* Cuts a list that was asked for one row more than its page; whether there was one. */
bool row_cut(struct row_array *array, unsigned limit);
