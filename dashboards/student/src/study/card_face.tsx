import { t } from "@lingui/core/macro";
import { clozeMarkdown } from "./cloze.ts";
import { OcclusionFigure } from "./occlusion_figure.tsx";
import { CardText } from "./text.tsx";
import type { Filled } from "./types.ts";

interface Face {
  card: Filled;
  /** Which of its note's cards it is. */
  ordinal: number;
}

/** What was left out stands out by more than its colour. */
const GAPS =
  "[&_ins]:rounded-sm [&_ins]:bg-accent-soft [&_ins]:px-1 [&_ins]:font-semibold [&_ins]:text-accent [&_ins]:no-underline";

/** The side that asks. Of a picture also the one that answers, since nothing but the cover of a part goes. */
export function Question({ card, ordinal, revealed }: Face & { revealed: boolean }) {
  switch (card.kind) {
    case "cloze":
      return (
        <div className={GAPS}>
          <CardText text={clozeMarkdown(card.fields.text, ordinal, false)} />
        </div>
      );
    case "image_occlusion":
      return (
        <div className="flex flex-col gap-3">
          {card.fields.header !== "" && <CardText text={card.fields.header} />}
          <OcclusionFigure fields={card.fields} ordinal={ordinal} revealed={revealed} />
        </div>
      );
    default:
      return <CardText text={ordinal === 1 ? card.fields.back : card.fields.front} />;
  }
}

/** The side that answers. */
export function Answer({ card, ordinal }: Face) {
  switch (card.kind) {
    case "cloze":
      return (
        <div className={GAPS}>
          <CardText text={clozeMarkdown(card.fields.text, ordinal, true)} />
          {card.fields.extra !== "" && <Extra text={card.fields.extra} />}
        </div>
      );
    case "image_occlusion": {
      const label = card.fields.boxes[ordinal]?.label;
      return (
        <>
          <CardText text={label || t`The part is uncovered in the picture.`} />
          {card.fields.extra !== "" && <Extra text={card.fields.extra} />}
        </>
      );
    }
    default:
      return <CardText text={ordinal === 1 ? card.fields.front : card.fields.back} />;
  }
}

const Extra = ({ text }: { text: string }) => (
  <div className="mt-3 text-muted">
    <CardText text={text} />
  </div>
);
