#pragma once
/* A fresh store in a folder of its own, with one organisation and a clock that stands still. */
#include "base/clock.h"
#include "scratch.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIXTURE_NOW INT64_C(1795342530000000) /* 2026-11-22T10:15:30Z */

struct fixture {
    struct scratch scratch;
    char path[128];
    struct loop *loop; /* NULL unless opened with lanes */
    struct store *store;
    struct clock *clock;
    struct keyring *keyring; /* one key */
    struct arena *arena;
    char org[ORG_KEY_MAX]; /* key of the organisation */
    char org_id[ID_MAX];
};

struct db_driver;

/* Opens the store, with or without lanes; `driver` NULL = the default. Adds a live organisation. */
void fixture_open(struct fixture *f, const struct db_driver *driver, bool lanes);
void fixture_close(struct fixture *f);
/* For cmocka: without lanes. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* Another organisation; its key lives in the fixture's arena. */
const char *fixture_organisation(struct fixture *f, const char *name);
/* Runs now, in the fixture's organisation, as actor "tester". */
enum status fixture_write(struct fixture *f, txn_run run, void *context, struct error *err);
enum status fixture_read(struct fixture *f, snapshot_run run, void *context, struct error *err);
/* The same, and it has to be ST_OK. */
void fixture_do(struct fixture *f, txn_run run, void *context);
void fixture_see(struct fixture *f, snapshot_run run, void *context);
/* Verifies the whole chain of an organisation and gives the number of its records. */
int64_t fixture_verify(struct fixture *f, const char *organisation);

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
