#pragma once
/*
 * Copies of the store. The keys that seal its secrets are not in them. Everything runs on the caller's thread
 * and takes as long as the store is large.
 */
#include "base/error.h"
#include "store/check.h"

struct store;

/* Makes the new file `to` a consistent copy of the store `from`, which a daemon may use meanwhile, and verifies
 * it; it has its name only when it is whole, verified and on the disk. ST_CONFLICT: `to` exists, or the copy
 * does not hold. */
enum status store_backup(const char *from, const char *to, struct store_verdict *ret, struct error *err);

/* The same of an open store, into a file that is gone once *ret_fd is closed. In a job of store_read_long; ends
 * when the store is closed. */
enum status store_backup_open(struct store *store, int *ret_fd, struct store_verdict *ret, struct error *err);

/* Verifies the copy `from` and puts it in the place of the store `path`, which nobody may use; what was there
 * is `aside` from then on. Interrupted, it leaves either the one or the other in place. */
enum status store_restore(
    const char *from, const char *path, const char *aside, struct store_verdict *ret, struct error *err);
