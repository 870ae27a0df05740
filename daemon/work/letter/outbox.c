/*
 * Letters to rows of the outbox: what they say of a review and its people, and the message as it will leave,
 * built in the transaction of its cause because what was sent is evidence. On a lane.
 */
#include "outbox.h"

#include "base/text.h"
#include "text/sentence.h"
#include "work/delivery.h"
#include "work/link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct delivery_means outbox_means;
static pthread_once_t outbox_once = PTHREAD_ONCE_INIT;

static void outbox_load_letters(void)
{
    mail_init();
    if (!outbox_means.letters)
        outbox_means.letters = letters_load(NULL, NULL);
    if (!outbox_means.letters)
        abort();
}

void delivery_begin(const struct delivery_means *means)
{
    outbox_means = *means;
    (void)pthread_once(&outbox_once, outbox_load_letters);
}

/* ---- the scene */

static struct mail_address outbox_organiser(const struct organisation *organisation)
{
    const struct organiser *own = organisation->organiser;
    bool has_own = own && own->email;
    return (struct mail_address){.name = has_own ? own->name : outbox_means.organiser_name,
        .email = has_own ? own->email : outbox_means.organiser_email};
}

enum status outbox_scene(struct txn *txn, struct outbox_scene *ret, struct error *err)
{
    (void)pthread_once(&outbox_once, outbox_load_letters);
    struct outbox_scene made = {.txn = txn, .arena = txn_arena(txn)};
    enum status status = organisation_view(txn_snapshot(txn), txn_organisation(txn), &made.organisation, err);
    if (status != ST_OK)
        return status;
    made.organiser = outbox_organiser(&made.organisation);
    made.zone = organisation_zone(&made.organisation);
    made.today = organisation_today(&made.organisation, txn_now(txn));
    *ret = made;
    return ST_OK;
}

enum status outbox_scene_employee(struct outbox_scene *scene, const char *employee, struct error *err)
{
    return employee_get(txn_snapshot(scene->txn), employee, &scene->employee, err);
}

enum status outbox_scene_review(
    struct txn *txn, const char *review, struct outbox_scene *ret, struct error *err)
{
    struct outbox_scene made;
    enum status status = outbox_scene(txn, &made, err);
    if (status == ST_OK)
        status = review_get(txn_snapshot(txn), review, &made.review, err);
    if (status == ST_OK)
        status = outbox_scene_employee(&made, made.review.employee, err);
    made.has_review = true;
    made.has_interviewer = status == ST_OK && made.review.interviewer;
    if (made.has_interviewer)
        status = employee_get(txn_snapshot(txn), made.review.interviewer, &made.interviewer, err);
    if (status == ST_OK)
        *ret = made;
    return status;
}

enum status outbox_expect_organiser(const struct outbox_scene *scene, struct error *err)
{
    if (scene->organiser.email || scene->organisation.deliveries == DELIVERY_OFF)
        return ST_OK;
    return error_set(err, ST_CONFLICT, "the organisation has no mailbox to write from: set its organiser");
}

/* ---- the reader */

const char *outbox_full_name(struct arena *arena, const struct employee_row *person)
{
    return arena_printf(arena, "%s %s", person->given_name, person->family_name);
}

const char *outbox_shown_name(struct arena *arena, const struct employee_row *person)
{
    return sentence_name(arena, outbox_full_name(arena, person));
}

struct outbox_reader outbox_reader_of(const struct outbox_scene *scene, const struct employee_row *person)
{
    return (struct outbox_reader){.id = person->id,
        .name = outbox_full_name(scene->arena, person),
        .email = person->email,
        .lang = person->locale ? lang_of(person->locale) : (enum lang)scene->organisation.locale,
        .is_employee = text_equal(person->id, scene->employee.id)};
}

struct outbox_reader outbox_reader_hr(const struct outbox_scene *scene)
{
    return (struct outbox_reader){.name = scene->organiser.name,
        .email = scene->organiser.email,
        .lang = (enum lang)scene->organisation.locale};
}

/* ---- the words */

static bool outbox_is_annual(const struct outbox_scene *scene)
{
    return scene->has_review && !strcmp(scene->review.type, "annual");
}

