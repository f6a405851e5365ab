/** Figures as operators read them: short, and with a dash where there is none. */
import { number } from "@medai/ui";

export const NONE = "–";

/** `410 ms`, `1.2 s`, `3 min` */
export function ms(value: number | null | undefined): string {
  if (value == null) return NONE;
  if (value < 0.5) return "0 ms";
  if (value < 1000) return `${Math.round(value)} ms`;
  return span(value / 1000);
}

/** `4 s`, `3 min`, `2 h 5 min`, `3 d`: how long something took or has lasted, from seconds. */
export function span(seconds: number | null | undefined): string {
  if (seconds == null) return NONE;
  const whole = Math.max(0, seconds);
  if (whole < 1) return `${Math.round(whole * 1000)} ms`;
  if (whole < 9.95) return `${whole.toFixed(1).replace(/\.0$/, "")} s`;
  if (whole < 99.5) return `${Math.round(whole)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 100) return `${minutes} min`;
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
  }
  return `${Math.round(minutes / 1440)} d`;
}

/** `0`, `0.4`, `12`: so many a minute or an hour. */
export function rate(value: number | null | undefined): string {
  if (value == null) return NONE;
  if (value === 0) return "0";
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : number(Math.round(value));
}

/** Time between two moments, in seconds. */
export function between(from: string | number, to: string | number): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}

/** `15:42:07`, for what happens by the second; with the day where that is not today. */
export function exact(time: string | number | Date, now = new Date()): string {
  const date = new Date(time);
  const text = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (date.toDateString() === now.toDateString()) return text;
  return `${date.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${text}`;
}
