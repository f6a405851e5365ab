/**
 * Formulas, taken out of a text before its Markdown is read and put back afterwards: nothing in them is markup, no bar
 * in them is a border of a cell, and where one turns out to stand in code, its place gets back what was written.
 */
import { INLINE, isAlone, isDisplayed, isInline, isMoney, isOpen, PIECE, texOf } from "./formula_pieces.ts";
import { element, type Node, splitTexts, text as textNodes } from "./node.ts";
import { tablesOf } from "./tables.ts";

export interface Formula {
  tex: string;
  display: boolean;
  /** As it stood in the text. */
  written: string;
}

/** What stands in the place of a formula. For Markdown these are letters. No text has them. */
const [OPEN, CLOSE] = ["\uE07C", "\uE07D"];
const PLACE = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");

export function formulasIn(written: string): { text: string; formulas: Formula[] } {
  const formulas: Formula[] = [];
  if (!/[$\\]/.test(written)) return { text: written, formulas };
  const isTable = tablesOf(written);
  let text = "";
  let end = 0;
  const pieces = new RegExp(PIECE);
  for (let piece = pieces.exec(written); piece; piece = pieces.exec(written)) {
    const { index } = piece;
    const found = formulaAt(written, piece, isTable(index));
    const length = found?.written.length ?? piece[0].length;
    text += written.slice(end, index) + (found ? `${OPEN}${formulas.length}${CLOSE}` : piece[0]);
    if (found) formulas.push(found);
    end = index + length;
    pieces.lastIndex = end;
  }
  return { text: text + written.slice(end), formulas };
}

function formulaAt(text: string, piece: RegExpExecArray, inTable: boolean): Formula | undefined {
  const [written] = piece;
  const { dollars, display, inline, chemistry, environment, dollar } = piece.groups ?? {};
  const made = (inner: string, display: boolean, whole = written) => ({
    tex: texOf(inner, inTable),
    // A cell has no room for a block.
    display: display && !inTable,
    written: whole,
  });
  if (dollars !== undefined && dollars.trim() !== "") return made(dollars, true);
  if (display !== undefined && isDisplayed(display, isAlone(text, piece.index, written)))
    return made(display, true);
  if (inline !== undefined && isInline(inline)) return made(inline, false);
  // In a sentence it is spoken of.
  if (environment !== undefined && isAlone(text, piece.index, written)) return made(environment, true);
  if (chemistry !== undefined) return made(chemistry, false);
  if (dollar === undefined) return undefined;
  INLINE.lastIndex = piece.index;
  const [whole, inner] = INLINE.exec(text) ?? [];
  if (!whole || !inner || inner === "|" || isMoney(inner)) return undefined;
  return made(inner, false, whole);
}

/** Where a formula begins that is not whole yet, if there is one. */
export function openFormula(text: string): number | undefined {
  if (!/[$\\]/.test(text)) return undefined;
  const pieces = new RegExp(PIECE);
  const isTable = tablesOf(text);
  for (let piece = pieces.exec(text); piece; piece = pieces.exec(text)) {
    const { dollar, escape: escaped } = piece.groups ?? {};
    const rest = text.slice(piece.index);
    const found = formulaAt(text, piece, isTable(piece.index));
    if (!found && (dollar ?? escaped) !== undefined && isOpen(rest)) return piece.index;
    pieces.lastIndex = piece.index + (found?.written.length ?? piece[0].length);
  }
  return undefined;
}

/** Puts formulas into their places. */
export function putFormulas(root: Node, formulas: Formula[]): void {
  if (formulas.length === 0) return;
  restore(root, formulas);
  splitTexts(root, (value) => {
    const nodes: Node[] = [];
    let at = 0;
    for (const { 0: place, 1: n, index } of value.matchAll(PLACE)) {
      const formula = formulas[Number(n)];
      if (!formula) continue;
      const { tex, display } = formula;
      nodes.push(...textNodes(value.slice(at, index)), element("tex-formula", { tex, display }));
      at = index + place.length;
    }
    return [...nodes, ...textNodes(value.slice(at))];
  });
}

/** Code and addresses get back what was written. */
function restore(node: Node, formulas: Formula[]): void {
  const back = (value: string) =>
    value.replace(PLACE, (place, n: string) => formulas[Number(n)]?.written ?? place);
  if (node.value !== undefined && node.type !== "text") node.value = back(node.value);
  if (node.url) node.url = back(decodedPlaces(node.url));
  if (node.alt) node.alt = back(node.alt);
  for (const child of node.children ?? []) restore(child, formulas);
}

/** Addresses may have been encoded. */
const decodedPlaces = (url: string) => url.replaceAll("%EE%81%BC", OPEN).replaceAll("%EE%81%BD", CLOSE);

/** Whether there may be a formula in it, and KaTeX is worth fetching. */
export const hasFormula = (text: string): boolean => /\$|\\\(|\\\[|\\(?:ce|pu|begin)\{/.test(text);
