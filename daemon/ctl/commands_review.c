/* Commands about reviews: from the plan to the proof. Constant data. */
#include "commands.h"
#include "internal.h"

VIEW(review_view, "no reviews", COLUMN("number", "/employee", .cell = CELL_PERSON),
    COLUMN("name", "/employee", .cell = CELL_PERSON_NAME, .stretch = true), COLUMN("type", "/type"),
    COLUMN("recap", "/recap", .cell = CELL_YES), COLUMN("state", "/state"),
    COLUMN("start", "/start", .cell = CELL_INSTANT), COLUMN("held", "/held"),
    COLUMN("interviewer", "/interviewer", .cell = CELL_PERSON),
    COLUMN("report", "/report/reference", .stretch = true), COLUMN("copy handed", "/copy/date"),
    COLUMN("id", "/id"));

#define REVIEW                                                                                                 \
    ARGUMENT("REVIEW", VALUE_REVIEW, PLACE_PATH, "id",                                                         \
        "its id, or the number of somebody with one review under way")
#define REASON IN_BODY("--reason", VALUE_TEXT, "/reason", "why")
#define SHORT_NOTICE                                                                                           \
    IN_BODY("--short-notice", VALUE_SET, "/short_notice",                                                      \
        "insist although less than eight days are left to prepare")
#define SLOT                                                                                                   \
    IN_BODY("--start", VALUE_INSTANT, "/start",                                                                \
        "2026-12-10T09:00, in the organisation's zone unless it names one"),                                   \
        IN_BODY("--end", VALUE_INSTANT, "/end", "or give the duration"),                                       \
        IN_BODY("--duration", VALUE_MINUTES, "/duration", "instead of the end: 45, 1h30")
#define PLACE                                                                                                  \
    IN_BODY("--interviewer", VALUE_PERSON, "/interviewer", "who holds it; the manager unless told"),           \
        IN_BODY("--mode", VALUE_TEXT, "/mode", "onsite, remote, hybrid"),                                      \
        IN_BODY("--location", VALUE_TEXT, "/location", "where"),                                               \
        IN_BODY("--conference-url", VALUE_TEXT, "/conference_url", "link of a remote review")
#define COVERED                                                                                                \
    IN_BODY("--themes", VALUE_TEXTS, "/themes",                                                                \
        "covered: skills, prospects, training_needs, wishes, cpf; workstation, wear, mobility; retention, "    \
        "end_of_career"),                                                                                      \
        IN_BODY("--information", VALUE_TEXTS, "/information",                                                  \
            "given: vae, cpf, employer_contributions, cep, financing")

static const struct parameter list_parameters[] = {
    OPTIONAL("NUMBER", VALUE_PERSON, PLACE_QUERY, "employee", "of this employee"),
    IN_QUERY("--interviewer", VALUE_PERSON, "interviewer", "held by this employee"),
    IN_QUERY("--state", VALUE_TEXT, "state",
        "draft, proposed, invited, accepted, tentative, declined, countered, held, reported, closed, "
        "cancelled, no_show, refused"),
    IN_QUERY("--type", VALUE_TEXT, "type", "professional, annual"),
    IN_QUERY("--from", VALUE_DATE, "from", "held, else planned, on or after this day"),
    IN_QUERY("--to", VALUE_DATE, "to", "held, else planned, on or before this day"),
};
static const struct parameter show_parameters[] = {REVIEW};
static const struct parameter plan_parameters[] = {
    ARGUMENT("NUMBER", VALUE_PERSON, PLACE_BODY, "/employee", "whose review"),
    IN_BODY("--type", VALUE_TEXT, "/type", "professional unless told, annual"),
    IN_BODY("--recap", VALUE_SET, "/recap", "it is also the recap"),
    SLOT,
    PLACE,
    IN_BODY("--held", VALUE_DATE, "/held", "the day it took place elsewhere: records it, sends nothing"),
    IN_BODY(
        "--report", VALUE_TEXT, "/report/reference", "of one held elsewhere: how its report is found again"),
    IN_BODY("--copy-date", VALUE_DATE, "/copy/date", "of one held elsewhere: the day the copy was handed over"),
    IN_BODY("--copy-means", VALUE_TEXT, "/copy/means", "hand, email, post, registered_post, portal"),
    COVERED,
    FROM_FILE,
};
static const struct parameter set_parameters[] = {
    REVIEW,
    PAIRS,
    SLOT,
    PLACE,
    SHORT_NOTICE,
    IN_BODY("--recap", VALUE_BOOL, "/recap", "whether it is also the recap"),
    IN_BODY("--type", VALUE_TEXT, "/type", "professional, annual"),
    IN_BODY("--held", VALUE_DATE, "/held", "corrects the day, with a reason; -: it did not take place"),
    COVERED,
    REASON,
    FROM_FILE,
};
static const struct parameter propose_parameters[] = {REVIEW, SLOT, SHORT_NOTICE};
static const struct parameter invite_parameters[] = {REVIEW, SHORT_NOTICE};
static const struct parameter counter_parameters[] = {
    REVIEW,
    ARGUMENT("ANSWER", VALUE_BOOL, PLACE_BODY, "/accept",
        "yes: the time proposed becomes the slot; no: the slot stays"),
    SHORT_NOTICE,
};
static const struct parameter reason_parameters[] = {REVIEW, REASON};
static const struct parameter hold_parameters[] = {
    REVIEW,
    NEEDED("--date", VALUE_DATE, "/date", "the day it took place"),
    IN_BODY("--by", VALUE_PERSON, "/by", "who held it; the interviewer unless told"),
    COVERED,
};
static const struct parameter report_parameters[] = {
    REVIEW,
    ARGUMENT("REFERENCE", VALUE_TEXT, PLACE_BODY, "/reference", "how the written report is found again"),
    IN_BODY("--date", VALUE_DATE, "/date", "the day it existed; today unless told"),
    IN_BODY("--sha256", VALUE_TEXT, "/sha256", "hash of the document, hexadecimal"),
};
static const struct parameter copy_parameters[] = {
    REVIEW,
    NEEDED("--date", VALUE_DATE, "/date", "the day the copy was handed over"),
    NEEDED("--means", VALUE_TEXT, "/means", "hand, email, post, registered_post, portal"),
    IN_BODY("--proof", VALUE_TEXT, "/proof", "what proves it"),
};
static const struct parameter absence_parameters[] = {
    REVIEW, IN_BODY("--date", VALUE_DATE, "/date", "the day; that of the slot unless told"), REASON};
