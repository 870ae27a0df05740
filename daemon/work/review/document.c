/*
 * Documents of a review: PDF only, kept as they are, hashed, every version. On a write lane.
 */
#include "work.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "work/delivery.h"

#include <string.h>

/* Programs that write PDF may put something before the header; a kilobyte is what readers accept. */
enum { PDF_HEADER_WITHIN = 1024, PDF_HEADER_SIZE = 5 };

static bool document_is_pdf(struct span content)
{
    size_t within = content.size < PDF_HEADER_WITHIN ? content.size : PDF_HEADER_WITHIN;
    for (size_t i = 0; i + PDF_HEADER_SIZE <= within; i++)
        if (memcmp(content.data + i, "%PDF-", PDF_HEADER_SIZE) == 0)
            return true;
    return false;
}

static void document_audit(struct txn *txn, const struct document_row *row, const char *employee)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "review", row->review);
    jw_member(&w, "employee", employee);
    jw_member(&w, "kind", row->kind);
    jw_member(&w, "sha256", row->sha256);
    jw_member_int(&w, "size", row->size);
    jw_member_int(&w, "number", row->number);
    jw_close(&w, '}');
    txn_audit(txn, "document.stored", row->id, text.data);
}

enum status review_keep_document(struct txn *txn, const char *id, enum document_kind kind, struct span content,
    enum outcome *ret_outcome, struct document_row *ret, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct review_row review;
    struct document_row latest;
    char hex[SHA256_HEX];
    if (content.size > REVIEW_DOCUMENT_MAX)
        return error_field(err, "", "is larger than %d MiB", REVIEW_DOCUMENT_MAX / (1024 * 1024));
    if (!document_is_pdf(content))
        return error_field(err, "", "is no PDF: its header %%PDF- is missing");
    enum status status = review_get(snapshot, id, &review, err);
    if (status != ST_OK)
        return status;
    struct sha256 hash = sha256(content.data, content.size);
    struct document_row row = {.review = review.id,
        .kind = document_kind_names[kind],
        .media_type = "application/pdf",
        .sha256 = arena_strdup(txn_arena(txn), sha256_hex(&hash, hex)),
        .size = (int64_t)content.size,
        .content = content};
    if (document_get(snapshot, id, row.kind, 0, &latest, NULL) == ST_OK &&
        strcmp(latest.sha256, row.sha256) == 0) {
        *ret = latest;
        *ret_outcome = OUTCOME_UNCHANGED;
        return ST_OK;
    }
    status = document_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    document_audit(txn, &row, review.employee);
    *ret = row;
    *ret_outcome = row.number == 1 ? OUTCOME_CREATED : OUTCOME_UPDATED;
    return delivery_copy_ready(txn, review.id, err);
}
