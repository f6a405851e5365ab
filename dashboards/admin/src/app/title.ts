import { useDocumentTitle } from "@medai/ui";

/** Names the page in the browser's tab, and to whoever hears it. */
export const useTitle = (title: string | undefined): void => useDocumentTitle(title, "medai admin");
