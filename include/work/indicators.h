#pragma once
/* One employee's part in the yearly figures, from what is stored. On a lane. */
#include "model/indicators.h"
#include "work/duties.h"

/* ret->people is 0 for who does not count: not employed in that year, or a temporary worker. */
enum status indicators_of(const struct snapshot *snapshot, const struct duties_frame *frame,
    const char *employee, int year, instant_t known_at, struct indicator_figures *ret, struct error *err);
