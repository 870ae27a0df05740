/*
 * Employees as the interface shows them, field by field, and to and from their rows. Constant data and pure
 * functions.
 */
#include "internal.h"

#include "base/buf.h"
#include "work/employee.h"

#include <string.h>

const char *const employee_sex_names[] = {"female", "male", NULL};

static const struct field employee_fields[] = {
    FIELD(struct employee, id, FIELD_ID, .flags = FIELD_READ, .kind = "emp", .doc = "Identifier."),
    FIELD(struct employee, organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org",
        .doc = "The organisation."),
    FIELD(struct employee, number, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 60,
        .doc = "Payroll number (matricule), unique in the organisation."),
    FIELD(struct employee, given_name, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 100, .doc = "Given name."),
    FIELD(struct employee, family_name, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 100, .doc = "Family name."),
    FIELD(struct employee, email, FIELD_EMAIL, .flags = FIELD_NULL,
        .doc = "Mail address; two people may share one."),
    FIELD(struct employee, manager, FIELD_ID, .flags = FIELD_NULL, .kind = "emp",
        .doc = "The employee this one reports to."),
    FIELD(struct employee, establishment, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Site or establishment."),
    FIELD(struct employee, category, FIELD_TEXT, .flags = FIELD_NULL, .doc = "Professional category."),
    FIELD(struct employee, sex, FIELD_ENUM, .flags = FIELD_NULL, .names = employee_sex_names,
        .doc = "For the yearly figures (R2312-8), which are given by it. Not shown to managers."),
    FIELD(struct employee, contract, FIELD_ENUM, .flags = FIELD_NULL, .names = contract_kind_names,
        .doc = "Kind of contract; temporary = interim, the agency's duty."),
    FIELD(struct employee, hire_date, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "First day of work."),
    FIELD(struct employee, seniority_date, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "When seniority was kept, for instance by a transfer; the hire date otherwise."),
    FIELD(struct employee, birth_date, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "Date of birth; without it the duties of certain ages are missing. Not shown to managers."),
    FIELD(struct employee, contract_end, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "Last day of a fixed-term contract; ends nothing by itself."),
    FIELD(struct employee, exit_date, FIELD_DATE, .flags = FIELD_NULL,
        .doc = "The first day the person is gone: no duty from then on, history stays."),
    FIELD(struct employee, locale, FIELD_ENUM, .flags = FIELD_NULL, .names = lang_names,
        .doc = "Language of mails; null: the organisation's."),
    FIELD(
        struct employee, calendar_url, FIELD_URL, .flags = FIELD_NULL, .doc = "CalDAV calendar of the person."),
    FIELD(struct employee, external_ids, FIELD_JSON, .flags = FIELD_NULL,
        .doc = "{\"name of a system\": \"the person's id there\"}, at most 20."),
    FIELD(struct employee, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was created."),
    FIELD(struct employee, updated_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it last changed."),
};
const struct field_table employee_table =
    FIELD_TABLE("Employee", struct employee, employee_fields, offsetof(struct employee, given));

static const struct json *employee_json(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    if (text && json_parse(arena, text, strlen(text), &value, NULL) != ST_OK)
        return NULL;
    return value;
}

void employee_of_row(struct arena *arena, const struct employee_row *row, struct employee *ret)
{
    char key[ORG_KEY_MAX] = "";
    (void)id_parse(row->id, "emp", key);
    *ret = (struct employee){.id = row->id,
        .organisation = arena_printf(arena, "org_%s", key),
        .number = row->number,
        .given_name = row->given_name,
        .family_name = row->family_name,
        .email = row->email,
        .manager = row->manager,
        .establishment = row->establishment,
        .category = row->category,
        .sex = work_name_index(employee_sex_names, row->sex),
        .contract = work_name_index(contract_kind_names, row->contract),
        .hire_date = row->hire_date,
        .seniority_date = row->seniority_date,
        .birth_date = row->birth_date,
        .contract_end = row->contract_end,
        .exit_date = row->exit_date,
        .locale = work_name_index(lang_names, row->locale),
        .calendar_url = row->calendar_url,
        .external_ids = employee_json(arena, row->external_ids),
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .version = row->version};
}

static const char *employee_json_text(struct arena *arena, const struct json *value)
{
    if (!value)
        return NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    json_write(&text, value);
    return arena_strndup(arena, text.data, text.size);
}

void employee_fill_row(struct arena *arena, const struct employee *from, struct employee_row *row)
{
    row->number = from->number;
    row->given_name = from->given_name;
    row->family_name = from->family_name;
    row->email = from->email;
    row->manager = from->manager;
    row->establishment = from->establishment;
    row->category = from->category;
    row->sex = from->sex == FIELD_UNSET ? NULL : employee_sex_names[from->sex];
    row->contract = from->contract == FIELD_UNSET ? NULL : contract_kind_names[from->contract];
    row->hire_date = from->hire_date;
    row->seniority_date = from->seniority_date;
    row->birth_date = from->birth_date;
    row->contract_end = from->contract_end;
    row->exit_date = from->exit_date;
    row->locale = from->locale == FIELD_UNSET ? NULL : lang_names[from->locale];
    row->calendar_url = from->calendar_url;
    row->external_ids = employee_json_text(arena, from->external_ids);
}

struct terms employee_terms(const struct employee *employee)
{
    return (struct terms){.hire_date = employee->hire_date,
        .seniority_date = employee->seniority_date,
        .birth_date = employee->birth_date,
        .contract = employee->contract,
        .contract_end = employee->contract_end,
        .exit_date = employee->exit_date};
}
