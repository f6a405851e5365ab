import type { StudyDocument } from "@medai/client";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

const PREFIX = "document-";

/** The part of an address that names a document. */
export const DOCUMENT = (id: string): string => PREFIX + id;

/** Opens the document that the address names, once for each time that somebody goes there. */
export function useNamed(
  documents: readonly StudyDocument[] | undefined,
  open: (document: StudyDocument) => void,
): void {
  const { hash, key } = useLocation({ select: ({ hash, state }) => ({ hash, key: state.key }) });
  const latest = useRef(open);
  latest.current = open;
  const loaded = documents !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: not for each change of the list
  useEffect(() => {
    const found = hash.startsWith(PREFIX) && documents?.find(({ id }) => DOCUMENT(id) === hash);
    if (found) latest.current(found);
  }, [loaded, hash, key]);
}
