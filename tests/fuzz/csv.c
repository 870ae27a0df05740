/* Files that people upload. */
#include "text/csv.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    const struct csv_table *table = NULL;
    struct error err = ERROR_INIT;
    if (csv_read(arena, data, size, ROWS_MAX, &table, &err) == ST_OK) {
        if (table->row_count > ROWS_MAX)
            abort();
        for (size_t row = 0; row < table->row_count; row++)
            for (size_t column = 0; column <= table->heading.count; column++)
                if (strlen(csv_cell(&table->rows[row], column)) > CSV_CELL_MAX)
                    abort();
    }
    arena_free(arena);
    return 0;
}
