import { isSearchable, useDocuments } from "../documents/documents.ts";
import { useSession } from "./sessions.ts";

/** Since when a conversation has had documents to search; undefined where it has none. */
export function useKnownDocuments(session: string | undefined): string | undefined {
  const { data } = useDocuments();
  const only = useSession(session)?.documents;
  const searched = data?.filter(
    (document) => isSearchable(document) && (!only || only.includes(document.id)),
  );
  const since = searched?.map((document) => document.ready_at ?? document.created_at);
  return since?.sort()[0];
}
