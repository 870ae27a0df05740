/*
 * Search keys: what two spellings of a name have in common. The tables hold the base letter of every Latin
 * letter Unicode decomposes, and of the few with a stroke it does not. Pure, any thread.
 */
#include "base/text.h"

#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* One character per code point: its base letter, '.' to keep it, '+' to look in fold_pairs. */
static const char fold_latin[] = /* U+00C0 - U+024F */
    "aaaaaa+ceeeeiiiidnooooo.ouuuuy++aaaaaa+ceeeeiiiidnooooo.ouuuuy+y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii++jjkkklllllll"
    "lllnnnnnn+nnoooooo++rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "b......................i........oo.............uu....zz........."
    ".............aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa..oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy......acclt."
    "...b..eejj..rryy";
static const char fold_latin_additional[] = /* U+1E00 - U+1EFF */
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy.s..+.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

static const struct fold_pair {
    uint16_t point;
    char text[3];
} fold_pairs[] = {
    {0x00C6, "ae"},
    {0x00DE, "th"},
    {0x00DF, "ss"},
    {0x00E6, "ae"},
    {0x00FE, "th"},
    {0x0132, "ij"},
    {0x0133, "ij"},
    {0x0149, "'n"},
    {0x0152, "oe"},
    {0x0153, "oe"},
    {0x1E9E, "ss"},
};

static const struct fold_range {
    uint16_t first, last;
    char as; /* ' ' a blank, '\0' dropped, else the character it stands for */
} fold_ranges[] = {
    {0x0009, 0x000D, ' '},
    {0x0020, 0x0020, ' '},
    {0x0085, 0x0085, ' '},
    {0x00A0, 0x00A0, ' '},
    {0x00AD, 0x00AD, '\0'},
    {0x02BC, 0x02BC, '\''},
    {0x1680, 0x1680, ' '},
    {0x2000, 0x200A, ' '},
    {0x200B, 0x200D, '\0'},
    {0x2010, 0x2011, '-'},
    {0x2018, 0x2019, '\''},
    {0x2028, 0x2029, ' '},
    {0x202F, 0x202F, ' '},
    {0x205F, 0x205F, ' '},
    {0x2060, 0x2060, '\0'},
    {0x3000, 0x3000, ' '},
    {0xFEFF, 0xFEFF, '\0'},
};

static const struct fold_range *fold_range_of(uint32_t point)
{
    for (size_t i = 0; i < sizeof fold_ranges / sizeof *fold_ranges; i++)
        if (point >= fold_ranges[i].first && point <= fold_ranges[i].last)
            return &fold_ranges[i];
    return NULL;
}

/* The base letters of `point`, "" when it is not a Latin letter of the tables. */
static const char *fold_letters(uint32_t point, char one[static 2])
{
    char base;
    if (point >= 0xC0 && point <= 0x24F)
        base = fold_latin[point - 0xC0];
    else if (point >= 0x1E00 && point <= 0x1EFF)
        base = fold_latin_additional[point - 0x1E00];
    else
        return "";
    if (base == '.')
        return "";
    if (base == '+') {
        for (size_t i = 0; i < sizeof fold_pairs / sizeof *fold_pairs; i++)
            if (fold_pairs[i].point == point)
                return fold_pairs[i].text;
    }
    one[0] = base;
    one[1] = '\0';
    return one;
}

struct fold {
    char *out;
    size_t length;
    bool blank; /* one is owed before the next character */
};

static void fold_put(struct fold *fold, const char *bytes, size_t size)
{
    if (fold->blank && fold->length)
        fold->out[fold->length++] = ' ';
    fold->blank = false;
    memcpy(fold->out + fold->length, bytes, size);
    fold->length += size;
}

static bool fold_after_letter(const struct fold *fold)
{
    return fold->length && !fold->blank && fold->out[fold->length - 1] >= 'a' &&
           fold->out[fold->length - 1] <= 'z';
}

static void fold_point(struct fold *fold, uint32_t point, const char *bytes, size_t size)
{
    if (point > ' ' && point < 0x80) {
        const char letter = (char)(point >= 'A' && point <= 'Z' ? point + 32 : point);
        fold_put(fold, &letter, 1);
        return;
    }
    const struct fold_range *range = fold_range_of(point);
    if (range) {
        if (range->as == ' ')
            fold->blank = true;
        else if (range->as)
            fold_put(fold, &range->as, 1);
        return;
    }
    /* An accent of its own, as macOS writes file names: part of the Latin letter before it. */
    if (point >= 0x300 && point <= 0x36F && fold_after_letter(fold))
        return;
    char one[2];
    const char *letters = fold_letters(point, one);
    if (*letters)
        fold_put(fold, letters, strlen(letters));
    else
        fold_put(fold, bytes, size);
}

char *text_fold(struct arena *arena, const char *text)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t left = strlen(text);
    /* No letter folds to more bytes than it has; only a stray byte grows, to U+FFFD. */
    struct fold fold = {.out = arena_alloc(arena, (utf8_valid(text, left) ? left : left * 3) + 1)};
    while (left) {
        uint32_t point;
        size_t size = utf8_decode(text, left, &point);
        if (size)
            fold_point(&fold, point, text, size);
        else
            fold_put(&fold, replacement, 3);
        text += size ? size : 1;
        left -= size ? size : 1;
    }
    fold.out[fold.length] = '\0';
    return fold.out;
}
