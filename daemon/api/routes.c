/* The whole surface on one screen. */
#include "ops.h"

enum { KIB = 1024, MIB = 1024 * 1024 };

#define SCOPES_READ  (SCOPE_HR | SCOPE_READ)
#define SCOPES_WRITE (SCOPE_HR)
#define SCOPES_STAFF (SCOPE_HR | SCOPE_PROVISION)
#define SCOPES_TEAM  (SCOPES_READ | SCOPE_MANAGER)
#define SCOPES_HOLD  (SCOPE_HR | SCOPE_MANAGER)
#define SCOPES_HAND  (SCOPE_HR | SCOPE_INGEST)
#define SCOPES_AUDIT (SCOPE_AUDIT | SCOPE_HR)

/* clang-format off */
const struct route routes[] = {
    {HTTP_GET_,    "/healthz",                                AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_HEALTH, &health_get},
    {HTTP_GET_,    "/readyz",                                 AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_HEALTH, &ready_get},
    {HTTP_GET_,    "/metrics",                                AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_HEALTH, &metrics_get},
    {HTTP_GET_,    "/openapi.json",                           AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_HEALTH, &description_get},
    {HTTP_GET_,    "/v1/backup",                              AUTH_TOKEN, SCOPE_ADMIN,  LANE_LONG,  0,         RATE_PEOPLE, &backup_get},
    {HTTP_GET_,    "/v1/selfcheck",                           AUTH_TOKEN, SCOPE_ADMIN,  LANE_READ,  0,         RATE_PEOPLE, &selfcheck_get},
    {HTTP_POST_,   "/v1/selfcheck",                           AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0,         RATE_PEOPLE, &selfcheck_post},
    {HTTP_GET_,    "/v1/retention",                           AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0,         RATE_PEOPLE, &retention_get},
    {HTTP_POST_,   "/v1/retention",                           AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0,         RATE_PEOPLE, &retention_post},

    {HTTP_GET_,    "/v1/tokens",                              AUTH_TOKEN, SCOPE_ADMIN,  LANE_READ,  0,         RATE_PEOPLE, &tokens_list},
    {HTTP_POST_,   "/v1/tokens",                              AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0,         RATE_PEOPLE, &token_create},
    {HTTP_DELETE_, "/v1/tokens/{id}",                         AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0,         RATE_PEOPLE, &token_delete},

    {HTTP_GET_,    "/v1/organisations",                       AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &organisations_list},
    {HTTP_POST_,   "/v1/organisations",                       AUTH_TOKEN, SCOPE_ADMIN,  LANE_WRITE, 0,         RATE_PEOPLE, &organisation_post},
    {HTTP_GET_,    "/v1/organisations/{id}",                  AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &organisation_one},
    {HTTP_PATCH_,  "/v1/organisations/{id}",                  AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &organisation_patch},

    {HTTP_GET_,    "/v1/feeds",                               AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &feeds_list},
    {HTTP_POST_,   "/v1/feeds",                               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &feed_post},
    {HTTP_GET_,    "/v1/feeds/{id}",                          AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &feed_one},
    {HTTP_DELETE_, "/v1/feeds/{id}",                          AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &feed_delete},
    {HTTP_GET_,    "/feeds/{file}",                           AUTH_FEED,  0,            LANE_READ,  0,         RATE_FEED,   &calendar_get},
    {HTTP_GET_,    "/robots.txt",                             AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_FEED,   &robots_get},

    {HTTP_GET_,    "/v1/links",                               AUTH_TOKEN, SCOPES_WRITE, LANE_READ,  0,         RATE_PEOPLE, &links_list},
    {HTTP_POST_,   "/v1/links",                               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &link_post},
    {HTTP_GET_,    "/v1/links/{id}",                          AUTH_TOKEN, SCOPES_WRITE, LANE_READ,  0,         RATE_PEOPLE, &link_one},
    {HTTP_DELETE_, "/v1/links/{id}",                          AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &link_delete},
    {HTTP_GET_,    "/me/{secret}",                            AUTH_LINK,  0,            LANE_READ,  0,         RATE_PEOPLE, &me_get},
    {HTTP_POST_,   "/me/{secret}",                            AUTH_LINK,  0,            LANE_WRITE, 11 * MIB,  RATE_PEOPLE, &me_post},
    {HTTP_GET_,    "/me/{secret}/data",                       AUTH_LINK,  0,            LANE_READ,  0,         RATE_PEOPLE, &me_data},
    {HTTP_GET_,    "/me/{secret}/documents/{review}/{kind}",  AUTH_LINK,  0,            LANE_READ,  0,         RATE_PEOPLE, &me_document},

    {HTTP_GET_,    "/v1/deliveries",                          AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &deliveries_list},
    {HTTP_GET_,    "/v1/deliveries/{id}",                     AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &delivery_one},
    {HTTP_POST_,   "/v1/deliveries/{id}/retry",               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &delivery_retry_post},

    {HTTP_GET_,    "/v1/letters",                             AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &letters_list},
    {HTTP_GET_,    "/v1/letters/{name}",                      AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &letter_one},
    {HTTP_GET_,    "/v1/replies",                             AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &replies_list},
    {HTTP_GET_,    "/v1/replies/{id}",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &reply_one},
    {HTTP_POST_,   "/v1/replies/{id}/confirm",                AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &reply_confirm_op},
    {HTTP_POST_,   "/v1/replies/{id}/dismiss",                AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &reply_dismiss_op},
    {HTTP_POST_,   "/itip",                                   AUTH_TOKEN, SCOPES_HAND,  LANE_WRITE, 512 * KIB, RATE_HOOK,   &itip_post},

    {HTTP_GET_,    "/v1/sources",                             AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &sources_list},
    {HTTP_POST_,   "/v1/sources",                             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &source_post},
    {HTTP_GET_,    "/v1/sources/{id}",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &source_one},
    {HTTP_PATCH_,  "/v1/sources/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &source_patch},
    {HTTP_DELETE_, "/v1/sources/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &source_delete_op},
    {HTTP_POST_,   "/v1/sources/{id}/test",                   AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 256 * KIB, RATE_PEOPLE, &source_test},
    {HTTP_POST_,   "/v1/sources/{id}/sync",                   AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &source_sync_post},
    {HTTP_POST_,   "/v1/sources/{id}/replay",                 AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &source_replay_op},
    {HTTP_GET_,    "/v1/sources/{id}/differences",            AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &source_differences},
    {HTTP_POST_,   "/hooks/{source}",                         AUTH_HOOK,  0,            LANE_WRITE, 256 * KIB, RATE_HOOK,   &hook_receive},
    {HTTP_GET_,    "/v1/completions/{id}/proposals",          AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &completion_propose},
    {HTTP_POST_,   "/v1/completions/{id}/match",              AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &completion_match_op},
    {HTTP_POST_,   "/v1/completions/{id}/declare",            AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &completion_declare_op},
    {HTTP_GET_,    "/v1/declarations",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &declarations_list},
    {HTTP_GET_,    "/v1/courses",                             AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &courses_list},
    {HTTP_GET_,    "/v1/courses/{id}",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &course_one},
    {HTTP_PATCH_,  "/v1/courses/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &course_patch},
    {HTTP_GET_,    "/v1/aliases",                             AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &aliases_list},
    {HTTP_POST_,   "/v1/aliases",                             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &alias_post},
    {HTTP_GET_,    "/v1/aliases/{id}",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &alias_one},
    {HTTP_PATCH_,  "/v1/aliases/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &alias_patch},
    {HTTP_DELETE_, "/v1/aliases/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &alias_delete_op},
    {HTTP_POST_,   "/v1/identities/merge",                    AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &identity_merge_op},
    {HTTP_POST_,   "/v1/identities/split",                    AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &identity_split_op},
    {HTTP_POST_,   "/v1/badges",                              AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &badge_post},
    {HTTP_GET_,    "/xapi/about",                             AUTH_NONE,  0,            LANE_LOOP,  0,         RATE_HEALTH, &statements_about},
    {HTTP_GET_,    "/xapi/statements",                        AUTH_STATEMENTS, 0,       LANE_READ,  0,         RATE_HOOK,   &statements_get},
    {HTTP_POST_,   "/xapi/statements",                        AUTH_STATEMENTS, 0,       LANE_WRITE, 1 * MIB,   RATE_HOOK,   &statements_post},
    {HTTP_PUT_,    "/xapi/statements",                        AUTH_STATEMENTS, 0,       LANE_WRITE, 1 * MIB,   RATE_HOOK,   &statement_put},
    {HTTP_GET_,    "/v1/completions",                         AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &completions_list},
    {HTTP_GET_,    "/v1/completions/{id}",                    AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &completion_one},
    {HTTP_POST_,   "/v1/completions/{id}/assign",             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &completion_give},

    {HTTP_GET_,    "/v1/employees",                           AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &employees_list},
    {HTTP_POST_,   "/v1/employees",                           AUTH_TOKEN, SCOPES_STAFF, LANE_WRITE, 0,         RATE_PEOPLE, &employee_post},
    {HTTP_GET_,    "/v1/employees/{id}",                      AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &employee_one},
    {HTTP_PATCH_,  "/v1/employees/{id}",                      AUTH_TOKEN, SCOPES_STAFF, LANE_WRITE, 0,         RATE_PEOPLE, &employee_patch},
    {HTTP_DELETE_, "/v1/employees/{id}",                      AUTH_TOKEN, SCOPES_STAFF, LANE_WRITE, 0,         RATE_PEOPLE, &employee_drop_op},

    {HTTP_GET_,    "/v1/employees/{id}/absences",             AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &absences_list},
    {HTTP_POST_,   "/v1/employees/{id}/absences",             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &absence_post},
    {HTTP_GET_,    "/v1/employees/{id}/absences/{fact}",      AUTH_TOKEN, SCOPES_WRITE, LANE_READ,  0,         RATE_PEOPLE, &absence_one},
    {HTTP_PATCH_,  "/v1/employees/{id}/absences/{fact}",      AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &absence_patch},
    {HTTP_DELETE_, "/v1/employees/{id}/absences/{fact}",      AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &absence_delete},
    {HTTP_GET_,    "/v1/employees/{id}/events",               AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &events_list},
    {HTTP_POST_,   "/v1/employees/{id}/events",               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &event_post},
    {HTTP_GET_,    "/v1/employees/{id}/events/{fact}",        AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &event_one},
    {HTTP_PATCH_,  "/v1/employees/{id}/events/{fact}",        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &event_patch},
    {HTTP_DELETE_, "/v1/employees/{id}/events/{fact}",        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &event_delete},
    {HTTP_GET_,    "/v1/employees/{id}/progressions",         AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &progressions_list},
    {HTTP_POST_,   "/v1/employees/{id}/progressions",         AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &progression_post},
    {HTTP_GET_,    "/v1/employees/{id}/progressions/{fact}",  AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &progression_one},
    {HTTP_PATCH_,  "/v1/employees/{id}/progressions/{fact}",  AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &progression_patch},
    {HTTP_DELETE_, "/v1/employees/{id}/progressions/{fact}",  AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &progression_delete},

    {HTTP_GET_,    "/v1/imports",                             AUTH_TOKEN, SCOPES_WRITE, LANE_READ,  0,         RATE_PEOPLE, &imports_list},
    {HTTP_GET_,    "/v1/imports/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_READ,  0,         RATE_PEOPLE, &import_one},
    {HTTP_POST_,   "/v1/imports/{kind}",                      AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 32 * MIB,  RATE_PEOPLE, &import_post},

    {HTTP_GET_,    "/v1/employees/{id}/duties",               AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &employee_duties_get},
    {HTTP_GET_,    "/v1/employees/{id}/recap",                AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &recap_get},
    {HTTP_GET_,    "/v1/duties",                              AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &duties_list},
    {HTTP_POST_,   "/v1/duties/{id}/acknowledge",             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &duty_acknowledge_post},
    {HTTP_POST_,   "/v1/simulations",                         AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  4 * MIB,   RATE_PEOPLE, &simulation_post},
    {HTTP_GET_,    "/v1/compliance",                          AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &compliance_get},
    {HTTP_GET_,    "/v1/indicators/{year}",                   AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &indicators_get},
    {HTTP_GET_,    "/v1/forecast",                            AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &forecast_get},

    {HTTP_GET_,    "/v1/reviews",                             AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &reviews_list},
    {HTTP_POST_,   "/v1/reviews",                             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_post},
    {HTTP_GET_,    "/v1/reviews/{id}",                        AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &review_one},
    {HTTP_PATCH_,  "/v1/reviews/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_patch},
    {HTTP_POST_,   "/v1/reviews/{id}/propose",                AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_propose},
    {HTTP_POST_,   "/v1/reviews/{id}/invite",                 AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_invite},
    {HTTP_POST_,   "/v1/reviews/{id}/counter",                AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_counter},
    {HTTP_POST_,   "/v1/reviews/{id}/cancel",                 AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_cancel},
    {HTTP_POST_,   "/v1/reviews/{id}/hold",                   AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 0,         RATE_PEOPLE, &review_hold},
    {HTTP_POST_,   "/v1/reviews/{id}/report",                 AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 0,         RATE_PEOPLE, &review_report_op},
    {HTTP_POST_,   "/v1/reviews/{id}/copy",                   AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 0,         RATE_PEOPLE, &review_copy_op},
    {HTTP_POST_,   "/v1/reviews/{id}/absence",                AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 0,         RATE_PEOPLE, &review_absence},
    {HTTP_POST_,   "/v1/reviews/{id}/refusal",                AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 0,         RATE_PEOPLE, &review_refuse},
    {HTTP_POST_,   "/v1/reviews/{id}/close",                  AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &review_close},
    {HTTP_GET_,    "/v1/reviews/{id}/slots",                  AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &review_slots_get},
    {HTTP_GET_,    "/v1/reviews/{id}/documents/{kind}",       AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &document_one},
    {HTTP_PUT_,    "/v1/reviews/{id}/documents/{kind}",       AUTH_TOKEN, SCOPES_HOLD,  LANE_WRITE, 10 * MIB,  RATE_PEOPLE, &document_put},

    {HTTP_GET_,    "/v1/calendars",                           AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &calendars_list},
    {HTTP_POST_,   "/v1/calendars",                           AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &calendar_post},
    {HTTP_GET_,    "/v1/calendars/{id}",                      AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &calendar_one},
    {HTTP_PATCH_,  "/v1/calendars/{id}",                      AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &calendar_patch},
    {HTTP_DELETE_, "/v1/calendars/{id}",                      AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &calendar_delete_op},

    {HTTP_GET_,    "/v1/campaigns",                           AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &campaigns_list},
    {HTTP_POST_,   "/v1/campaigns",                           AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &campaign_post},
    {HTTP_GET_,    "/v1/campaigns/{id}",                      AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &campaign_one},
    {HTTP_POST_,   "/v1/campaigns/{id}/invite",               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &campaign_invite_all},
    {HTTP_POST_,   "/v1/campaigns/{id}/discard",              AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &campaign_discard_rest},
    {HTTP_GET_,    "/v1/campaigns/{id}/placements",           AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &placements_get},

    {HTTP_GET_,    "/v1/needs",                               AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &needs_list},
    {HTTP_POST_,   "/v1/needs",                               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &need_post},
    {HTTP_GET_,    "/v1/needs/{id}",                          AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &need_one},
    {HTTP_PATCH_,  "/v1/needs/{id}",                          AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &need_patch},
    {HTTP_GET_,    "/v1/actions",                             AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &actions_list},
    {HTTP_POST_,   "/v1/actions",                             AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &action_post},
    {HTTP_GET_,    "/v1/actions/{id}",                        AUTH_TOKEN, SCOPES_TEAM,  LANE_READ,  0,         RATE_PEOPLE, &action_one},
    {HTTP_PATCH_,  "/v1/actions/{id}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &action_patch},
    {HTTP_GET_,    "/v1/plans",                               AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &plans_list},
    {HTTP_POST_,   "/v1/plans",                               AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &plan_post},
    {HTTP_GET_,    "/v1/plans/{year}",                        AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &plan_one},
    {HTTP_PATCH_,  "/v1/plans/{year}",                        AUTH_TOKEN, SCOPES_WRITE, LANE_WRITE, 0,         RATE_PEOPLE, &plan_patch},

    {HTTP_GET_,    "/v1/employees/{id}/trace",                AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0,         RATE_PEOPLE, &employee_trace},

    {HTTP_GET_,    "/v1/operations/{id}",                     AUTH_TOKEN, SCOPES_READ,  LANE_READ,  0,         RATE_PEOPLE, &operation_get},

    {HTTP_GET_,    "/v1/audit",                               AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0,         RATE_PEOPLE, &audit_read},
    {HTTP_GET_,    "/v1/audit/head",                          AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0,         RATE_PEOPLE, &audit_head_get},
    {HTTP_GET_,    "/v1/audit/verify",                        AUTH_TOKEN, SCOPES_AUDIT, LANE_READ,  0,         RATE_PEOPLE, &audit_check},
};
/* clang-format on */
const size_t routes_count = sizeof(routes) / sizeof(routes[0]);