static const char *outbox_title_of(const struct organisation *organisation, bool annual, enum lang lang)
{
    if (annual)
        return lang == LANG_FR ? "Entretien annuel" : "Annual review";
    if (lang != LANG_FR)
        return "Professional review";
    return organisation->policies->title_older == 1 ? "Entretien professionnel"
                                                    : "Entretien de parcours professionnel";
}

const char *outbox_title(const struct outbox_scene *scene, enum lang lang)
{
    return outbox_title_of(&scene->organisation, outbox_is_annual(scene), lang);
}

void outbox_fill_organisation(
    const struct organisation *organisation, enum lang lang, bool annual, struct letter_values *values)
{
    values->organisation = organisation->name;
    values->title = outbox_title_of(organisation, annual, lang);
    values->annual = annual ? "annual" : NULL;
    values->contact = outbox_organiser(organisation).email;
}

static void outbox_fill_review(const struct outbox_scene *scene, enum lang lang, struct letter_values *values)
{
    const struct review_row *review = &scene->review;
    if (review->starts_at != INSTANT_NONE)
        values->when = sentence_slot(scene->arena, lang, scene->zone, review->starts_at, review->ends_at);
    else if (review->day != DATE_NONE)
        values->when = sentence_day(scene->arena, lang, review->day);
    values->place = review->location;
    values->conference = review->conference_url;
    if (scene->has_interviewer)
        values->interviewer = outbox_shown_name(scene->arena, &scene->interviewer);
}

struct letter_values outbox_values(const struct outbox_scene *scene, const struct outbox_reader *reader)
{
    struct letter_values values = {.recipient = sentence_name(scene->arena, reader->name)};
    outbox_fill_organisation(&scene->organisation, reader->lang, outbox_is_annual(scene), &values);
    if (!reader->is_employee && scene->employee.id)
        values.employee = outbox_shown_name(scene->arena, &scene->employee);
    if (scene->has_review)
        outbox_fill_review(scene, reader->lang, &values);
    return values;
}

struct letter_text outbox_words(
    enum letter letter, enum lang lang, const struct letter_values *values, struct arena *arena)
{
    (void)pthread_once(&outbox_once, outbox_load_letters);
    return letter_write(outbox_means.letters, letter, lang, values, arena);
}

struct letter_text outbox_letter(const struct outbox_scene *scene, const struct outbox_mail *mail)
{
    return letter_write(outbox_means.letters, mail->letter, mail->to->lang, mail->values, scene->arena);
}

/* ---- the page */

/* The employee's own; or about the employee, to who holds the review or is to plan one. */
static bool outbox_page_of(
    const struct outbox_scene *scene, const struct outbox_reader *reader, struct link_row *ret)
{
    const char *review = scene->has_review ? scene->review.id : NULL;
    const char *holder = scene->has_review ? scene->review.interviewer : scene->employee.manager;
    if (!reader->id || !scene->employee.id || (!reader->is_employee && !text_equal(reader->id, holder)))
        return false;
    *ret = (struct link_row){.kind = link_kind_names[reader->is_employee ? LINK_EMPLOYEE : LINK_INTERVIEWER],
        .person = reader->id,
        .employee = scene->employee.id,
        .review = reader->is_employee ? NULL : review,
        .expires_at = INSTANT_NONE};
    if (reader->is_employee && scene->has_review && scene->review.ends_at > txn_now(scene->txn))
        ret->expires_at = scene->review.ends_at + LINK_DAYS * US_PER_DAY;
    return true;
}

/* A click shows the time on the page, where it is confirmed. */
static void outbox_times(
    const struct outbox_scene *scene, const struct outbox_mail *mail, struct letter_values *values)
{
    size_t count = mail->times->count;
    char at[INSTANT_TEXT_MAX];
    const char **items = ARENA_ARRAY(scene->arena, count, const char *);
    const char **urls = ARENA_ARRAY(scene->arena, count, const char *);
    for (size_t i = 0; i < count; i++) {
        const struct review_slot *slot = &mail->times->items[i];
        items[i] = sentence_slot(scene->arena, mail->to->lang, scene->zone, slot->start, slot->end);
        urls[i] = arena_printf(scene->arena, "%s?slot=%s", values->page, instant_text(slot->start, at));
    }
    values->times = (struct letter_list){.items = items, .count = count, .urls = urls};
    values->calendars = review_unknown_calendars(mail->times, mail->to->lang);
}

