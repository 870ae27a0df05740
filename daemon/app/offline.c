/*
 * Commands on the store: each does one thing and ends. Those that write take the data directory's lock, which
 * no daemon may hold; those that only look, and the backup, run beside one.
 */
#include "arguments.h"
#include "subsystem.h"

#include "base/crypto.h"
#include "base/log.h"
#include "store/backup.h"
#include "store/rekey.h"
#include "store/store.h"
#include "store/token.h"
#include "work/organisation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OFFLINE_INPUT_MAX = 64 * 1024 };

typedef enum status (*offline_run)(struct app *app, struct error *err);

static int offline_end(struct app *app, enum status status, const struct error *err)
{
    const char *subject = app->failed ? app->failed : "entretiend";
    if (status != ST_OK && err->count == 0)
        log_line(LOG_ERROR, subject, err->detail, NULL);
    for (unsigned i = 0; status != ST_OK && i < err->count; i++)
        log_line(LOG_ERROR, subject, err->fields[i].detail, "field=%s", err->fields[i].pointer);
    config_free(app->config);
    return status == ST_OK ? APP_OK : APP_FAILED;
}

/* On a store that no daemon uses. */
static int offline_alone(
    const struct app_arguments *arguments, const struct subsystem *table, size_t count, offline_run run)
{
    struct error err = ERROR_INIT;
    struct app app = {.source = arguments->source, .config = app_load(arguments), .argument = arguments->file};
    if (!app.config)
        return APP_MISUSED;
    return offline_end(&app, instance_once(&app, table, count, run, &err), &err);
}

static int offline_with_store(const struct app_arguments *arguments, offline_run run)
{
    return offline_alone(arguments, offline_subsystems, offline_subsystems_count, run);
}

/* On a store that a daemon may use. */
static int offline_beside(const struct app_arguments *arguments, offline_run run)
{
    struct error err = ERROR_INIT;
    struct app app = {.source = arguments->source, .config = app_load(arguments), .argument = arguments->file};
    if (!app.config)
        return APP_MISUSED;
    umask(0077);
    return offline_end(&app, run(&app, &err), &err);
}

static enum status offline_say(struct error *err, const char *line)
{
    if (puts(line) < 0 || fflush(stdout) != 0)
        return error_set(err, ST_INTERNAL, "standard output cannot be written: %m");
    return ST_OK;
}

static void offline_tell(const char *what, const char *file, const struct store_verdict *verdict)
{
    printf("%s: %s\n%" PRId64 " bytes; %" PRId64 " organisations; %" PRId64 " audit records, %" PRId64
           " payloads verified, %" PRId64 " erased\n",
        what, file, verdict->bytes, verdict->organisations, verdict->records, verdict->payloads,
        verdict->erased);
}

/* ---- create-token: somebody has to be the first to ask */

static enum status token_write(struct txn *txn, void *context, struct error *err)
{
    const char *token = context;
    struct sha256 hash = sha256(token, strlen(token));
    struct token_row row = {.scopes = "admin",
        .label = "entretiend create-token",
        .expires_at = INSTANT_NONE,
        .last_used = INSTANT_NONE,
        .revoked_at = INSTANT_NONE};
    enum status status = token_add(txn, &row, &hash, err);
    if (status == ST_OK)
        txn_audit(txn, "token.created", row.id, "{\"scopes\":\"admin\"}");
    return status;
}

static enum status token_make(struct app *app, struct error *err)
{
    struct arena *arena = arena_new(0);
    char *token = secret_token(arena, "ent_", 32);
    enum status status = store_write_now(app->store, "system", "system", token_write, token, err);
    if (status == ST_OK)
        status = offline_say(err, token);
    arena_free(arena);
    return status;
}

int app_create_token(const struct app_arguments *arguments)
{
    return offline_with_store(arguments, token_make);
}

/* ---- create-organisation: the first one, before the daemon runs */

struct founding {
    struct organisation in;
    char id[ID_MAX];
};

static enum status founding_write(struct txn *txn, void *context, struct error *err)
{
    struct founding *founding = context;
    struct organisation made;
    enum status status = organisation_create(txn, &founding->in, &made, err);
    if (status == ST_OK)
        snprintf(founding->id, sizeof founding->id, "%s", made.id);
    return status;
}

static enum status founding_read(struct arena *arena, struct founding *ret, struct error *err)
{
    BUF_AUTO text;
    char chunk[4096];
    size_t size;
    buf_init(&text, OFFLINE_INPUT_MAX);
    while ((size = fread(chunk, 1, sizeof chunk, stdin)) > 0)
        buf_add(&text, chunk, size);
    if (text.failed)
        return error_set(
            err, ST_TOO_LARGE, "standard input: at most %d KiB are expected", OFFLINE_INPUT_MAX / 1024);
    return field_parse(&organisation_table, arena, text.data, text.size, FIELD_MODE_CREATE, &ret->in, err);
}

