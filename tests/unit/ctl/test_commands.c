/* The tables of commands agree with themselves. */
#include "command.h"

#include "table.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void each_command(void (*look)(const struct command *command))
{
    for (size_t group = 0; group < command_group_count; group++)
        for (size_t i = 0; i < command_groups[group]->count; i++)
            look(&command_groups[group]->commands[i]);
}

static void look_up(const struct command *command)
{
    char noun[64];
    size_t words = 0;
    size_t length = strcspn(command->name, " ");
    const char *verb = command->name[length] ? command->name + length + 1 : NULL;
    (void)snprintf(noun, sizeof(noun), "%.*s", (int)length, command->name);
    assert_ptr_equal(command_find(noun, verb, &words), command);
    assert_int_equal(words, verb ? 2 : 1);
    assert_true(command->run || command->request);
    assert_true(command->doc && command->doc[strlen(command->doc) - 1] != '.');
}

static void test_every_command_is_found(void **state)
{
    (void)state;
    each_command(look_up);
}

static void look_up_plural(const struct command *command)
{
    size_t words = 0;
    size_t length = strcspn(command->name, " ");
    bool ending_in_y = command->name[length - 1] == 'y';
    char plural[64];
    if (strcmp(command->name + length, " list") != 0 || strncmp(command->name, "audit", length) == 0)
        return;
    (void)snprintf(plural, sizeof(plural), "%.*s%s", (int)(length - ending_in_y), command->name,
        ending_in_y                        ? "ies"
        : command->name[length - 1] == 's' ? "es"
                                           : "s");
    assert_ptr_equal(command_find(plural, NULL, &words), command);
}

static void test_a_plural_lists(void **state)
{
    (void)state;
    each_command(look_up_plural);
}

static void look_at_names(const struct command *command)
{
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        assert_non_null(parameter->name);
        for (size_t j = 0; j < i; j++)
            assert_true(!*parameter->name || strcmp(parameter->name, command->parameters[j].name) != 0);
        for (size_t j = 0; j < global_parameter_count; j++) {
            assert_string_not_equal(parameter->name, global_parameters[j].name);
            assert_true(!parameter->letter || !global_parameters[j].letter ||
                        strcmp(parameter->letter, global_parameters[j].letter) != 0);
        }
        assert_true(!*parameter->name || parameter->doc);
        assert_true(*parameter->name || parameter->fixed);
        assert_true((parameter->place == PLACE_RUN) == (parameter->to == NULL));
        assert_true(parameter->place != PLACE_BODY || parameter->to[0] == '/');
    }
}

static void test_names_are_clear(void **state)
{
    (void)state;
    each_command(look_at_names);
}

/* Each {name} of a path has its parameter, each parameter of a path its {name}. */
static void look_at_path(const struct command *command)
{
    size_t named = 0;
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *parameter = &command->parameters[i];
        char wanted[64];
        if (parameter->place != PLACE_PATH)
            continue;
        (void)snprintf(wanted, sizeof(wanted), "{%s}", parameter->to);
        assert_non_null(strstr(command->request, wanted));
        named++;
    }
    size_t holes = 0;
    for (const char *c = command->request ? command->request : ""; (c = strchr(c, '{')); c++)
        holes += strncmp(c, "{organisation}", 14) != 0;
    assert_int_equal(holes, named);
}

static void test_paths_are_filled(void **state)
{
    (void)state;
    each_command(look_at_path);
}

static size_t parent_of(const char *pointer)
{
    const char *slash = strchr(pointer + 1, '/');
    return slash ? (size_t)(slash - pointer) : 0;
}

/* Members of one object stand together: the body is written in one go. */
static void look_at_body(const struct command *command)
{
    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct parameter *first = &command->parameters[i];
        size_t parent = first->place == PLACE_BODY ? parent_of(first->to) : 0;
        bool left = false;
        for (size_t j = i + 1; parent && j < command->parameter_count; j++) {
            const struct parameter *other = &command->parameters[j];
            bool same = other->place == PLACE_BODY && strncmp(other->to, first->to, parent + 1) == 0;
            assert_false(left && same);
            left |= !same;
        }
    }
}

static void test_bodies_are_written_in_one_go(void **state)
{
    (void)state;
    each_command(look_at_body);
}

static void look_at_view(const struct command *command)
{
    if (!command->view) {
        assert_true(!command->list);
        return;
    }
    assert_true(command->view->count > 0 && command->view->count <= TABLE_COLUMNS_MAX);
    for (size_t i = 0; i < command->view->count; i++)
        assert_true(command->view->columns[i].pointer[0] == '/' && *command->view->columns[i].heading);
}

static void test_views_have_columns(void **state)
{
    (void)state;
    each_command(look_at_view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_is_found),
        cmocka_unit_test(test_a_plural_lists),
        cmocka_unit_test(test_names_are_clear),
        cmocka_unit_test(test_paths_are_filled),
        cmocka_unit_test(test_bodies_are_written_in_one_go),
        cmocka_unit_test(test_views_have_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
