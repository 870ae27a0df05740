#pragma once
/* What db.c and migrate.c share. */
#include "db/driver.h"

struct db_conn {
    const struct db_driver *driver;
    struct db_options options;
    struct db_link *link; /* NULL while disconnected */
    enum db_class class;  /* sticky */
    char message[DB_WHY_MAX];
    unsigned level;           /* of savepoints */
    struct db_rows *failed;   /* what db_query gives after an error */
    struct db_cached **cache; /* open addressing by statement address */
    size_t cached, slots;
};
