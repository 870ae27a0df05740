/*
 * Loads, checks and writes letters. Loading happens at the start; writing on any thread, from immutable
 * templates.
 */
#include "mail/letter.h"

#include "base/buf.h"
#include "letter_table.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct letter_templates {
    const struct template *subject, *text, *html;
};

struct letters {
    struct arena *arena;
    struct template_slot body_slots[LETTER_COUNT][SLOT_COUNT];
    struct template_slot subject_slots[LETTER_COUNT][SLOT_COUNT];
    struct letter_templates templates[LETTER_COUNT][LANG_COUNT];
};

static const char *const letter_langs[LANG_COUNT] = {[LANG_FR] = "fr", [LANG_EN] = "en"};

static void letter_fill_slots(struct template_slot *slots, unsigned may, unsigned must)
{
    for (unsigned i = 0; i < SLOT_COUNT; i++) {
        unsigned bit = 1U << i;
        slots[i] = (struct template_slot){
            .name = letter_slots[i].name,
            .type = letter_slots[i].type,
            .use = must & bit  ? TEMPLATE_REQUIRED
                   : may & bit ? TEMPLATE_ALLOWED
                               : TEMPLATE_FORBIDDEN,
        };
    }
}

/* `Subject: ...`, an empty line, the body. */
static enum status letter_split(const struct template_source *file, struct template_source *ret_subject,
    struct template_source *ret_body, struct error *err)
{
    static const char key[] = "Subject: ";
    const char *end = file->text + file->size;
    const char *eol = memchr(file->text, '\n', file->size);

    if (eol == NULL || file->size < sizeof(key) || memcmp(file->text, key, sizeof(key) - 1) != 0)
        return error_set(err, ST_INVALID, "%s line 1: \"Subject: ...\" was expected", file->name);
    if (eol + 1 == end || eol[1] != '\n')
        return error_set(err, ST_INVALID, "%s line 2: an empty line was expected", file->name);
    *ret_subject = *ret_body = *file;
    ret_subject->text += sizeof(key) - 1;
    ret_subject->size = (size_t)(eol - ret_subject->text);
    ret_body->text = eol + 2;
    ret_body->size = (size_t)(end - ret_body->text);
    ret_body->line = 3;
    return ST_OK;
}

static enum status letter_parse(struct letters *letters, enum letter letter, enum lang lang,
    const struct template_source *file, struct error *err)
{
    struct letter_templates *t = &letters->templates[letter][lang];
    const struct template_slot *slots = letters->body_slots[letter];
    struct template_source subject, body;
    const char *html = NULL;
    enum status status = letter_split(file, &subject, &body, err);

    if (status == ST_OK)
        status = template_parse(
            letters->arena, &subject, letters->subject_slots[letter], SLOT_COUNT, &t->subject, err);
    if (status == ST_OK)
        status = template_parse(letters->arena, &body, slots, SLOT_COUNT, &t->text, err);
    if (status == ST_OK)
        status = letter_html(letters->arena, &body, lang, &html, err);
    if (status == ST_OK) {
        body.text = html;
        body.size = strlen(html);
        status = template_parse(letters->arena, &body, slots, SLOT_COUNT, &t->html, err);
    }
    return status;
}

/* Reads a file without carriage returns. */
static enum status letter_read_file(const char *path, struct buf *out, struct error *err)
{
    FILE *file = fopen(path, "re");
    int c = 0;

    if (file == NULL)
        return error_set(err, ST_INVALID, "%s: %s", path, strerrordesc_np(errno));
    while (out->size <= TEMPLATE_SIZE_MAX && (c = fgetc(file)) != EOF) {
        if (c != '\r')
            buf_char(out, (char)c);
    }
    bool broken = ferror(file) != 0;
    (void)fclose(file);
    if (broken || memchr(out->data, '\0', out->size) != NULL)
        return error_set(err, ST_INVALID, "%s: not a text file", path);
    return ST_OK;
}

/* NAME.LANG.txt -> letter and language. */
static bool letter_find(const char *file, enum letter *ret_letter, enum lang *ret_lang)
{
    for (unsigned letter = 0; letter < LETTER_COUNT; letter++) {
        for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
            char name[64];
            (void)snprintf(name, sizeof(name), "%s.%s.txt", letter_rows[letter].name, letter_langs[lang]);
            if (strcmp(file, name) == 0) {
                *ret_letter = (enum letter)letter;
                *ret_lang = (enum lang)lang;
                return true;
            }
        }
    }
    return false;
}

