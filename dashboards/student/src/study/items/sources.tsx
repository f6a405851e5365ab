import { Trans } from "@lingui/react/macro";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Cited } from "../../source/cited.ts";
import { pageOf } from "../../source/doubt.ts";
import type { Source } from "../result_types.ts";

interface Known {
  numbers: ReadonlyMap<string, number>;
  onOpen: (cited: Cited) => void;
}

const SourcesContext = createContext<Known>({ numbers: new Map(), onOpen: () => undefined });

/** The same words of the same page are the same source. */
const keyOf = ({ document_id, page, quote }: Source): string => `${document_id} ${page} ${quote}`;

/** Numbers the sources of what is in it, each once, in their order. */
export function Sourced({
  sources,
  onOpen,
  children,
}: {
  sources: readonly Source[];
  onOpen: (cited: Cited) => void;
  children: ReactNode;
}) {
  const known = useMemo(() => {
    const keys = [...new Set(sources.map(keyOf))];
    return { numbers: new Map(keys.map((key, at) => [key, at + 1])), onOpen };
  }, [sources, onOpen]);
  return <SourcesContext value={known}>{children}</SourcesContext>;
}

/** A source as the panel beside the page takes it: what is marked there are the quoted words. */
export const citedOf = (source: Source, n: number): Cited => ({
  n,
  document_id: source.document_id,
  title: source.title,
  page: source.page,
  label: source.label ?? null,
  start: 0,
  end: 0,
  score: 1,
  text: source.quote,
});

/** Where something is from: the quoted words, and the way to their page. */
export function SourceLine({ source }: { source: Source | null | undefined }) {
  const { numbers, onOpen } = useContext(SourcesContext);
  if (!source) return null;
  const n = numbers.get(keyOf(source)) ?? 1;
  return (
    <div className="mt-1.5 border-mark border-s-4 ps-3 font-sans text-sm">
      <p dir="auto" className="line-clamp-3 text-muted print:line-clamp-none">
        <q>{source.quote}</q>
      </p>
      <button
        type="button"
        className="hit mt-0.5 flex max-w-full items-baseline gap-2 rounded-sm py-0.5 text-start hover:underline pointer-coarse:py-2"
        onClick={() => onOpen(citedOf(source, n))}
      >
        <span className="cite shrink-0" aria-hidden>
          {n}
        </span>
        <span dir="auto" className="min-w-0 truncate">
          {source.title}
        </span>
        <span className="shrink-0 text-faint">
          <Trans>p. {pageOf({ page: source.page, label: source.label ?? null })}</Trans>
        </span>
      </button>
    </div>
  );
}
