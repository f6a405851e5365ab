/** Where in the pieces of a page's text a passage is: whole pieces and parts of the first and last. */
export interface Span {
  piece: number;
  from: number;
  to: number;
}

/** Letters and digits only, in one case, ligatures taken apart: what two readers of a PDF agree on. */
function plain(text: string): { letters: string[]; at: number[] } {
  const letters: string[] = [];
  const at: number[] = [];
  let index = 0;
  for (const char of text) {
    for (const letter of char.normalize("NFKD").toLowerCase()) {
      if (/[\p{L}\p{N}]/u.test(letter)) {
        letters.push(letter);
        at.push(index);
      }
    }
    index += char.length;
  }
  return { letters, at };
}

/** A passage of which less than this can be found is not placed: no mark is better than a wrong one. */
const ENOUGH = 0.8;
const SEED = 24;

/** What a text has to be found by. */
export const lettersOf = (text: string): string => plain(text).letters.join("");

/**
 * Finds a passage in the pieces that pdf.js cuts a page into. Spaces, hyphens and ligatures differ between readers, so
 * only letters are compared; a passage may also be interrupted, as by a footnote. Undefined where it is not there. Where
 * sentences are quoted of it and stand in it, these are found, and not the whole.
 */
export function place(
  pieces: readonly string[],
  passage: string,
  quotes: readonly string[] = [],
): Span[] | undefined {
  const page = { letters: [] as string[], piece: [] as number[], at: [] as number[] };
  for (const [piece, text] of pieces.entries()) {
    const { letters, at } = plain(text);
    for (const [index, letter] of letters.entries()) {
      page.letters.push(letter);
      page.piece.push(piece);
      page.at.push(at[index] ?? 0);
    }
  }
  const haystack = page.letters.join("");
  const whole = found(haystack, lettersOf(passage));
  if (!whole) return undefined;
  const [start, end] = [whole[0]?.[0] ?? 0, whole.at(-1)?.[1] ?? 0];
  const within = haystack.slice(0, end);
  const quoted = quotes.flatMap((quote) => found(within, lettersOf(quote), start) ?? []);
  return spans(quoted.length > 0 ? apart(quoted) : whole, page, pieces);
}

/** Where something is, if enough of it is there. */
function found(haystack: string, needle: string, from = 0): [number, number][] | undefined {
  if (needle === "") return undefined;
  const ranges = rangesOf(haystack, needle, from);
  const length = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  return length < needle.length * ENOUGH ? undefined : ranges;
}

/** In the order of the page, and nothing twice. */
function apart(ranges: [number, number][]): [number, number][] {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  return sorted.reduce<[number, number][]>((known, [from, to]) => {
    const last = known.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else known.push([from, to]);
    return known;
  }, []);
}

/** The parts of the passage on the page, in order: the whole of it, or what is left where something stands between. */
function rangesOf(haystack: string, needle: string, begin: number): [number, number][] {
  const whole = haystack.indexOf(needle, begin);
  if (whole >= 0) return [[whole, whole + needle.length]];
  const ranges: [number, number][] = [];
  let from = begin;
  for (let at = 0; at + SEED <= needle.length; ) {
    const start = haystack.indexOf(needle.slice(at, at + SEED), from);
    if (start < 0) {
      at += 1;
      continue;
    }
    let length = SEED;
    while (at + length < needle.length && haystack[start + length] === needle[at + length]) length += 1;
    ranges.push([start, start + length]);
    from = start + length;
    at += length;
  }
  return ranges;
}

function spans(
  ranges: [number, number][],
  page: { piece: number[]; at: number[] },
  pieces: readonly string[],
): Span[] {
  return ranges.flatMap(([start, end]) => {
    const result: Span[] = [];
    for (let index = start; index < end; index += 1) {
      const piece = page.piece[index] ?? 0;
      const at = page.at[index] ?? 0;
      const last = result.at(-1);
      if (last?.piece === piece) last.to = at + 1;
      // What goes on begins each further piece at its beginning.
      else result.push({ piece, from: index === start ? at : 0, to: at + 1 });
    }
    // What ends a piece inside the passage is marked to its end, with its full stop.
    return result.map((span, index) => {
      const text = pieces[span.piece] ?? "";
      const goesOn = index < result.length - 1;
      const rest = /^[^\p{L}\p{N}]*$/u.test(text.slice(span.to));
      return goesOn || rest ? { ...span, to: text.length } : span;
    });
  });
}
