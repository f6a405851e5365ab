import { t } from "@lingui/core/macro";
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  /** Its action gets the focus: what had it is gone by what is told. */
  takesFocus?: boolean;
  /** It is gone without its action, and the focus was in it. */
  onLeft?: () => void;
  ms: number;
}

/** What had the focus before one of them took it. */
let before: Element | null = null;
let shown: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

function set(next: Toast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function end(id: number, undone: boolean): void {
  const toast = shown.find((each) => each.id === id);
  const focused = document.activeElement?.closest("[data-toast]")?.getAttribute("data-toast") === String(id);
  clearTimeout(timers.get(id));
  timers.delete(id);
  set(shown.filter((each) => each.id !== id));
  if (!toast || undone || !focused) return;
  if (toast.onLeft) toast.onLeft();
  else if (before instanceof HTMLElement && before.isConnected) before.focus();
}

/** Shows a short message, perhaps with one thing that can be done about it. What it returns takes it away again. */
export function toast(text: string, more: Partial<Omit<Toast, "id" | "text">> = {}): () => void {
  last += 1;
  const id = last;
  const ms = more.ms ?? 6000;
  set([...shown.slice(-2), { ...more, id, text, ms }]);
  timers.set(
    id,
    setTimeout(() => end(id, false), ms),
  );
  return () => end(id, true);
}

/** Says something in passing. */
export const say = (text: string): void => void toast(text, { ms: 3500 });

/** After menus that close have given the focus back. */
const focusOnce = (button: HTMLButtonElement | null): void => {
  setTimeout(() => button?.isConnected && button.focus(), 50);
};

/** Where they appear. */
export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      onFocus={({ relatedTarget, currentTarget }) => {
        if (!currentTarget.contains(relatedTarget)) before = relatedTarget;
      }}
      className="pointer-events-none fixed inset-x-3 bottom-32 z-50 print:hidden flex flex-col items-center gap-2"
    >
      {toasts.map((each) => (
        <div
          key={each.id}
          data-toast={each.id}
          className="pointer-events-auto flex min-h-11 max-w-lg animate-rise items-center gap-3 rounded-md bg-ink py-1.5 ps-4 pe-1.5 text-paper text-sm shadow-pop"
        >
          <span>{each.text}</span>
          {each.action && (
            <Button
              size="sm"
              look="quiet"
              ref={each.takesFocus ? focusOnce : undefined}
              className="bg-paper/10 text-paper! hover:bg-paper/20!"
              onClick={() => {
                each.action?.run();
                end(each.id, true);
              }}
            >
              {each.action.label}
            </Button>
          )}
          <IconButton
            label={t`Dismiss`}
            tip={false}
            size="sm"
            icon={<X size={16} />}
            className="text-paper/80! hover:bg-paper/20!"
            onClick={() => end(each.id, false)}
          />
        </div>
      ))}
    </div>
  );
}
