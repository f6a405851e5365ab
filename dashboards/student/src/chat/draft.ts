import { useRef, useState } from "react";

const keyOf = (session: string | undefined) => `draft:${session ?? "new"}`;

/** What is being typed in a conversation. It outlives a reload. */
export function useDraft(session: string | undefined): [string, (text: string) => void] {
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const key = keyOf(session);
  // What is refused comes back into the conversation that it made meanwhile.
  const current = useRef(key);
  current.current = key;
  const text = drafts[key] ?? sessionStorage.getItem(key) ?? "";
  return [
    text,
    (next) => {
      const now = current.current;
      setDrafts((known) => ({ ...known, [now]: next }));
      if (next === "") sessionStorage.removeItem(now);
      else sessionStorage.setItem(now, next);
    },
  ];
}
