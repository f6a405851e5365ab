import { useState } from "react";

const keyOf = (session: string | undefined) => `draft:${session ?? "new"}`;

/** What is being typed in a conversation. It outlives a reload. */
export function useDraft(session: string | undefined): [string, (text: string) => void] {
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const key = keyOf(session);
  const text = drafts[key] ?? sessionStorage.getItem(key) ?? "";
  return [
    text,
    (next) => {
      setDrafts((known) => ({ ...known, [key]: next }));
      if (next === "") sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, next);
    },
  ];
}
