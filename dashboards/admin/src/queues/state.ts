import type { Tone } from "@medai/ui";
import type { QueueView } from "../live/types.ts";
import { span } from "../parts/figures.ts";

type Facts = Pick<QueueView, "paused_at" | "alarm" | "running" | "ready" | "oldest_wait_seconds">;

/** How a queue is, in a word. What needs somebody goes before what somebody did. */
export function stateOf(queue: Facts): { word: string; tone: Tone } {
  if (queue.alarm === "stalled") return { word: "Stalled", tone: "bad" };
  if (queue.alarm === "unattended") return { word: "No worker", tone: "bad" };
  if (queue.paused_at) return { word: "Paused", tone: "warn" };
  if (queue.running > 0 || queue.ready > 0) return { word: "Running", tone: "good" };
  return { word: "Idle", tone: "neutral" };
}

/** What is wrong with it, and what follows. */
export function alarmOf(queue: Facts): string | undefined {
  if (queue.alarm === "stalled") {
    const jobs = queue.running === 1 ? "One job runs" : `${queue.running} jobs run`;
    return `${jobs}, and none has ended for more than two minutes. Either they hang, or their worker does.`;
  }
  if (queue.alarm === "unattended") {
    const since = queue.oldest_wait_seconds ? ` for ${span(queue.oldest_wait_seconds)}` : "";
    return `Jobs have waited${since}, and no worker takes them. Check that a worker is running.`;
  }
  return undefined;
}

/** The last hour by the minute, with zeros where nothing came through. */
export function minutesOf(history: QueueView["history"], now: number): { done: number[]; failed: number[] } {
  const by = new Map(history.map((minute) => [Math.floor(new Date(minute.at).getTime() / 60_000), minute]));
  const last = Math.floor(now / 60_000);
  const slots = Array.from({ length: 60 }, (_, index) => by.get(last - 59 + index));
  return { done: slots.map((slot) => slot?.done ?? 0), failed: slots.map((slot) => slot?.failed ?? 0) };
}
