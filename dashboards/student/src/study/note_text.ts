/** A note in one line, for lists; and the cards that it makes. */
import { numbersIn, plainCloze } from "./cloze.ts";
import type { Filled } from "./types.ts";

const LONGEST = 240;

/** Without the marks of Markdown, as far as that goes without reading it. */
const bare = (text: string): string =>
  text
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|`)/g, "")
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST);

/** What is asked, and what is answered, as far as that can be said in a line. */
export function linesOf(note: Filled): { front: string; back: string } {
  switch (note.kind) {
    case "cloze":
      return { front: bare(plainCloze(note.fields.text)), back: bare(note.fields.extra) };
    case "image_occlusion": {
      const labels = note.fields.boxes.flatMap(({ label }) => (label ? [label] : []));
      return { front: bare(note.fields.header), back: labels.join(", ").slice(0, LONGEST) };
    }
    default:
      return { front: bare(note.fields.front), back: bare(note.fields.back) };
  }
}

/** Which cards a note makes, by their ordinals. */
export function ordinalsOf(note: Filled): number[] {
  switch (note.kind) {
    case "cloze":
      return numbersIn(note.fields.text);
    case "image_occlusion":
      return note.fields.boxes.map((_, at) => at);
    case "basic_reversed":
      return [0, 1];
    default:
      return [0];
  }
}

/** Tags as they are typed: each a word, none twice. */
export function tagsOf(text: string): string[] {
  const seen = new Map<string, string>();
  for (const word of text.split(/[\s,]+/).filter(Boolean))
    seen.set(word.toLowerCase(), seen.get(word.toLowerCase()) ?? word);
  return [...seen.values()];
}
