#pragma once
/* Letters with ordinary and with hostile values, for the tests of mail. */
#include "mail/letter.h"

#include <stddef.h>

static const char *const sample_items[] = {
    "votre plan de développement", "<script>alert(1)</script> & \"co\"\r\nX: y"};

static const char *const sample_urls[] = {
    "https://rh.example.fr/me/abc?slot=2024-03-08T13:30:00Z", "https://rh.example.fr/me/abc?slot=2"};
static const char *const hostile_urls[] = {"javascript:alert(1)", "https://rh.example.fr/\" onclick=\"x"};

static const struct letter_values sample_values = {
    .organisation = "Ateliers d'Été",
    .recipient = "Zoé",
    .employee = "Zoé d'Aubigné",
    .interviewer = "Élodie Martin",
    .title = "Entretien professionnel",
    .when = "vendredi 8 mars 2024 de 14 h 30 à 15 h 30",
    .old_when = "jeudi 7 mars 2024 de 9 h à 10 h",
    .place = "Salle Éluard",
    .relative = "dans 7 jours",
    .due = "8 mars 2024",
    .why = "quatre ans après l'entretien tenu le 8 mars 2020",
    .contact = "rh@example.fr",
    .comment = "La salle a changé.\nÀ bientôt",
    .conference = "https://visio.example.fr/r?a=1&b=2",
    .page = "https://rh.example.fr/me/abc",
    .items = {.items = sample_items, .count = 2},
    .overdue = {.items = sample_items, .count = 1},
    .to_plan = {.items = sample_items, .count = 2, .urls = sample_urls},
    .times = {.items = sample_items, .count = 2, .urls = sample_urls},
    .calendars = "Les agendas n'ont pas pu être consultés.",
    .reports = {.items = sample_items, .count = 2},
    .copies = {.items = sample_items, .count = 1},
    .decisions = {.items = sample_items, .count = 2},
    .address = "parti@example.fr",
    .proposed = "lundi 11 mars 2024 de 9 h à 10 h",
};

#define SAMPLE_EVIL "<a href=\"x\">{{why}}</a>\r\nBcc: x@y.fr\r\n\r\n- item \x07'&"

static const struct letter_values hostile_values = {
    .organisation = SAMPLE_EVIL,
    .recipient = SAMPLE_EVIL,
    .employee = SAMPLE_EVIL,
    .interviewer = SAMPLE_EVIL,
    .title = SAMPLE_EVIL,
    .annual = SAMPLE_EVIL,
    .when = SAMPLE_EVIL,
    .old_when = SAMPLE_EVIL,
    .place = SAMPLE_EVIL,
    .relative = SAMPLE_EVIL,
    .due = SAMPLE_EVIL,
    .why = SAMPLE_EVIL,
    .contact = SAMPLE_EVIL,
    .comment = SAMPLE_EVIL,
    .conference = "javascript:alert(1)",
    .page = "https://rh.example.fr/\" onclick=\"x",
    .items = {.items = sample_items, .count = 2},
    .overdue = {.items = sample_items, .count = 2, .urls = hostile_urls},
    .times = {.items = sample_items, .count = 2, .urls = hostile_urls},
    .calendars = SAMPLE_EVIL,
};
