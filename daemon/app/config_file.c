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

static int config_take(cfg_t *section, cfg_opt_t *found)
{
    struct config *config = reading.config;
    const struct option *option =
        option_find(arena_printf(config->arena, "%s.%s", cfg_name(section), cfg_opt_name(found)));
    size_t index = (size_t)(option - options);
    int before = config->lines[index];
    config->lines[index] = section->line;
    if (before) {
        config_problem(reading.problems, config, option, "given twice, first on line %d", before);
        return 0;
    }
    struct error err = ERROR_INIT;
    const char *text = cfg_opt_getstr(found);
    config->texts[index] = arena_strdup(config->arena, text ? text : "");
    if (option_set(option, config, config->texts[index], &err) != ST_OK)
        config_problem(reading.problems, config, option, "%s", err.detail);
    return 0;
}

/* Levenshtein distance of two short names. */
static unsigned config_distance(const char *a, const char *b)
{
    enum { LONGEST = 48 };
    unsigned row[LONGEST + 1];
    size_t width = strnlen(b, LONGEST);
    for (unsigned j = 0; j <= width; j++)
        row[j] = j;
    for (unsigned i = 1; *a && i <= LONGEST; i++, a++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            unsigned change = diagonal + (*a != b[j - 1]);
            diagonal = row[j];
            unsigned shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < shift ? change : shift;
        }
    }
    return row[width];
}

/* The known name closest to `key`: another key of the section, a section, or the same key elsewhere. */
static const char *config_closest(const char *section, const char *key)
{
    const char *best = NULL;
    unsigned least = 4;
    for (size_t i = 0; i < options_count; i++) {
        const char *name = options[i].name, *own = option_key(&options[i]);
        bool here = strncmp(name, section, strlen(section)) == 0 && name[strlen(section)] == '.';
        unsigned distance = config_distance(own, key) + (here ? 0 : 1);
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    for (size_t i = 0; i < option_sections_count; i++) {
        unsigned distance = config_distance(option_sections[i].name, key);
        if (distance < least) {
            least = distance;
            best = option_sections[i].name;
        }
    }
    return best;
}

static void config_unknown(cfg_t *section, const char *key)
{
    bool top = text_equal(cfg_name(section), "root");
    if (text_equal(key, CONFIG_END)) {
        buf_printf(reading.problems, "%s:%d: section %s has no closing }\n", reading.config->path,
            section->line - 1, cfg_name(section));
        return;
    }
    const char *closest = config_closest(cfg_name(section), key);
    buf_printf(reading.problems, "%s:%d: %s%s%.60s: unknown %s, ", reading.config->path, section->line,
        top ? "" : cfg_name(section), top ? "" : ".", key, top ? "section" : "key");
    if (closest)
        buf_printf(reading.problems, "did you mean %s?\n", closest);
    else
        buf_text(reading.problems, "expected one of `entretiend --config-reference`\n");
}

static PRINTF_LIKE(2, 0) void config_complain(cfg_t *section, const char *format, va_list args)
{
    char text[300];
    vsnprintf(text, sizeof(text), format, args);
    const char *quoted = strstr(text, "no such option '");
    if (quoted) {
        char *key = strchr(quoted, '\'') + 1;
        key[strcspn(key, "'")] = '\0';
        config_unknown(section, key);
    } else {
        buf_printf(reading.problems, "%s:%d: %s\n", reading.config->path, section->line, text);
    }
}

/* The option table in libconfuse's form: a section holds texts whose callback is config_take. */
static cfg_opt_t *config_syntax(struct arena *arena)
{
    cfg_opt_t *top = ARENA_ARRAY(arena, option_sections_count + 2, cfg_opt_t);
    for (size_t s = 0; s < option_sections_count; s++) {
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
    top[option_sections_count] = (cfg_opt_t)CFG_STR(CONFIG_END, NULL, CFGF_NODEFAULT);
    top[option_sections_count + 1] = (cfg_opt_t)CFG_END();
    return top;
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

static void config_parse(struct config *config, struct buf *problems)
{
    BUF_AUTO text;
    buf_init(&text, CONFIG_FILE_MAX + 64);
    if (!config_read_text(config->path, &text, problems))
        return;
    buf_text(&text, "\n" CONFIG_END " = 1\n");
    cfg_t *root = cfg_init(config_syntax(config->arena), CFGF_NONE);
    cfg_set_error_function(root, config_complain);
    reading = (struct config_reading){config, problems};
    size_t before = problems->size;
    if (cfg_parse_buf(root, text.data) != CFG_SUCCESS && problems->size == before)
        buf_printf(problems, "%s:%d: cannot be understood\n", config->path, root->line);
    reading = (struct config_reading){0};
    cfg_free(root);
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
    if (problems->size == before)
        config_check(config, source, problems);
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
