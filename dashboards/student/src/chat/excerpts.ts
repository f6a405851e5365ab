/** What an answer quotes of its passages, word for word. */
import type { Citation } from "@medai/client";
import { markersIn } from "@medai/ui";
import type { Cited } from "../source/cited.ts";
import { lettersOf } from "../source/place.ts";

/** Shorter ones may stand anywhere. */
const FEWEST = 12;

/** The demo provider’s excerpts begin so (`tests/simulator/src/demo.rs`): they are no answer, and look like none. */
export const isExcerpts = (text: string): boolean =>
  text.startsWith("### Excerpts from your documents, not an answer");

/** A citation with the block quotes of a text that name it and stand in its passage. */
export function withQuotes(citation: Citation, text: string): Cited {
  const passage = lettersOf(citation.text ?? "");
  const quotes = quotesIn(text)
    .filter(({ numbers }) => numbers.includes(citation.n))
    .map(({ quote }) => quote)
    .filter((quote) => {
      const letters = lettersOf(quote);
      return letters.length >= FEWEST && passage.includes(letters);
    });
  return quotes.length > 0 ? { ...citation, quotes } : citation;
}

/** The block quotes of a text, each with the numbers of the passages that it names. */
export function quotesIn(text: string): { quote: string; numbers: number[] }[] {
  const blocks = text.match(/^ {0,3}>.*(?:\n {0,3}>.*)*/gm) ?? [];
  return blocks.map((block) => {
    const line = block.replace(/^ {0,3}> ?/gm, "").replace(/\s+/g, " ");
    const markers = markersIn(line);
    let plain = "";
    let at = 0;
    for (const { start, end } of markers) {
      plain += line.slice(at, start);
      at = end;
    }
    plain += line.slice(at);
    const quote = plain.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    return { quote: quote.trim(), numbers: markers.flatMap(({ numbers }) => numbers) };
  });
}
