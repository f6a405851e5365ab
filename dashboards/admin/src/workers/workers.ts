import { api, type Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { queryOptions, useMutation } from "@tanstack/react-query";
import type { Process } from "./state.ts";

export const workersQuery = queryOptions({
  queryKey: ["workers"],
  staleTime: 1_000,
  queryFn: async (): Promise<Process[]> => (await unwrap(api.GET("/api/admin/workers"))).items,
});

/** Lets a worker take no new jobs, or lets it go on. */
export function useDrain() {
  return useMutation<Process, Problem, { name: string; drain: boolean }>({
    mutationFn: ({ name, drain }) => {
      const params = { params: { path: { id: name } } };
      return unwrap(
        drain
          ? api.POST("/api/admin/workers/{id}/drain", params)
          : api.POST("/api/admin/workers/{id}/resume", params),
      );
    },
    onSuccess: (after) => {
      queryClient.setQueryData(workersQuery.queryKey, (before) =>
        before?.map((process) => (process.name === after.name ? after : process)),
      );
    },
  });
}
