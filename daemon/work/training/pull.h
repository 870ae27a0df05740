#pragma once
/* What the files about asking sources share. */
#include "store/pull.h"
#include "work/completion.h"
#include "work/pull.h"

struct pull_progress {
    int64_t done, total;
    const char *unit;
    int64_t received, completions, duplicates, quarantined, ignored;
    struct list warnings; /* of const char * */
};
extern const struct field_table pull_progress_table;

/* What people are shown of the run, with this page added. */
enum status pull_note_progress(struct arena *arena, struct pull_row *row, const struct lms_page *page,
    const struct completion_receipt *receipt, struct error *err);
enum status pull_settings_read(
    struct arena *arena, const char *text, struct lms_pull_settings **ret, struct error *err);
/* pull_denied.c: what the platform says is not so is taken back, and counts again when it is shown again. */
enum status pull_deny(struct txn *txn, const struct source_reader *reader, const struct lms_request *answer,
    const struct lms_denial *denial, struct completion_receipt *ret, struct error *err);
enum status pull_show_again(struct txn *txn, const char *source, const char *identity, struct error *err);
/* What a sealed value of the source is bound to. */
const char *pull_context(struct arena *arena, const char *source, const char *what);
