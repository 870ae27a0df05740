#pragma once
/*
 * One run of the program. Everything lives in its arena and ends with it; a page of a list has an arena of its
 * own. Functions return how the process would end: CTL_DONE, or why not, with the complaint written.
 */
#include "base/json.h"
#include "base/zone.h"
#include "client.h"
#include "ctl/ctl.h"
#include "invocation.h"
#include "settings.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

struct people; /* resolve.c: the employees met so far */

struct ctl {
    struct arena *arena;
    struct invocation invocation;
    const struct command *command;
    struct settings settings;
    struct client *client;
    bool terminal; /* output goes to one */
    size_t width;  /* of it, in columns */
    struct buf complaint;
    const char *organisation; /* its id, once it has been needed */
    const struct zone *zone;  /* the organisation's, once it has been needed; NULL = UTC */
    bool zone_known;
    struct people *people;
};

/* Writes the complaint, one line that is escaped, and returns `code`. */
enum ctl_exit ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *format, ...) PRINTF_LIKE(3, 4);
/* A line on standard error that is no failure. */
void ctl_warn(const struct ctl *ctl, const char *format, ...) PRINTF_LIKE(2, 3);
/* Writes to standard output; CTL_BROKEN when it cannot be written. */
enum ctl_exit ctl_put(struct ctl *ctl, const char *bytes, size_t size);
/* What was given on the command line, NULL when it was not. */
const char *ctl_text(const struct ctl *ctl, const char *name);
bool ctl_has(const struct ctl *ctl, const char *name);
/* A file, or standard input for "-"; at most `limit` bytes. */
enum ctl_exit ctl_read_file(struct ctl *ctl, const char *path, size_t limit, struct buf *ret);

/* ---- requests */

/* Sends; anything but a 2xx is a failure and its problem the complaint. `json` NULL: the answer is taken as it
 * is. */
enum ctl_exit ctl_send(struct ctl *ctl, struct arena *arena, const struct request *request,
    struct answer *ret_answer, const struct json **ret_json);
/* GET of a target. */
enum ctl_exit ctl_get(struct ctl *ctl, struct arena *arena, const char *target, const struct json **ret);
/* Whether a complaint is about an answer: writes it. */
enum ctl_exit ctl_refused(struct ctl *ctl, const struct answer *answer);

/* What the command's tables make of the command line. */
enum ctl_exit request_of_command(struct ctl *ctl, struct request *ret);
/* Adds "name=value", percent-encoded, behind "?" or "&". */
void target_add(struct buf *target, const char *name, const char *value);
void target_escape(struct buf *target, const char *text);
/* A key for a request that may be sent twice. */
const char *request_key(struct arena *arena);

/* ---- names */

/* The id of an employee by payroll number; ids stay. */
enum ctl_exit resolve_person(struct ctl *ctl, const char *number, const char **ret);
/* The id of a review, or of the one under way of an employee. */
enum ctl_exit resolve_review(struct ctl *ctl, const char *text, const char **ret);
/* The id of the organisation: by flag, environment or settings, else the only one the token sees. */
enum ctl_exit resolve_organisation(struct ctl *ctl, const char **ret);
/* The configured organisation's id, NULL when none is configured. */
enum ctl_exit resolve_configured(struct ctl *ctl, const char **ret);
/* Remembers the only organisation the token sees; false when there is not one. */
bool resolve_only(struct ctl *ctl);
/* RFC 3339 from a local time of the organisation's zone. */
enum ctl_exit resolve_instant(struct ctl *ctl, const char *text, const char **ret);
/* The organisation's zone; NULL when it cannot be known. */
const struct zone *resolve_zone(struct ctl *ctl);
/* Number and name of an employee by id; "" when they cannot be known. */
void resolve_employee(struct ctl *ctl, const char *id, const char **ret_number, const char **ret_name);

/* ---- answers */

/* The text of a cell. Lives in `arena`. */
const char *cell_text(
    struct ctl *ctl, struct arena *arena, const struct json *item, const struct column *column);
/* Sends the request of a command and shows what it says. */
enum ctl_exit show_request(struct ctl *ctl, const struct request *request);
/* Shows one JSON value: rows, a record, or as it is. */
enum ctl_exit show_value(struct ctl *ctl, const struct json *value);
/* Items of an array as rows of the view. */
enum ctl_exit show_items(struct ctl *ctl, const struct json *items, const struct view *view);
/* The bytes that came, on standard output or into the file of --output. */
enum ctl_exit show_body(struct ctl *ctl, const struct answer *answer);
/* Sends, and passes the answer on as it comes, however long: on standard output or into the file of --output.
 */
enum ctl_exit show_download(struct ctl *ctl, const struct request *request);
/* The value's members, one a line. */
enum ctl_exit show_record(struct ctl *ctl, const struct json *value);
/* The value as text: indented on a terminal. */
enum ctl_exit show_json(struct ctl *ctl, const struct json *value);
void show_json_add(const struct ctl *ctl, struct buf *out, const struct json *value, unsigned depth);
/* Any text; on a terminal with its controls escaped. */
enum ctl_exit show_text(struct ctl *ctl, const char *text, size_t size);
/* All pages of a list. */
enum ctl_exit show_list(struct ctl *ctl, const struct request *request);
/* A view's columns, or the one of --field; a table for them; an item as its row; rows written. */
const struct view *show_view(struct ctl *ctl, const struct view *view);
struct table *show_table(struct ctl *ctl, const struct view *view);
void show_row(struct ctl *ctl, struct arena *arena, struct table *table, const struct view *view,
    const struct json *item);
enum ctl_exit show_flush(struct ctl *ctl, struct table *table);

/* ---- commands that are more than a request */

enum ctl_exit run_help(struct ctl *ctl);
enum ctl_exit run_status(struct ctl *ctl);
enum ctl_exit run_init(struct ctl *ctl);
enum ctl_exit run_backup(struct ctl *ctl);
enum ctl_exit run_selfcheck(struct ctl *ctl);
enum ctl_exit run_retention(struct ctl *ctl);
enum ctl_exit run_audit_verify(struct ctl *ctl);
enum ctl_exit run_api(struct ctl *ctl);
enum ctl_exit run_duties(struct ctl *ctl);
enum ctl_exit run_simulate(struct ctl *ctl);
enum ctl_exit run_recap(struct ctl *ctl);
enum ctl_exit run_trace(struct ctl *ctl);
enum ctl_exit run_figures(struct ctl *ctl);
enum ctl_exit run_import(struct ctl *ctl);
/* Sends the request of a command and follows the operation it begins. */
enum ctl_exit run_operation(struct ctl *ctl);
enum ctl_exit run_moving(struct ctl *ctl);
enum ctl_exit help_main(struct ctl *ctl);
enum ctl_exit help_manual(struct ctl *ctl);
enum ctl_exit help_json(struct ctl *ctl);
enum ctl_exit help_command(struct ctl *ctl, const struct command *command);
