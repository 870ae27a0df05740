/* Parses and checks templates: everything that can be wrong with one is found here, with its line. Pure, any
 * thread. */
#include "template_nodes.h"

#include <string.h>

enum { TEMPLATE_NODES_MAX = 4000 };

struct template_parser {
    const char *name;
    const char *at, *end;
    const char *text_from; /* constant text not yet a node */
    unsigned line;
    struct template *t;
    size_t room;
    size_t slot_count;
    size_t open[TEMPLATE_DEPTH_MAX]; /* nodes of the blocks that are open */
    unsigned open_line[TEMPLATE_DEPTH_MAX];
    size_t depth;
    bool used[TEMPLATE_SLOTS_MAX];
    struct arena *arena;
    struct error *err;
};

#define TEMPLATE_FAIL(p, format, ...)                                                                          \
    error_set((p)->err, ST_INVALID, "%s line %u: " format, (p)->name, (p)->line, __VA_ARGS__)

static struct template_node *template_add(struct template_parser *p, enum template_node_type type)
{
    if (p->t->node_count == p->room) {
        size_t room = p->room == 0 ? 32 : p->room * 2;
        struct template_node *nodes = ARENA_ARRAY(p->arena, room, struct template_node);
        if (p->room > 0)
            memcpy(nodes, p->t->nodes, p->room * sizeof(nodes[0]));
        p->t->nodes = nodes;
        p->room = room;
    }
    struct template_node *node = &p->t->nodes[p->t->node_count++];
    node->type = type;
    return node;
}

static void template_add_text(struct template_parser *p, const char *to)
{
    if (to > p->text_from)
        template_add(p, TEMPLATE_NODE_TEXT)->text =
            (struct span){.data = p->text_from, .size = (size_t)(to - p->text_from)};
    p->text_from = to;
}

static enum status template_find_slot(struct template_parser *p, struct span name, size_t *ret)
{
    int shown = name.size > 40 ? 40 : (int)name.size;

    for (size_t i = 0; i < p->slot_count; i++) {
        const struct template_slot *slot = &p->t->slots[i];
        if (strlen(slot->name) != name.size || memcmp(slot->name, name.data, name.size) != 0)
            continue;
        if (slot->use == TEMPLATE_FORBIDDEN)
            return TEMPLATE_FAIL(p, "\"%s\" may not be used here", slot->name);
        p->used[i] = true;
        *ret = i;
        return ST_OK;
    }
    return TEMPLATE_FAIL(p, "unknown slot \"%.*s\"", shown, name.data);
}

static bool template_inside(const struct template_parser *p, enum template_node_type type)
{
    for (size_t i = 0; i < p->depth; i++) {
        if (p->t->nodes[p->open[i]].type == type)
            return true;
    }
    return false;
}

static bool template_is(struct span tag, const char *word)
{
    return tag.size == strlen(word) && memcmp(tag.data, word, tag.size) == 0;
}

/* Removes `prefix` and the blanks after it. */
static bool template_takes(struct span *tag, const char *prefix)
{
    size_t size = strlen(prefix);

    if (tag->size < size || memcmp(tag->data, prefix, size) != 0)
        return false;
    tag->data += size;
    tag->size -= size;
    while (tag->size > 0 && tag->data[0] == ' ') {
        tag->data++;
        tag->size--;
    }
    return true;
}

static enum status template_open(struct template_parser *p, struct span name, enum template_node_type type)
{
    size_t slot = 0;

    if (p->depth == TEMPLATE_DEPTH_MAX)
        return TEMPLATE_FAIL(p, "more than %d blocks inside each other", TEMPLATE_DEPTH_MAX);
    bool of_item =
        type == TEMPLATE_NODE_IF && template_is(name, "url") && template_inside(p, TEMPLATE_NODE_EACH);
    enum status status = of_item ? ST_OK : template_find_slot(p, name, &slot);
    if (status != ST_OK)
        return status;
    if (of_item)
        slot = TEMPLATE_SLOT_URL;
    if (type == TEMPLATE_NODE_EACH) {
        if (p->t->slots[slot].type != TEMPLATE_LIST)
            return TEMPLATE_FAIL(p, "\"%s\" is not a list", p->t->slots[slot].name);
        if (template_inside(p, TEMPLATE_NODE_EACH))
            return TEMPLATE_FAIL(p, "%s", "a list inside a list");
    }
    template_add(p, type)->slot = slot;
    p->open_line[p->depth] = p->line;
    p->open[p->depth++] = p->t->node_count - 1;
    return ST_OK;
}

static enum status template_else(struct template_parser *p)
{
    struct template_node *top = p->depth > 0 ? &p->t->nodes[p->open[p->depth - 1]] : NULL;

    if (top == NULL || top->type != TEMPLATE_NODE_IF)
        return TEMPLATE_FAIL(p, "%s", "{{else}} outside an {{#if}}");
    top->jump = p->t->node_count;
    template_add(p, TEMPLATE_NODE_ELSE);
    p->open[p->depth - 1] = p->t->node_count - 1;
    return ST_OK;
}

static enum status template_close(struct template_parser *p, bool each)
{
    struct template_node *top = p->depth > 0 ? &p->t->nodes[p->open[p->depth - 1]] : NULL;

