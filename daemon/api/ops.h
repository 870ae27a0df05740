#pragma once
/* Every operation there is, by the file that holds it. */
#include "op.h"

/* metrics.c, openapi.c */
extern const struct op health_get, ready_get, metrics_get, description_get, backup_get;
/* selfcheck.c, retention.c */
extern const struct op selfcheck_get, selfcheck_post, retention_get, retention_post;
/* tokens.c */
extern const struct op tokens_list, token_create, token_delete;
/* organisations.c */
extern const struct op organisations_list, organisation_one, organisation_post, organisation_patch;
/* employees.c */
extern const struct op employees_list, employee_one, employee_post, employee_patch, employee_drop_op;
/* facts.c */
extern const struct op absences_list, absence_one, absence_post, absence_patch, absence_delete;
extern const struct op events_list, event_one, event_post, event_patch, event_delete;
extern const struct op progressions_list, progression_one, progression_post, progression_patch,
    progression_delete;
/* duties.c, simulations.c */
extern const struct op duties_list, employee_duties_get, duty_acknowledge_post, simulation_post;
/* forecast.c, compliance.c */
extern const struct op forecast_get, compliance_get;
/* indicators.c */
extern const struct op indicators_get;
/* recaps.c */
extern const struct op recap_get;
/* reviews.c, review_steps.c, review_slots.c, documents.c */
extern const struct op reviews_list, review_one, review_post, review_patch;
extern const struct op review_propose, review_invite, review_cancel, review_hold, review_report_op,
    review_copy_op, review_absence, review_refuse, review_close, review_counter;
extern const struct op review_slots_get;
extern const struct op document_one, document_put;
/* needs.c, actions.c, plans.c */
extern const struct op needs_list, need_one, need_post, need_patch;
extern const struct op actions_list, action_one, action_post, action_patch;
extern const struct op plans_list, plan_one, plan_post, plan_patch;
/* feed_calendar.c */
extern const struct op calendars_list, calendar_one, calendar_post, calendar_patch, calendar_delete_op;
/* campaigns.c */
extern const struct op campaigns_list, campaign_one, campaign_post, placements_get, campaign_invite_all,
    campaign_discard_rest;
/* traces.c */
extern const struct op employee_trace;
/* audit.c */
extern const struct op audit_read, audit_head_get, audit_check;
/* letters.c */
extern const struct op letters_list, letter_one;
/* replies.c */
extern const struct op replies_list, reply_one, reply_confirm_op, reply_dismiss_op, itip_post;
/* feeds.c, feed_calendar.c */
extern const struct op feeds_list, feed_post, feed_one, feed_delete, calendar_get, robots_get;
/* links.c, me.c */
extern const struct op links_list, link_post, link_one, link_delete;
extern const struct op me_get, me_post, me_data, me_document;
/* deliveries.c */
extern const struct op deliveries_list, delivery_one, delivery_retry_post;
/* sources.c, hooks.c */
extern const struct op sources_list, source_post, source_one, source_patch, source_delete_op, source_test,
    source_replay_op, source_sync_post, source_differences, hook_receive;
/* courses.c, declarations.c */
extern const struct op courses_list, course_one, course_patch, declarations_list;
/* aliases.c */
extern const struct op aliases_list, alias_post, alias_one, alias_patch, alias_delete_op;
extern const struct op badge_post;
extern const struct op identity_merge_op, identity_split_op;
/* statements.c */
extern const struct op statements_about, statements_post, statement_put, statements_get;
/* completions.c */
extern const struct op completions_list, completion_one, completion_give, completion_propose,
    completion_match_op, completion_declare_op;
/* imports.c */
extern const struct op imports_list, import_one, import_post;
/* operations.c */
extern const struct op operation_get;
