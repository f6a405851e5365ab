import type { Citation } from "@medai/client";
import { Badge, Button } from "@medai/ui";
import { useId, useState } from "react";
import { doubtOf, pageOf } from "../source/doubt.ts";

/** So much of a passage is read at once. */
const SHORT = 280;

/** What a student’s documents say to a question that has no answer yet. */
export function FoundPassages({
  passages,
  onCite,
}: {
  passages: readonly Citation[];
  onCite: (citation: Citation) => void;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface px-3 py-3 sm:px-4">
      <h3 id={id} className="font-sans font-semibold text-[0.9375rem] tracking-normal">
        Passages found for your question
      </h3>
      <ol className="mt-1 divide-y divide-line">
        {passages.map((passage) => (
          <Passage key={passage.n} passage={passage} onCite={onCite} />
        ))}
      </ol>
    </section>
  );
}

function Passage({ passage, onCite }: { passage: Citation; onCite: (citation: Citation) => void }) {
  const [whole, setWhole] = useState(false);
  const { title, text } = passage;
  const long = (text?.length ?? 0) > SHORT;
  const name = `${title}, page ${pageOf(passage)}`;
  return (
    <li className="py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <button
          type="button"
          className="hit min-w-0 truncate text-start font-medium text-accent hover:underline"
          aria-label={`Open ${name}`}
          onClick={() => onCite(passage)}
        >
          {title}
        </button>
        <span className="shrink-0 text-faint">p. {pageOf(passage)}</span>
        {doubtOf(passage) && <Badge tone="warn">Check the original</Badge>}
      </div>
      {text === undefined || text === null ? (
        <p className="mt-1 text-faint text-sm">Its document is no longer there.</p>
      ) : (
        <blockquote dir="auto" className="mt-1 border-line border-s-2 ps-3 text-[0.9375rem] text-muted">
          {long && !whole ? `${cut(text)} …` : text}
        </blockquote>
      )}
      {long && (
        <Button
          size="sm"
          look="quiet"
          className="mt-1"
          aria-expanded={whole}
          aria-label={`${whole ? "Less" : "More"} of ${name}`}
          onClick={() => setWhole(!whole)}
        >
          {whole ? "Less" : "More"}
        </Button>
      )}
    </li>
  );
}

/** Its beginning, to the end of a word. */
const cut = (text: string): string => text.slice(0, SHORT).replace(/\s+\S*$/, "");
