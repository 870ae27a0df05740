/*
 * Plain notices that a change of a review asks for: a slot offered or withdrawn, a decision to take. On a lane.
 */
#include "outbox.h"

#include "text/sentence.h"
#include "work/delivery.h"

#include <string.h>

#define NOTICE_COPY "copy_ready"

/* What there is to decide, by the review's state. No reason, no opinion: who reads it opens the file. */
static const struct {
    const char *state;
    const char *words[LANG_COUNT];
} notice_decisions[] = {
    {"invited", {"Le moment prévu n'est plus libre dans un agenda : la convocation n'est pas partie. En "
                 "choisir un autre, "
                 "ou la renvoyer depuis les envois.",
                    "The time set is not free any more in a calendar: the invitation has not left. Choose "
                    "another one, or "
                    "send it again from the deliveries."}},
    {"countered", {"Un autre moment est proposé : l'accepter, ou maintenir le moment prévu.",
                      "Another time is proposed: take it, or keep the one that was set."}},
    {"declined", {"L'invitation a été refusée : proposer un autre moment, ou garder la preuve d'un refus.",
                     "The invitation was declined: propose another time, or keep the proof of a refusal."}},
    {"tentative", {"La réponse est provisoire : une confirmation reste à obtenir.",
                      "The answer is tentative: it still has to be confirmed."}},
    {"no_show", {"La personne n'est pas venue : proposer un autre moment, ou clore avec un motif.",
                    "The person did not come: propose another time, or close with a reason."}},
    {"refused", {"La personne a refusé l'entretien : la preuve est conservée.",
                    "The person refused the review: the proof is kept."}},
};

/* Nobody is left to hold it: that comes before all. */
static const char *const notice_nobody[LANG_COUNT] = {
    "Plus personne n'est désigné pour mener cet entretien : nommez quelqu'un.",
    "Nobody is named to hold this review any more: name somebody."};

static const char *notice_words(const char *state, enum lang lang)
{
    for (size_t i = 0; i < sizeof(notice_decisions) / sizeof(notice_decisions[0]); i++)
        if (!strcmp(notice_decisions[i].state, state))
            return notice_decisions[i].words[lang];
    return NULL;
}

static struct outbox_reader notice_to_employee(const struct outbox_scene *scene)
{
    return outbox_reader_of(scene, &scene->employee);
}

static struct outbox_reader notice_to_interviewer(const struct outbox_scene *scene)
{
    return scene->has_interviewer ? outbox_reader_of(scene, &scene->interviewer) : (struct outbox_reader){0};
}

static const struct notice_row {
    unsigned bit; /* enum review_notice */
    const char *kind;
    enum letter letter;
    struct outbox_reader (*to)(const struct outbox_scene *scene);
} notice_rows[] = {
    {REVIEW_NOTICE_SLOT, "proposal", LETTER_PROPOSAL, notice_to_employee},
    {REVIEW_NOTICE_WITHDRAWN, "proposal_withdrawn", LETTER_CANCELLATION, notice_to_employee},
    {REVIEW_NOTICE_HR, "decision", LETTER_DECISION, outbox_reader_hr},
    {REVIEW_NOTICE_INTERVIEWER, "decision", LETTER_DECISION, notice_to_interviewer},
};

/* The time that somebody asks for instead, NULL: nobody does. */
static const char *notice_proposed(
    const struct outbox_scene *scene, const struct attendee_list *attendees, enum lang lang)
{
    for (size_t i = 0; i < attendees->count; i++)
        if (attendees->items[i].countered)
            return sentence_slot(scene->arena, lang, scene->zone, attendees->items[i].answer_start,
                attendees->items[i].answer_end);
    return NULL;
}

static enum status notice_add(struct outbox_scene *scene, const struct notice_row *row, struct error *err)
{
    struct attendee_list attendees;
    struct outbox_reader to = row->to(scene);
    struct letter_values values = outbox_values(scene, &to);
    struct outbox_mail mail = {.kind = row->kind, .letter = row->letter, .to = &to, .values = &values};
    enum status status = attendee_list(txn_snapshot(scene->txn), scene->review.id, &attendees, err);
    if (status == ST_OK && row->letter == LETTER_DECISION) {
        values.comment =
            scene->has_interviewer ? notice_words(scene->review.state, to.lang) : notice_nobody[to.lang];
        values.proposed = notice_proposed(scene, &attendees, to.lang);
    }
    return status == ST_OK ? outbox_add(scene, &mail, err) : status;
}

enum status delivery_notices(struct txn *txn, const char *review, unsigned notices, struct error *err)
{
    struct outbox_scene scene;
    enum status status = outbox_scene_review(txn, review, &scene, err);
    for (size_t i = 0; status == ST_OK && i < sizeof(notice_rows) / sizeof(notice_rows[0]); i++)
        if (notices & notice_rows[i].bit)
            status = notice_add(&scene, &notice_rows[i], err);
    return status;
}

/* ---- the copy */

/* The page offers the latest copy, else the latest report. */
static bool notice_copy(const struct document_list *documents, const struct document_row **ret)
{
    static const char *const kinds[] = {"copy", "report"};
    for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
        for (size_t i = documents->count; i > 0; i--)
            if (!strcmp(documents->items[i - 1].kind, kinds[kind])) {
                *ret = &documents->items[i - 1];
                return true;
            }
    return false;
}

/* The same bytes under another name are no news. */
static enum status notice_copy_told(struct txn *txn, const struct document_list *documents,
    const struct document_row *copy, bool *ret, struct error *err)
{
    enum status status = ST_OK;
    *ret = false;
    for (size_t i = 0; status == ST_OK && !*ret && i < documents->count; i++)
        if (!strcmp(documents->items[i].sha256, copy->sha256))
            status =
                delivery_exists(txn_snapshot(txn), copy->review, NOTICE_COPY, documents->items[i].id, ret, err);
    return status;
}

enum status delivery_copy_ready(struct txn *txn, const char *review, struct error *err)
{
    struct outbox_scene scene;
    struct document_list documents;
    const struct document_row *copy = NULL;
    bool told = false;
    enum status status = outbox_scene_review(txn, review, &scene, err);
    if (status == ST_OK)
        status = document_list(txn_snapshot(txn), review, &documents, err);
    if (status != ST_OK || strcmp(scene.review.state, "reported") != 0 || !notice_copy(&documents, &copy))
        return status;
    status = notice_copy_told(txn, &documents, copy, &told, err);
    if (status != ST_OK || told)
        return status;
    struct outbox_reader to = outbox_reader_of(&scene, &scene.employee);
    struct letter_values values = outbox_values(&scene, &to);
    const struct outbox_mail mail = {
        .kind = NOTICE_COPY, .letter = LETTER_COPY_READY, .to = &to, .values = &values, .subject = copy->id};
    return outbox_add(&scene, &mail, err);
}
