import { api, type components, unwrap } from "@medai/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { words } from "../parts/names.ts";

export type MadeItems = components["schemas"]["MadeItems"];

/** How good what models made is, of so many days; the API keeps a year of it. */
export const madeItemsQuery = (days: number) =>
  queryOptions({
    queryKey: ["made-items", days],
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await unwrap(api.GET("/api/admin/made-items", { params: { query: { days: Math.min(days, 365) } } })))
        .items,
  });

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
