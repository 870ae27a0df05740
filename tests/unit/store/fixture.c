/* See fixture.h. */
#include "fixture.h"

#include "store/audit.h"
#include "store/organisation.h"

#include <stdio.h>

static enum status fixture_add_organisation(struct txn *txn, void *context, struct error *err)
{
    struct organisation_row row = *(const struct organisation_row *)context;
    return organisation_add(txn, &row, err);
}

static void fixture_new_organisation(struct fixture *f, const char *name, char key[static ORG_KEY_MAX])
{
    char id[ID_MAX];
    org_key_new(key);
    id_new(id, "org", key, FIXTURE_NOW);
    struct organisation_row row = {.id = id,
        .name = name,
        .siren = "123456782",
        .locale = "fr",
        .zone = "Europe/Paris",
        .deliveries = DELIVERY_LIVE,
        .settings = "{}"};
    struct error err = ERROR_INIT;
    if (store_write_now(f->store, "system", "tester", fixture_add_organisation, &row, &err) != ST_OK)
        fail_msg("no organisation: %s", err.detail);
}

static struct keyring *fixture_keyring(void)
{
    struct error err = ERROR_INIT;
    struct keyring *ring = keyring_new();
    struct secret *key = secret_new("0123456789abcdef0123456789abcdef", 32);
    assert_int_equal(keyring_add(ring, key, &err), ST_OK);
    secret_free(key);
    return ring;
}

void fixture_open(struct fixture *f, const struct db_driver *driver, bool lanes)
{
    struct error err = ERROR_INIT;
    *f = (struct fixture){.arena = arena_new(0), .clock = clock_new_set(FIXTURE_NOW)};
    scratch_make(&f->scratch);
    snprintf(f->path, sizeof f->path, "%s", scratch_path(&f->scratch, "store"));
    if (lanes)
        f->loop = loop_new();
    f->keyring = fixture_keyring();
    const struct store_options options = {.path = f->path,
        .read_lanes = 2,
        .queue = 2000,
        .batch = 64,
        .driver = driver,
        .clock = f->clock,
        .keyring = f->keyring};
    if (store_open(f->loop, &options, &f->store, &err) != ST_OK)
        fail_msg("no store: %s", err.detail);
    fixture_new_organisation(f, "Essai", f->org);
    id_new(f->org_id, "org", f->org, FIXTURE_NOW);
}

void fixture_close(struct fixture *f)
{
    store_free(f->store);
    loop_free(f->loop);
    clock_free(f->clock);
    keyring_free(f->keyring);
    arena_free(f->arena);
    scratch_remove(&f->scratch);
}

int fixture_set_up(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture, NULL, false);
    *state = &fixture;
    return 0;
}

int fixture_tear_down(void **state)
{
    fixture_close(*state);
    return 0;
}

const char *fixture_organisation(struct fixture *f, const char *name)
{
    char *key = arena_alloc(f->arena, ORG_KEY_MAX);
    fixture_new_organisation(f, name, key);
    return key;
}

enum status fixture_write(struct fixture *f, txn_run run, void *context, struct error *err)
{
    return store_write_now(f->store, f->org, "tester", run, context, err);
}

enum status fixture_read(struct fixture *f, snapshot_run run, void *context, struct error *err)
{
    return store_read_now(f->store, run, context, err);
}

void fixture_do(struct fixture *f, txn_run run, void *context)
{
    struct error err = ERROR_INIT;
    if (fixture_write(f, run, context, &err) != ST_OK)
        fail_msg("%s: %s", status_name(err.status), err.detail);
}

void fixture_see(struct fixture *f, snapshot_run run, void *context)
{
    struct error err = ERROR_INIT;
    if (fixture_read(f, run, context, &err) != ST_OK)
        fail_msg("%s: %s", status_name(err.status), err.detail);
}

struct fixture_chain {
    const char *organisation;
    struct audit_verification state;
};

static enum status fixture_follow(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fixture_chain *chain = context;
    enum status status = ST_OK;
    chain->state = (struct audit_verification){0};
    while (status == ST_OK && !chain->state.finished)
        status = audit_verify(snapshot, chain->organisation, &chain->state, 3, err);
    return status;
}

int64_t fixture_verify(struct fixture *f, const char *organisation)
{
    struct fixture_chain chain = {.organisation = organisation};
    fixture_see(f, fixture_follow, &chain);
    return chain.state.seq;
}
