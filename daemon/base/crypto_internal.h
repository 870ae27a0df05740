#pragma once
/* What the sources that call libcrypto share. */
#include <stdbool.h>

/* Aborts unless `ok`: nothing safe can be done without the library. */
void crypto_require(bool ok, const char *what);
