import { useSyncExternalStore } from "react";

export type Ink = "accent" | "danger" | "warn" | "edge" | "line" | "faint";

const INKS: Ink[] = ["accent", "danger", "warn", "edge", "line", "faint"];
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let known: Record<Ink, string> | undefined;

/** The theme's colours as a canvas takes them. Follows a change of theme. */
export function useInks(): Record<Ink, string> {
  return useSyncExternalStore(subscribe, () => {
    known ??= read();
    return known;
  });
}

function subscribe(listener: () => void): () => void {
  const changed = () => {
    known = undefined;
    listener();
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

/** `light-dark()` is resolved only where it is the colour of something. */
function read(): Record<Ink, string> {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const inks = INKS.map((ink) => {
    probe.style.color = `var(--color-${ink})`;
    return [ink, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(inks) as Record<Ink, string>;
}
