const FIRST = 500;
const LONGEST = 15_000;

/** How long to wait before the next try after `failures` in a row: longer each time, and never all at once. */
export function pause(failures: number, chance = Math.random()): number {
  return Math.min(FIRST * 2 ** Math.min(failures, 10), LONGEST) * (0.75 + chance / 2);
}
