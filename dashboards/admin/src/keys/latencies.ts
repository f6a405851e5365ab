/** What keys' latencies were since the page was opened: the API knows only how they are. */
import type { components } from "@medai/client";

type Key = Pick<components["schemas"]["KeyView"], "id" | "latency_ms">;

const KEPT = 60;
/** Seconds between two looks that count. */
const APART = 4;

const seen = new Map<string, { at: number; ms: number | null }[]>();

/** Notes how keys are now. */
export function note(keys: readonly Key[], now: number): void {
  for (const { id, latency_ms: ms } of keys) {
    const before = seen.get(id) ?? [];
    const last = before.at(-1);
    if (last && now - last.at < APART * 1000) continue;
    seen.set(id, [...before, { at: now, ms: ms ?? null }].slice(-KEPT));
  }
}

/** The latencies of a key, oldest first. */
export const latenciesOf = (id: string): (number | null)[] => (seen.get(id) ?? []).map(({ ms }) => ms);
