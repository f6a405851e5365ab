import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Dialog, ShortcutRow } from "@medai/ui";
import { keysOf, type Place, QUIZ_KEYS, SHORTCUTS, type Shortcut } from "../app/shortcuts.ts";

const PLACES: [Place, MessageDescriptor][] = [
  ["everywhere", msg`Everywhere`],
  ["conversation", msg`In a conversation`],
  ["question", msg`While a question is written`],
  ["review", msg`In a review`],
];

/** All shortcuts: the table that they are done by. */
export default function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const all: [string, Shortcut][] = Object.entries(SHORTCUTS);
  return (
    <Dialog open onClose={onClose} title={t`Keyboard shortcuts`}>
      {PLACES.map(([place, name]) => (
        <section key={place} aria-label={i18n._(name)} className="mb-5">
          <h3 className="mb-1.5 font-medium font-sans text-faint text-sm tracking-normal">{i18n._(name)}</h3>
          <dl className="flex flex-col gap-1.5 text-[0.9375rem]">
            {all
              .filter(([, { where }]) => where === place)
              .map(([id, shortcut]) => (
                <ShortcutRow key={id} what={i18n._(shortcut.what)} keys={keysOf(shortcut)} />
              ))}
          </dl>
        </section>
      ))}
      <section aria-label={t`In a quiz`}>
        <h3 className="mb-1.5 font-medium font-sans text-faint text-sm tracking-normal">{t`In a quiz`}</h3>
        <dl className="flex flex-col gap-1.5 text-[0.9375rem]">
          {QUIZ_KEYS.map(({ what, keys }) => (
            <ShortcutRow key={what.id} what={i18n._(what)} keys={keys} />
          ))}
        </dl>
      </section>
    </Dialog>
  );
}
