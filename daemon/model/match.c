/*
 * Ranking of actions for a completion. Pure, any thread.
 */
#include "model/match.h"

#include "base/text.h"

#include <string.h>

enum { WORD_MIN = 3, CODE_POINTS = 60, WORD_POINTS = 60, DATE_POINTS = 25, OPEN_POINTS = 15, NEAR_DAYS = 92 };

static size_t match_word(const char **at, const char **ret)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (;;) {
        while (**at && !strchr(letters, **at) && (unsigned char)**at < 0x80)
            (*at)++;
        const char *start = *at;
        while (**at && (strchr(letters, **at) || (unsigned char)**at >= 0x80))
            (*at)++;
        size_t size = (size_t)(*at - start);
        if (size >= WORD_MIN || !size) {
            *ret = start;
            return size;
        }
    }
}

static bool match_holds(const char *text, const char *word, size_t size)
{
    const char *other;
    for (size_t other_size; (other_size = match_word(&text, &other)) > 0;)
        if (other_size == size && !memcmp(other, word, size))
            return true;
    return false;
}

/* Words of `a` that `b` holds. */
static size_t match_common(const char *a, const char *b, size_t *ret_words)
{
    size_t common = 0;
    const char *word;
    *ret_words = 0;
    for (size_t size; (size = match_word(&a, &word)) > 0; (*ret_words)++)
        common += match_holds(b, word, size);
    return common;
}

static int match_words(struct arena *arena, const char *a, const char *b, size_t *ret_common, size_t *ret_of)
{
    size_t of_a = 0, of_b = 0;
    *ret_common = *ret_of = 0;
    if (!a || !b)
        return 0;
    a = text_fold(arena, a);
    b = text_fold(arena, b);
    *ret_common = match_common(a, b, &of_a);
    (void)match_common(b, a, &of_b);
    *ret_of = of_a < of_b ? of_a : of_b;
    return *ret_of ? (int)((*ret_common < *ret_of ? *ret_common : *ret_of) * WORD_POINTS / *ret_of) : 0;
}

static int match_dates(const struct match_case *c)
{
    date_t from = c->from != DATE_NONE ? c->from : date_of(c->year, 1, 1);
    date_t to = c->to != DATE_NONE ? c->to : c->from != DATE_NONE ? c->from : date_of(c->year, 12, 31);
    if (c->day >= from && c->day <= to)
        return DATE_POINTS;
    date_t away = c->day < from ? from - c->day : c->day - to;
    return away > NEAR_DAYS ? 0 : DATE_POINTS * (NEAR_DAYS - away) / NEAR_DAYS;
}

int match_score(struct arena *arena, const struct match_case *c, const char **ret_why)
{
    size_t common, of, skills, of_skills;
    const char *code = c->completion.code, *other = c->action.code;
    bool same_code = code && other && !strcmp(text_fold(arena, code), text_fold(arena, other));
    int words = match_words(arena, c->completion.title, c->action.title, &common, &of);
    int skill = match_words(arena, c->completion.competency, c->action.competency, &skills, &of_skills);
    int same = same_code ? CODE_POINTS : words > skill ? words : skill;
    if (!same) {
        *ret_why = "nothing in common";
        return 0;
    }
    int dates = match_dates(c);
    *ret_why = arena_printf(arena, "%s%zu of %zu words of the title%s%s", same_code ? "same code; " : "",
        common, of, skill > words ? "; same competency" : "",
        dates ? dates == DATE_POINTS ? "; in its period" : "; near its period" : "");
    int score = same + dates + (c->open ? OPEN_POINTS : 0);
    return score > 100 ? 100 : score;
}
