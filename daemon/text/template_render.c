/* Renders parsed templates: only values are written with care, constants are the template's own. Pure, any
 * thread. */
#include "template_nodes.h"

#include "base/text.h"
#include "text/html.h"

struct template_rendering {
    const struct template *t;
    const struct template_value *values;
    enum template_output output;
    struct buf *out;
    const char *item, *url; /* url NULL: the item has none */
};

static bool template_has_value(const struct template_rendering *r, size_t slot)
{
    if (slot == TEMPLATE_SLOT_URL)
        return r->url != NULL;
    const struct template_value *value = &r->values[slot];
    switch (r->t->slots[slot].type) {
    case TEMPLATE_LIST:
        return value->count > 0;
    case TEMPLATE_LINK:
        return value->text != NULL && url_valid(value->text);
    default:
        return value->text != NULL && value->text[0] != '\0';
    }
}

static void template_put_break(const struct template_rendering *r, bool lines)
{
    if (!lines)
        buf_char(r->out, ' ');
    else
        buf_text(r->out, r->output == TEMPLATE_HTML ? "<br>\n" : "\n");
}

static void template_put_text(const struct template_rendering *r, const char *text, bool lines)
{
    for (; text && *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\r' && text[1] == '\n')
            continue;
        if (c == '\n' || c == '\r')
            template_put_break(r, lines);
        else if (c == '\t')
            buf_char(r->out, ' ');
        else if (c < 0x20 || c == 0x7F)
            continue;
        else if (r->output == TEMPLATE_HTML)
            html_escape(r->out, (const char[]){(char)c, '\0'});
        else
            buf_char(r->out, (char)c);
    }
}

static void template_put_range(struct template_rendering *r, size_t from, size_t to);

static void template_put_each(struct template_rendering *r, const struct template_node *node, size_t body)
{
    const struct template_value *list = &r->values[node->slot];

    for (size_t i = 0; i < list->count; i++) {
        const char *url = list->urls != NULL ? list->urls[i] : NULL;
        r->item = list->items[i];
        r->url = url != NULL && url_valid(url) ? url : NULL;
        template_put_range(r, body, node->jump);
    }
}

static void template_put_range(struct template_rendering *r, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct template_node *node = &r->t->nodes[i];
        switch (node->type) {
        case TEMPLATE_NODE_TEXT:
            buf_add(r->out, node->text.data, node->text.size);
            break;
        case TEMPLATE_NODE_VALUE:
            if (template_has_value(r, node->slot))
                template_put_text(
                    r, r->values[node->slot].text, r->t->slots[node->slot].type == TEMPLATE_LINES);
            break;
        case TEMPLATE_NODE_ITEM:
            template_put_text(r, r->item, false);
            break;
        case TEMPLATE_NODE_URL:
            template_put_text(r, r->url, false);
            break;
        case TEMPLATE_NODE_IF:
            if (!template_has_value(r, node->slot))
                i = node->jump;
            break;
        case TEMPLATE_NODE_ELSE:
            i = node->jump;
            break;
        case TEMPLATE_NODE_EACH:
            template_put_each(r, node, i + 1);
            i = node->jump;
            break;
        case TEMPLATE_NODE_END:
            break;
        }
    }
}

void template_render(
    const struct template *t, const struct template_value *values, enum template_output output, struct buf *out)
{
    struct template_rendering r = {.t = t, .values = values, .output = output, .out = out};

    template_put_range(&r, 0, t->node_count);
}
