import { useEffect } from "react";

/** Names the page in the browser's tab, and to whoever hears it. */
export function useDocumentTitle(title: string | undefined, app: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${app}` : app;
  }, [title, app]);
}
