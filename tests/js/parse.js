// Reads calendar files with ical.js and node-ical and prints what each understood, as JSON:
// {file: {"ical.js": [event...], "node-ical": [event...]}}.
import {readFileSync} from 'node:fs';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const seconds = (date) => Math.floor(date.getTime() / 1000);
const plain = (value) => (value && typeof value === 'object' && 'val' in value ? value.val : value) ?? null;
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function fromIcalJs(text) {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return calendar.getAllSubcomponents('vevent').map((event) => {
        const time = (name) => {
            const value = event.getFirstPropertyValue(name);
            return value && (value.isDate ? value.toString() : value.toUnixTime());
        };
        const value = (name) => event.getFirstPropertyValue(name);
        return {
            method: calendar.getFirstPropertyValue('method'),
            uid: value('uid'),
            sequence: value('sequence'),
            summary: value('summary'),
            description: value('description'),
            location: value('location'),
            status: value('status'),
            start: time('dtstart'),
            end: time('dtend'),
            stamp: time('dtstamp'),
            organiser: value('organizer'),
            attendees: event.getAllProperties('attendee').map((attendee) => ({
                email: attendee.getFirstValue(),
                name: attendee.getFirstParameter('cn') ?? null,
                partstat: attendee.getFirstParameter('partstat') ?? null,
            })),
            alarms: event.getAllSubcomponents('valarm').map((alarm) => alarm.getFirstPropertyValue('trigger').toSeconds()),
        };
    });
}

function civil(date) {
    const two = (number) => String(number).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function fromNodeIcal(text) {
    const parsed = nodeIcal.sync.parseICS(text);
    const method = parsed.vcalendar?.method ?? null;
    return Object.values(parsed).filter((entry) => entry.type === 'VEVENT').map((event) => {
        const time = (date) => (date === undefined ? null : date.dateOnly ? civil(date) : seconds(date));
        return {
            method: event.method ?? method,
            uid: plain(event.uid),
            sequence: event.sequence === undefined ? null : Number(event.sequence),
            summary: plain(event.summary),
            description: plain(event.description),
            location: plain(event.location),
            status: plain(event.status),
            start: time(event.start),
            end: time(event.end),
            stamp: time(event.dtstamp),
            organiser: plain(event.organizer),
            attendees: list(event.attendee).map((attendee) => ({
                email: plain(attendee),
                name: attendee.params?.CN ?? null,
                partstat: attendee.params?.PARTSTAT ?? null,
            })),
        };
    });
}

const answer = {};
for (const file of process.argv.slice(2)) {
    const text = readFileSync(file, 'utf8');
    answer[file] = {'ical.js': fromIcalJs(text), 'node-ical': fromNodeIcal(text)};
}
process.stdout.write(JSON.stringify(answer));
