/** Cloze texts as Anki writes them: `{{c1::hidden::hint}}`. */

export interface Gap {
  number: number;
  hidden: string;
  hint: string | undefined;
}

/** A text in pieces: what is to be read, and what is hidden. */
export function piecesOf(text: string): (string | Gap)[] {
  const pieces: (string | Gap)[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{c(\d{1,3})::/g)) {
    if (match.index < from) continue;
    const start = match.index + match[0].length;
    const end = endOf(text, start);
    if (end === undefined) continue;
    const [hidden = "", hint] = text.slice(start, end).split("::");
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push({ number: Number(match[1]), hidden, hint: hint || undefined });
    from = end + 2;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** Where the two braces are that end a gap: formulas in it have braces of their own. */
function endOf(text: string, start: number): number | undefined {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "{") open += 1;
    else if (text[at] === "}" && open > 0) open -= 1;
    else if (text[at] === "}" && text[at + 1] === "}") return at;
  }
  // Braces that do not match: the first end is it.
  const first = text.indexOf("}}", start);
  return first < 0 ? undefined : first;
}

/** The text with its gaps open, or filled. */
export const clozed = (text: string, filled: boolean): string =>
  piecesOf(text)
    .map((piece) => {
      if (typeof piece === "string") return piece;
      return filled ? `**${piece.hidden}**` : `**[${piece.hint ?? "…"}]**`;
    })
    .join("");
