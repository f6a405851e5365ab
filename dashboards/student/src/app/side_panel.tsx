import { t } from "@lingui/core/macro";
import { IconButton, Sheet, useMediaQuery } from "@medai/ui";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { isPressed } from "./shortcuts.ts";

/** Where there is room for a source beside a conversation. */
const PANEL = "(min-width: 72rem)";

/** Beside the page where there is room, above it where there is none. Who closes it says where the focus goes. */
export function SidePanel({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const wide = useMediaQuery(PANEL);
  const close = useRef<HTMLButtonElement>(null);
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    if (!wide) return;
    close.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isPressed(event, "closeSource")) return;
      // What lies in front of it is closed first.
      if (document.querySelector("[role=dialog],[role=menu]")) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [wide]);
  const head = (
    <header className="flex h-14 shrink-0 items-center justify-between border-line border-b ps-4 pe-2 print:hidden">
      <h2 className="text-lg">{title}</h2>
      <IconButton
        ref={close}
        label={t`Close the source`}
        icon={<X size={18} />}
        tip={false}
        onClick={onClose}
      />
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
      className="flex w-[min(42%,44rem)] shrink-0 flex-col border-line border-s bg-surface print:hidden"
    >
      {head}
      {children}
    </aside>
  );
}
