/* Days of absence that do not count as seniority: each day of the calendar belongs to one absence only, the one
 * with the largest share counted. Pure, any thread. */
#include "base/field.h"
#include "engine.h"

#include <string.h>

/* An absence clipped to the window. */
struct slice {
    const struct away *away;
    date_t from, to;
    int64_t counted; /* percent */
};

/* Days given away already: disjoint, by date. */
struct cover {
    struct {
        date_t from, to;
    } * spans;
    size_t count;
};

static int64_t absence_counted(const struct absence_type *type, bool reading)
{
    return reading && type->counted_reading != FIELD_INT_NONE ? type->counted_reading : type->counted;
}

static bool absence_usable(const struct view *view, const struct case_absence *absence)
{
    return absence->end != DATE_NONE && reached(view, absence->start);
}

/* Who takes a day that several cover; the last two only make the order total. */
static int slice_compare(const struct slice *a, const struct slice *b)
{
    const struct case_absence *x = a->away->absence;
    const struct case_absence *y = b->away->absence;
    if (a->counted != b->counted)
        return a->counted > b->counted ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    int types = text_compare(x->type, y->type);
    if (types != 0)
        return types;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return text_compare(x->id, y->id);
}

static void slice_insert(struct slice *slices, size_t count, struct slice slice)
{
    while (count > 0 && slice_compare(&slice, &slices[count - 1]) < 0) {
        slices[count] = slices[count - 1];
        count--;
    }
    slices[count] = slice;
}

/* Adds from ... to and returns how many of its days were still free. */
static int cover_take(struct cover *cover, date_t from, date_t to)
{
    int days = to - from + 1;
    size_t first = 0;
    while (first < cover->count && cover->spans[first].to < from)
        first++;
    size_t end = first;
    while (end < cover->count && cover->spans[end].from <= to) {
        date_t a = date_max(cover->spans[end].from, from);
        date_t b = date_min(cover->spans[end].to, to);
        days -= b - a + 1;
        end++;
    }
    if (end > first) {
        from = date_min(from, cover->spans[first].from);
        to = date_max(to, cover->spans[end - 1].to);
        memmove(&cover->spans[first + 1], &cover->spans[end], (cover->count - end) * sizeof *cover->spans);
        cover->count -= end - first - 1;
    } else {
        memmove(&cover->spans[first + 1], &cover->spans[first], (cover->count - first) * sizeof *cover->spans);
        cover->count++;
    }
    cover->spans[first].from = from;
    cover->spans[first].to = to;
    return days;
}

static size_t slices_of(
    const struct engine *e, const struct view *view, date_t from, date_t to, bool reading, struct slice *slices)
{
    size_t count = 0;
    for (size_t i = 0; i < e->away_count; i++) {
        const struct case_absence *absence = e->away[i].absence;
        if (!absence_usable(view, absence) || absence->start > to || absence->end < from)
            continue;
        struct slice slice = {.away = &e->away[i],
            .from = date_max(absence->start, from),
            .to = date_min(absence->end, to),
            .counted = absence_counted(e->away[i].type, reading)};
        slice_insert(slices, count++, slice);
    }
    return count;
}

int absences_excluded(const struct engine *e, const struct view *view, date_t from, date_t to, bool reading,
    const struct duty_absence **ret_list, size_t *ret_count)
{
    if (e->away_count == 0)
        return 0;
    struct slice *slices = ARENA_ARRAY(e->arena, e->away_count, struct slice);
    size_t count = slices_of(e, view, from, to, reading, slices);
    if (count == 0)
        return 0;
    struct duty_absence *list = ARENA_ARRAY(e->arena, count, struct duty_absence);
    struct cover cover = {.count = 0};
    cover.spans = arena_array(e->arena, count + 1, sizeof *cover.spans);
    int excluded = 0;
    for (size_t i = 0; i < count; i++) {
        int days = cover_take(&cover, slices[i].from, slices[i].to);
        list[i] = (struct duty_absence){.absence = slices[i].away->absence,
            .type = slices[i].away->type,
            .days = days,
            .excluded = (int)(days * (100 - slices[i].counted) / 100)};
        excluded += list[i].excluded;
    }
    if (ret_list != NULL) {
        *ret_list = list;
        *ret_count = count;
    }
    return excluded;
}

bool absences_reading_differs(const struct engine *e, const struct view *view)
{
    for (size_t i = 0; i < e->away_count; i++) {
        const struct absence_type *type = e->away[i].type;
        if (absence_counted(type, true) != type->counted && absence_usable(view, e->away[i].absence))
            return true;
    }
    return false;
}
