import { focusAfter } from "../app/focus.ts";
import { useShortcut } from "../app/shortcuts.ts";

/** Escape stops an answer wherever the focus is; the slash goes to the composer, unless something is being typed. */
export function useShortcuts(onStop: () => void): void {
  useShortcut("stop", onStop);
  // It only leads there: who wants a command types another one.
  useShortcut("compose", () => focusAfter("questionWanted"));
}
