/* Answers on standard output: rows of a view, a record, or what the command's tables ask for. */
#include "internal.h"

#include "base/text.h"
#include "display.h"

#include <string.h>

/* ---- rows */

/* The one member that --field asks for takes the place of the view's columns. */
const struct view *show_view(struct ctl *ctl, const struct view *view)
{
    const char *field = ctl_text(ctl, "--field");
    if (!field)
        return view;
    char *pointer = arena_printf(ctl->arena, "/%s", *field == '/' ? field + 1 : field);
    for (char *dot = pointer; (dot = strchr(dot, '.'));)
        *dot = '/';
    struct column *column = ARENA_NEW(ctl->arena, struct column);
    *column = (struct column){.heading = "", .pointer = pointer};
    struct view *one = ARENA_NEW(ctl->arena, struct view);
    *one = (struct view){.columns = column, .count = 1};
    return one;
}

struct table *show_table(struct ctl *ctl, const struct view *view)
{
    struct table_column *columns = ARENA_ARRAY(ctl->arena, view->count, struct table_column);
    const struct table_style style = {
        .terminal = ctl->terminal, .heading = !ctl_has(ctl, "--field"), .width = ctl->width};
    for (size_t i = 0; i < view->count; i++) {
        const struct column *column = &view->columns[i];
        bool number = column->cell == CELL_NUMBER || column->cell == CELL_CENTS || column->cell == CELL_COUNT;
        columns[i] = (struct table_column){
            .heading = column->heading, .right = number, .stretch = column->stretch, .note = column->note};
    }
    return table_new(ctl->arena, columns, view->count, &style);
}

void show_row(
    struct ctl *ctl, struct arena *arena, struct table *table, const struct view *view, const struct json *item)
{
    const char *cells[TABLE_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < view->count && i < TABLE_COLUMNS_MAX; i++)
        cells[i] = cell_text(ctl, arena, item, &view->columns[i]);
    table_row(table, cells);
}

enum ctl_exit show_flush(struct ctl *ctl, struct table *table)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    table_write(table, &out);
    return ctl_put(ctl, out.data, out.size);
}

enum ctl_exit show_items(struct ctl *ctl, const struct json *items, const struct view *view)
{
    const struct view *shown = show_view(ctl, view);
    struct table *table = show_table(ctl, shown);
    for (size_t i = 0; i < json_count(items); i++)
        show_row(ctl, ctl->arena, table, shown, json_at(items, i));
    if (json_count(items) == 0 && ctl->terminal && view->none)
        ctl_warn(ctl, "%s", view->none);
    return show_flush(ctl, table);
}

static enum ctl_exit show_one_row(struct ctl *ctl, const struct json *value, const struct view *view)
{
    const struct view *shown = show_view(ctl, view);
    struct table *table = show_table(ctl, shown);
    show_row(ctl, ctl->arena, table, shown, value);
    return show_flush(ctl, table);
}

/* ---- records */

struct record {
    struct ctl *ctl;
    struct table *table;
    char path[256];
};

static void record_value(struct record *record, const char *name, const struct json *value);

static enum status record_member(void *context, const char *key, const struct json *value)
{
    record_value(context, key, value);
    return ST_OK;
}

static bool record_is_plain(const struct json *value)
{
    if (json_type(value) != JSON_ARRAY)
        return json_type(value) != JSON_OBJECT;
    for (size_t i = 0; i < json_count(value); i++)
        if (json_type(json_at(value, i)) == JSON_ARRAY || json_type(json_at(value, i)) == JSON_OBJECT)
            return false;
    return true;
}

/* Members of members are called after both: "organiser.email", "agreements.1.period". */
static void record_value(struct record *record, const char *name, const struct json *value)
{
    static const struct column any = {.pointer = ""};
    static const struct column instant = {.pointer = "", .cell = CELL_INSTANT};
    size_t length = strlen(record->path);
    char *end = record->path + length;
    size_t room = sizeof(record->path) - length;
    if (length > 0 && room > 1)
        (void)text_copy(end, room, ".");
    (void)text_copy(end + (length > 0 && room > 1), room - (length > 0 && room > 1), name);
    if (record_is_plain(value)) {
        instant_t ignored;
        const char *text = json_text(value);
        const struct column *column = text && instant_parse(text, &ignored) ? &instant : &any;
        const char *cells[] = {record->path, cell_text(record->ctl, record->ctl->arena, value, column)};
        if (*cells[1])
            table_row(record->table, cells);
    } else if (json_type(value) == JSON_OBJECT) {
        (void)json_each(value, record_member, record);
    } else {
        for (size_t i = 0; i < json_count(value); i++)
            record_value(record, arena_printf(record->ctl->arena, "%zu", i + 1), json_at(value, i));
    }
    *end = '\0';
}

enum ctl_exit show_record(struct ctl *ctl, const struct json *value)
{
    static const struct table_column columns[] = {{.heading = ""}, {.heading = "", .stretch = true}};
    const struct table_style style = {.terminal = ctl->terminal, .width = 0};
    struct record record = {.ctl = ctl, .table = table_new(ctl->arena, columns, 2, &style)};
    if (ctl_has(ctl, "--field"))
        return show_one_row(ctl, value, &(struct view){0});
    (void)json_each(value, record_member, &record);
    return show_flush(ctl, record.table);
}

/* ---- answers of commands */

/* What the server wants noticed about the resource. */
static void show_warnings(struct ctl *ctl, const struct json *value)
{
    const struct json *warnings = json_get(value, "warnings");
    for (size_t i = 0; i < json_count(warnings) && i < ERROR_FIELDS_MAX; i++) {
        const char *detail = json_text(json_get(json_at(warnings, i), "detail"));
        if (detail)
            ctl_warn(ctl, "warning: %s", detail);
    }
}

enum ctl_exit show_value(struct ctl *ctl, const struct json *value)
{
    const struct command *command = ctl->command;
    if (ctl_has(ctl, "--json"))
        return show_json(ctl, value);
    show_warnings(ctl, value);
    if (command->show == SHOW_RECORD || !command->view)
        return show_record(ctl, value);
    const struct json *items = json_get(value, "items");
    return items ? show_items(ctl, items, command->view) : show_one_row(ctl, value, command->view);
}

enum ctl_exit show_request(struct ctl *ctl, const struct request *request)
{
    const struct json *value = NULL;
    struct answer answer;
    if (ctl->command->list)
        return show_list(ctl, request);
    bool raw = ctl->command->show == SHOW_BODY;
    enum ctl_exit code = ctl_send(ctl, ctl->arena, request, &answer, raw ? NULL : &value);
    if (code != CTL_DONE)
        return code;
    if (raw)
        return show_body(ctl, &answer);
    return answer.body.size > 0 ? show_value(ctl, value) : CTL_DONE;
}
