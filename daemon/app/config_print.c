/*
 * Writes the configuration for people: the one in force, the sample file and the reference. No thread of its
 * own; runs before the loop.
 */
#include "config.h"

#include <string.h>

static bool config_holds_secret(const struct option *option)
{
    return option->type == OPTION_SECRET || option->type == OPTION_SECRETS;
}

static void config_print_value(struct buf *out, const struct option *option, const char *text)
{
    if (!option_is_quoted(option)) {
        buf_text(out, text);
        return;
    }
    buf_char(out, '"');
    for (const char *c = text; *c; c++) {
        if (strchr("\"\\$", *c))
            buf_char(out, '\\');
        buf_char(out, *c);
    }
    buf_char(out, '"');
}

void config_print(const struct config *config, struct buf *out)
{
    buf_printf(out, "# entretiend " ENTRETIEND_VERSION ", %s\n", config->path ? config->path : "defaults");
    for (size_t s = 0; s < option_sections_count; s++) {
        buf_printf(out, "%s {\n", option_sections[s].name);
        for (size_t i = 0; i < options_count; i++) {
            if (!option_in_section(&options[i], &option_sections[s]))
                continue;
            buf_printf(out, "    %s = ", option_key(&options[i]));
            config_print_value(out, &options[i], config->texts[i]);
            buf_text(
                out, config_holds_secret(&options[i]) && config->texts[i][0] ? " # content hidden\n" : "\n");
        }
        buf_text(out, "}\n");
    }
}

void config_sample(struct buf *out)
{
    buf_text(out,
        "# Configuration of entretiend: every option with its default.\n"
        "# `entretiend --check-config` checks it; SIGHUP takes over the options marked \"reload\".\n");
    for (size_t s = 0; s < option_sections_count; s++) {
        buf_printf(out, "\n# %s\n%s {\n", option_sections[s].doc, option_sections[s].name);
        for (size_t i = 0; i < options_count; i++) {
            if (!option_in_section(&options[i], &option_sections[s]))
                continue;
            buf_printf(out, "    # %s\n    # Expects ", options[i].doc);
            option_expects(&options[i], out);
            buf_printf(out, "%s.\n    %s = ", options[i].flags & OPTION_RELOAD ? "; reload" : "",
                option_key(&options[i]));
            config_print_value(out, &options[i], options[i].fallback);
            buf_char(out, '\n');
        }
        buf_text(out, "}\n");
    }
}

void config_reference(struct buf *out)
{
    buf_text(out,
        "# Configuration\n\n"
        "entretiend reads `" CONFIG_DEFAULT_PATH
        "`, or the file named by `-c`; without a file the defaults hold.\n"
        "`entretiend --check-config` says what is wrong in a file, by line, key and expectation;\n"
        "`entretiend --print-config` prints what holds. SIGHUP reads the file again and takes over the "
        "options\n"
        "marked *reload*; the others wait for a restart. A file with a mistake changes nothing.\n\n"
        "Options stand in sections, `section { key = value }`; each is given at most once. A secret is never "
        "written\n"
        "in the file: the option names a file closed to others, or a systemd credential.\n");
    for (size_t s = 0; s < option_sections_count; s++) {
        buf_printf(out,
            "\n## %s\n\n%s\n\n| option | expects | default | reload | meaning |\n| --- | --- | --- | --- | --- "
            "|\n",
            option_sections[s].name, option_sections[s].doc);
        for (size_t i = 0; i < options_count; i++) {
            if (!option_in_section(&options[i], &option_sections[s]))
                continue;
            buf_printf(out, "| `%s` | ", options[i].name);
            option_expects(&options[i], out);
            buf_printf(out, " | %s%s%s | %s | %s |\n", *options[i].fallback ? "`" : "", options[i].fallback,
                *options[i].fallback ? "`" : "", options[i].flags & OPTION_RELOAD ? "yes" : "", options[i].doc);
        }
    }
}
