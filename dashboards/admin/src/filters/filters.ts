import { api, call, type components, type Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { queryOptions, useMutation } from "@tanstack/react-query";

export type SavedFilter = components["schemas"]["SavedFilter"];
export type FilterPage = components["schemas"]["FilterPage"];

export const filtersQuery = (page: FilterPage) =>
  queryOptions({
    queryKey: ["filters", page],
    staleTime: 60_000,
    queryFn: async (): Promise<SavedFilter[]> =>
      (await unwrap(api.GET("/api/admin/filters", { params: { query: { page } } }))).items,
  });

const asAgain = (page: FilterPage) => queryClient.invalidateQueries(filtersQuery(page));

/** A filter under a name; one that has this name is replaced. */
export type ToKeep = Pick<SavedFilter, "name" | "filter" | "is_default">;

export function useKeep(page: FilterPage) {
  return useMutation<SavedFilter, Problem, ToKeep>({
    mutationFn: (kept) => call<SavedFilter>("PUT", "/api/admin/filters", { page, ...kept }),
    onSuccess: () => asAgain(page),
  });
}

export function useForget(page: FilterPage) {
  return useMutation<void, Problem, string>({
    mutationFn: (id) => call("DELETE", `/api/admin/filters/${encodeURIComponent(id)}`),
    onSuccess: () => asAgain(page),
  });
}
