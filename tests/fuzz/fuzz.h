#pragma once
/* What a fuzz target is: bytes of a stranger into one parser, which must come back whatever they are. */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
