import type { DocumentProgress, StudyDocument } from "@medai/client";
import { Meter, number } from "@medai/ui";
import { useReading } from "./documents.ts";

const STEPS: Record<string, string> = {
  reading: "Reading",
  recognising: "Recognising text",
  splitting: "Cutting into passages",
  embedding: "Learning what it says",
  indexing: "Putting in order",
};

/** How far the reading of a document is. */
export function Reading({ document }: { document: StudyDocument }) {
  const { answer } = useReading(document);
  const now: DocumentProgress = answer?.progress ?? document.progress ?? {};
  const value = now.percent ?? 0;
  return (
    <div className="mt-2">
      <Meter label={`Reading ${document.title}`} progress value={value} max={100} className="h-1!" />
      <p className="figures mt-1 flex justify-between gap-3 text-faint text-sm">
        <span className="min-w-0 truncate">{stepOf(now)}</span>
        <span>{Math.round(value)}%</span>
      </p>
    </div>
  );
}

/** The step in words, with the page or passage that it is at. */
export function stepOf({ step, pages_done, pages, chunks_done, chunks }: DocumentProgress): string {
  const what = STEPS[step ?? ""] ?? "Waiting to be read";
  const at = pages_done ?? chunks_done;
  if (at === undefined) return what;
  const all = pages ?? chunks;
  const noun = pages_done === undefined ? "passage" : "page";
  return `${what}, ${noun} ${number(at)}${all === undefined ? "" : ` of ${number(all)}`}`;
}
