import { Trans } from "@lingui/react/macro";
import type { Citation, Message } from "@medai/client";
import { chunk } from "@medai/client/chunks";
import { Loads } from "@medai/ui";
import type { Markdown as MarkdownView } from "@medai/ui/markdown";
import { SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import type { Cited } from "../source/cited.ts";
import type { EventData, Item } from "../stream/event.ts";
import { type Live, useLive } from "../stream/live.ts";
import { hasEnded } from "../stream/reduce.ts";
import { itemsOf, materialOf } from "../study/items/of_message.ts";
import { areKnown } from "../study/items/sorted.ts";
import type { Material } from "../study/result_types.ts";
import { Sources } from "./answer_sources.tsx";
import { citedIn } from "./cited.ts";
import { End } from "./ending.tsx";
import { isExcerpts, withQuotes } from "./excerpts.ts";
import { FoundPassages } from "./found_passages.tsx";
import { MadeAnswer } from "./made.tsx";
import { isOutside } from "./outside.ts";
import { Progress } from "./progress.tsx";

/** Rendering is a chunk of its own. Once it is there it is used at once: a lazy component would first show its fallback. */
let Loaded: typeof MarkdownView | undefined;
const Lazy = chunk(async () => ({ default: await loadMarkdown() }));

export async function loadMarkdown(): Promise<typeof MarkdownView> {
  Loaded = (await import("@medai/ui/markdown")).Markdown;
  return Loaded;
}

/** What an answer is, whether its end was seen live or comes from the API. */
export interface Shown {
  text: string;
  face: "queued" | "waiting" | "writing" | "done" | "truncated" | "blocked" | "cancelled" | "error";
  /** What it is made of, where it is more than text. */
  items: readonly Item[];
  /** Where that is kept. */
  material: Material | undefined;
  citations: Citation[] | undefined;
  ending: EventData;
  live: Live | undefined;
}

const FACES = {
  complete: "done",
  truncated: "truncated",
  blocked: "blocked",
  cancelled: "cancelled",
  failed: "error",
} as const;

const NO_ITEMS: readonly Item[] = [];

/** What there is to show of an answer. */
export function useShown(message: Message | undefined): Shown | undefined {
  const live = useLive(message?.job_id);
  if (!message) return undefined;
  if (message.status !== "pending") {
    return {
      text: message.content,
      face: FACES[message.status],
      items: itemsOf(message),
      material: materialOf(message),
      citations: message.citations,
      ending: (message.error ?? {}) as EventData,
      live: undefined,
    };
  }
  const answer = live?.answer;
  return {
    text: answer?.text ?? "",
    face: answer?.phase ?? "queued",
    items: answer?.items ?? NO_ITEMS,
    material: answer?.ending && materialOf(answer.ending),
    // What was found for a question that waits is stored with it, and is all there is where nobody could answer.
    citations:
      answer?.citations && hasEnded(answer) && answer.phase !== "error"
        ? citedIn(answer.text, answer.citations)
        : (answer?.citations ?? message.citations),
    ending: answer?.ending ?? {},
    live,
  };
}

interface Props {
  shown: Shown;
  message: Message;
  question: Message;
  /** Since when there are documents to search. */
  searchedSince: string | undefined;
  /** Its Markdown is rendered; until then its text is there as it came. */
  written: boolean;
  onCite: (citation: Cited) => void;
  onRetry: () => void;
}

export function AnswerView(props: Props) {
  const { shown, message, question, searchedSince, written, onCite, onRetry } = props;
  const { text, face, items, material, citations, ending, live } = shown;
  const cited = useMemo(() => new Set(citations?.map(({ n }) => n)), [citations]);
  const cite = useMemo(
    () => (n: number) => {
      const citation = citations?.find((each) => each.n === n);
      if (citation) onCite(withQuotes(citation, text));
    },
    [citations, onCite, text],
  );
  const writing = face === "queued" || face === "waiting" || face === "writing";
  const outside = isOutside({ message, question, shown, searchedSince });
  const excerpts = isExcerpts(text);
  // What is not known here is in the text, as soon as that is there.
  const made = text === "" ? items.length > 0 : written && areKnown(items);
  const rendered = <Rendered text={text} streaming={writing} cited={cited} onCite={cite} />;
  return (
    // As wide as the text in it.
    <div className="flex max-w-[39.375rem] flex-col gap-3" aria-busy={writing || undefined}>
      {live && live.answer.restarts > 0 && writing && (
        <p className="text-faint text-sm">
          <Trans>The answer starts again.</Trans>
        </p>
      )}
      {made && (
        <MadeAnswer
          items={items}
          writing={writing}
          material={material}
          made={ending.made}
          onCite={onCite}
          text={text === "" ? undefined : rendered}
        />
      )}
      {text !== "" && !made && (
        <div
          className={excerpts ? "rounded-lg border border-edge border-dashed bg-sunken px-4 py-3" : undefined}
        >
          <Loads fallback={<Plain text={text} />} failed={() => <Plain text={text} />}>
            {written || writing ? rendered : <Plain text={text} />}
          </Loads>
        </div>
      )}
      {writing && <Progress message={message} live={live} passages={citations} onCite={onCite} />}
      <End face={face} ending={ending} hasText={made || text !== ""} onRetry={onRetry} />
      {!writing &&
        !made &&
        citations &&
        citations.length > 0 &&
        (text === "" ? (
          <FoundPassages passages={citations} onCite={onCite} />
        ) : (
          <Sources citations={citations} onCite={(citation) => onCite(withQuotes(citation, text))} />
        ))}
      {outside && (
        <p className="flex items-center gap-2.5 border-line border-t pt-3 text-muted text-sm">
          <SearchX size={17} className="shrink-0 text-faint" aria-hidden />
          <span>
            <Trans>
              <strong className="font-semibold text-ink">Not in your documents.</strong> This is general
              knowledge; check it.
            </Trans>
          </span>
        </p>
      )}
    </div>
  );
}

/** The Markdown, by whichever of the two was there when it was first shown. */
function Rendered(props: React.ComponentProps<typeof MarkdownView>) {
  const [Markdown] = useState(() => Loaded ?? Lazy);
  return <Markdown {...props} />;
}

const Plain = ({ text }: { text: string }) => (
  <p dir="auto" className="prose whitespace-pre-wrap">
    {text}
  </p>
);
