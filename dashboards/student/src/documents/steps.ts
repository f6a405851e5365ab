import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import type { DocumentProgress } from "@medai/client";
import { number } from "@medai/ui";

/** The steps of reading a document, in order. */
const STEPS: readonly [string, MessageDescriptor][] = [
  ["reading", msg`reading`],
  ["splitting", msg`finding passages`],
  ["embedding", msg`learning what they say`],
  ["indexing", msg`making them searchable`],
];

/**
 * The step in words, and where it is. The last page of one step is not the end of all, so each says which of them it is.
 */
export function stepOf({ step, pages_done, pages, chunks_done, chunks }: DocumentProgress): string {
  const at = STEPS.findIndex(([name]) => name === step);
  const done = pages_done ?? chunks_done;
  const all = pages ?? chunks;
  const where = done === undefined ? undefined : placeOf(done, all, pages_done !== undefined);
  const known = STEPS[at]?.[1];
  if (step !== "recognising" && !known) return t`Waiting to be read`;
  const name = known
    ? t`Step ${number(at + 1)} of ${number(STEPS.length)}: ${i18n._(known)}`
    : t`Recognising text`;
  return where === undefined ? name : t`${name}, ${where}`;
}

/** `page 3 of 100`, of pages or of passages. */
function placeOf(done: number, all: number | undefined, inPages: boolean): string {
  if (done === all)
    return inPages
      ? plural(all, { one: "all # page", other: "all # pages" })
      : plural(all, { one: "all # passage", other: "all # passages" });
  const at = number(done);
  if (all === undefined) return inPages ? t`page ${at}` : t`passage ${at}`;
  return inPages ? t`page ${at} of ${number(all)}` : t`passage ${at} of ${number(all)}`;
}
