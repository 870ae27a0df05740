#pragma once
/*
 * Simulations: a case as JSON in, its duties as JSON out, nothing stored. The REST interface, the command line
 * and the test vectors share it. Pure, any thread.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "base/json.h"
#include "model/duty.h"

enum { SIMULATION_CASES_MAX = 1000 };

/* The case: as_of, employee, and optionally organisation (agreements, policies), reviews, absences, events; id,
 * why and expect are ignored. For the interface's description. */
extern const struct field_table simulation_case_table;

/* Parses and checks one case. Errors: ST_INVALID with pointers. `ret` borrows from the arena and the rules. */
enum status simulation_parse(struct arena *arena, const struct json *value, const struct rules *rules,
    struct duty_case *ret, struct error *err);

/* One case: writes {"duties": [...], "history": [...], "missing": [...], "next_check": ...}. An array of at
 * most SIMULATION_CASES_MAX: {"results": [...]} in order, an invalid one being {"errors": [...]}. Fails
 * (ST_INVALID, ST_TOO_LARGE) only on a single invalid case, on too many, or on something else than a case;
 * nothing is written then. */
enum status simulation_run(struct arena *arena, const struct json *body, const struct rules *rules,
    enum lang lang, struct json_writer *w, struct error *err);
