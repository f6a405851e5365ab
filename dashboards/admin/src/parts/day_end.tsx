import { useNow } from "@medai/ui";
import { dayEnd, endOfDayIn, GEMINI_ZONE } from "./zones.ts";

/** When a day's counts begin anew, and in which zone: `resets 00:00 UTC, in 3 h`. */
export function DayEnd({ at, zone = "UTC", past }: { at?: string; zone?: string; past?: string }) {
  const now = useNow(30_000);
  const end = at ?? endOfDayIn(zone, now);
  if (past && new Date(end).getTime() <= now) return past;
  return (
    <time dateTime={end} className="tabular-nums">
      {past ? "ends" : "resets"} {dayEnd(zone, end, now)}
    </time>
  );
}

/** When the days of providers' quotas end. */
export function QuotaDays() {
  return (
    <>
      A day of Gemini’s quota <DayEnd zone={GEMINI_ZONE} />; of all others, <DayEnd />.
    </>
  );
}
