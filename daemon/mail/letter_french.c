/* French typography of letters in HTML: what is between the tags. Pure, any thread. */
#include "letter_table.h"

#include "base/buf.h"

#include <ctype.h>
#include <string.h>

#define FRENCH_BLANK      "\u00a0"
#define FRENCH_APOSTROPHE "\u2019"

static bool french_begins(const char *at, const char *word)
{
    return strncmp(at, word, strlen(word)) == 0;
}

static bool french_is_letter(unsigned char c)
{
    return isalpha(c) || c >= 0x80;
}

static bool french_is_digit(unsigned char c)
{
    return isdigit(c);
}

/* Before high punctuation and inside quotation marks, and around the h of an hour. */
static bool french_sticks(const char *from, const char *at)
{
    size_t before = (size_t)(at - from);
    if (strchr(":;?!%", at[1]) && at[1])
        return true;
    if (french_begins(at + 1, "»") || (before >= 2 && french_begins(at - 2, "«")))
        return true;
    if (before >= 1 && french_is_digit((unsigned char)at[-1]) && at[1] == 'h')
        return !french_is_letter((unsigned char)at[2]);
    return before >= 3 && at[-1] == 'h' && at[-2] == ' ' && french_is_digit((unsigned char)at[-3]) &&
           french_is_digit((unsigned char)at[1]);
}

/* Behind the tag at `at`, with all that a style has in it. */
static const char *french_tag(const char *at)
{
    const char *end = french_begins(at, "<style") ? strstr(at, "</style>") : strchr(at, '>');
    return end ? end + (*end == '>' ? 1 : strlen("</style>")) : at + strlen(at);
}

const char *letter_typography(struct arena *arena, const char *html)
{
    static const char apostrophe[] = "&#39;";
    BUF_AUTO out;
    buf_init(&out, 0);
    for (const char *at = html; *at;) {
        bool word = at > html && french_is_letter((unsigned char)at[-1]);
        const char *next = at + 1;
        if (*at == '<') {
            next = french_tag(at);
            buf_add(&out, at, (size_t)(next - at));
        } else if (*at == ' ' && french_sticks(html, at)) {
            buf_text(&out, FRENCH_BLANK);
        } else if (word && french_begins(at, apostrophe)) {
            buf_text(&out, FRENCH_APOSTROPHE);
            next = at + strlen(apostrophe);
        } else {
            buf_char(&out, *at);
        }
        at = next;
    }
    return arena_strndup(arena, out.data, out.size);
}