/* Only the message to be sent carries the address: neither the row nor a calendar, which others may look into.
 */
enum status outbox_page(
    const struct outbox_scene *scene, const struct outbox_reader *reader, const char **ret, struct error *err)
{
    struct link_row row;
    *ret = NULL;
    return outbox_page_of(scene, reader, &row) ? link_issue(scene->txn, &row, ret, err) : ST_OK;
}

static enum status outbox_text(const struct outbox_scene *scene, const struct outbox_mail *mail,
    struct letter_text *ret, struct error *err)
{
    struct letter_values values = *mail->values;
    enum status status = ST_OK;
    if (letter_has_page(mail->letter))
        status = outbox_page(scene, mail->to, &values.page, err);
    if (status == ST_OK && values.page && mail->times)
        outbox_times(scene, mail, &values);
    if (status == ST_OK)
        *ret = letter_write(outbox_means.letters, mail->letter, mail->to->lang, &values, scene->arena);
    return status;
}

/* ---- the row */

static const char *outbox_payload(
    const struct outbox_scene *scene, const struct outbox_mail *mail, const char *subject)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "from", scene->organiser.email);
    jw_member(&w, "subject", subject);
    if (mail->method != ITIP_NONE)
        jw_member(&w, "method", itip_method_name(mail->method));
    if (mail->rung)
        jw_member(&w, "rung", mail->rung);
    jw_close(&w, '}');
    return arena_strndup(scene->arena, text.data, text.size);
}

/* As much of a long name or subject as a header takes: it stops no letter. */
static const char *outbox_cut(struct arena *arena, const char *text, size_t max)
{
    if (!text || strlen(text) <= max)
        return text;
    char *cut = arena_alloc(arena, max + 1);
    (void)text_copy(cut, max + 1, text);
    return cut;
}

static enum status outbox_build(const struct outbox_scene *scene, const struct outbox_mail *mail,
    struct delivery_row *row, struct error *err)
{
    struct letter_text text;
    enum status status = outbox_text(scene, mail, &text, err);
    if (status != ST_OK)
        return status;
    text.subject = outbox_cut(scene->arena, text.subject, MAIL_SUBJECT_MAX);
    struct mail_calendar calendar = {.method = mail->method};
    if (mail->calendar) {
        calendar.text = mail->calendar->data;
        calendar.size = mail->calendar->size;
    }
    struct mail_message message = {.from = scene->organiser,
        .to = {.name = outbox_cut(scene->arena, mail->to->name, MAIL_NAME_MAX), .email = mail->to->email},
        .subject = text.subject,
        .message_id = row->message_id,
        .date = txn_now(scene->txn),
        .lang = mail->to->lang,
        .text = text.text,
        .html = text.html,
        .calendar = mail->calendar ? &calendar : NULL};
    BUF_AUTO built;
    buf_init(&built, 0);
    status = mail_build(&built, &message, err);
    if (status != ST_OK)
        return status;
    row->content = (struct span){arena_copy(scene->arena, built.data, built.size), built.size};
    row->payload = outbox_payload(scene, mail, text.subject);
    return ST_OK;
}

enum status outbox_add(struct outbox_scene *scene, const struct outbox_mail *mail, struct error *err)
{
    const char *domain = scene->organiser.email ? strrchr(scene->organiser.email, '@') : NULL;
    if (scene->organisation.deliveries == DELIVERY_OFF || !domain || !mail->to->email)
        return ST_OK;
    char *id = id_make(scene->arena, "dlv", txn_organisation(scene->txn), txn_now(scene->txn));
    struct delivery_row row = {.id = id,
        .channel = "mail",
        .kind = mail->kind,
        .employee = scene->employee.id,
        .review = scene->has_review ? scene->review.id : NULL,
        .subject = mail->subject,
        .recipient = mail->to->email,
        .reader = mail->to->id,
        .uid = mail->uid,
        .sequence = mail->sequence,
        .message_id = arena_printf(scene->arena, "%s%s", id, domain),
        .due_at = mail->not_before > txn_now(scene->txn) ? mail->not_before : INSTANT_NONE};
    enum status status = outbox_build(scene, mail, &row, err);
    return status == ST_OK ? delivery_add(scene->txn, &row, err) : status;
}
