import { ENVIRONMENT } from "./formula_pieces.ts";

/**
 * Cuts Markdown into blocks that can be rendered alone, so that of an answer which is being written only the last one
 * is rendered anew. Joined by nothing they are the text again. What is before the last block never changes when text
 * is added: that is what keeps the answer from flickering.
 */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let block = "";
  let fence: string | undefined;
  let math: string | undefined;
  let plain = true;
  const lines = text.split(/(?<=\n)/);
  for (const [at, line] of lines.entries()) {
    block += line;
    plain &&= !/^\s*([-*+|>#=]|\d{1,9}[.)]|`{3}|~{3}|\$\$|\\\[|\\begin\{)/.test(line);
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    } else if (math) {
      if (line.includes(math)) math = undefined;
    } else if (mark) {
      fence = mark;
    } else math = opened(line);
    const next = lines[at + 1];
    const free = !fence && !math && next !== undefined;
    const ends = free && line.trim() === "" && next.trim() !== "" && !continues(next);
    if (block.trim() !== "" && (ends || (free && plain && BEGINS_LIST.test(next)))) {
      blocks.push(block);
      block = "";
      plain = true;
    }
  }
  if (block !== "") blocks.push(block);
  return blocks;
}

/** Does the same for a text that grows: what is whole is not looked at again. */
export function growingBlocks(): (text: string) => string[] {
  let whole: string[] = [];
  let known = "";
  return (text) => {
    if (!text.startsWith(known)) [whole, known] = [[], ""];
    const more = blocksOf(text.slice(known.length));
    const done = more.slice(0, -1);
    whole = done.length > 0 ? [...whole, ...done] : whole;
    known += done.join("");
    return [...whole, ...more.slice(-1)];
  };
}

/** Whether a line after a blank one may belong to the list, quote or table before it. */
function continues(line: string): boolean {
  return /^(\s|[-*+]([ \t]|$)|\d{1,9}[.)]([ \t]|$)|\d{1,9}$|>|[-*+]$)/.test(line);
}

/** A list that stands directly below a paragraph is a block of its own. */
const BEGINS_LIST = /^([-*+]|1[.)])[ \t]+[^\s\-*_+]/;

const BEGINS = new RegExp(String.raw`^[ \t>]*\\begin\{(${ENVIRONMENT})\}`);

/** What closes the displayed formula that this line opens and does not close. */
function opened(line: string): string | undefined {
  const [, kind] = BEGINS.exec(line) ?? [];
  if (kind) return line.includes(`\\end{${kind}}`) ? undefined : `\\end{${kind}}`;
  const [, mark] = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(\$\$|\\\[)/.exec(line) ?? [];
  if (mark === "$$") return line.split("$$").length % 2 === 0 ? "$$" : undefined;
  return mark && !line.includes("\\]") ? "\\]" : undefined;
}
