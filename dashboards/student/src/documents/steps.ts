import type { DocumentProgress } from "@medai/client";
import { number } from "@medai/ui";

/** The steps of reading a document, in order. */
const STEPS: readonly [string, string][] = [
  ["reading", "reading"],
  ["splitting", "finding passages"],
  ["embedding", "learning what they say"],
  ["indexing", "making them searchable"],
];

/**
 * The step in words, and where it is. The last page of one step is not the end of all, so each says which of them it is.
 */
export function stepOf({ step, pages_done, pages, chunks_done, chunks }: DocumentProgress): string {
  const at = STEPS.findIndex(([name]) => name === step);
  const done = pages_done ?? chunks_done;
  const all = pages ?? chunks;
  const noun = pages_done === undefined ? "passage" : "page";
  const where =
    done === undefined
      ? ""
      : done === all
        ? `, all ${number(all)} ${noun}s`
        : `, ${noun} ${number(done)}${all === undefined ? "" : ` of ${number(all)}`}`;
  if (step === "recognising") return `Recognising text${where}`;
  const name = STEPS[at]?.[1];
  return name === undefined ? "Waiting to be read" : `Step ${at + 1} of ${STEPS.length}: ${name}${where}`;
}
