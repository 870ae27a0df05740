/* /v1/reviews/{id}/documents/{kind}: PDFs of a review, every version kept. */
#include "work/review.h"

#include "http/credentials.h"
#include "ops.h"
#include "reviews.h"

#include <string.h>

static const struct field document_fields[] = {
    FIELD(struct document_row, id, FIELD_ID, .flags = FIELD_READ, .kind = "doc", .doc = "Identifier."),
    FIELD(struct document_row, review, FIELD_ID, .flags = FIELD_READ, .kind = "rev", .doc = "Of which review."),
    FIELD(struct document_row, kind, FIELD_TEXT, .flags = FIELD_READ, .doc = "report, copy, recap or refusal."),
    FIELD(struct document_row, number, FIELD_INT, .flags = FIELD_READ, .doc = "Which version of its kind."),
    FIELD(struct document_row, media_type, FIELD_TEXT, .flags = FIELD_READ, .doc = "application/pdf."),
    FIELD(struct document_row, size, FIELD_INT, .flags = FIELD_READ, .doc = "Bytes."),
    FIELD(
        struct document_row, sha256, FIELD_TEXT, .flags = FIELD_READ, .doc = "Hash of its bytes, hexadecimal."),
    FIELD(struct document_row, recorded_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was uploaded."),
};
static const struct field_table document_table =
    FIELD_TABLE("Document", struct document_row, document_fields, -1);

struct document_query {
    int64_t version;
};
static const struct field document_query_fields[] = {
    FIELD(struct document_query, version, FIELD_INT, .min = 1, .max = INT32_MAX,
        .doc = "Which version; the latest unless told."),
};
static const struct field_table document_query_table =
    FIELD_TABLE("DocumentQuery", struct document_query, document_query_fields, -1);

static enum status document_kind(const struct call *call, enum document_kind *ret, struct error *err)
{
    const char *name = call_param(call, "kind");
    for (int kind = 0; name && document_kind_names[kind]; kind++)
        if (strcmp(document_kind_names[kind], name) == 0) {
            *ret = (enum document_kind)kind;
            return ST_OK;
        }
    return error_set(err, ST_NOT_FOUND, "documents are report, copy, recap and refusal");
}

static void document_etag(struct call *call, const struct document_row *row)
{
    call->etag = arena_printf(call->arena, "\"%s\"", row->sha256);
}

/* ---- reading */

static enum status document_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct document_query *query = call->params;
    int64_t number = query->version == FIELD_INT_NONE ? 0 : query->version;
    enum document_kind kind;
    struct review_row review;
    struct document_row row;
    enum status status = document_kind(call, &kind, err);
    if (status == ST_OK)
        status = call_review(snapshot, call, &review, err);
    if (status == ST_OK)
        status = document_get(snapshot, review.id, document_kind_names[kind], number, &row, err);
    if (status != ST_OK)
        return status;
    call_witness(call, "document.read", row.id);
    buf_add(&call->body, row.content.data, row.content.size);
    call->body_type = arena_strdup(call->arena, row.media_type);
    document_etag(call, &row);
    call_header(call, "Content-Disposition",
        arena_printf(call->arena, "attachment; filename=\"%s-%s.pdf\"", row.kind, review.id));
    return ST_OK;
}

const struct op document_one = {.name = "document_one",
    .summary = "A document of a review, as it was uploaded",
    .query = &document_query_table,
    .produces = "application/pdf",
    .read = document_read};

/* ---- writing */

static enum status document_expected(struct txn *txn, const struct call *call, const struct review_row *review,
    const char *kind, struct error *err)
{
    struct document_row latest;
    struct etags etags;
    if (!call->if_match)
        return ST_OK;
    bool there = document_get(txn_snapshot(txn), review->id, kind, 0, &latest, NULL) == ST_OK;
    const char *etag = there ? arena_printf(call->arena, "\"%s\"", latest.sha256) : NULL;
    if (there && etags_parse(call->arena, call->if_match, &etags, NULL) == ST_OK &&
        etags_match_strong(&etags, etag))
        return ST_OK;
    return error_set(err, ST_PRECONDITION, "another version of the document is there");
}

static enum status document_write(struct txn *txn, struct call *call, struct error *err)
{
    enum document_kind kind;
    struct review_row review;
    struct document_row row;
    enum outcome outcome;
    enum status status = document_kind(call, &kind, err);
    if (status == ST_OK)
        status = call_review(txn_snapshot(txn), call, &review, err);
    if (status == ST_OK)
        status = document_expected(txn, call, &review, document_kind_names[kind], err);
    if (status == ST_OK)
        status = review_keep_document(txn, review.id, kind, call->request, &outcome, &row, err);
    if (status != ST_OK)
        return status;
    call->status = outcome == OUTCOME_UNCHANGED ? 200 : 201;
    call_answer(call, &row, 0);
    document_etag(call, &row);
    return ST_OK;
}

const struct op document_put = {.name = "document_put",
    .summary = "Keeps a PDF; the versions before it stay",
    .consumes = "application/pdf",
    .output = &document_table,
    .also = 201,
    .write = document_write};
