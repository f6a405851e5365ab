/**
 * A half-written text as it can be shown: what could still become something else is held back until it is whole, such as
 * half a number or half a formula, and what is open is closed, so that `**bo` shows as bold from its first letter on and
 * not as two stars that vanish later.
 */
import { openFormula } from "./formulas.ts";
import { openMarks } from "./open_marks.ts";

export function mend(text: string): string {
  const fences = text.match(/^[ \t>]*(`{3,}|~{3,})/gm) ?? [];
  // Half of the fence that ends code is no code.
  if (fences.length % 2 === 1) return text.replace(/\n[ \t>]*(`{1,2}|~{1,2})$/, "\n");
  const known = text.slice(0, openFormula(text) ?? text.length);
  const start = known.lastIndexOf("\n\n") + 1;
  const shown = tailHeld(linesHeld(known.slice(start)));
  return known.slice(0, start) + closed(shown);
}

/** What the end of a text may be the beginning of. */
const TAILS = [
  // A link, a picture, a marker, a note.
  /!?\[[^\]\n]{0,80}(?:\](?:\([^)\n]{0,300})?)?$|!$/,
  // An entity, a tag, an escape.
  /&#?\w{0,8}$|<\/?[a-z]{0,6} ?\/?$|<https?:[^\s>]*$|\\$/i,
  // A number, of which more digits may come, and the sign before it.
  /[-–−+~≈<>≤≥±$€£]?(?<![\d.,])\d[\d.,]*$/,
  // Marks that nothing follows yet.
  /(?<![*_~])[*_~]+$/,
];

function tailHeld(text: string): string {
  let shown = text;
  for (let before = ""; before !== shown && !openCode(shown); ) {
    before = shown;
    for (const tail of TAILS) shown = shown.replace(tail, "");
  }
  // Marks that code ends with may be those that close it.
  return shown.replace(/(?<!`)`+$/, (marks) => (openCode(shown) ? "" : marks));
}

function closed(text: string): string {
  const code = openCode(text);
  const marks = openMarks(text.slice(0, code?.at));
  if (code) return text + code.mark + marks;
  if (marks === "") return text;
  const trimmed = text.trimEnd();
  return trimmed + marks + text.slice(trimmed.length);
}

/** The code in a line that is not closed, if there is some. */
function openCode(text: string): { at: number; mark: string } | undefined {
  const runs = [...text.matchAll(/`+/g)];
  for (let at = 0; at < runs.length; at += 1) {
    const [mark = ""] = runs[at] ?? [];
    const end = runs.findIndex(([other], place) => place > at && other === mark);
    if (end < 0) return { at: runs[at]?.index ?? 0, mark };
    at = end;
  }
  return undefined;
}

/** Without a last line that would look like something else until it is whole: a table's head, a heading's line. */
function linesHeld(text: string): string {
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  const table = lines.findIndex((line) => line.trimStart().startsWith("|"));
  if (table >= 0 && lines.length - table <= 2) return lines.slice(0, table).join("\n");
  if (table >= 0 && last.trimStart().startsWith("|") && !last.trimEnd().endsWith("|"))
    return lines.slice(0, -1).join("\n");
  const isHead = (line = "") => / \|(?: |$)/.test(line.replace(/\$[^$]*\$|`[^`]*`/g, ""));
  if (!lines.slice(0, -1).some((line) => /^[\s|:-]*-[\s|:-]*\|?$/.test(line) && line.includes("|"))) {
    if (isHead(lines.at(-2)) && /^[\s|:-]*$/.test(last)) return lines.slice(0, -2).join("\n");
    if (isHead(last)) return lines.slice(0, -1).join("\n");
  }
  return /^[\s>]*(`{1,2}|~{1,2}|[-*_ ]+|=+|#{1,6}|(?:[-*+]|\d+[.)]?)\s*(\[[ xX]?\]?)?|>+)?\s*$/.test(last)
    ? lines.slice(0, -1).join("\n")
    : text;
}
