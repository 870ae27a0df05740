/*
 * Finds the zone a TZID means by its name alone: the rules that come along in a VTIMEZONE are a stranger's and
 * are not evaluated. Windows names: CLDR, windowsZones.xml, the zones of Europe, overseas France and of
 * partners. Any thread.
 */
#include "tzid.h"

#include <string.h>

struct ical_zone_name {
    const char *windows;
    const char *iana;
};

static const struct ical_zone_name zone_names[] = {
    {"Romance Standard Time", "Europe/Paris"},
    {"W. Europe Standard Time", "Europe/Berlin"},
    {"Central Europe Standard Time", "Europe/Budapest"},
    {"Central European Standard Time", "Europe/Warsaw"},
    {"GMT Standard Time", "Europe/London"},
    {"Greenwich Standard Time", "Atlantic/Reykjavik"},
    {"UTC", "Etc/UTC"},
    {"Coordinated Universal Time", "Etc/UTC"},
    {"E. Europe Standard Time", "Europe/Chisinau"},
    {"FLE Standard Time", "Europe/Kiev"},
    {"GTB Standard Time", "Europe/Bucharest"},
    {"Turkey Standard Time", "Europe/Istanbul"},
    {"Russian Standard Time", "Europe/Moscow"},
    {"Morocco Standard Time", "Africa/Casablanca"},
    {"W. Central Africa Standard Time", "Africa/Lagos"},
    {"Arabian Standard Time", "Asia/Dubai"},
    {"Mauritius Standard Time", "Indian/Mauritius"},
    {"E. Africa Standard Time", "Africa/Nairobi"},
    {"India Standard Time", "Asia/Kolkata"},
    {"China Standard Time", "Asia/Shanghai"},
    {"Tokyo Standard Time", "Asia/Tokyo"},
    {"Central Pacific Standard Time", "Pacific/Guadalcanal"},
    {"SA Western Standard Time", "America/La_Paz"},
    {"SA Eastern Standard Time", "America/Cayenne"},
    {"Saint Pierre Standard Time", "America/Miquelon"},
    {"Eastern Standard Time", "America/New_York"},
    {"Central Standard Time", "America/Chicago"},
    {"Mountain Standard Time", "America/Denver"},
    {"Pacific Standard Time", "America/Los_Angeles"},
    {"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"},
    {"(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"},
    {"Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"},
};

/* The last two or three parts of a path that begin with one of tzdata's areas. */
static const char *ical_zone_area(const char *tzid)
{
    static const char *const areas[] = {"Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/",
        "Australia/", "Etc/", "Europe/", "Indian/", "Pacific/"};

    for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
        const char *found = strstr(tzid, areas[i]);
        if (found != NULL && (found == tzid || found[-1] == '/'))
            return found;
    }
    return NULL;
}

const struct zone *ical_zone(const char *tzid)
{
    for (size_t i = 0; i < sizeof(zone_names) / sizeof(zone_names[0]); i++) {
        if (strcasecmp(zone_names[i].windows, tzid) == 0)
            return zone_load(zone_names[i].iana, NULL);
    }
    const char *area = ical_zone_area(tzid);
    return area != NULL && strlen(area) < 64 ? zone_load(area, NULL) : NULL;
}
