import { t } from "@lingui/core/macro";
import { type AcceptedDocument, api, type Hit, type StudyDocument, unwrap } from "@medai/client";
import { changed, queryClient } from "@medai/client/react";
import { say } from "@medai/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { read, useLive } from "../stream/live.ts";
import { type Answer, hasEnded } from "../stream/reduce.ts";
import { usageQuery } from "../usage/usage.ts";

/** A student's documents, the latest first. */
export const documentsQuery = queryOptions({
  queryKey: ["documents"],
  refetchOnWindowFocus: "always",
  queryFn: async (): Promise<StudyDocument[]> => {
    const documents: StudyDocument[] = [];
    for (let cursor: string | null | undefined = null; cursor !== undefined; ) {
      const query: { limit: number; cursor: string | null } = { limit: 200, cursor };
      const page: { items: unknown[]; next?: string | null } = await unwrap(
        api.GET("/api/documents", { params: { query } }),
      );
      documents.push(...(page.items as StudyDocument[]));
      cursor = page.next ?? undefined;
    }
    for (const document of documents) if (isUnderWay(document)) watch(document);
    return documents;
  },
});

export const useDocuments = () => useQuery(documentsQuery);

/** Also in other tabs. */
export const refetchDocuments = () => changed(documentsQuery.queryKey);

/** Whether a job is at it. Recognition of text leaves the status as it is while it goes on. */
export const isUnderWay = ({ status, progress }: StudyDocument): boolean =>
  status === "uploaded" || status === "processing" || progress != null;
export const isSearchable = ({ status }: StudyDocument): boolean =>
  status === "ready" || status === "partly_ready";

/** What is known of the job at a document: whether it goes on, and what it says. */
export function useReading(document: StudyDocument): { underWay: boolean; answer: Answer | undefined } {
  const answer = useLive(document.job_id)?.answer;
  return { underWay: isUnderWay(document) || (answer !== undefined && !hasEnded(answer)), answer };
}

/** Follows the reading of a document to its end. */
export function watch({ job_id, title }: StudyDocument): void {
  read(job_id, (answer) => {
    // Each tab that shows it sees the end by itself.
    void queryClient.invalidateQueries({ queryKey: documentsQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
    if (answer.phase === "done" && location.pathname !== "/documents")
      say(t`“${title}” can be asked about now`);
  });
}

export async function remove(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/documents/{id}", { params: { path: { id } } }));
  await refetchDocuments();
}

/** Has a protected document read anew, with its password. */
export async function unlock(id: string, password: string): Promise<void> {
  const params = { path: { id } };
  await taken(unwrap(api.POST("/api/documents/{id}/password", { params, body: { password } })));
}

/** Has the text of its images recognised. */
export async function recognise(id: string): Promise<void> {
  await taken(unwrap(api.POST("/api/documents/{id}/ocr", { params: { path: { id } } })));
}

/** Stops the reading of a document. */
export async function stopReading({ job_id }: StudyDocument): Promise<void> {
  await unwrap(api.DELETE("/api/jobs/{id}", { params: { path: { id: job_id } } }));
  await refetchDocuments();
}

const OVER = new Set<AcceptedDocument["job"]["state"]>(["done", "cancelled", "discarded"]);

export async function taken(accepted: Promise<AcceptedDocument>): Promise<void> {
  const { document: known, job } = await accepted;
  const document = known as StudyDocument;
  queryClient.setQueryData(documentsQuery.queryKey, (all = []) => [
    document,
    ...all.filter(({ id }) => id !== document.id),
  ]);
  if (!OVER.has(job.state)) watch(document);
  await refetchDocuments();
}

export async function search(q: string, document: string | undefined): Promise<Hit[]> {
  const query = { q, top_k: 10, ...(document && { document }) };
  return (await unwrap(api.GET("/api/documents/search", { params: { query } }))).items;
}
