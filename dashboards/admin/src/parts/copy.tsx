import { say } from "@medai/ui";
import { Copy as Icon } from "lucide-react";

/** An id or the like, that is copied by a press. */
export function Copy({ text, label, shown }: { text: string; label: string; shown?: string }) {
  return (
    <button
      type="button"
      aria-label={`Copy ${label} ${text}`}
      className="-mx-1 inline-flex min-h-6 max-w-[calc(100%+0.5rem)] items-center gap-1.5 rounded-sm px-1 font-mono text-[0.8125rem] text-muted hover:bg-sunken hover:text-ink"
      onClick={() => {
        navigator.clipboard?.writeText(text).then(
          () => say(`Copied ${label}.`),
          () => say("The browser does not let this page copy."),
        );
      }}
    >
      <span className="truncate">{shown ?? text}</span>
      <Icon size={13} aria-hidden className="shrink-0" />
    </button>
  );
}
