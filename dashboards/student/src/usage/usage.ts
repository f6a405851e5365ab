import { api, unwrap } from "@medai/client";
import { queryOptions, useQuery } from "@tanstack/react-query";

export const usageQuery = queryOptions({
  queryKey: ["usage"],
  refetchOnMount: "always",
  queryFn: () => unwrap(api.GET("/api/usage")),
});

export const useUsage = () => useQuery(usageQuery).data;
