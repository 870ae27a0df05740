#pragma once
/*
 * The words of mails, pages and reports in French and English. Texts live in the arena. Pure, any thread.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/lang.h"
#include "base/zone.h"

#include <stddef.h>

/* "fr", "fr-FR", "en_GB.UTF-8"; anything else, and NULL, is French. */
enum lang lang_of(const char *locale);
const char *lang_tag(enum lang lang); /* "fr", "en": BCP 47 */

/* "8 mars 2024", "1er mars 2024" / "8 March 2024"; "" for DATE_NONE. */
char *sentence_date(struct arena *arena, enum lang lang, date_t date);
/* "vendredi 8 mars 2024" / "Friday 8 March 2024". */
char *sentence_day(struct arena *arena, enum lang lang, date_t date);
const char *sentence_weekday(enum lang lang, date_t date);
const char *sentence_month(enum lang lang, int month);
/* Second of the day: "14 h 30", "9 h" / "14:30", "09:00". */
char *sentence_time(struct arena *arena, enum lang lang, int second_of_day);
/* "vendredi 8 mars 2024 de 14 h 30 à 15 h 30" / "Friday 8 March 2024, 14:30 to 15:30"; over midnight both days
 * are named. Times of the zone. */
char *sentence_slot(
    struct arena *arena, enum lang lang, const struct zone *zone, instant_t start, instant_t end);
/* "1 h 30", "45 minutes", "1 minute" / "1 h 30", "45 minutes": whole minutes. */
char *sentence_duration(struct arena *arena, enum lang lang, int64_t seconds);
/* "4 ans", "2 ans et 6 mois" / "4 years", "2 years and 6 months". */
char *sentence_period(struct arena *arena, enum lang lang, struct period period);
/* The day seen from `today`: "aujourd'hui", "demain", "dans 7 jours", "hier", "il y a 3 jours" / "today",
 * "tomorrow", "in 7 days", "yesterday", "3 days ago". */
char *sentence_relative(struct arena *arena, enum lang lang, date_t day, date_t today);

/* A name inside a sentence: with letters that run from right to left it is isolated (U+2068 and U+2069 of
 * Unicode's bidirectional algorithm), so that dates and dashes beside it stay where they are. NULL stays NULL.
 */
const char *sentence_name(struct arena *arena, const char *name);

/* A counted noun; French takes the singular for 0 and 1, English for 1 only. */
struct noun {
    const char *fr_one, *fr_many, *en_one, *en_many;
};
const char *sentence_plural(enum lang lang, int64_t count, const struct noun *noun);
/* "3 salariés" / "3 employees". */
char *sentence_count(struct arena *arena, enum lang lang, int64_t count, const struct noun *noun);
/* "a, b et c" / "a, b and c". */
char *sentence_list(struct arena *arena, enum lang lang, const char *const *items, size_t count);
