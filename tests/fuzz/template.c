/* Letters that an operator has written, with values of strangers. */
#include "text/template.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct template_slot slots[] = {
        {"name", TEMPLATE_TEXT, TEMPLATE_ALLOWED}, {"items", TEMPLATE_LIST, TEMPLATE_ALLOWED}};
    static const char *const items[] = {"<b>", "\r\nBcc: x"};
    static const struct template_value values[] = {
        {.text = "O'Brien & fils\r\n"}, {.items = items, .count = 2}};
    struct arena *arena = arena_new(0);
    const struct template_source source = {"fuzz", (const char *)data, size, 0};
    const struct template *parsed = NULL;
    struct error err = ERROR_INIT;
    if (template_parse(arena, &source, slots, 2, &parsed, &err) == ST_OK) {
        BUF_AUTO out;
        buf_init(&out, 0);
        template_render(parsed, values, TEMPLATE_PLAIN, &out);
        template_render(parsed, values, TEMPLATE_HTML, &out);
    }
    arena_free(arena);
    return 0;
}
