import { chunk } from "@medai/client/chunks";

/** What the palette finds, and the help for keys: fetched when they are shown, or before. */
export const Found = chunk(() => import("./found.tsx"));
export const Help = chunk(() => import("./help.tsx"));
