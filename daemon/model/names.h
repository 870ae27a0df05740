#pragma once
/* The name tables behind rules.h, NULL-terminated, for field tables. */

extern const char *const duty_family_names[];
extern const char *const regime_names[];
extern const char *const anchor_kind_names[];
extern const char *const rule_shape_names[];
extern const char *const absence_return_names[];
extern const char *const reading_names[];
extern const char *const ground_names[];
