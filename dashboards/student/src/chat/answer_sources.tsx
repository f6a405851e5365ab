import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Citation } from "@medai/client";
import { Badge } from "@medai/ui";
import { doubtOf, pageOf } from "../source/doubt.ts";

/** The sources below an answer, each once. */
export function Sources({
  citations,
  onCite,
}: {
  citations: Citation[];
  onCite: (citation: Citation) => void;
}) {
  return (
    <ol aria-label={t`Sources`} className="mt-1 flex flex-col border-line border-t pt-2">
      {citations.map((citation) => (
        <li key={citation.n}>
          <button
            type="button"
            className="flex w-full items-baseline gap-2.5 rounded-sm px-1 py-1 pointer-coarse:py-2.5 text-start text-sm hover:bg-sunken"
            onClick={() => onCite(citation)}
          >
            <span className="cite shrink-0" aria-hidden>
              {citation.n}
            </span>
            <span dir="auto" className="min-w-0 truncate">
              {citation.title}
            </span>
            <span className="ms-auto flex shrink-0 flex-wrap items-baseline justify-end gap-x-2 text-faint">
              {doubtOf(citation) && (
                <Badge tone="warn">
                  <Trans>Check the original</Trans>
                </Badge>
              )}
              <Trans>p. {pageOf(citation)}</Trans>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
