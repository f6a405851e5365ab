/** The API learns in which zone a student's day ends: once a session, and only where it does not know. */
import { readSettings, setTimeZone } from "./api.ts";

const KEY = "medai-time-zone";

/** Whether there is something to say. Zones have more than one name; what the API has was a browser's. */
export const isNews = (told: string | null, zone: string | undefined): zone is string =>
  zone !== undefined && zone !== "" && zone.length <= 64 && told !== zone;

export async function tellTimeZone(): Promise<void> {
  const zone: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    if (!isNews(sessionStorage.getItem(KEY), zone)) return;
    if ((await readSettings()).time_zone !== zone) await setTimeZone(zone);
    sessionStorage.setItem(KEY, zone);
  } catch {
    // The next visit says it.
  }
}
