/*
 * Preparations: read, saved, handed in, taken back. On lanes.
 */
#include "work/preparation.h"

#include "base/crypto.h"
#include "base/json.h"
#include "model/review.h"

#include <string.h>

#define TICK(member)  FIELD(struct preparation, member, FIELD_BOOL)
#define LINK(member)  FIELD(struct preparation, member, FIELD_URL)
#define WORDS(member) FIELD(struct preparation, member, FIELD_LINES, .max = 4000)
static const struct field preparation_fields[] = {
    TICK(job_description),
    LINK(job_description_url),
    TICK(summaries),
    LINK(summaries_url),
    TICK(certificates),
    LINK(certificates_url),
    TICK(badges),
    LINK(badges_url),
    TICK(portfolio),
    LINK(portfolio_url),
    TICK(profile),
    LINK(profile_url),
    WORDS(wishes),
    WORDS(projects),
    WORDS(needs),
    TICK(camera),
    TICK(microphone),
    TICK(connection),
};
const struct field_table preparation_table =
    FIELD_TABLE("Preparation", struct preparation, preparation_fields, -1);

#define ITEM(member, fr, en)                                                                                   \
    {                                                                                                          \
#member, #member "_url", offsetof(struct preparation, member),                                         \
            offsetof(struct preparation, member##_url),                                                        \
        {                                                                                                      \
            fr, en                                                                                             \
        }                                                                                                      \
    }
const struct preparation_item preparation_items[PREPARATION_ITEMS] = {
    ITEM(job_description, "Ma fiche de poste à jour", "My up-to-date job description"),
    ITEM(summaries, "Les comptes rendus de mes entretiens précédents", "The summaries of my previous reviews"),
    ITEM(certificates, "Mes attestations et certificats", "My certificates"),
    ITEM(badges, "Mes badges numériques", "My digital badges"),
    ITEM(portfolio, "Mon portfolio ou des exemples de travaux", "My portfolio or examples of work"),
    ITEM(profile, "Mon profil professionnel en ligne", "My professional profile online"),
};

bool preparation_ready(const struct preparation *preparation, const struct preparation_item *item)
{
    return *(const int *)((const char *)preparation + item->ready_at) == 1;
}

const char *preparation_url(const struct preparation *preparation, const struct preparation_item *item)
{
    return *(const char *const *)((const char *)preparation + item->url_at);
}

bool preparation_open(const struct review_row *review)
{
    static const char *const open[] = {
        "draft", "proposed", "invited", "accepted", "tentative", "declined", "countered", "no_show"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (strcmp(review->state, open[i]) == 0)
            return true;
    return false;
}

/* ---- reading */

static enum status preparation_read(
    struct arena *arena, const char *body, struct preparation *ret, struct error *err)
{
    return field_parse(&preparation_table, arena, body, strlen(body), FIELD_MODE_STORED, ret, err);
}

enum status preparation_view(
    const struct snapshot *snapshot, const char *review, struct preparation_state *ret, struct error *err)
{
    struct preparation_row row;
    struct error missing = ERROR_INIT;
    struct arena *arena = snapshot_arena(snapshot);
    struct preparation_state state = {.handed_at = INSTANT_NONE, .saved_at = INSTANT_NONE};
    field_clear(&preparation_table, &state.draft);
    field_clear(&preparation_table, &state.handed);
    enum status status = preparation_get(snapshot, review, &row, &missing);
    if (status == ST_NOT_FOUND) {
        *ret = state;
        return ST_OK;
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    state.saved_at = row.updated_at;
    state.is_handed = row.handed != NULL;
    state.handed_at = row.handed_at;
    status = preparation_read(arena, row.body, &state.draft, err);
    if (status == ST_OK && row.handed)
        status = preparation_read(arena, row.handed, &state.handed, err);
    if (status == ST_OK)
        *ret = state;
    return status;
}

/* ---- writing */

static void preparation_audit(
    struct txn *txn, const struct review_row *review, const char *verb, const char *handed)
{
    BUF_AUTO text;
    char hex[SHA256_HEX];
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "employee", review->employee);
    if (handed) {
        struct sha256 hash = sha256(handed, strlen(handed));
        jw_member(&w, "sha256", sha256_hex(&hash, hex));
    }
    jw_close(&w, '}');
    txn_audit(txn, verb, review->id, text.data);
}

static enum status preparation_expect_open(const struct review_row *review, struct error *err)
{
    if (preparation_open(review))
        return ST_OK;
    return error_set(err, ST_CONFLICT, "the review is %s: there is nothing to prepare any more", review->state);
}

enum status preparation_save(struct txn *txn, const struct review_row *review, const struct preparation *in,
    bool hand_in, struct error *err)
{
    struct error missing = ERROR_INIT;
    struct preparation_row row;
    enum status status = preparation_expect_open(review, err);
    if (status != ST_OK)
        return status;
    status = preparation_get(txn_snapshot(txn), review->id, &row, &missing);
    if (status == ST_NOT_FOUND)
        row = (struct preparation_row){
            .review = review->id, .employee = review->employee, .handed_at = INSTANT_NONE};
    else if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    BUF_AUTO body;
    buf_init(&body, 0);
    struct json_writer w = json_writer(&body);
    jw_open(&w, '{');
    field_write_members(&preparation_table, &w, in, true);
    jw_close(&w, '}');
    row.body = arena_strndup(txn_arena(txn), body.data, body.size);
    if (hand_in) {
        row.handed = row.body;
        row.handed_at = txn_now(txn);
    }
    status = preparation_put(txn, &row, err);
    if (status == ST_OK && hand_in)
        preparation_audit(txn, review, "preparation.handed_in", row.handed);
    else if (status == ST_OK)
        preparation_audit(txn, review, "preparation.saved", NULL);
    return status;
}

enum status preparation_take_back(struct txn *txn, const struct review_row *review, struct error *err)
{
    struct preparation_row row;
    enum status status = preparation_expect_open(review, err);
    if (status == ST_OK)
        status = preparation_get(txn_snapshot(txn), review->id, &row, err);
    if (status != ST_OK)
        return status;
    row.handed = NULL;
    row.handed_at = INSTANT_NONE;
    status = preparation_put(txn, &row, err);
    if (status == ST_OK)
        preparation_audit(txn, review, "preparation.taken_back", NULL);
    return status;
}
