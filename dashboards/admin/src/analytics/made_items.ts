import { api, type components, unwrap } from "@medai/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

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
