/* Prints every statement of the program as JSON: [{"name": "...", "sql": "..."}, ...]. */
#include "base/json.h"
#include "db/db.h"

#include <stdio.h>

int main(void)
{
    const struct statement *const *first;
    size_t count;
    BUF_AUTO out;
    buf_init(&out, 0);
    db_statements(&first, &count);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_member(&w, "name", first[i]->name);
        jw_member(&w, "sql", first[i]->sql);
        jw_close(&w, '}');
    }
    jw_close(&w, ']');
    return puts(out.data) < 0;
}
