/** What of a document could not be read, in the reader's language; the API says it in English. */
import { plural } from "@lingui/core/macro";
import { number } from "@medai/ui";

export interface Pages {
  failed_pages?: number[];
  textless_pages?: number[];
  blank_pages?: number[];
  words_only_pages?: number[];
}

export function partlyRead(pages: Pages): string {
  const { failed_pages = [], textless_pages = [], blank_pages = [], words_only_pages = [] } = pages;
  const [failed, textless, blank, wordsOnly] = [
    failed_pages,
    textless_pages,
    blank_pages,
    words_only_pages,
  ].map(runs);
  return [
    failed &&
      plural(failed_pages.length, {
        one: `Page ${failed} could not be read.`,
        other: `Pages ${failed} could not be read.`,
      }),
    textless &&
      plural(textless_pages.length, {
        one: `Page ${textless} has no text layer; text recognition (OCR) can read it.`,
        other: `Pages ${textless} have no text layer; text recognition (OCR) can read them.`,
      }),
    blank &&
      plural(blank_pages.length, {
        one: `No text was recognised on page ${blank}.`,
        other: `No text was recognised on pages ${blank}.`,
      }),
    wordsOnly &&
      plural(words_only_pages.length, {
        one: `Page ${wordsOnly} has passages that are found by their words only, not by their meaning.`,
        other: `Pages ${wordsOnly} have passages that are found by their words only, not by their meaning.`,
      }),
  ]
    .filter(Boolean)
    .join(" ");
}

/** `1–3, 7`, of sorted numbers. */
export function runs(pages: readonly number[]): string {
  const found: [first: number, last: number][] = [];
  for (const page of pages) {
    const open = found.at(-1);
    if (open && open[1] + 1 === page) open[1] = page;
    else found.push([page, page]);
  }
  return found
    .map(([first, last]) => (first === last ? number(first) : `${number(first)}–${number(last)}`))
    .join(", ");
}
