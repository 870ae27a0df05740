/* French and English wording of dates, times, durations and counts, as tables of words. Pure, any thread. */
#include "text/sentence.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static const char *const weekdays[LANG_COUNT][7] = {
    [LANG_FR] = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    [LANG_EN] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};

static const char *const months[LANG_COUNT][12] = {
    [LANG_FR] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre"},
    [LANG_EN] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December"},
};

static const struct noun noun_years = {"an", "ans", "year", "years"};
static const struct noun noun_months = {"mois", "mois", "month", "months"};
static const struct noun noun_days = {"jour", "jours", "day", "days"};
static const struct noun noun_minutes = {"minute", "minutes", "minute", "minutes"};

enum lang lang_of(const char *locale)
{
    bool english = locale != NULL && strncasecmp(locale, "en", 2) == 0 &&
                   (locale[2] == '\0' || strchr("-_.", locale[2]) != NULL);

    return english ? LANG_EN : LANG_FR;
}

const char *lang_tag(enum lang lang)
{
    return lang == LANG_EN ? "en" : "fr";
}

char *sentence_date(struct arena *arena, enum lang lang, date_t date)
{
    if (date == DATE_NONE)
        return arena_strdup(arena, "");
    struct ymd ymd = date_ymd(date);
    const char *ordinal = lang == LANG_FR && ymd.day == 1 ? "er" : "";

    return arena_printf(arena, "%d%s %s %d", ymd.day, ordinal, sentence_month(lang, ymd.month), ymd.year);
}

char *sentence_day(struct arena *arena, enum lang lang, date_t date)
{
    if (date == DATE_NONE)
        return arena_strdup(arena, "");
    return arena_printf(arena, "%s %s", sentence_weekday(lang, date), sentence_date(arena, lang, date));
}

const char *sentence_weekday(enum lang lang, date_t date)
{
    return weekdays[lang][date_weekday(date) - 1];
}

const char *sentence_month(enum lang lang, int month)
{
    return months[lang][month - 1];
}

char *sentence_time(struct arena *arena, enum lang lang, int second_of_day)
{
    int hour = second_of_day / 3600, minute = second_of_day / 60 % 60;

    if (lang == LANG_EN)
        return arena_printf(arena, "%02d:%02d", hour, minute);
    if (minute == 0)
        return arena_printf(arena, "%d h", hour);
    return arena_printf(arena, "%d h %02d", hour, minute);
}

char *sentence_slot(
    struct arena *arena, enum lang lang, const struct zone *zone, instant_t start, instant_t end)
{
    struct local_time from = zone_local(zone, start), to = zone_local(zone, end);
    const char *day = sentence_day(arena, lang, from.date);
    const char *begins = sentence_time(arena, lang, from.second), *ends = sentence_time(arena, lang, to.second);

    if (from.date == to.date)
        return arena_printf(arena, lang == LANG_EN ? "%s, %s to %s" : "%s de %s à %s", day, begins, ends);
    return arena_printf(arena, lang == LANG_EN ? "%s %s to %s %s" : "%s à %s jusqu'au %s à %s", day, begins,
        sentence_day(arena, lang, to.date), ends);
}

char *sentence_duration(struct arena *arena, enum lang lang, int64_t seconds)
{
    int64_t minutes = seconds / 60;

    if (minutes < 60)
        return sentence_count(arena, lang, minutes, &noun_minutes);
    if (minutes % 60 == 0)
        return arena_printf(arena, "%lld h", (long long)(minutes / 60));
    return arena_printf(arena, "%lld h %02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

char *sentence_period(struct arena *arena, enum lang lang, struct period period)
{
    const char *parts[3];
    size_t count = 0;

    if (period.years != 0)
        parts[count++] = sentence_count(arena, lang, period.years, &noun_years);
    if (period.months != 0)
        parts[count++] = sentence_count(arena, lang, period.months, &noun_months);
    if (period.days != 0 || count == 0)
        parts[count++] = sentence_count(arena, lang, period.days, &noun_days);
    return sentence_list(arena, lang, parts, count);
}

char *sentence_relative(struct arena *arena, enum lang lang, date_t day, date_t today)
{
    static const char *const near[LANG_COUNT][3] = {
        [LANG_FR] = {"hier", "aujourd'hui", "demain"},
        [LANG_EN] = {"yesterday", "today", "tomorrow"},
    };
    int64_t days = (int64_t)day - today;

    if (days >= -1 && days <= 1)
        return arena_strdup(arena, near[lang][days + 1]);
    const char *count = sentence_count(arena, lang, llabs(days), &noun_days);
    if (lang == LANG_EN)
        return arena_printf(arena, days > 0 ? "in %s" : "%s ago", count);
    return arena_printf(arena, days > 0 ? "dans %s" : "il y a %s", count);
}

const char *sentence_plural(enum lang lang, int64_t count, const struct noun *noun)
{
    if (lang == LANG_EN)
        return count == 1 || count == -1 ? noun->en_one : noun->en_many;
    return count > -2 && count < 2 ? noun->fr_one : noun->fr_many;
}

char *sentence_count(struct arena *arena, enum lang lang, int64_t count, const struct noun *noun)
{
    return arena_printf(arena, "%lld %s", (long long)count, sentence_plural(lang, count, noun));
}

char *sentence_list(struct arena *arena, enum lang lang, const char *const *items, size_t count)
{
    BUF_AUTO out;
    buf_init(&out, 0);

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_text(&out, i + 1 < count ? ", " : lang == LANG_EN ? " and " : " et ");
        buf_text(&out, items[i]);
    }
    return arena_strndup(arena, out.data, out.size);
}

/* Hebrew, Arabic and their neighbours: U+0590 to U+08FF, their presentation forms, U+10800 to U+10FFF, U+1E800
 * to U+1EFFF. By the first two bytes. */
static bool sentence_runs_left(const unsigned char *c)
{
    static const struct {
        unsigned char lead, from, to;
    } ranges[] = {{0xE0, 0xA0, 0xA3}, {0xEF, 0xAC, 0xB7}, {0xEF, 0xB9, 0xBB}, {0xF0, 0x9E, 0x9E}};
    if (*c >= 0xD6 && *c <= 0xDF)
        return *c > 0xD6 || c[1] >= 0x90;
    if (*c == 0xF0 && c[1] == 0x90)
        return c[2] >= 0xA0;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (*c == ranges[i].lead && c[1] >= ranges[i].from && c[1] <= ranges[i].to)
            return true;
    return false;
}

const char *sentence_name(struct arena *arena, const char *name)
{
    for (const unsigned char *c = (const unsigned char *)name; c && *c; c++)
        if (sentence_runs_left(c))
            return arena_printf(arena, "\u2068%s\u2069", name);
    return name;
}
