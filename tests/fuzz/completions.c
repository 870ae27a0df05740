/* What a platform posts, for every platform with a format of its own; the first byte chooses it. */
#include "fuzz.h"
#include "lms/platform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const struct lms_platform *platform = &lms_platforms[data[0] % lms_platform_count];
    if (lms_platform_needs_mapping(platform))
        return 0;
    struct arena *arena = arena_new(0);
    static const struct lms_header headers[] = {{"Content-Type", "application/json"}};
    const struct span body = {(const char *)data + 1, size - 1};
    const struct lms_request request = {headers, 1, body};
    const struct lms_input input = {
        .source = "src_1", .request = &request, .content = body, .now = INT64_C(1795000000) * US_PER_SEC};
    struct lms_envelope envelope;
    struct error err = ERROR_INIT;
    enum status status = lms_parse(arena, platform, NULL, &input, &envelope, &err);
    (void)status;
    arena_free(arena);
    return 0;
}
