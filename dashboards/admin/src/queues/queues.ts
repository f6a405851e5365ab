import { api, type Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useLive } from "../live/live.ts";
import type { QueueView } from "../live/types.ts";

const queuesQuery = queryOptions({
  queryKey: ["queues"],
  staleTime: 1_000,
  queryFn: async () => (await unwrap(api.GET("/api/admin/queues"))).items,
});

/** The queues, each second where the live figures come, and else asked for. */
export function useQueues() {
  const { live, link } = useLive();
  const asked = useQuery({ ...queuesQuery, refetchInterval: link === "live" ? false : 2_000 });
  return { queues: link === "live" ? live?.queues : asked.data, error: asked.error, link };
}

/** Stops a queue from being taken from, or lets it go on. */
export function usePause() {
  return useMutation<QueueView, Problem, { queue: string; pause: boolean }>({
    mutationFn: ({ queue, pause }) => {
      const params = { params: { path: { queue } } };
      return unwrap(
        pause
          ? api.POST("/api/admin/queues/{queue}/pause", params)
          : api.POST("/api/admin/queues/{queue}/resume", params),
      );
    },
    onSuccess: (after) => {
      queryClient.setQueryData(queuesQuery.queryKey, (before) =>
        before?.map((queue) => (queue.name === after.name ? after : queue)),
      );
    },
  });
}
