#pragma once
/*
 * SQLite writes its log a page at a time, each in two calls. In this file system what is written to a log is
 * gathered and goes to the file in runs: at the latest before the log is synced, read, cut or measured. A
 * commit is on disk as before, since every connection syncs at each (synchronous=FULL); of a log, other
 * connections read only what was committed.
 *
 * What was gathered of a transaction that came to nothing must never reach the file, where others may have
 * written since: whoever ends one without a commit says so.
 *
 * Any thread; a file belongs to the thread of its connection.
 */
#include <sqlite3.h>

/* The file system's name for sqlite3_open_v2(). */
const char *sqlite_log_system(void);
/* After a transaction that came to nothing. */
void sqlite_log_drop(sqlite3 *handle);
