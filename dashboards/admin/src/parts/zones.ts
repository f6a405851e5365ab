/** When a day ends, by the clock of the zone that it is of: limits of a day are counted so. */

const ZONES: Record<string, string> = { UTC: "UTC", "America/Los_Angeles": "Pacific time" };

/** The zone that Gemini's days are of; those of all others are of UTC. */
export const GEMINI_ZONE = "America/Los_Angeles";

/** `UTC`, `Pacific time` */
export const zoneName = (zone: string): string => ZONES[zone] ?? zone;

/** `00:00`, by the clock of a zone. */
export function clockIn(zone: string, at: string | Date): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
}

const HOUR = 3_600_000;

/** The end of today in a zone: the next full hour that is midnight there. */
export function endOfDayIn(zone: string, now: number): string {
  let at = Math.floor(now / HOUR) * HOUR + HOUR;
  for (let hours = 0; hours < 25 && clockIn(zone, new Date(at)) !== "00:00"; hours += 1) at += HOUR;
  return new Date(at).toISOString();
}

/** `3 h`, `12 min`: a time that is left, in whole units, from milliseconds. */
export function left(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** `00:00 UTC, in 3 h`; where the zone is another, with that moment in UTC. */
export function dayEnd(zone: string, at: string, now: number): string {
  const utc = zone === "UTC" ? "" : ` (${clockIn("UTC", at)} UTC)`;
  return `${clockIn(zone, at)} ${zoneName(zone)}${utc}, in ${left(new Date(at).getTime() - now)}`;
}
