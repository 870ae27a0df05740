/*
 * What somebody meant who wrote a name that no section or key has. Only what is really near is suggested: a
 * third of the letters may differ, two that changed places count once. Loop thread, or start.
 */
#include "config.h"

#include "base/text.h"

#include <string.h>

enum { SUGGEST_LONGEST = 48 };

static unsigned suggest_least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edits from `a` to `b`, each at most SUGGEST_LONGEST bytes: insert, delete, replace, swap neighbours. */
static unsigned suggest_distance(const char *a, const char *b)
{
    unsigned rows[3][SUGGEST_LONGEST + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    size_t width = strlen(b);
    for (unsigned j = 0; j <= width; j++)
        before[j] = last[j] = j;
    for (unsigned i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            row[j] = suggest_least(last[j] + 1, row[j - 1] + 1);
            row[j] = suggest_least(row[j], last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = suggest_least(row[j], before[j - 2] + 1);
        }
        unsigned *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[width];
}

struct suggestion {
    const char *key, *best;
    unsigned least; /* a name has to be nearer than this */
};

static void suggest_try(struct suggestion *suggestion, const char *name, const char *shown)
{
    size_t longest = strlen(suggestion->key) > strlen(name) ? strlen(suggestion->key) : strlen(name);
    unsigned distance = suggest_distance(suggestion->key, name);
    if (distance <= longest / 3 && distance < suggestion->least) {
        suggestion->least = distance;
        suggestion->best = shown;
    }
}

static bool suggest_stands_in(const struct option *option, const char *section)
{
    size_t length = section ? strlen(section) : 0;
    return section && strncmp(option->name, section, length) == 0 && option->name[length] == '.';
}

static const char *suggest_near(const char *section, const char *key)
{
    struct suggestion suggestion = {.key = key, .least = SUGGEST_LONGEST};
    if (strlen(key) > SUGGEST_LONGEST)
        return NULL;
    for (size_t i = 0; !section && i < option_sections_count; i++)
        suggest_try(&suggestion, option_sections[i].name, option_sections[i].name);
    for (size_t i = 0; i < options_count; i++)
        if (suggest_stands_in(&options[i], section))
            suggest_try(&suggestion, option_key(&options[i]), options[i].name);
    return suggestion.best;
}

/* Keys of that very name in other sections: it stands in the wrong place. */
static bool suggest_elsewhere(const char *key, struct buf *out)
{
    bool found = false;
    for (size_t i = 0; i < options_count; i++) {
        if (!text_equal(option_key(&options[i]), key) && !text_equal(options[i].name, key))
            continue;
        buf_printf(out, "%s%s", found ? " or " : "did you mean ", options[i].name);
        found = true;
    }
    if (found)
        buf_text(out, ", inside its section?");
    return found;
}

void config_suggest(const char *section, const char *key, struct buf *out)
{
    const char *near = suggest_near(section, key);
    if (near) {
        buf_printf(out, "did you mean %s?", near);
        return;
    }
    if (suggest_elsewhere(key, out))
        return;
    buf_text(out, "expected one of ");
    const char *between = "";
    for (size_t i = 0; !section && i < option_sections_count; i++, between = ", ")
        buf_printf(out, "%s%s", between, option_sections[i].name);
    for (size_t i = 0; i < options_count; i++)
        if (suggest_stands_in(&options[i], section)) {
            buf_printf(out, "%s%s", between, option_key(&options[i]));
            between = ", ";
        }
}
