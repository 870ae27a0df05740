#pragma once
/*
 * The platforms that push, one row each: what their proof of origin may be and how their bodies are read. Most
 * are a mapping that is built in; xAPI statements have their own reader; `generic`, and what each integration
 * shapes for itself, takes the source's mapping.
 * Pure, any thread.
 */
#include "lms/mapping.h"
#include "lms/signature.h"

struct lms_platform {
    const char *name;   /* "360learning": stable, what a source is configured with */
    const char *title;  /* "360Learning" */
    unsigned families;  /* bits of enum lms_family that make sense; the first in `family` is proposed */
    int family;         /* enum lms_family, the one its documents speak of */
    const char *header; /* the field of that family, NULL: none, or up to the operator */
    const struct lms_mapping *mapping; /* built in; NULL: the source's, or a reader of its own */
    enum status (*parse)(struct arena *arena, const struct lms_input *input, struct lms_envelope *ret,
        struct error *err); /* its own reader, NULL: by mapping */
};

extern const struct lms_platform lms_platforms[];
extern const size_t lms_platform_count;

const struct lms_platform *lms_platform_find(const char *name); /* or NULL */
/* Whether a source of that platform must bring a mapping. */
bool lms_platform_needs_mapping(const struct lms_platform *platform);

/*
 * The checks of a source's configuration: the signature is one this platform uses ("/signature/family"), it can
 * verify ("/signature/..." of lms_signature_check; "/secret"), the mapping is there exactly when the platform
 * needs it and is sound ("/mapping/..."). ST_INVALID with a pointer each.
 */
enum status lms_source_check(const struct lms_platform *platform, const struct lms_signature *signature,
    const struct lms_keys *keys, const struct lms_mapping *mapping, struct error *err);

/* One record that was kept, by itself: `content` of the input is its own bytes. What its body said outside of
 * it is not known any more. */
enum status lms_parse_record(struct arena *arena, const struct lms_platform *platform,
    const struct lms_mapping *mapping, const struct lms_input *input, struct lms_item *ret, struct error *err);

/* A verified body to its items; `mapping` is the source's, ignored by platforms that bring their own. Errors as
 * lms_mapping_apply(). */
enum status lms_parse(struct arena *arena, const struct lms_platform *platform,
    const struct lms_mapping *mapping, const struct lms_input *input, struct lms_envelope *ret,
    struct error *err);
