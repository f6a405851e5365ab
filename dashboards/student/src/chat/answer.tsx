import type { Citation, Message } from "@medai/client";
import { Badge, Button, Countdown, clock, Notice, Skeleton } from "@medai/ui";
import type { Markdown as MarkdownView } from "@medai/ui/markdown";
import { RotateCcw, SearchX, WifiOff } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { doubtOf, pageOf } from "../source/doubt.ts";
import type { EventData } from "../stream/event.ts";
import { type Live, useLive } from "../stream/live.ts";
import { hasEnded } from "../stream/reduce.ts";
import { citedIn } from "./cited.ts";
import { useKnownDocuments } from "./known_documents.ts";

/** Rendering is a chunk of its own. Once it is there it is used at once: a lazy component would first show its fallback. */
let Loaded: typeof MarkdownView | undefined;
const Lazy = lazy(async () => ({ default: await loadMarkdown() }));

export async function loadMarkdown(): Promise<typeof MarkdownView> {
  Loaded = (await import("@medai/ui/markdown")).Markdown;
  return Loaded;
}

/** What an answer is, whether its end was seen live or comes from the API. */
export interface Shown {
  text: string;
  face: "queued" | "waiting" | "writing" | "done" | "truncated" | "blocked" | "cancelled" | "error";
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

/** What there is to show of an answer. */
export function useShown(message: Message | undefined): Shown | undefined {
  const live = useLive(message?.job_id);
  if (!message) return undefined;
  if (message.status !== "pending") {
    return {
      text: message.content,
      face: FACES[message.status],
      citations: message.citations,
      ending: (message.error ?? {}) as EventData,
      live: undefined,
    };
  }
  const answer = live?.answer;
  return {
    text: answer?.text ?? "",
    face: answer?.phase ?? "queued",
    citations:
      answer?.citations && (hasEnded(answer) ? citedIn(answer.text, answer.citations) : answer.citations),
    ending: answer?.ending ?? {},
    live,
  };
}

interface Props {
  shown: Shown;
  message: Message;
  onCite: (citation: Citation) => void;
  onRetry: () => void;
}

export function AnswerView({ shown, message, onCite, onRetry }: Props) {
  const { text, face, citations, ending, live } = shown;
  const cited = useMemo(() => new Set(citations?.map(({ n }) => n)), [citations]);
  const cite = useMemo(
    () => (n: number) => {
      const citation = citations?.find((each) => each.n === n);
      if (citation) onCite(citation);
    },
    [citations, onCite],
  );
  const writing = face === "queued" || face === "waiting" || face === "writing";
  const outside = useOutside(message, shown);
  const [Markdown] = useState(() => Loaded ?? Lazy);
  return (
    // As wide as the text in it.
    <div className="flex max-w-[39.375rem] flex-col gap-3" aria-busy={writing || undefined}>
      {live && live.answer.restarts > 0 && writing && (
        <p className="text-faint text-sm">Another provider took over and answers from the start.</p>
      )}
      {text !== "" && (
        <Suspense fallback={<p className="prose whitespace-pre-wrap">{text}</p>}>
          <Markdown text={text} streaming={writing} cited={cited} onCite={cite} />
        </Suspense>
      )}
      {writing && <Progress face={face} live={live} hasText={text !== ""} />}
      <End face={face} ending={ending} hasText={text !== ""} onRetry={onRetry} />
      {!writing && citations && citations.length > 0 && <Sources citations={citations} onCite={onCite} />}
      {outside && (
        <p className="flex items-center gap-2.5 border-line border-t pt-3 text-muted text-sm">
          <SearchX size={17} className="shrink-0 text-faint" aria-hidden />
          <span>
            <strong className="font-semibold text-ink">Not in your documents.</strong> This is general
            knowledge; check it.
          </span>
        </p>
      )}
    </div>
  );
}

function Progress({
  face,
  live,
  hasText,
}: {
  face: Shown["face"];
  live: Live | undefined;
  hasText: boolean;
}) {
  if (live && !live.connected && live.answer.seen >= 0)
    return (
      <Quiet>
        <WifiOff size={16} className="shrink-0" aria-hidden />
        <span className="min-w-0 flex-1">
          Connection lost. The answer goes on here as soon as it is back.
        </span>
      </Quiet>
    );
  if (face === "waiting" && live?.answer.retryAt)
    return (
      <Notice tone="warn" title="Every provider is resting">
        Your question keeps its place and goes on by itself in{" "}
        <strong className="text-ink">
          <Countdown to={live.answer.retryAt} />
        </strong>
        . You can leave this page.
      </Notice>
    );
  if (face === "queued" && live && live.answer.position > 0)
    return (
      <Quiet>
        <Pulse /> {live.answer.position} before you
      </Quiet>
    );
  // What is being written says so itself.
  if (hasText) return null;
  return (
    <Quiet>
      <Pulse /> Thinking
    </Quiet>
  );
}

function End({
  face,
  ending,
  hasText,
  onRetry,
}: {
  face: Shown["face"];
  ending: EventData;
  hasText: boolean;
  onRetry: () => void;
}) {
  const again = (label: string) => (
    <Button size="sm" icon={<RotateCcw size={15} />} onClick={onRetry}>
      {label}
    </Button>
  );
  if (face === "truncated")
    return (
      <Notice tone="warn" title="The answer breaks off here" actions={again("Answer anew")}>
        The provider stopped in mid-answer and no other could take over.
      </Notice>
    );
  if (face === "blocked")
    return (
      <Notice tone="warn" title="The provider declined to answer">
        {ending.message ?? "Its safety rules were triggered. Please rephrase your question."}
      </Notice>
    );
  if (face === "done" && ending.pictures_left_out)
    return (
      <Quiet>
        Pictures of earlier messages were not shown to the model. Attach one again to ask about it.
      </Quiet>
    );
  if (face === "cancelled")
    return (
      <Quiet>
        {hasText ? "You stopped the answer here." : "You stopped this before it was answered."}
        {again("Answer anew")}
      </Quiet>
    );
  if (face === "error") {
    const back = backOf(ending);
    return (
      <Notice tone="bad" title="There is no answer" actions={again("Try again")}>
        {ending.message ?? "Something went wrong. Please try again."}
        {back && ` It should work again at ${clock(back)}.`} This question was not charged.
      </Notice>
    );
  }
  return null;
}

/** The sources below an answer, each once. */
function Sources({ citations, onCite }: { citations: Citation[]; onCite: (citation: Citation) => void }) {
  return (
    <ol aria-label="Sources" className="mt-1 flex flex-col border-line border-t pt-2">
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
            <span className="min-w-0 truncate">{citation.title}</span>
            <span className="ms-auto flex shrink-0 flex-wrap items-baseline justify-end gap-x-2 text-faint">
              {doubtOf(citation) && <Badge tone="warn">Check the original</Badge>}
              p. {pageOf(citation)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2.5 text-faint text-sm">{children}</div>;
}

/** The beat that says that something is under way. */
function Pulse() {
  return (
    <span aria-hidden className="inline-flex items-center gap-1">
      <Skeleton className="size-1.5 rounded-full bg-accent!" />
      <Skeleton className="size-1.5 rounded-full bg-accent! [animation-delay:0.2s]" />
      <Skeleton className="size-1.5 rounded-full bg-accent! [animation-delay:0.4s]" />
    </span>
  );
}

/** Whether the student's documents were searched for it, and nothing in them fits. Said at its end: nothing moves. */
function useOutside(message: Message, { face, text, citations, live }: Shown): boolean {
  const searchedSince = useKnownDocuments(message.session_id);
  if (message.feature !== "chat" || face !== "done" || live || text === "") return false;
  return citations?.length === 0 && searchedSince !== undefined && message.created_at > searchedSince;
}

function backOf(ending: EventData): string | undefined {
  const { details } = ending;
  const known = typeof details === "object" && details !== null && "retry_at" in details;
  return known && typeof details.retry_at === "string" ? details.retry_at : ending.retry_at;
}
