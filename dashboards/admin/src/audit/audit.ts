import { api, type components, Problem, unwrap, withSession } from "@medai/client";
import { saveFile } from "@medai/ui";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { given } from "../app/params.ts";
import { type AuditSearch, query } from "./search.ts";

export type Entry = components["schemas"]["Entry"];
export type Format = "csv" | "jsonl";

export const auditQuery = (filter: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      unwrap(api.GET("/api/admin/audit", { params: { query: given({ ...query(filter), cursor }) } })),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Fetches what the filter finds as a file, and hands it to the browser. */
export async function download(filter: AuditSearch, format: Format): Promise<void> {
  const url = new URL("/api/admin/audit/export", location.origin);
  for (const [name, value] of Object.entries(given({ ...query(filter), format })))
    url.searchParams.set(name, String(value));
  const response = await withSession(new Request(url)).catch((cause) => {
    throw Problem.wrap(cause);
  });
  if (!response.ok) throw await Problem.of(response);
  const day = new Date().toISOString().slice(0, 10);
  saveFile(await response.blob(), `medai-audit-${day}.${format}`);
}
