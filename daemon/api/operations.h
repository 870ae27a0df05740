#pragma once
/* Operations as answers. */
#include "ops.h"
#include "store/operation.h"

extern const struct field_table operation_table;
/* 202, Location, and the operation as it begins. */
enum status call_answer_operation(struct call *call, const struct operation_row *row);
