import { Trans } from "@lingui/react/macro";
import type { Card } from "../result_types.ts";
import { clozed } from "./cloze.ts";
import { SourceLine } from "./sources.tsx";
import { Words } from "./words.tsx";

/** A card from the front, or turned over, with what was asked above the answer. */
export function CardFace({ card, turned }: { card: Card; turned: boolean }) {
  const cloze = card.kind === "cloze";
  return (
    <>
      <Words text={cloze ? clozed(card.front, turned) : card.front} />
      {turned && (
        <div className="mt-3 border-line border-t pt-3">
          <span className="sr-only">
            <Trans>Answer</Trans>
          </span>
          {card.back !== "" && <Words text={card.back} />}
          <SourceLine source={card.source} />
        </div>
      )}
    </>
  );
}
