/** Numbers, sizes and times as the reader's language writes them. */
import { plural, t } from "@lingui/core/macro";
import { datesLocale, numbersLocale } from "./language.ts";

const formats = new Map<string, Intl.NumberFormat>();

/** A number by `Intl`, in the reader's language. */
export function numberAs(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = numbersLocale() + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(numbersLocale(), options);
  formats.set(key, format);
  return format.format(value);
}

/** `12,345` */
export const number = (value: number): string => numberAs(value);

/** `42%`, of a share between 0 and 1. */
export const percent = (share: number): string =>
  numberAs(share, { style: "percent", maximumFractionDigits: 0 });

/** `1.4 MB` */
export function bytes(value: number): string {
  if (value < 1000) return t`${number(value)} B`;
  let size = value;
  let unit = -1;
  do {
    size /= 1000;
    unit += 1;
  } while (size >= 999.5 && unit < 3);
  const amount =
    size < 9.95
      ? numberAs(size, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
      : number(Math.round(size));
  return [t`${amount} kB`, t`${amount} MB`, t`${amount} GB`, t`${amount} TB`][unit] ?? amount;
}

/** `14:05` in the reader's own time; with the day where that is not today. */
export function clock(time: string | Date, now = new Date()): string {
  const date = new Date(time);
  const hours = date.toLocaleTimeString(datesLocale(), { hour: "2-digit", minute: "2-digit" });
  return date.toDateString() === now.toDateString() ? hours : t`${day(date, now)}, ${hours}`;
}

/** `24 Nov`; with the year where that is not this one. */
export function day(time: string | Date, now = new Date()): string {
  const date = new Date(time);
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(datesLocale(), { day: "numeric", month: "short", year });
}

/** `2 min ago` */
export function ago(time: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(time).getTime()) / 1000);
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3600);
  if (seconds < 45) return t`just now`;
  if (seconds < 3600) return plural(minutes, { one: "# min ago", other: "# min ago" });
  if (seconds < 86_400) return plural(hours, { one: "# h ago", other: "# h ago" });
  return day(time);
}

/** `1:05`, `2 h 10 min`: a time that is left, from seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  const minutes = Math.ceil(whole / 60);
  const hours = Math.floor(minutes / 60);
  return t`${hours} h ${minutes % 60} min`;
}
