import { api, type components, unwrap } from "@medai/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

export type Analytics = components["schemas"]["Analytics"];

export const analyticsQuery = (days: number) =>
  queryOptions({
    queryKey: ["analytics", days],
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET("/api/admin/analytics", { params: { query: { days } } })),
  });
