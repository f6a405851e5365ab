import { useEffect, useRef } from "react";
import { focusAfter } from "../app/focus.ts";

/** Escape stops an answer wherever the focus is; the slash goes to the composer, unless something is being typed. */
export function useShortcuts(onEscape: () => void): void {
  const current = useRef(onEscape);
  current.current = onEscape;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target as HTMLElement;
      const typing = target.matches("input, textarea, select, [contenteditable]");
      if (document.querySelector("[role=dialog],[role=menu]")) return;
      if (event.key === "Escape") current.current();
      if (event.key === "/" && !typing) {
        // It only leads there: who wants a command types another one.
        event.preventDefault();
        focusAfter("questionWanted");
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
