import { api, type components, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type FeedbackSearch, queryOf, type ReportKind } from "./search.ts";

type Schemas = components["schemas"];
export type Report = Schemas["ReportView"];
export type Count = Schemas["FeedbackCount"];

export const KIND_NAMES: Record<ReportKind, string> = {
  wrong: "Wrong",
  unsafe: "Unsafe",
  bad_citation: "Bad citation",
  other: "Other",
};

export const reportsQuery = (search: FeedbackSearch) =>
  infiniteQueryOptions({
    queryKey: ["reports", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => {
      const query = { ...queryOf(search), ...(cursor !== undefined && { cursor }) };
      return unwrap(api.GET("/api/admin/feedback/reports", { params: { query } }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Votes and reports by model, of so many days. */
export const countsQuery = (days: number) =>
  queryOptions({
    queryKey: ["feedback-counts", days],
    queryFn: async () =>
      (await unwrap(api.GET("/api/admin/feedback", { params: { query: { days } } }))).items,
  });

/** Says that a report was handled. */
export async function handle(id: string, note: string): Promise<void> {
  const body = note.trim() === "" ? {} : { note: note.trim() };
  await unwrap(api.POST("/api/admin/feedback/reports/{id}/handle", { params: { path: { id } }, body }));
  await queryClient.invalidateQueries({ queryKey: ["reports"] });
}
