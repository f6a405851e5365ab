/** Dialogs about conversations and answers, fetched when one is opened. */
import { chunk } from "@medai/client/chunks";

export const FolderDialog = chunk(() => import("./folder_dialog.tsx"));
export const ReportDialog = chunk(() => import("./report_dialog.tsx"));
export const ShareDialog = chunk(() => import("./share_dialog.tsx"));
