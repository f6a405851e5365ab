/**
 * How much time is left: by the server’s clock, which said what time it is, and by how long ago it said so. The device’s
 * own clock may be wrong by hours, or be set while the quiz goes on; it is not asked. Pure.
 */
import type { Quiz } from "../result_types.ts";

/** Seconds until the end; undefined where there is none. `told` and `at` are by one clock that only runs forward, in ms. */
export function leftOf(quiz: Pick<Quiz, "ends_at" | "now">, told: number, at: number): number | undefined {
  if (quiz.ends_at === null) return undefined;
  const left = Date.parse(quiz.ends_at) - Date.parse(quiz.now) - Math.max(0, at - told);
  return Number.isFinite(left) ? Math.max(0, left / 1000) : undefined;
}

/** At so many seconds before the end it is said aloud. */
const WARNINGS = [60, 300] as const;

/** The last warning that is due: as long as it is the same, it is said once. */
export const warningOf = (left: number | undefined): number | undefined =>
  left === undefined || left <= 0 ? undefined : WARNINGS.find((seconds) => left <= seconds);
