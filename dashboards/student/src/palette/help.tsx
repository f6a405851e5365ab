import { Dialog, Kbd } from "@medai/ui";
import { keysOf, type Place, SHORTCUTS, type Shortcut } from "../app/shortcuts.ts";

const PLACES: [Place, string][] = [
  ["everywhere", "Everywhere"],
  ["conversation", "In a conversation"],
  ["question", "While a question is written"],
];

/** All shortcuts: the table that they are done by. */
export default function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const all: Shortcut[] = Object.values(SHORTCUTS);
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts">
      {PLACES.map(([place, name]) => (
        <section key={place} aria-label={name} className="mb-5 last:mb-0">
          <h3 className="mb-1.5 font-medium font-sans text-faint text-sm tracking-normal">{name}</h3>
          <dl className="flex flex-col gap-1.5 text-[0.9375rem]">
            {all
              .filter(({ where }) => where === place)
              .map((shortcut) => (
                <div key={shortcut.what} className="flex items-baseline justify-between gap-4">
                  <dt>{shortcut.what}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {keysOf(shortcut).map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
