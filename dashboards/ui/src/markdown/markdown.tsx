import { memo, useId, useMemo, useState } from "react";
import { growingBlocks } from "./blocks.ts";
import { CiteContext } from "./cite_marker.tsx";
import { WritingContext } from "./code_block.tsx";
import { labelsOf, NotesContext } from "./foot_note.tsx";
import { mend } from "./mend.ts";
import { partsOf } from "./parts.ts";
import { Parted, Whole } from "./view.tsx";

interface Props {
  text: string;
  /** More of it is on its way. */
  streaming?: boolean;
  /** The numbers that `[n]` may have; others stay text. */
  cited?: ReadonlySet<number>;
  onCite?: (n: number) => void;
}

const NO_CITES: ReadonlySet<number> = new Set();

/** An answer. Blocks that are whole are rendered once, however long it goes on. */
export function Markdown({ text, streaming = false, cited = NO_CITES, onCite }: Props) {
  const [blocksOf] = useState(growingBlocks);
  const blocks = useMemo(() => blocksOf(text), [blocksOf, text]);
  const cites = useMemo(() => ({ cited, onCite }), [cited, onCite]);
  const prefix = useId();
  const labels = labelsOf(text);
  const notes = useMemo(() => ({ prefix, labels: labels.split(" ") }), [prefix, labels]);
  return (
    <CiteContext value={cites}>
      <NotesContext value={notes}>
        <div className={streaming ? "prose writing" : "prose"}>
          {blocks.map((block, at) => (
            // Blocks only ever grow at the end.
            // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
            <Block key={at} text={block} writing={streaming && at === blocks.length - 1} />
          ))}
        </div>
      </NotesContext>
    </CiteContext>
  );
}

const Block = memo(function Block({ text, writing }: { text: string; writing: boolean }) {
  const shown = writing ? mend(text) : text;
  const parts = partsOf(shown);
  return (
    <WritingContext value={writing}>
      {parts ? <Parted {...parts} /> : <Whole text={shown} keep={!writing} />}
    </WritingContext>
  );
});
