/*
 * Reads the configuration file with libconfuse, every value as text, and hands the texts to the option table,
 * so that one place knows types, limits and sentences. Loop thread, or start.
 */
#include "config.h"

#include "base/text.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Put behind the file's text: libconfuse lets a section end with the file, but then does not find this at the
 * top. */
#define CONFIG_END "end-of-file"

/* What is being read. libconfuse hands its callbacks no context, hence the one variable. */
static struct config_reading {
    struct config *config;
    struct buf *problems;
    struct config_strange {
        const char *name, *said;
        bool told; /* in this attempt */
    } strange[CONFIG_PROBLEMS_MAX];
    size_t strange_count;
    struct config_strange latest; /* unknown name at the top: if a { comes after it, it is a section */
} reading;

void config_problem(
    struct buf *problems, const struct config *config, const struct option *option, const char *format, ...)
{
    int line = config->lines[option - options];
    if (line > 0)
        buf_printf(problems, "%s:%d: ", config->path, line);
    buf_printf(problems, "%s: ", option->name);
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    buf_printf(problems, "%s\n", text);
}

void config_fault(struct config *config, const char *section)
{
    for (size_t i = 0; i < option_sections_count; i++)
        if (!section || text_equal(option_sections[i].name, section))
            config->faulty |= UINT32_C(1) << i;
}

static int config_take(cfg_t *section, cfg_opt_t *found)
{
    struct config *config = reading.config;
    const struct option *option =
        option_find(arena_printf(config->arena, "%s.%s", cfg_name(section), cfg_opt_name(found)));
    size_t index = (size_t)(option - options);
    int before = config->lines[index];
    config->lines[index] = section->line;
    if (before) {
        config_fault(config, cfg_name(section));
        config_problem(reading.problems, config, option, "given twice, first on line %d", before);
        return 0;
    }
    struct error err = ERROR_INIT;
    const char *text = cfg_opt_getstr(found);
    config->texts[index] = arena_strdup(config->arena, text ? text : "");
    if (option_set(option, config, config->texts[index], &err) == ST_OK)
        return 0;
    config_fault(config, cfg_name(section));
    config_problem(reading.problems, config, option, "%s", err.detail);
    return 0;
}

static struct config_strange *config_strange(const char *name)
{
    for (size_t i = 0; i < reading.strange_count; i++)
        if (text_equal(reading.strange[i].name, name))
            return &reading.strange[i];
    return NULL;
}

static int config_pass(cfg_t *section, cfg_opt_t *found)
{
    (void)section;
    struct config_strange *strange = config_strange(cfg_opt_name(found));
    config_fault(reading.config, NULL);
    if (!strange->told)
        buf_text(reading.problems, strange->said);
    strange->told = true;
    return 0;
}

static void config_unknown(cfg_t *section, const char *key)
{
    bool top = text_equal(cfg_name(section), "root");
    const char *name = top ? NULL : cfg_name(section);
    size_t before = reading.problems->size;
    if (name && config_strange(name))
        return;
    config_fault(reading.config, name);
    if (text_equal(key, CONFIG_END)) {
        buf_printf(reading.problems, "%s:%d: section %s has no closing }\n", reading.config->path,
            section->line - 1, name);
        return;
    }
    buf_printf(reading.problems, "%s:%d: %s%s%.60s: unknown %s, ", reading.config->path, section->line,
        top ? "" : name, top ? "" : ".", key, top ? "section" : "key");
    config_suggest(name, key, reading.problems);
    buf_text(reading.problems, "\n");
    if (top)
        reading.latest = (struct config_strange){.name = arena_strdup(reading.config->arena, key),
            .said = arena_strdup(reading.config->arena, reading.problems->data + before)};
}

/* "no such option 'KEY'" and the like: the name between the quotes. */
static char *config_quoted(char *text, const char *beginning)
{
    char *found = strstr(text, beginning);
    if (!found)
        return NULL;
    found += strlen(beginning);
    found[strcspn(found, "'")] = '\0';
    return found;
}

static PRINTF_LIKE(2, 0) void config_complain(cfg_t *section, const char *format, va_list args)
{
    char text[300], *name;
    vsnprintf(text, sizeof(text), format, args);
    if ((name = config_quoted(text, "no such option '"))) {
        config_unknown(section, name);
    } else if (reading.latest.name && (name = config_quoted(text, "missing equal sign after option '")) &&
               text_equal(name, reading.latest.name)) {
        if (reading.strange_count < CONFIG_PROBLEMS_MAX)
            reading.strange[reading.strange_count++] = reading.latest;
    } else {
        config_fault(reading.config, NULL);
        buf_printf(reading.problems, "%s:%d: %s\n", reading.config->path, section->line, text);
    }
}

/* The option table in libconfuse's form: a section holds texts whose callback is config_take; sections that do
 * not exist hold anything. */