static enum status founding_make(struct app *app, struct error *err)
{
    struct founding founding = {0};
    struct arena *arena = arena_new(0);
    organisation_begin(&(struct organisation_defaults){
        .locale = (enum lang)app->config->defaults.locale, .zone = app->config->defaults.zone});
    enum status status = founding_read(arena, &founding, err);
    if (status == ST_OK)
        status = store_write_now(app->store, "system", "system", founding_write, &founding, err);
    if (status == ST_OK)
        status = offline_say(err, founding.id);
    arena_free(arena);
    return status;
}

int app_create_organisation(const struct app_arguments *arguments)
{
    return offline_with_store(arguments, founding_make);
}

/* ---- migrate-store */

/* Opening the store is what migrates it. */
static enum status migrate_say(struct app *app, struct error *err)
{
    (void)err;
    log_line(LOG_NOTICE, "store", "its schema is this program's", "file=%s", app->config->store.sqlite_file);
    return ST_OK;
}

int app_migrate_store(const struct app_arguments *arguments)
{
    return offline_with_store(arguments, migrate_say);
}

/* ---- rekey */

static enum status rekey_write(struct txn *txn, void *context, struct error *err)
{
    struct rekey_counts *counts = context;
    enum status status = rekey_organisation(txn, counts, err);
    if (status == ST_OK && counts->renewed > 0)
        txn_audit(txn, "secrets.rekeyed", arena_printf(txn_arena(txn), "org_%s", txn_organisation(txn)),
            arena_printf(txn_arena(txn), "{\"renewed\":%" PRId64 "}", counts->renewed));
    return status;
}

struct rekey_list {
    struct arena *arena;
    const char **keys;
    size_t count;
};

static enum status rekey_list(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct rekey_list *list = context;
    const char *const *keys = NULL;
    enum status status = store_chains(snapshot, &keys, &list->count, err);
    list->keys = ARENA_ARRAY(list->arena, list->count, const char *);
    for (size_t i = 0; status == ST_OK && i < list->count; i++)
        list->keys[i] = arena_strdup(list->arena, keys[i]);
    return status;
}

/* An organisation is a transaction: interrupted, the rest still opens with the retired keys, and the command
 * can be given again. */
static enum status rekey_all(struct app *app, struct error *err)
{
    struct rekey_counts total = {0};
    struct rekey_list list = {.arena = arena_new(0)};
    enum status status = store_read_now(app->store, rekey_list, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct rekey_counts counts = {0};
        status = store_write_now(app->store, list.keys[i], "system", rekey_write, &counts, err);
        total.renewed += counts.renewed;
        total.current += counts.current;
    }
    if (status == ST_OK)
        printf("%" PRId64 " secrets sealed anew, %" PRId64
               " were already; keys.retired is needed no more, but by older backups\n",
            total.renewed, total.current);
    arena_free(list.arena);
    return status;
}

int app_rekey(const struct app_arguments *arguments)
{
    return offline_with_store(arguments, rekey_all);
}

/* ---- check-store, backup, restore */

static enum status check_store(struct app *app, struct error *err)
{
    struct store_verdict verdict;
    enum status status = store_verify(app->config->store.sqlite_file, NULL, &verdict, err);
    if (status == ST_OK)
        offline_tell("the store holds", app->config->store.sqlite_file, &verdict);
    return status;
}

int app_check_store(const struct app_arguments *arguments)
{
    return offline_beside(arguments, check_store);
}

static enum status backup_make(struct app *app, struct error *err)
{
    struct store_verdict verdict;
    enum status status = store_backup(app->config->store.sqlite_file, app->argument, &verdict, err);
    if (status == ST_OK)
        offline_tell("verified backup", app->argument, &verdict);
    return status;
}

int app_backup(const struct app_arguments *arguments)
{
    return offline_beside(arguments, backup_make);
}

static enum status restore_make(struct app *app, struct error *err)
{
    const char *path = app->config->store.sqlite_file;
    struct arena *arena = arena_new(0);
    char now[INSTANT_TEXT_MAX];
    const char *aside = arena_printf(arena, "%s.before-%s", path, instant_text(clock_now(app->clock), now));
    struct store_verdict verdict;
    enum status status = store_restore(app->argument, path, aside, &verdict, err);
    if (status == ST_OK)
        status = data_give(app, path, err);
    if (status == ST_OK)
        offline_tell("restored", app->argument, &verdict);
    if (status == ST_OK && access(aside, F_OK) == 0)
        printf("the store that was there is kept: %s\n", aside);
    arena_free(arena);
    return status;
}

int app_restore(const struct app_arguments *arguments)
{
    return offline_alone(arguments, bare_subsystems, bare_subsystems_count, restore_make);
}
