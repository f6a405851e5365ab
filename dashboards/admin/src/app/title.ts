import { useEffect } from "react";

/** Names the page in the browser's tab, and to whoever hears it. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · medai admin` : "medai admin";
  }, [title]);
}
