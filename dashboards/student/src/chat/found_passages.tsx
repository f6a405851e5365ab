import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
        <Trans>Passages found for your question</Trans>
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
  const page = pageOf(passage);
  const name = t`${title}, page ${page}`;
  return (
    <li className="py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <button
          type="button"
          className="hit min-w-0 truncate text-start font-medium text-accent hover:underline"
          aria-label={t`Open ${name}`}
          onClick={() => onCite(passage)}
        >
          <bdi>{title}</bdi>
        </button>
        <span className="shrink-0 text-faint">
          <Trans>p. {page}</Trans>
        </span>
        {doubtOf(passage) && (
          <Badge tone="warn">
            <Trans>Check the original</Trans>
          </Badge>
        )}
      </div>
      {text === undefined || text === null ? (
        <p className="mt-1 text-faint text-sm">
          <Trans>Its document is no longer there.</Trans>
        </p>
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
          aria-label={whole ? t`Less of ${name}` : t`More of ${name}`}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t`Less` : t`More`}
        </Button>
      )}
    </li>
  );
}

/** Its beginning, to the end of a word. */
const cut = (text: string): string => text.slice(0, SHORT).replace(/\s+\S*$/, "");
