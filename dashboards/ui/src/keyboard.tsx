import { Kbd } from "./kbd.tsx";

/** Whether keys are for what is typed into, rather than for the app. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

/** A line of the help: what is done, and by which keys. It stands in a `<dl>`. */
export function ShortcutRow({ what, keys }: { what: string; keys: readonly string[] }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt>{what}</dt>
      <dd className="flex shrink-0 gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
