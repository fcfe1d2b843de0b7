// What Thunderbird and Nextcloud see: ical.js, with the zones that the file itself defines.
import { readFileSync } from "node:fs";
import ICAL from "../../vendor/ical.mjs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
ICAL.TimezoneService.reset();
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const instant = (time) => new Date(time.toUnixTime() * 1000).toISOString().slice(0, 19) + "Z";
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return [
    event.uid,
    instant(event.startDate),
    instant(event.endDate),
    event.summary,
    component.getFirstPropertyValue("status"),
    event.sequence,
  ];
});
process.stdout.write(JSON.stringify(events));
