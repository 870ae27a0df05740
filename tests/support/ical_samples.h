#pragma once
/* Calendar entries in every state, with ordinary and with hostile texts, for the tests of the writer. */
#include "ical/write.h"

#include <stddef.h>
#include <string.h>

#define SAMPLE_SECOND(s) (INT64_C(s) * US_PER_SEC)
#define SAMPLE_START     SAMPLE_SECOND(1801472400) /* 2027-02-01T09:00:00Z */
#define SAMPLE_STAMP     SAMPLE_SECOND(1795342530) /* 2026-11-22T10:15:30Z */

#define SAMPLE_TEN(text) text text text text text text text text text text

static const struct ical_attendee sample_attendees[] = {
    {.person = {.name = "Zoé \"Zaza\" d'Aubigné; née L’Hôte, 🎓", .email = "zoe@example.fr"},
        .partstat = PARTSTAT_NEEDS_ACTION},
    {.person = {.name = SAMPLE_TEN(SAMPLE_TEN("Élo ")), .email = "elo+rh@sous.example.fr"},
        .partstat = PARTSTAT_ACCEPTED},
    {.person = {.email = "sans-nom@example.fr"}, .partstat = PARTSTAT_DECLINED},
    {.person = {.name = "שירה כהן ^n", .email = "shira@example.fr"}, .partstat = PARTSTAT_TENTATIVE},
};

static const int sample_alarms[] = {7 * 24 * 60 - 9 * 60, 24 * 60, 30, 0};

static const struct ical_event sample_events[] = {
    {
        .uid = "review-rev_acme000001_01kav4c8q3m5t7x9z0b2d4f6h8@rh.example.fr",
        .stamp = SAMPLE_STAMP,
        .modified = INSTANT_NONE,
        .start = SAMPLE_START,
        .end = SAMPLE_START + SAMPLE_SECOND(3600),
        .day = DATE_NONE,
        .summary = "Entretien professionnel",
        .description = "Bonjour,\r\nligne; deux, \\ barre\n\nFin.",
        .location = "Salle Éluard; 2e étage, aile B",
        .conference_url = "https://visio.example.fr/r/1234?a=b,c;d",
        .organiser = {.name = "Ressources humaines", .email = "rh@example.fr"},
        .attendees = sample_attendees,
        .attendee_count = 1,
    },
    {
        .uid = "review-2@rh.example.fr",
        .sequence = 3,
        .stamp = SAMPLE_STAMP,
        .modified = SAMPLE_STAMP,
        .start = SAMPLE_START,
        .end = SAMPLE_START + SAMPLE_SECOND(5400),
        .day = DATE_NONE,
        .summary = SAMPLE_TEN("Entretien de parcours professionnel – 🎓🎓🎓 – ") "fin",
        .description = SAMPLE_TEN(SAMPLE_TEN("éà🎓 ")) "\n" SAMPLE_TEN("שלום "),
        .conference_url = "https://visio.example.fr/" SAMPLE_TEN("0123456789"),
        .organiser = {.name = "RH, \"Paris\"", .email = "rh@example.fr"},
        .attendees = sample_attendees,
        .attendee_count = sizeof(sample_attendees) / sizeof(sample_attendees[0]),
        .alarms = sample_alarms,
        .alarm_count = sizeof(sample_alarms) / sizeof(sample_alarms[0]),
    },
    {
        .uid = "review-3@rh.example.fr",
        .sequence = 4,
        .stamp = SAMPLE_STAMP,
        .modified = SAMPLE_STAMP,
        .start = SAMPLE_START,
        .end = SAMPLE_START + SAMPLE_SECOND(1800),
        .day = DATE_NONE,
        .summary = "Entretien professionnel",
        .comment = "Annulé : reporté\nà plus tard",
        .cancelled = true,
        .organiser = {.email = "rh@example.fr"},
        .attendees = sample_attendees,
        .attendee_count = 2,
        .alarms = sample_alarms,
        .alarm_count = 1,
    },
};
enum { SAMPLE_EVENTS = sizeof(sample_events) / sizeof(sample_events[0]) };

/* Only in feeds. */
static const struct ical_event sample_deadline = {
    .uid = "duty-1@rh.example.fr",
    .sequence = 1,
    .stamp = SAMPLE_STAMP,
    .modified = SAMPLE_STAMP,
    .day = 20852, /* 2027-02-03 */
    .summary = "Échéance : entretien professionnel de Zoé d'Aubigné",
    .alarms = sample_alarms,
    .alarm_count = sizeof(sample_alarms) / sizeof(sample_alarms[0]),
};

static const struct ical_feed sample_feed = {
    .name = "Entretiens, équipe \"Zoé\"; 🎓", .color = "steelblue", .refresh_minutes = 240};
