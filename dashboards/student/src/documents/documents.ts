import { call, type DocumentAccepted, type Hit, type Page, Problem, type StudyDocument } from "@medai/client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryClient } from "../app/query.ts";
import { read } from "../stream/live.ts";

/** A student's documents. An API that has none yet lists none. */
export const documentsQuery = queryOptions({
  queryKey: ["documents"],
  queryFn: async (): Promise<StudyDocument[]> => {
    const documents: StudyDocument[] = [];
    try {
      for (let cursor: string | null = ""; cursor !== null; ) {
        const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
        const page: Page<StudyDocument> = await call("GET", `/api/documents?limit=200${query}`);
        documents.push(...page.items);
        cursor = page.next ?? null;
      }
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
    for (const document of documents) if (isUnderWay(document)) watch(document.job_id);
    return documents;
  },
});

export const useDocuments = () => useQuery(documentsQuery);

export const refetchDocuments = () => queryClient.invalidateQueries({ queryKey: documentsQuery.queryKey });

export const isUnderWay = ({ status }: StudyDocument): boolean =>
  status === "uploaded" || status === "processing";
export const isSearchable = ({ status }: StudyDocument): boolean =>
  status === "ready" || status === "partly_ready";

/** Follows the reading of a document to its end. */
export function watch(job: string): void {
  read(job, () => void refetchDocuments());
}

export async function remove(id: string): Promise<void> {
  await call("DELETE", `/api/documents/${id}`);
  await refetchDocuments();
}

/** Has a protected document read anew, with its password. */
export async function unlock(id: string, password: string): Promise<void> {
  await taken(call("POST", `/api/documents/${id}/password`, { password }));
}

/** Has the text of its images recognised. */
export async function recognise(id: string): Promise<void> {
  await taken(call("POST", `/api/documents/${id}/ocr`));
}

export async function taken(accepted: Promise<DocumentAccepted>): Promise<void> {
  const { document, job } = await accepted;
  queryClient.setQueryData(documentsQuery.queryKey, (known = []) => [
    document,
    ...known.filter(({ id }) => id !== document.id),
  ]);
  if (isUnderWay(document)) watch(job.id);
  await refetchDocuments();
}

export async function search(q: string, document: string | undefined): Promise<Hit[]> {
  const query = new URLSearchParams({ q, top_k: "10", ...(document && { document }) });
  return (await call<Page<Hit>>("GET", `/api/documents/search?${query}`)).items;
}
