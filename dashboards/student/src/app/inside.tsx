/** All of what only those see who are signed in, so that the pages before it load little. */
import { TipProvider, Toasts } from "@medai/ui";
import { loadMarkdown } from "../chat/answer.tsx";
import { FolderDialog, ReportDialog, ShareDialog } from "../chat/dialogs.ts";
import { AnswerItems } from "../chat/made.tsx";
import { Found, Help } from "../palette/chunks.ts";
import { SourcePanel } from "../source/chunk.ts";
import { beginStudying } from "../study/begin.ts";
import { fetchPages } from "./pages.ts";
import { installOffline } from "./service_worker.ts";
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
setTimeout(() => void loadMarkdown().catch(() => undefined));
setTimeout(() => void beginStudying(), 1500);
installOffline();
fetchPages([AnswerItems, Found, Help, SourcePanel, FolderDialog, ShareDialog, ReportDialog]);
