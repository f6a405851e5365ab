/** All of what only those see who are signed in, so that the pages before it load little. */
import { TipProvider, Toasts } from "@medai/ui";
import { loadMarkdown } from "../chat/answer.tsx";
import { Shell } from "./shell.tsx";

export function Inside() {
  return (
    <TipProvider>
      <Shell />
      <Toasts />
    </TipProvider>
  );
}

// Answers are shown by this: it is there before the first answer.
setTimeout(() => void loadMarkdown());