static cfg_opt_t *config_syntax(struct arena *arena)
{
    size_t known = option_sections_count, strange = reading.strange_count;
    cfg_opt_t *top = ARENA_ARRAY(arena, known + strange + 2, cfg_opt_t);
    cfg_opt_t *nothing = ARENA_NEW(arena, cfg_opt_t);
    *nothing = (cfg_opt_t)CFG_END();
    for (size_t s = 0; s < known; s++) {
        cfg_opt_t *keys = ARENA_ARRAY(arena, options_count + 1, cfg_opt_t);
        size_t count = 0;
        for (size_t i = 0; i < options_count; i++) {
            if (!option_in_section(&options[i], &option_sections[s]))
                continue;
            keys[count] = (cfg_opt_t)CFG_STR(option_key(&options[i]), NULL, CFGF_NODEFAULT);
            keys[count++].validcb = config_take;
        }
        keys[count] = (cfg_opt_t)CFG_END();
        top[s] = (cfg_opt_t)CFG_SEC(option_sections[s].name, keys, CFGF_NONE);
    }
    for (size_t s = 0; s < strange; s++) {
        top[known + s] = (cfg_opt_t)CFG_SEC(reading.strange[s].name, nothing, CFGF_NONE);
        top[known + s].validcb = config_pass;
    }
    top[known + strange] = (cfg_opt_t)CFG_STR(CONFIG_END, NULL, CFGF_NODEFAULT);
    top[known + strange + 1] = (cfg_opt_t)CFG_END();
    return top;
}

/* Past the string that begins at `at`, or at the end of the text. */
static char *config_string_end(char *at)
{
    char quote = *at++;
    while (*at && *at != quote)
        at += at[0] == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

/* libconfuse takes a comment for more lines than it is: it gets blanks instead, and so the right line of what
 * is wrong. Its comments: # anywhere outside strings; // and, over several lines, what C has, where a word
 * begins. */
static void config_blank_comments(char *at)
{
    bool word = false;
    while (*at) {
        const char *end = NULL;
        if (*at == '#' || (!word && at[0] == '/' && at[1] == '/'))
            end = at + strcspn(at, "\n");
        else if (!word && at[0] == '/' && at[1] == '*' && (end = strstr(at + 2, "*/")))
            end += 2;
        if (end) {
            for (; at < end; at++)
                *at = *at == '\n' ? '\n' : ' ';
        } else if (*at == '"' || *at == '\'') {
            at = config_string_end(at);
        } else {
            word = !strchr(" \t\r\n={}()+,", *at);
            at++;
        }
    }
}

static bool config_read_text(const char *path, struct buf *text, struct buf *problems)
{
    FILE *file = fopen(path, "re");
    char chunk[4096];
    size_t size;
    if (!file) {
        buf_printf(problems, "%s: cannot be read: %s\n", path, strerror(errno));
        return false;
    }
    while ((size = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_add(text, chunk, size);
    bool broken = ferror(file);
    fclose(file);
    bool fit = !broken && text->size <= CONFIG_FILE_MAX && !memchr(text->data, '\0', text->size);
    if (!fit)
        buf_printf(problems, "%s: is not a text of at most %d KiB\n", path, CONFIG_FILE_MAX / 1024);
    return fit;
}

/* Reads the text from its beginning. libconfuse goes on after an unknown key, but not after an unknown section:
 * then there is one strange section more, and another attempt passes it over. */
static void config_attempt(const char *text)
{
    struct config *config = reading.config;
    memset(config->lines, 0, sizeof config->lines);
    config->faulty = 0;
    reading.latest = (struct config_strange){0};
    for (size_t i = 0; i < reading.strange_count; i++)
        reading.strange[i].told = false;
    cfg_t *root = cfg_init(config_syntax(config->arena), CFGF_KEYSTRVAL);
    cfg_set_error_function(root, config_complain);
    if (cfg_parse_buf(root, text) != CFG_SUCCESS && reading.problems->size == 0)
        buf_printf(reading.problems, "%s:%d: cannot be understood\n", config->path, root->line);
    cfg_free(root);
}

static void config_parse(struct config *config, struct buf *problems)
{
    BUF_AUTO text, said;
    buf_init(&text, CONFIG_FILE_MAX + 64);
    buf_init(&said, 0);
    if (!config_read_text(config->path, &text, problems)) {
        config_fault(config, NULL);
        return;
    }
    config_blank_comments(text.data);
    buf_text(&text, "\n" CONFIG_END " = 1\n");
    reading = (struct config_reading){.config = config, .problems = &said};
    size_t strange;
    do {
        strange = reading.strange_count;
        buf_reset(&said);
        config_attempt(text.data);
    } while (reading.strange_count > strange);
    buf_text(problems, said.data);
    reading = (struct config_reading){0};
}

/* The first problems of those told since `before`. */
static void config_shorten(const struct config *config, struct buf *problems, size_t before)
{
    size_t lines = 0, kept = problems->size;
    for (size_t at = before; at < problems->size; at++)
        if (problems->data[at] == '\n' && ++lines == CONFIG_PROBLEMS_MAX)
            kept = at + 1;
    if (lines <= CONFIG_PROBLEMS_MAX)
        return;
    problems->data[kept] = '\0';
    problems->size = kept;
    buf_printf(problems, "%s: %zu more mistakes\n", config->path, lines - CONFIG_PROBLEMS_MAX);
}

struct config *config_load(const struct config_source *source, struct buf *problems)
{
    struct arena *arena = arena_new(0);
    struct config *config = ARENA_NEW(arena, struct config);
    config->arena = arena;
    config->path = arena_strdup(arena, source->path);
    size_t before = problems->size;
    for (size_t i = 0; i < options_count; i++) {
        struct error err = ERROR_INIT;
        config->texts[i] = options[i].fallback;
        if (option_set(&options[i], config, options[i].fallback, &err) != ST_OK)
            config_problem(problems, config, &options[i], "default: %s", err.detail);
    }
    if (config->path)
        config_parse(config, problems);
    config_check(config, source, problems);
    config_shorten(config, problems, before);
    if (problems->size == before && !problems->failed)
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct config *config)
{
    while (config) {
        struct config *former = config->former;
        arena_free(config->arena);
        config = former;
    }
}
