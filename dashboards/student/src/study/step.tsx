/** Ways between pages that are named by their address. */
import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

/** Goes to an address of the app, without loading it anew. */
export function useStep(): (path: string) => void {
  const router = useRouter();
  return (path) => router.history.push(path);
}

/** A link to an address of the app. */
export function Step({ path, onClick, ...link }: { path: string } & Omit<ComponentProps<"a">, "href">) {
  const go = useStep();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    // Another tab is the browser's.
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    go(path);
  };
  return <a {...link} href={path} onClick={follow} />;
}
