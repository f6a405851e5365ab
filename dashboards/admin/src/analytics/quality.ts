import { words } from "../parts/names.ts";
import type { MadeItems } from "./made_items.ts";

/** A part of a whole; null where there is no whole. */
export const share = (of: number, all: number): number | null => (all > 0 ? of / all : null);

/** The flaws that were seen most, with how often. */
export function mostSeen(reasons: MadeItems["reasons"], most = 3): string {
  const seen = Object.entries(reasons).sort(
    ([one, times], [other, others]) => others - times || one.localeCompare(other),
  );
  return seen
    .slice(0, most)
    .map(([code, times]) => `${words(code)} ${times}`)
    .join(", ");
}
