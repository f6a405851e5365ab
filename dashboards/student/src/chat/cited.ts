import type { Citation } from "@medai/client";

/** The passages that a text names as `[n]`, or as `[n, m]`; a worker sends all that it might. */
export function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const named = new Set<number>();
  for (const [, list = ""] of text.matchAll(/\[([\d\s,;]+)\](?!\p{L})/gu)) {
    const numbers = list.split(/[,;]/).map(Number);
    // Beside a number of none it is an interval.
    if (numbers.every((number) => citations.some(({ n }) => n === number)))
      for (const number of numbers) named.add(number);
  }
  return citations.filter(({ n }) => named.has(n));
}