    if (top == NULL || (top->type == TEMPLATE_NODE_EACH) != each)
        return TEMPLATE_FAIL(p, "{{/%s}} does not close a block", each ? "each" : "if");
    top->jump = p->t->node_count;
    p->depth--;
    template_add(p, TEMPLATE_NODE_END);
    return ST_OK;
}

static enum status template_value(struct template_parser *p, struct span name)
{
    size_t slot = 0;

    bool item = template_is(name, "item");
    if (item || template_is(name, "url")) {
        if (!template_inside(p, TEMPLATE_NODE_EACH))
            return TEMPLATE_FAIL(p, "{{%s}} outside an {{#each}}", item ? "item" : "url");
        template_add(p, item ? TEMPLATE_NODE_ITEM : TEMPLATE_NODE_URL);
        return ST_OK;
    }
    enum status status = template_find_slot(p, name, &slot);
    if (status != ST_OK)
        return status;
    if (p->t->slots[slot].type == TEMPLATE_LIST)
        return TEMPLATE_FAIL(p, "\"%s\" is a list: use {{#each}}", p->t->slots[slot].name);
    template_add(p, TEMPLATE_NODE_VALUE)->slot = slot;
    return ST_OK;
}

static enum status template_tag(struct template_parser *p, struct span tag)
{
    if (template_is(tag, "else"))
        return template_else(p);
    if (template_is(tag, "/if"))
        return template_close(p, false);
    if (template_is(tag, "/each"))
        return template_close(p, true);
    if (template_takes(&tag, "#if "))
        return template_open(p, tag, TEMPLATE_NODE_IF);
    if (template_takes(&tag, "#each "))
        return template_open(p, tag, TEMPLATE_NODE_EACH);
    return template_value(p, tag);
}

/*
 * When a block's tag [from, to) stands alone on its line, moves both ends to the line's, so that the line
 * leaves no trace.
 */
static void template_widen(const struct template_parser *p, const char **from, const char **to)
{
    const char *left = *from, *right = *to;

    while (left > p->text_from && (left[-1] == ' ' || left[-1] == '\t'))
        left--;
    while (right < p->end && (*right == ' ' || *right == '\t' || *right == '\r'))
        right++;
    bool line_begins = left == p->t->source || left[-1] == '\n';
    if (!line_begins || (right < p->end && *right != '\n'))
        return;
    *from = left;
    *to = right < p->end ? right + 1 : right;
}

static void template_count_lines(struct template_parser *p, const char *to)
{
    for (; p->at < to; p->at++)
        p->line += *p->at == '\n';
}

static enum status template_next_tag(struct template_parser *p, const char *from)
{
    template_count_lines(p, from);
    const char *to = memmem(from, (size_t)(p->end - from), "}}", 2);
    const char *line_end = memchr(from, '\n', (size_t)(p->end - from));
    if (to == NULL || (line_end != NULL && line_end < to))
        return TEMPLATE_FAIL(p, "%s", "{{ without }} on the same line");

    struct span tag = {.data = from + 2, .size = (size_t)(to - from - 2)};
    template_takes(&tag, "");
    while (tag.size > 0 && tag.data[tag.size - 1] == ' ')
        tag.size--;
    to += 2;
    if (tag.size > 0 && (tag.data[0] == '#' || tag.data[0] == '/' || template_is(tag, "else")))
        template_widen(p, &from, &to);
    template_add_text(p, from);
    enum status status = template_tag(p, tag);
    template_count_lines(p, to);
    p->text_from = to;
    return status;
}

static enum status template_check_end(struct template_parser *p)
{
    if (p->depth > 0) {
        p->line = p->open_line[p->depth - 1];
        return TEMPLATE_FAIL(p, "%s", "a block that is never closed");
    }
    for (size_t i = 0; i < p->slot_count; i++) {
        if (p->t->slots[i].use == TEMPLATE_REQUIRED && !p->used[i])
            return TEMPLATE_FAIL(p, "the required slot \"%s\" is not used", p->t->slots[i].name);
    }
    return ST_OK;
}

enum status template_parse(struct arena *arena, const struct template_source *source,
    const struct template_slot *slots, size_t slot_count, const struct template **ret, struct error *err)
{
    struct template *t = ARENA_NEW(arena, struct template);
    struct template_parser p = {.name = source->name,
        .line = source->line > 0 ? source->line : 1,
        .t = t,
        .slot_count = slot_count,
        .arena = arena,
        .err = err};
    enum status status = ST_OK;

    if (source->size > TEMPLATE_SIZE_MAX || slot_count > TEMPLATE_SLOTS_MAX)
        return error_set(err, ST_TOO_LARGE, "%s: longer than %d bytes", source->name, TEMPLATE_SIZE_MAX);
    t->slots = slots;
    t->source = arena_copy(arena, source->text, source->size);
    p.at = p.text_from = t->source;
    p.end = t->source + source->size;
    while (status == ST_OK) {
        const char *from = memmem(p.at, (size_t)(p.end - p.at), "{{", 2);
        if (from == NULL)
            break;
        if (t->node_count >= TEMPLATE_NODES_MAX)
            return TEMPLATE_FAIL(&p, "more than %d tags", TEMPLATE_NODES_MAX / 2);
        status = template_next_tag(&p, from);
    }
    if (status == ST_OK) {
        template_add_text(&p, p.end);
        template_count_lines(&p, p.end);
        status = template_check_end(&p);
    }
    if (status == ST_OK)
        *ret = t;
    return status;
}
