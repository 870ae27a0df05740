#pragma once
/*
 * Who a platform means by a key: an employee number, an address, a user name, an account. Each alias has the
 * days on which it holds; a key means one person a day, numbers and addresses in whatever case. Changes are
 * audited and never guessed; what waited for the key is looked at again.
 */
#include "base/field.h"
#include "store/source.h"

struct alias {
    const char *id, *organisation, *source; /* source NULL: on any platform */
    int kind;                               /* enum lms_key_kind */
    const char *value;
    const char *employee;
    date_t valid_from, valid_to; /* DATE_NONE: always was, open */
    instant_t recorded_at;
    struct given given;
};
extern const struct field_table alias_table;

void alias_of_row(struct arena *arena, const struct alias_row *row, struct alias *ret);
/* ST_INVALID at fields; ST_CONFLICT when the key means somebody on one of these days already. */
enum status alias_create(struct txn *txn, const struct alias *in, struct alias *ret, struct error *err);
/* Ends it: its last day, or another one than before. ST_INVALID before its first day. */
enum status alias_change(
    struct txn *txn, const char *id, const struct alias *patch, struct alias *ret, struct error *err);
/* The same of rows, for those who move keys: makes one, and gives one its last day. */
enum status alias_put(struct txn *txn, struct alias_row *row, struct error *err);
enum status alias_stop(struct txn *txn, struct alias_row *row, date_t last, struct error *err);
/* A mistake: it never held. */
enum status alias_remove(struct txn *txn, const char *id, struct error *err);
/* Until the day before this one the key was that person's, on any platform: kept for what comes late. Nothing
 * when it is known already. */
enum status alias_keep_history(struct txn *txn, const char *kind, const char *value, const char *employee,
    date_t until, struct error *err);
