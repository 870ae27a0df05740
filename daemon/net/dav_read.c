/*
 * Answers of CalDAV servers: a bounded tree by libxml2, then one table of the properties that are used. Any
 * thread.
 */
#include "net/dav.h"

#include "base/text.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAV    "DAV:"
#define CALDAV "urn:ietf:params:xml:ns:caldav"

/* ---- from bytes to a tree */

struct dav_parse {
    unsigned elements;
    bool doctype, too_many;
};

static void dav_start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **namespace_list, int attributes, int defaulted,
    const xmlChar **attribute_list)
{
    xmlParserCtxtPtr parser = context;
    struct dav_parse *parse = parser->_private;
    if (++parse->elements > DAV_ELEMENTS_MAX) {
        parse->too_many = true;
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElementNs(
        context, name, prefix, uri, namespaces, namespace_list, attributes, defaulted, attribute_list);
}

static void dav_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxtPtr parser = context;
    struct dav_parse *parse = parser->_private;
    (void)name;
    (void)external;
    (void)system;
    parse->doctype = true;
    xmlStopParser(parser);
}

static void dav_free_document(void *document)
{
    xmlFreeDoc(document);
}

static enum status dav_parse_error(const struct dav_parse *parse, struct error *err)
{
    if (parse->too_many)
        return error_set(err, ST_TOO_LARGE, "the answer has more than %d elements", DAV_ELEMENTS_MAX);
    if (parse->doctype)
        return error_set(err, ST_SYNTAX, "the answer has a document type: no server of calendars sends one");
    return error_set(err, ST_SYNTAX, "the answer is no well-formed XML");
}

/* The document lives as long as the arena. */
static enum status dav_parse(
    struct arena *arena, const char *bytes, size_t size, const xmlNode **ret, struct error *err)
{
    struct dav_parse parse = {0};
    if (size > DAV_BYTES_MAX)
        return error_set(err, ST_TOO_LARGE, "the answer has more than %d bytes", DAV_BYTES_MAX);
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser)
        abort();
    parser->_private = &parse;
    parser->sax->startElementNs = dav_start_element;
    parser->sax->internalSubset = dav_doctype;
    xmlDocPtr document = xmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    bool stopped = parse.too_many || parse.doctype;
    xmlFreeParserCtxt(parser);
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (document)
        arena_defer(arena, dav_free_document, document);
    if (!root || stopped)
        return dav_parse_error(&parse, err);
    *ret = root;
    return ST_OK;
}

/* ---- in the tree */

static bool dav_is(const xmlNode *node, const char *space, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
           !strcmp((const char *)node->ns->href, space) && !strcmp((const char *)node->name, name);
}

static const xmlNode *dav_child(const xmlNode *node, const char *space, const char *name)
{
    for (const xmlNode *child = node ? node->children : NULL; child; child = child->next)
        if (dav_is(child, space, name))
            return child;
    return NULL;
}

/* All its text, blanks around it cut; NULL when there is none or more than `most`. */
static const char *dav_text(struct arena *arena, const xmlNode *node, size_t most)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    for (const xmlNode *child = node ? node->children : NULL; child; child = child->next)
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content)
            buf_text(&text, (const char *)child->content);
    static const char blanks[] = " \t\r\n";
    size_t from = strspn(text.data, blanks);
    size_t to = text.size;
    while (to > from && strchr(blanks, text.data[to - 1]))
        to--;
    if (to == from || to - from > most)
        return NULL;
    return arena_strndup(arena, text.data + from, to - from);
}

/* Of an href: nothing that could break out of a header or a log. */
static const char *dav_href(struct arena *arena, const xmlNode *node)
{
    const char *text = dav_text(arena, node, DAV_HREF_MAX);
    for (const char *at = text; at && *at; at++)
        if ((unsigned char)*at <= 0x20 || *at == 0x7F)
            return NULL;
    return text;
}

/* "HTTP/1.1 404 Not Found" */
static int dav_status(struct arena *arena, const xmlNode *node)
{
    const char *text = dav_text(arena, node, 200);
    const char *blank = text ? strchr(text, ' ') : NULL;
    int status = 0;
    for (int i = 1; blank && i <= 3; i++) {
        if (blank[i] < '0' || blank[i] > '9')
            return 0;
        status = status * 10 + blank[i] - '0';
    }
    return status;
}

static const char *dav_address(struct arena *arena, const xmlNode *node)
{
    const char *text = dav_href(arena, node);
    if (!text || strncasecmp(text, "mailto:", 7) != 0)
        return NULL;
    char *address = arena_strdup(arena, text + 7);
    for (char *c = address; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return address;
}

/* ---- the properties */

struct dav_reading {
    struct arena *arena;
    struct dav_response *to;
};

static void dav_take_principal(struct dav_reading *r, const xmlNode *node)
{
    r->to->principal = dav_href(r->arena, dav_child(node, DAV, "href"));
}

static void dav_take_home(struct dav_reading *r, const xmlNode *node)
{
    r->to->home = dav_href(r->arena, dav_child(node, DAV, "href"));
}

static void dav_take_outbox(struct dav_reading *r, const xmlNode *node)
{
    r->to->outbox = dav_href(r->arena, dav_child(node, DAV, "href"));
}

static void dav_take_addresses(struct dav_reading *r, const xmlNode *node)
{
    BUF_AUTO all;
    buf_init(&all, 0);
    for (const xmlNode *child = node->children; child; child = child->next) {
        const char *address = dav_is(child, DAV, "href") ? dav_address(r->arena, child) : NULL;
        if (address)
            buf_printf(&all, all.size ? " %s" : "%s", address);
    }
    if (all.size)
        r->to->addresses = arena_strdup(r->arena, all.data);
}

static void dav_take_data(struct dav_reading *r, const xmlNode *node)
{
    r->to->data = dav_text(r->arena, node, DAV_BYTES_MAX);
}

static void dav_take_type(struct dav_reading *r, const xmlNode *node)
{
    r->to->calendar = dav_child(node, CALDAV, "calendar") != NULL;
}

static void dav_take_components(struct dav_reading *r, const xmlNode *node)
{
    r->to->events = false;
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (!dav_is(child, CALDAV, "comp"))
            continue;
        xmlChar *name = xmlGetNoNsProp((xmlNode *)child, (const xmlChar *)"name");
        r->to->events |= name && !strcasecmp((const char *)name, "VEVENT");
        xmlFree(name);
    }
}

