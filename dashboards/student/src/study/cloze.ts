/** Cloze deletions as Anki writes them, `{{c1::answer::hint}}`: read as the API reads them, and made Markdown. */

export type Piece = string | Deletion;

export interface Deletion {
  /** The number of its card, from 1. */
  number: number;
  inside: Piece[];
  hint: string | undefined;
}

export type NoCloze = "nothing" | "open" | "empty";

const BEGINNING = /^\{\{c(\d{1,2})::/;

/** The pieces of a text, or why it is no cloze. */
export function pieces(text: string): Piece[] | NoCloze {
  const outer: { number: number; before: Piece[] }[] = [];
  let here: Piece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") here.push(plain);
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const [begin, number] = BEGINNING.exec(text.slice(at, at + 8)) ?? [];
    if (begin && Number(number) > 0) {
      flush();
      outer.push({ number: Number(number), before: here });
      here = [];
      at += begin.length;
    } else if (outer.length > 0 && text.startsWith("}}", at)) {
      flush();
      const ended = outer.pop();
      if (!ended) break;
      const made = deletion(ended.number, here);
      if (!made) return "empty";
      here = [...ended.before, made];
      at += 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return outer.length > 0 ? "open" : here;
}

/** What stands behind `::` at its end is its hint. */
function deletion(number: number, inside: Piece[]): Deletion | undefined {
  const last = inside.at(-1);
  let hint: string | undefined;
  let kept = inside;
  if (typeof last === "string") {
    const at = last.lastIndexOf("::");
    if (at >= 0) {
      hint = last.slice(at + 2).trim() || undefined;
      kept = [...inside.slice(0, -1), last.slice(0, at)];
    }
  }
  const empty = kept.every((piece) => typeof piece === "string" && piece.trim() === "");
  return empty ? undefined : { number, inside: kept.filter((piece) => piece !== ""), hint };
}

/** The numbers of the cards that a text makes, in their order. */
export function numbersIn(text: string): number[] {
  const found = pieces(text);
  const numbers = new Set<number>();
  const collect = (all: Piece[]) => {
    for (const piece of all)
      if (typeof piece !== "string") {
        numbers.add(piece.number);
        collect(piece.inside);
      }
  };
  if (typeof found !== "string") collect(found);
  return [...numbers].sort((a, b) => a - b);
}

/** Why a text makes no cards; undefined where it does. */
export function noCloze(text: string): NoCloze | undefined {
  const found = pieces(text);
  if (typeof found === "string") return found;
  return numbersIn(text).length === 0 ? "nothing" : undefined;
}

/** The Markdown of one card: with a gap, or with what was in it. A text that is no cloze stays as it is. */
export function clozeMarkdown(text: string, number: number, revealed: boolean): string {
  const found = pieces(text);
  if (typeof found === "string") return text;
  let out = "";
  const write = (all: Piece[]) => {
    for (const piece of all) {
      if (typeof piece === "string") out += piece;
      else if (piece.number !== number) write(piece.inside);
      else out += gap(piece, revealed, opensFormula(out));
    }
  };
  write(found);
  return out;
}

/** The text with nothing left out, for lists. */
export function plainCloze(text: string): string {
  const found = pieces(text);
  const say = (all: Piece[]): string =>
    all.map((piece) => (typeof piece === "string" ? piece : say(piece.inside))).join("");
  return typeof found === "string" ? text : say(found);
}

/** `<ins>` is one of the few tags that our Markdown takes, and nothing else of a card is written with it. */
function gap({ inside, hint }: Deletion, revealed: boolean, inFormula: boolean): string {
  const answer = plainOf(inside);
  if (inFormula) return revealed ? `\\boxed{${answer}}` : `\\boxed{${hint ? `\\text{${hint}}` : "\\ldots"}}`;
  if (!revealed) return `<ins>[${hint ?? "…"}]</ins>`;
  // What has lines of its own cannot stand in a line.
  return answer.includes("\n") ? answer : `<ins>${answer}</ins>`;
}

const plainOf = (all: Piece[]): string =>
  all.map((piece) => (typeof piece === "string" ? piece : plainOf(piece.inside))).join("");

/** What opens, and what closes that. */
const CLOSING: Record<string, string> = { "\\(": "\\)", "\\[": "\\]", $$: "$$", $: "$" };
/** A dollar before a space, or of a sum of money, opens no formula. */
const MONEY = /^(?:\s|\d+(?:[.,]\d+)?(?:\s|$))/;

/** Whether a text ends within a formula. */
function opensFormula(before: string): boolean {
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1);
  let open: string | undefined;
  for (const { 0: sign, index } of paragraph.matchAll(/\\.|\$\$|\$/g)) {
    if (open !== undefined) {
      if (sign === open) open = undefined;
    } else if (sign !== "$" || !MONEY.test(paragraph.slice(index + 1))) open = CLOSING[sign];
  }
  return open !== undefined;
}

/** The number that the next deletion gets: the one after the last, or the same one again. */
export function nextNumber(text: string, again = false): number {
  const last = Math.max(0, ...numbersIn(text));
  return again ? Math.max(1, last) : last + 1;
}

/** Leaves out what is selected. Says where the selection is then. */
export function leaveOut(
  text: string,
  from: number,
  to: number,
  again = false,
): { text: string; from: number; to: number } {
  const begin = `{{c${nextNumber(text, again)}::`;
  return {
    text: `${text.slice(0, from)}${begin}${text.slice(from, to)}}}${text.slice(to)}`,
    from: from + begin.length,
    to: to + begin.length,
  };
}
