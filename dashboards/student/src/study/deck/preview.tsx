import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { number } from "@medai/ui";
import { useDeferredValue } from "react";
import { Answer, Question } from "../card_face.tsx";
import { ordinalsOf } from "../note_text.ts";
import type { Filled } from "../types.ts";

/** So many cards are shown. */
const MOST = 10;

/** The cards of a note as they will be asked, while it is written. */
export function Preview({ filled }: { filled: Filled }) {
  const shown = useDeferredValue(filled);
  const ordinals = ordinalsOf(shown).slice(0, MOST);
  if (ordinals.length === 0) return null;
  return (
    <section aria-label={t`Preview`} className="rounded-md border border-line bg-paper p-3">
      <h3 className="mb-2 font-medium font-sans text-faint text-sm tracking-normal">
        <Trans>Preview</Trans>
      </h3>
      <ol className="flex flex-col gap-3">
        {ordinals.map((ordinal, at) => (
          <li
            key={ordinal}
            aria-label={t`Card ${number(at + 1)}`}
            className="border-line border-t pt-3 first:border-0 first:pt-0"
          >
            <div dir="auto">
              <Question card={shown} ordinal={ordinal} revealed={false} />
            </div>
            <div dir="auto" className="mt-2 border-line border-s-2 ps-3">
              <Answer card={shown} ordinal={ordinal} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
