import type { components } from "@medai/client";
import { oneOf } from "../app/params.ts";

export type ReportKind = components["schemas"]["ReportKind"];
export type ReportState = "open" | "handled";

export const KINDS = ["wrong", "unsafe", "bad_citation", "other"] as const satisfies readonly ReportKind[];

/** What of the page is in its address. */
export interface FeedbackSearch {
  /** Those that were not handled, unless it says otherwise. */
  state?: "handled" | "all" | undefined;
  kind?: ReportKind | undefined;
}

export function search(given: Record<string, unknown>): FeedbackSearch {
  return { state: oneOf(["handled", "all"], given.state), kind: oneOf(KINDS, given.kind) };
}

/** What the API is asked for. */
export function queryOf({ state, kind }: FeedbackSearch): { state?: ReportState; kind?: ReportKind } {
  return { ...(state !== "all" && { state: state ?? "open" }), ...(kind && { kind }) };
}
