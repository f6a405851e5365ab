import type { Citation } from "@medai/client";
import { markersIn } from "@medai/ui";

/** The passages that a text names as `[n]`, or as `[n, m]`; a worker sends all that it might. */
export function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const named = new Set(markersIn(text).flatMap(({ numbers }) => numbers));
  return citations.filter(({ n }) => named.has(n));
}
