/** The source beside an answer, fetched when one is opened. */
import { chunk } from "@medai/client/chunks";

export const SourcePanel = chunk(() => import("./source_panel.tsx"));
