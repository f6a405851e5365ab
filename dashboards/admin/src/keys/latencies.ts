import type { KeyView } from "./keys.ts";

/** The step of a key's history, in milliseconds. */
const STEP = 5 * 60_000;

/** The latencies of a key over its last while, step by step; gaps where it was not used, or did not answer. */
export function latencies(history: KeyView["history"], now: number): (number | null)[] {
  const first = history[0];
  if (!first) return [];
  const begin = new Date(first.at).getTime();
  const line = new Array<number | null>(Math.max(1, Math.floor((now - begin) / STEP) + 1)).fill(null);
  for (const { at, latency_ms: ms } of history) {
    const place = Math.round((new Date(at).getTime() - begin) / STEP);
    if (place < line.length) line[place] = ms ?? null;
  }
  return line;
}