static enum status letter_load_file(
    struct letters *letters, const char *folder, const char *file, struct error *err)
{
    enum letter letter;
    enum lang lang;
    BUF_AUTO text;

    buf_init(&text, 0);
    if (!letter_find(file, &letter, &lang))
        return error_set(err, ST_INVALID, "%s/%s: no letter has this name", folder, file);
    char *path = arena_printf(letters->arena, "%s/%s", folder, file);
    enum status status = letter_read_file(path, &text, err);
    if (status != ST_OK)
        return status;
    const struct template_source source = {.name = path, .text = text.data, .size = text.size};
    return letter_parse(letters, letter, lang, &source, err);
}

/* In the order of the names, so that the same mistake is always the first. */
static enum status letter_load_folder(struct letters *letters, const char *folder, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    enum status status = ST_OK;

    if (count < 0)
        return error_set(err, ST_INVALID, "%s: %s", folder, strerrordesc_np(errno));
    for (int i = 0; i < count; i++) {
        if (status == ST_OK && entries[i]->d_name[0] != '.')
            status = letter_load_file(letters, folder, entries[i]->d_name, err);
        free(entries[i]);
    }
    free((void *)entries);
    return status;
}

static enum status letter_load_own(struct letters *letters, struct error *err)
{
    enum status status = ST_OK;

    for (unsigned letter = 0; status == ST_OK && letter < LETTER_COUNT; letter++) {
        const struct letter_row *row = &letter_rows[letter];
        letter_fill_slots(letters->body_slots[letter], row->body, row->must);
        letter_fill_slots(letters->subject_slots[letter], row->subject, 0);
        for (unsigned lang = 0; status == ST_OK && lang < LANG_COUNT; lang++) {
            const struct template_source source = {
                .name = arena_printf(letters->arena, "%s.%s.txt", row->name, letter_langs[lang]),
                .text = row->source[lang].text,
                .size = *row->source[lang].size,
            };
            status = letter_parse(letters, (enum letter)letter, (enum lang)lang, &source, err);
        }
    }
    return status;
}

struct letters *letters_load(const char *folder, struct error *err)
{
    struct arena *arena = arena_new(64 * 1024);
    struct letters *letters = ARENA_NEW(arena, struct letters);
    letters->arena = arena;
    enum status status = letter_load_own(letters, err);

    if (status == ST_OK && folder != NULL)
        status = letter_load_folder(letters, folder, err);
    if (status == ST_OK)
        return letters;
    letters_free(letters);
    return NULL;
}

void letters_free(struct letters *letters)
{
    if (letters != NULL)
        arena_free(letters->arena);
}

static const char *letter_render(struct arena *arena, const struct template *t,
    const struct template_value *values, enum template_output output)
{
    BUF_AUTO out;

    buf_init(&out, 0);
    template_render(t, values, output, &out);
    return arena_strndup(arena, out.data, out.size);
}

struct letter_text letter_write(const struct letters *letters, enum letter letter, enum lang lang,
    const struct letter_values *values, struct arena *arena)
{
    const struct letter_templates *t = &letters->templates[letter][lang];
    struct template_value slots[SLOT_COUNT];

    for (unsigned i = 0; i < SLOT_COUNT; i++) {
        const void *member = (const char *)values + letter_slots[i].at;
        slots[i] = (struct template_value){0};
        if (letter_slots[i].type == TEMPLATE_LIST) {
            const struct letter_list *list = member;
            slots[i].items = list->items;
            slots[i].urls = list->urls;
            slots[i].count = list->count;
        } else {
            slots[i].text = *(const char *const *)member;
        }
    }
    const char *html = letter_render(arena, t->html, slots, TEMPLATE_HTML);
    return (struct letter_text){
        .subject = letter_render(arena, t->subject, slots, TEMPLATE_PLAIN),
        .text = letter_render(arena, t->text, slots, TEMPLATE_PLAIN),
        .html = lang == LANG_FR ? letter_typography(arena, html) : html,
    };
}
