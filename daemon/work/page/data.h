#pragma once
/* Everything stored about the employee of a page. Inside the module; on a lane. */
#include "page.h"

enum status page_data_write(const struct page_writer *p, struct buf *out, struct error *err);
