#pragma once
/* A table with a field of every type and flag, for the tests of field tables. */
#include "base/arena.h"
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample_place {
    const char *city;
    int64_t storey;
    const struct sample_place *next;
    struct given given;
};

struct sample_skill {
    const char *label;
    int64_t level;
    struct list proofs;
};

struct sample {
    const char *id;
    const char *name;
    const char *notes;
    const char *email;
    const char *url;
    const char *manager;
    date_t hired;
    instant_t seen;
    struct period term;
    int64_t days;
    int active;
    int contract;
    const struct sample_place *place;
    const struct sample_skill *best;
    struct list skills;
    struct list tags;
    const struct json *extra;
    const char *secret;
    const char *number;
    struct given given;
};

static const char *const sample_contracts[] = {"permanent", "fixed_term", "temporary", NULL};

extern const struct field_table sample_place_table;

static const struct field sample_place_fields[] = {
    FIELD(struct sample_place, city, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 20),
    FIELD(struct sample_place, storey, FIELD_INT, .min = -5, .max = 99),
    FIELD(struct sample_place, next, FIELD_OBJECT, .of = &sample_place_table),
};

const struct field_table sample_place_table =
    FIELD_TABLE("Place", struct sample_place, sample_place_fields, offsetof(struct sample_place, given));

static const struct field sample_skill_fields[] = {
    FIELD(struct sample_skill, label, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct sample_skill, level, FIELD_INT, .flags = FIELD_CREATE, .min = 1),
    FIELD(struct sample_skill, proofs, FIELD_TEXTS, .max = 2),
};

static const struct field_table sample_skill_table =
    FIELD_TABLE("Skill", struct sample_skill, sample_skill_fields, -1);

static const struct field sample_fields[] = {
    FIELD(struct sample, id, FIELD_ID, .flags = FIELD_READ, .kind = "emp"),
    FIELD(struct sample, name, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 10, .doc = "What people say"),
    FIELD(struct sample, notes, FIELD_LINES, .flags = FIELD_NULL),
    FIELD(struct sample, email, FIELD_EMAIL),
    FIELD(struct sample, url, FIELD_URL),
    FIELD(struct sample, manager, FIELD_ID, .kind = "emp"),
    FIELD(struct sample, hired, FIELD_DATE, .flags = FIELD_REQUIRED),
    FIELD(struct sample, seen, FIELD_INSTANT, .flags = FIELD_NULL),
    FIELD(struct sample, term, FIELD_PERIOD),
    FIELD(struct sample, days, FIELD_INT),
    FIELD(struct sample, active, FIELD_BOOL),
    FIELD(struct sample, contract, FIELD_ENUM, .names = sample_contracts),
    FIELD(struct sample, place, FIELD_OBJECT, .of = &sample_place_table),
    FIELD(struct sample, best, FIELD_OBJECT, .of = &sample_skill_table),
    FIELD(struct sample, skills, FIELD_LIST, .of = &sample_skill_table, .max = 3),
    FIELD(struct sample, tags, FIELD_TEXTS, .max = 4),
    FIELD_AS("a/b~c", struct sample, extra, FIELD_JSON),
    FIELD(struct sample, secret, FIELD_TEXT, .flags = FIELD_WRITE, .min = 8),
    FIELD(struct sample, number, FIELD_TEXT, .flags = FIELD_CREATE),
};

static const struct field_table sample_table =
    FIELD_TABLE("Sample", struct sample, sample_fields, offsetof(struct sample, given));

#define SAMPLE_ID "emp_0123456789_01hf3k9z8y7x6w5v4t3s2r1q0p"

static inline enum status sample_read(
    struct arena *arena, const char *text, enum field_mode mode, struct sample *out, struct error *err)
{
    return field_parse(&sample_table, arena, text, strlen(text), mode, out, err);
}

static inline int sample_setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static inline int sample_teardown(void **state)
{
    arena_free(*state);
    return 0;
}