static const struct parameter refusal_parameters[] = {
    REVIEW,
    NEEDED("--proof", VALUE_TEXT, "/proof", "what proves proposal and refusal"),
    IN_BODY("--date", VALUE_DATE, "/date", "the day; today unless told"),
    REASON,
};
VIEW(slot_view, "no slot is free", COLUMN("start", "/start", .cell = CELL_INSTANT),
    COLUMN("end", "/end", .cell = CELL_INSTANT), COLUMN("employee", "/employee"),
    COLUMN("interviewer", "/interviewer"));

static const struct parameter slots_parameters[] = {
    REVIEW,
    IN_QUERY("--from", VALUE_DATE, "from", "first day; by the duty to satisfy unless told"),
    IN_QUERY("--to", VALUE_DATE, "to", "last day, at most half a year later"),
    IN_QUERY("--duration", VALUE_MINUTES, "duration", "45, 1h30"),
    IN_QUERY("--count", VALUE_INT, "limit", "how many"),
};
static const struct parameter keep_parameters[] = {
    REVIEW,
    ARGUMENT("KIND", VALUE_TEXT, PLACE_PATH, "kind", "report, copy, recap, refusal"),
    ARGUMENT("FILE", VALUE_FILE, PLACE_RUN, NULL, "a PDF of at most 10 MiB"),
};
static const struct parameter fetch_parameters[] = {
    REVIEW,
    ARGUMENT("KIND", VALUE_TEXT, PLACE_PATH, "kind", "report, copy, recap, refusal"),
    IN_QUERY("--number", VALUE_INT, "version", "an earlier one"),
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write it into FILE"},
};

#define REVIEWS    "/v1/reviews"
#define ONE_REVIEW REVIEWS "/{id}"
#define STEP(what, about, array)                                                                               \
    {                                                                                                          \
        .name = "review " what, .doc = (about), .request = "POST " ONE_REVIEW "/" what, PARAMETERS(array),     \
        .view = &review_view                                                                                   \
    }

static const struct command commands[] = {
    {.name = "review list",
        .doc = "Lists reviews by day; drafts without a slot first",
        .request = "GET " REVIEWS,
        .list = true,
        PARAMETERS(list_parameters),
        .view = &review_view},
    {.name = "review show",
        .doc = "Shows a review: attendees, duties served, what is missing, what may follow",
        .request = "GET " ONE_REVIEW,
        PARAMETERS(show_parameters),
        .show = SHOW_RECORD},
    {.name = "review plan",
        .doc = "Plans a review, or records one that took place elsewhere",
        .request = "POST " REVIEWS,
        PARAMETERS(plan_parameters),
        .view = &review_view},
    {.name = "review set",
        .doc = "Another slot, place or interviewer; corrections with a reason once held",
        .request = "PATCH " ONE_REVIEW,
        PARAMETERS(set_parameters),
        .view = &review_view},
    {.name = "review slots",
        .doc = "Proposes times: working hours, holidays, absences and other reviews are looked at",
        .request = "GET " ONE_REVIEW "/slots",
        PARAMETERS(slots_parameters),
        .view = &slot_view},
    STEP("propose", "Offers a slot to the employee", propose_parameters),
    STEP("invite", "Sends the convocation for the slot set; again: the same once more", invite_parameters),
    STEP("counter", "Answers the other time that somebody proposes", counter_parameters),
    STEP("cancel", "Cancels it; what was sent is taken back", reason_parameters),
    STEP("hold", "Records that it took place", hold_parameters),
    STEP("report", "Records the written report", report_parameters),
    STEP("copy", "Records that a copy was handed over: the proof", copy_parameters),
    STEP("absence", "Records that the employee did not come", absence_parameters),
    STEP("refusal", "Records that the employee refused the proposal", refusal_parameters),
    STEP("close", "After an absence: no further attempt, with a reason", reason_parameters),
    {.name = "review keep",
        .doc = "Keeps a document beside the review",
        .request = "PUT " ONE_REVIEW "/documents/{kind}",
        .consumes = "application/pdf",
        PARAMETERS(keep_parameters),
        .show = SHOW_RECORD},
    {.name = "review fetch",
        .doc = "Fetches a document of a review",
        .request = "GET " ONE_REVIEW "/documents/{kind}",
        PARAMETERS(fetch_parameters),
        .accepts = "application/pdf",
        .show = SHOW_BODY},
};

GROUP(review_commands, "Reviews", commands);
