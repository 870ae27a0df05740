/* The whole surface on one screen. */
#include "ops.h"

enum { KIB = 1024, MIB = 1024 * 1024 };

#define SCOPES_READ  (SCOPE_HR | SCOPE_READ)
#define SCOPES_WRITE (SCOPE_HR)
#define SCOPES_AUDIT (SCOPE_AUDIT | SCOPE_HR)

/* clang-format off */
const struct route routes[] = {
    {HTTP_GET_,    "/healthz",            AUTH_NONE,  0,            LANE_LOOP,  0, RATE_HEALTH, &health_get},
    {HTTP_GET_,    "/readyz",             AUTH_NONE,  0,            LANE_LOOP,  0, RATE_HEALTH, &ready_get},
    {HTTP_GET_,    "/metrics",            AUTH_NONE,  0,            LANE_LOOP,  0, RATE_HEALTH, &metrics_get},
    {HTTP_GET_,    "/openapi.json",       AUTH_NONE,  0,            LANE_LOOP,  0, RATE_HEALTH, &description_get},

    {HTTP_GET_,    "/v1/tokens",          AUTH_TOKEN, SCOPE_ADMIN,  LANE_READ,  0, RATE_PEOPLE, &tokens_list},
    {HTTP_POST_,   "/v1/tokens",          AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0, RATE_PEOPLE, &token_create},
    {HTTP_DELETE_, "/v1/tokens/{id}",     AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0, RATE_PEOPLE, &token_delete},


    {HTTP_GET_,    "/v1/audit",           AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0, RATE_PEOPLE, &audit_read},
    {HTTP_GET_,    "/v1/audit/head",      AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0, RATE_PEOPLE, &audit_head_get},
    {HTTP_GET_,    "/v1/audit/verify",    AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0, RATE_PEOPLE, &audit_check},
};
/* clang-format on */
const size_t routes_count = sizeof(routes) / sizeof(routes[0]);
