#pragma once
/*
 * The recap of an employee from what is stored: the facts of the duties, the trainings of the plan and of the
 * platforms, progressions, headcounts. On a lane; what is returned lives as long as the snapshot's arena.
 */
#include "base/buf.h"
#include "base/json.h"
#include "model/recap.h"
#include "work/duties.h"

struct recap_view {
    struct duties_view duties;
    struct recap_case given;
    struct recap recap;
};

/* Headcounts of an organisation as known at an instant, shared by its employees. */
struct recap_headcounts {
    const struct recap_headcount *items;
    size_t count;
};
enum status recap_headcounts_load(const struct snapshot *snapshot, const char *organisation, instant_t known_at,
    struct recap_headcounts *ret, struct error *err);

/* `frame` as duties_view() takes it. */
enum status recap_view(const struct snapshot *snapshot, const struct duties_frame *frame,
    const struct recap_headcounts *headcounts, const char *employee, date_t as_of, instant_t known_at,
    struct recap_view *ret, struct error *err);

/* ---- words (pure) */

/* One sentence each, with a capital and a full stop: what the verdict on the reviews, on a criterion, and the
 * exposure mean for this cycle. */
void recap_tell_reviews(const struct recap_cycle *cycle, enum lang lang, struct buf *out);
void recap_tell_criterion(
    const struct recap_cycle *cycle, enum recap_criterion_name criterion, enum lang lang, struct buf *out);
void recap_tell_exposure(const struct recap_cycle *cycle, enum lang lang, struct buf *out);
void recap_tell_gap(
    const struct recap_view *view, const struct recap_gap *gap, enum lang lang, struct buf *out);
void recap_tell_cure(
    const struct recap_view *view, const struct recap_cure *cure, enum lang lang, struct buf *out);
/* How a duty was met, in a few words: "tenu le 8 mars 2024". */
void recap_tell_duty(const struct recap_duty *duty, enum lang lang, struct buf *out);
/* Why a piece of evidence counts or not, in a few words. */
const char *recap_reason_words(enum recap_reason reason, enum lang lang);
const char *recap_verdict_words(enum recap_verdict verdict, enum lang lang);
const char *recap_exposure_words(enum recap_exposure exposure, enum lang lang);
const char *recap_criterion_words(enum recap_criterion_name criterion, enum lang lang);
/* That it is no legal advice. */
const char *recap_notice_words(enum lang lang);

/* ---- the document */

struct recap_document {
    const struct duties_frame *frame;
    const struct recap_view *view;
    const struct recap_cycle *cycle;
    const char *organisation; /* its name */
    const char *siren;        /* may be NULL */
    const char *number, *given_name, *family_name;
    date_t as_of, known_on;
    enum lang lang;
    enum duty_detail detail;
    bool exposure; /* with what the employer may owe: not in what is handed over to the employee */
};
/* The cycle as a page to read, print and hand over; no script, nothing loaded from elsewhere. */
void recap_page(struct arena *arena, const struct recap_document *document, struct buf *out);
/* The same as text of lines of at most 80 characters, for terminals. */
void recap_text(struct arena *arena, const struct recap_document *document, struct buf *out);
