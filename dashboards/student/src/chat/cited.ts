import type { Citation } from "@medai/client";

/** The passages that a text names as `[n]`, or as `[n, m]`; a worker sends all that it might. */
export function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const named = new Set<number>();
  for (const [, numbers = ""] of text.matchAll(/\[([\d\s,;]+)\]/g))
    for (const n of numbers.split(/[,;]/)) named.add(Number(n));
  return citations.filter(({ n }) => named.has(n));
}
