#pragma once
/* The parsed form of a template: a flat list of nodes, blocks by the index of the node that ends them. */
#include "text/template.h"

enum template_node_type {
    TEMPLATE_NODE_TEXT,
    TEMPLATE_NODE_VALUE,
    TEMPLATE_NODE_ITEM,
    TEMPLATE_NODE_URL,
    TEMPLATE_NODE_IF,   /* jump: its else or its end */
    TEMPLATE_NODE_ELSE, /* jump: the end of its if */
    TEMPLATE_NODE_EACH, /* jump: its end */
    TEMPLATE_NODE_END,
};

/* In place of a slot: the link of the item at hand. */
enum { TEMPLATE_SLOT_URL = TEMPLATE_SLOTS_MAX };

struct template_node {
    enum template_node_type type;
    size_t slot;
    size_t jump;
    struct span text;
};

struct template
{
    const char *source;
    const struct template_slot *slots;
    size_t node_count;
    struct template_node *nodes;
};
