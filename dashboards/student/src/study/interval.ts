/** How long until a card comes back, in few signs: `10 min`, `3 d`, `1.5 mo`. */
import { t } from "@lingui/core/macro";
import { numberAs } from "@medai/ui";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4 * DAY;
const YEAR = 365 * DAY;

const short = (value: number, digits = 0): string => numberAs(value, { maximumFractionDigits: digits });

export function intervalOf(seconds: number): string {
  if (seconds < MINUTE) return t`< 1 min`;
  if (seconds < 99 * MINUTE) return t`${short(Math.round(seconds / MINUTE))} min`;
  if (seconds < DAY) return t`${short(Math.round(seconds / HOUR))} h`;
  if (seconds < MONTH) return t`${short(Math.round(seconds / DAY))} d`;
  if (seconds < YEAR) return t`${short(seconds / MONTH, 1)} mo`;
  return t`${short(seconds / YEAR, 1)} y`;
}
