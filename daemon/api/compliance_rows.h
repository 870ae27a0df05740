#pragma once
/* What /v1/compliance says: rows of employees and duties, sums; members of JSON, cells of CSV. On a read lane.
 */
#include "model/compliance.h"
#include "staff_stream.h"
#include "work/recap.h"

enum compliance_rows { ROWS_NONE, ROWS_EMPLOYEES, ROWS_DUTIES };

struct compliance_query {
    struct staff_params staff;
    date_t as_of, known_on;
    int rows, standing;
    const char *state, *kind;
};

/* Headings of a CSV behind those of the person, or of the group. */
void compliance_head(struct staff_stream *stream);
/* What is shown of one person when rows are asked for. */
void compliance_show(struct staff_stream *stream, const struct staff_row *row, const struct recap_view *view,
    const struct compliance *compliance);
void compliance_show_sums(struct staff_stream *stream, const void *sums);