static const struct {
    const char *space, *name;
    void (*take)(struct dav_reading *r, const xmlNode *node);
} dav_properties[] = {
    {DAV, "current-user-principal", dav_take_principal},
    {CALDAV, "calendar-home-set", dav_take_home},
    {CALDAV, "schedule-outbox-URL", dav_take_outbox},
    {CALDAV, "calendar-user-address-set", dav_take_addresses},
    {CALDAV, "calendar-data", dav_take_data},
    {DAV, "resourcetype", dav_take_type},
    {CALDAV, "supported-calendar-component-set", dav_take_components},
};

static void dav_take_properties(struct dav_reading *r, const xmlNode *properties)
{
    for (const xmlNode *node = properties ? properties->children : NULL; node; node = node->next)
        for (size_t i = 0; i < sizeof dav_properties / sizeof dav_properties[0]; i++)
            if (dav_is(node, dav_properties[i].space, dav_properties[i].name))
                dav_properties[i].take(r, node);
}

static bool dav_take_response(struct arena *arena, const xmlNode *node, struct dav_response *ret)
{
    *ret = (struct dav_response){.events = true, .href = dav_href(arena, dav_child(node, DAV, "href"))};
    struct dav_reading r = {.arena = arena, .to = ret};
    ret->status = dav_status(arena, dav_child(node, DAV, "status"));
    for (const xmlNode *child = node->children; child; child = child->next)
        if (dav_is(child, DAV, "propstat") && dav_status(arena, dav_child(child, DAV, "status")) == 200)
            dav_take_properties(&r, dav_child(child, DAV, "prop"));
    if (ret->status == 0)
        ret->status = 200;
    return ret->href != NULL;
}

static size_t dav_count(const xmlNode *root, const char *space, const char *name)
{
    size_t count = 0;
    for (const xmlNode *node = root->children; node; node = node->next)
        count += dav_is(node, space, name);
    return count;
}

enum status dav_multistatus_read(
    struct arena *arena, const char *bytes, size_t size, struct dav_multistatus *ret, struct error *err)
{
    const xmlNode *root = NULL;
    enum status status = dav_parse(arena, bytes, size, &root, err);
    if (status != ST_OK)
        return status;
    if (!dav_is(root, DAV, "multistatus"))
        return error_set(err, ST_INVALID, "the answer is no multistatus");
    size_t most = dav_count(root, DAV, "response");
    if (most > DAV_RESPONSES_MAX)
        return error_set(err, ST_TOO_LARGE, "the answer has more than %d responses", DAV_RESPONSES_MAX);
    struct dav_response *items = ARENA_ARRAY(arena, most, struct dav_response);
    size_t count = 0;
    for (const xmlNode *node = root->children; node; node = node->next)
        if (dav_is(node, DAV, "response") && dav_take_response(arena, node, &items[count]))
            count++;
    *ret = (struct dav_multistatus){.items = items, .count = count};
    return ST_OK;
}

enum status dav_schedule_read(
    struct arena *arena, const char *bytes, size_t size, struct dav_schedule *ret, struct error *err)
{
    const xmlNode *root = NULL;
    enum status status = dav_parse(arena, bytes, size, &root, err);
    if (status != ST_OK)
        return status;
    if (!dav_is(root, CALDAV, "schedule-response"))
        return error_set(err, ST_INVALID, "the answer is no schedule-response");
    size_t most = dav_count(root, CALDAV, "response");
    if (most > DAV_RESPONSES_MAX)
        return error_set(err, ST_TOO_LARGE, "the answer has more than %d responses", DAV_RESPONSES_MAX);
    struct dav_recipient *items = ARENA_ARRAY(arena, most, struct dav_recipient);
    size_t count = 0;
    for (const xmlNode *node = root->children; node; node = node->next) {
        const xmlNode *recipient =
            dav_is(node, CALDAV, "response") ? dav_child(node, CALDAV, "recipient") : NULL;
        const char *address = recipient ? dav_address(arena, dav_child(recipient, DAV, "href")) : NULL;
        const char *said = recipient ? dav_text(arena, dav_child(node, CALDAV, "request-status"), 200) : NULL;
        if (!address)
            continue;
        items[count++] = (struct dav_recipient){.address = address,
            .status = said ? said : "",
            .data = dav_text(arena, dav_child(node, CALDAV, "calendar-data"), DAV_BYTES_MAX)};
    }
    *ret = (struct dav_schedule){.items = items, .count = count};
    return ST_OK;
}
