import { IconButton, Sheet } from "@medai/ui";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";

const WIDE = window.matchMedia("(min-width: 68rem)");

/** Whether there is room for a panel beside the page. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      WIDE.addEventListener("change", listener);
      return () => WIDE.removeEventListener("change", listener);
    },
    () => WIDE.matches,
  );
}

/** Beside the page where there is room, above it where there is none. */
export function SidePanel({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const wide = useWide();
  const close = useRef<HTMLButtonElement>(null);
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    if (!wide) return;
    const before = document.activeElement;
    close.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKey, { capture: true });
      if (before instanceof HTMLElement) before.focus();
    };
  }, [wide]);
  const head = (
    <header className="flex h-14 shrink-0 items-center justify-between border-line border-b ps-4 pe-2">
      <h2 className="text-lg">{title}</h2>
      <IconButton ref={close} label="Close the source" icon={<X size={18} />} tip={false} onClick={onClose} />
    </header>
  );
  if (!wide)
    return (
      <Sheet open title={title} side="right" onClose={onClose}>
        {head}
        {children}
      </Sheet>
    );
  return (
    <aside
      aria-label={title}
      className="flex w-[min(42%,44rem)] shrink-0 flex-col border-line border-s bg-surface"
    >
      {head}
      {children}
    </aside>
  );
}
