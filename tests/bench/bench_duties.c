/*
 * The pure duty engine on one core: all cases of the vectors, over and over for about a second. Prints how many
 * employees a second had their duties and history computed, in CPU time.
 */
#include "model/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { VECTORS_MAX = 1 << 20, CASES_MAX = 1000, ROUND = 200 };

static double cpu_seconds(void)
{
    struct timespec spent;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static const struct json *vectors_read(struct arena *arena)
{
    const struct json *vectors = NULL;
    struct error err = ERROR_INIT;
    char *text = arena_alloc(arena, VECTORS_MAX);
    FILE *file = fopen(TEST_DATA "/vectors/duties.json", "rb");
    size_t size = file ? fread(text, 1, VECTORS_MAX, file) : 0;
    if (!file || fclose(file) || json_parse(arena, text, size, &vectors, &err) != ST_OK) {
        (void)fprintf(stderr, "bench_duties: no vectors: %s\n", err.detail);
        exit(EXIT_FAILURE);
    }
    return vectors;
}

int main(void)
{
    static struct duty_case cases[CASES_MAX];
    struct arena *arena = arena_new(0), *scratch = arena_new(0);
    const struct rules *rules = NULL;
    struct error err = ERROR_INIT;
    const struct json *vectors = vectors_read(arena);
    size_t count = json_count(vectors), computed = 0, duties = 0;
    if (rules_default(arena, &rules, &err) != ST_OK || count > CASES_MAX)
        return EXIT_FAILURE;
    for (size_t i = 0; i < count; i++)
        if (simulation_parse(arena, json_at(vectors, i), rules, &cases[i], &err) != ST_OK)
            return EXIT_FAILURE;
    double start = cpu_seconds(), spent = 0;
    while (spent < 1) {
        for (size_t round = 0; round < ROUND; round++)
            for (size_t i = 0; i < count; i++) {
                struct duties found;
                arena_reset(scratch);
                duties_compute(scratch, &cases[i], &found);
                duties += found.open_count + found.history_count;
            }
        computed += ROUND * count;
        spent = cpu_seconds() - start;
    }
    (void)printf("{\"per_second\": %.0f, \"duties_each\": %.2f}\n", (double)computed / spent,
        (double)duties / (double)computed);
    arena_free(scratch);
    arena_free(arena);
    return EXIT_SUCCESS;
}
