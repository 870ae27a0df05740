#pragma once
/* An act of a personal page: what was posted, by whom, about which review. Inside the module; on a write lane.
 */
#include "page.h"
#include "work/preparation.h"

struct act {
    struct txn *txn;
    struct arena *arena;
    const struct page_request *request;
    const struct form *form;
    struct organisation organisation;
    const struct zone *zone;
    date_t today;
    struct employee_row person;
    struct review_row review; /* id NULL: none is named */
};

const char *act_value(const struct act *act, const char *name);
/* A step with nothing in it. */
struct review_step act_step(enum review_event event);
enum status act_do(const struct act *act, const struct review_step *step, struct error *err);

/* Of who holds the review. */
enum status act_choose(const struct act *act, struct error *err);
enum status act_take_counter(const struct act *act, struct error *err);
enum status act_keep_slot(const struct act *act, struct error *err);
enum status act_held(const struct act *act, struct error *err);
enum status act_absent(const struct act *act, struct error *err);
enum status act_report(const struct act *act, struct error *err);
enum status act_copy(const struct act *act, struct error *err);
