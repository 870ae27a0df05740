/* Who may see what of whom. On a lane. */
#include "team.h"

#include <string.h>

bool call_sees_reasons(const struct call *call)
{
    return (call->who.scopes & (SCOPE_ADMIN | SCOPE_HR)) != 0;
}

bool call_sees(const struct call *call, const struct employee_row *row)
{
    return !call_is_manager(call) || (row->manager && strcmp(row->manager, call->who.employee) == 0);
}

const char *call_team_of(const struct call *call, const char *asked)
{
    return call_is_manager(call) ? call->who.employee : asked;
}

enum status call_sees_employee(
    const struct snapshot *snapshot, const struct call *call, const char *employee, struct error *err)
{
    struct employee_row row;
    if (!call_is_manager(call))
        return ST_OK;
    enum status status = employee_get(snapshot, employee, &row, err);
    if (status == ST_OK && !call_sees(call, &row))
        return error_set(err, ST_NOT_FOUND, "there is no such resource in the team");
    return status;
}

enum status call_employee(
    const struct snapshot *snapshot, const struct call *call, struct employee_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "emp", &id, err);
    if (status == ST_OK)
        status = employee_get(snapshot, id, ret, err);
    if (status == ST_OK && !call_sees(call, ret))
        return error_set(err, ST_NOT_FOUND, "there is no such employee in the team");
    return status;
}

enum status call_frame(
    const struct snapshot *snapshot, const struct call *call, struct duties_frame *ret, struct error *err)
{
    return duties_frame_load(snapshot, call->organisation, INSTANT_NONE, ret, err);
}

/* Nothing is known later than now: today and days to come are answered with what is known at this moment. */
enum status call_as_of(const struct snapshot *snapshot, const struct call *call, date_t as_of, date_t known_on,
    struct duties_frame *ret_frame, struct as_of *ret, struct error *err)
{
    enum status status = call_frame(snapshot, call, ret_frame, err);
    if (status != ST_OK)
        return status;
    date_t today = ret_frame->today;
    ret->as_of = as_of == DATE_NONE ? today : as_of;
    ret->known_on = known_on == DATE_NONE ? ret->as_of : known_on;
    ret->known_at = INSTANT_NONE;
    if (ret->known_on >= today) {
        ret->known_on = today;
        return ST_OK;
    }
    ret->known_at = duties_day_end(ret_frame, ret->known_on);
    return duties_frame_load(snapshot, call->organisation, ret->known_at, ret_frame, err);
}
