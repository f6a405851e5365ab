import { api, call, type components, type Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";
import { type JobFilters, queryOf } from "./filters.ts";

type Schemas = components["schemas"];
export type JobRow = Schemas["JobRow"];
export type JobDetails = Schemas["JobDetails"];
export type BulkResult = Schemas["BulkResult"];
export type BulkAction = "retry" | "cancel";

/** As many as fit on a large screen; more are asked for. */
const LIMIT = 50;

export const jobsQuery = (filters: JobFilters) =>
  infiniteQueryOptions({
    queryKey: ["jobs", filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { ...queryOf(filters), limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api.GET("/api/admin/jobs", { params: { query } }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: () => unwrap(api.GET("/api/admin/jobs/{id}", { params: { path: { id }, query: {} } })),
  });

/** Asks for what a job works on, which is written to the audit log. It is kept nowhere. */
export async function argumentsOf(id: string): Promise<unknown> {
  const params = { path: { id }, query: { arguments: true } };
  return (await unwrap(api.GET("/api/admin/jobs/{id}", { params }))).arguments ?? null;
}

/** The jobs meant: these, or as many as fit a filter. */
export type Meant = { ids: string[] } | { filter: JobFilters; confirm: number };

/** Does something to many jobs. */
export function useBulk() {
  return useMutation<BulkResult, Problem, { action: BulkAction; meant: Meant }>({
    mutationFn: ({ action, meant }) => {
      const body = "ids" in meant ? meant : { ...meant, filter: queryOf(meant.filter) };
      return call<BulkResult>("POST", `/api/admin/jobs/${action}`, body);
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["jobs"] });
      void queryClient.invalidateQueries({ queryKey: ["job"] });
    },
  });
}

/** How many jobs of those that fit a bulk action would concern. */
export async function countOf(filter: JobFilters): Promise<number> {
  const { count } = await unwrap(api.GET("/api/admin/jobs/count", { params: { query: queryOf(filter) } }));
  return count;
}
