/* Documents of hosted badges: each one in every place. */
#include "lms/badge.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const address[] = {"ada@x.example"};
    const struct list addresses = {.items = address, .count = 1};
    const struct span body = {(const char *)data, size};
    struct arena *arena = arena_new(0);
    for (int inside = 0; inside < 2; inside++) {
        struct lms_badge badge;
        enum lms_badge_part part;
        struct lms_badge_documents docs = {
            .urls = {"https://x.example/a", "https://x.example/b", "https://x.example/i"}, .bodies = {body}};
        if (!inside)
            docs.bodies[LMS_BADGE_CLASS] = docs.bodies[LMS_BADGE_ISSUER] = body;
        const char *problem = lms_badge_next(arena, &docs, &part);
        if (!problem && part == LMS_BADGE_PARTS) {
            (void)lms_badge_wrong(arena, &docs, &addresses, INT64_C(1795400000) * US_PER_SEC, &badge);
            (void)lms_badge_evidence(arena, &docs);
        }
    }
    arena_free(arena);
    return 0;
}
