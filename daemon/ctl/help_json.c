/* What the tables say, as JSON: for completion in shells, and to compare with what the server describes. */
#include "internal.h"

#include "help.h"

static void json_parameter(struct json_writer *w, const struct parameter *parameter)
{
    static const char *const places[] = {
        [PLACE_RUN] = "run", [PLACE_PATH] = "path", [PLACE_QUERY] = "query", [PLACE_BODY] = "body"};
    BUF_AUTO name;
    buf_init(&name, 0);
    help_name(&name, parameter);
    jw_open(w, '{');
    jw_member(w, "name", parameter->name);
    jw_member(w, "usage", name.data);
    jw_member(w, "in", places[parameter->place]);
    jw_member(w, "to", parameter->to);
    jw_member(w, "doc", parameter->doc);
    jw_close(w, '}');
}

static void json_command(struct json_writer *w, const struct command *command)
{
    BUF_AUTO usage;
    buf_init(&usage, 0);
    help_usage(&usage, command);
    jw_open(w, '{');
    jw_member(w, "name", command->name);
    jw_member(w, "usage", usage.data);
    jw_member(w, "doc", command->doc);
    jw_member(w, "request", command->request);
    jw_member_bool(w, "list", command->list);
    jw_key(w, "parameters");
    jw_open(w, '[');
    for (size_t i = 0; i < command->parameter_count; i++)
        json_parameter(w, &command->parameters[i]);
    jw_close(w, ']');
    jw_key(w, "columns");
    jw_open(w, '[');
    for (size_t i = 0; command->view && i < command->view->count; i++)
        jw_text(w, command->view->columns[i].pointer);
    jw_close(w, ']');
    jw_close(w, '}');
}

enum ctl_exit help_json(struct ctl *ctl)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '[');
    for (size_t group = 0; group < command_group_count; group++)
        for (size_t i = 0; i < command_groups[group]->count; i++)
            json_command(&w, &command_groups[group]->commands[i]);
    jw_close(&w, ']');
    buf_char(&out, '\n');
    return ctl_put(ctl, out.data, out.size);
}
