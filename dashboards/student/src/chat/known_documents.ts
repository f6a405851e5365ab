import { isSearchable, useDocuments } from "../documents/documents.ts";

/** Since when there are documents to search; undefined where there are none. */
export function useKnownDocuments(): string | undefined {
  const { data } = useDocuments();
  const since = data?.filter(isSearchable).map((document) => document.ready_at ?? document.created_at);
  return since?.sort()[0];
}
