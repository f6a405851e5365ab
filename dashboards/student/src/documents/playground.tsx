import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type Citation, type Hit, Problem, type StudyDocument } from "@medai/client";
import { Badge, Button, number, Panel, Select, TextField } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { ProblemNotice } from "../app/limit.tsx";
import { doubtOf, pageOf } from "../source/doubt.ts";
import { search } from "./documents.ts";

/** What the panel beside the page shows: a passage, or a document from its beginning. */
export interface Place {
  citation: Citation;
  marked: boolean;
}

/** Shows what an answer would be made from: what is found for a question, and why. */
export function Playground({
  documents,
  onOpen,
}: {
  documents: StudyDocument[];
  onOpen: (place: Place) => void;
}) {
  const [asked, setAsked] = useState<{ q: string; document: string | undefined }>();
  const result = useQuery({
    queryKey: ["search", asked],
    enabled: asked !== undefined,
    staleTime: 60_000,
    queryFn: () => search(asked?.q ?? "", asked?.document),
  });
  return (
    <Panel title={t`Try the search`} aside={t`What an answer would be made from`} className="mt-10">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const q = String(form.get("q")).trim();
          // With one document there is no choice.
          if (q) setAsked({ q, document: String(form.get("document") ?? "") || undefined });
        }}
      >
        <div className="min-w-44 flex-1">
          <TextField
            bare
            label={t`Question`}
            name="q"
            type="search"
            placeholder={t`How is preload measured?`}
            required
          />
        </div>
        {documents.length > 1 && (
          <div className="w-full sm:w-56">
            <Select bare label={t`In which document`} name="document" defaultValue="">
              <option value="">
                <Trans>All documents</Trans>
              </option>
              {documents.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          </div>
        )}
        <Button type="submit" busy={result.isFetching}>
          <Trans>Search</Trans>
        </Button>
      </form>
      {result.error && (
        <div className="mt-4">
          <ProblemNotice problem={Problem.wrap(result.error)} />
        </div>
      )}
      {result.data && <Hits hits={result.data} question={asked?.q ?? ""} onOpen={onOpen} />}
    </Panel>
  );
}

interface HitsProps {
  hits: Hit[];
  question: string;
  onOpen: (place: Place) => void;
}

function Hits({ hits, question, onOpen }: HitsProps) {
  const words = wordsOf(question);
  const best = Math.max(...hits.map(({ score }) => score), Number.MIN_VALUE);
  if (hits.length === 0)
    return (
      <p role="status" className="mt-4 text-muted">
        <Trans>Nothing found. An answer to this would say that it is not in your documents.</Trans>
      </p>
    );
  return (
    <ol aria-label={t`Passages`} className="mt-4 flex flex-col">
      {hits.map((hit, at) => (
        <li key={`${hit.document_id} ${hit.page} ${hit.start}`} className="border-line border-t">
          <button
            type="button"
            className="w-full rounded-sm px-1 py-3 text-start hover:bg-sunken"
            onClick={() => onOpen({ marked: true, citation: { n: at + 1, ...hit } })}
          >
            <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
              <span className="flex min-w-0 flex-[1_1_14rem] items-baseline gap-2.5">
                <span className="figures text-faint text-sm">{number(at + 1)}</span>
                <span dir="auto" className="min-w-0 truncate font-medium">
                  {hit.title}
                </span>
                <span className="shrink-0 text-faint text-sm">
                  <Trans>p. {pageOf(hit)}</Trans>
                </span>
              </span>
              <span className="ms-auto flex gap-1.5">
                {doubtOf(hit) && (
                  <Badge tone="warn">
                    <Trans>Check the original</Trans>
                  </Badge>
                )}
                {hit.found_by?.includes("vector") && (
                  <Badge tone="good">
                    <Trans>meaning</Trans>
                  </Badge>
                )}
                {hit.found_by?.includes("text") && (
                  <Badge tone="good">
                    <Trans>words</Trans>
                  </Badge>
                )}
                <Badge>{number(Math.round((hit.score / best) * 100))}</Badge>
              </span>
            </span>
            <span dir="auto" className="mt-1 block font-serif text-muted leading-relaxed">
              <Snippet text={hit.snippet || hit.text} words={words} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** A passage, with the words that were asked for marked. */
function Snippet({ text, words }: { text: string; words: RegExp | undefined }) {
  if (!words) return text;
  return text.split(words).map((part, at) => {
    const key = `${at} ${part}`;
    return at % 2 === 1 ? (
      <mark key={key} className="rounded-[2px] bg-mark px-0.5 text-mark-ink">
        {part}
      </mark>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    );
  });
}

/** The words of a question that say what it is about, with their endings. */
function wordsOf(question: string): RegExp | undefined {
  const words = question.match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return words.length > 0 ? new RegExp(`\\b((?:${words.join("|")})\\p{L}*)`, "giu") : undefined;
}
