/** Code; formulas in dollars, `\(…\)` and `\[…\]`, in which a backslash takes the next sign along; other escapes. */
const PIECE = new RegExp(
  [
    /(?<code>```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|``[^\n]*?``|`[^`\n]*`)/,
    /(?<dollars>\$\$[\s\S]*?\$\$)/,
    /\\\[(?<display>(?:\\[\s\S]|[^\\])+?)\\\]/,
    /\\\((?<inline>(?:\\[^\n]|[^\\\n])+?)\\\)/,
    /(?<escape>\\[\s\S])/,
    /(?<dollar>\$)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** A formula in single dollars, which hug what is between them and are followed by no digit: else they are money. */
const INLINE = /\$(?![\s$])((?:\\[^\n]|[^$\\\n])*)(?<!\s)\$(?!\d)/y;

/** What only formulas have. */
const TEX = /[\\^_={}+*/<>|≤≥±×·≈∝→]/;

/** The line of a table below its head. */
const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Stands for a bar in a formula until the table around it has been cut into cells. No text has it. */
const BAR = "\uE07C";

/** Whether there may be a formula in it, and KaTeX is worth fetching. */
export function hasFormula(text: string): boolean {
  return /\$|\\\(|\\\[/.test(text);
}

/**
 * Formulas as `remark-math` knows them: models also write `\(…\)` and `\[…\]`, and dollars may be money. Bars in them are
 * no borders of cells; `bars` brings them back.
 */
export function formulas(text: string): string {
  const isTable = tablesOf(text);
  let known = "";
  let end = 0;
  const pieces = new RegExp(PIECE);
  for (let piece = pieces.exec(text); piece; piece = pieces.exec(text)) {
    const { code, dollars, display, inline, dollar } = piece.groups ?? {};
    const inTable = isTable(piece.index);
    let [whole] = piece;
    let made = whole;
    if (dollars !== undefined && code === undefined) {
      made = hidden(whole, inTable);
    } else if (display !== undefined && isDisplayed(display, isAlone(text, piece.index, whole))) {
      const inner = hidden(display.trim(), inTable);
      // A cell has no room for lines of its own.
      made = inTable ? `$${inner.replace(/\s+/g, " ")}$` : `\n$$\n${inner}\n$$\n`;
    } else if (inline !== undefined && isInline(inline)) {
      made = `$${hidden(inline.trim(), inTable)}$`;
    } else if (dollar !== undefined) {
      INLINE.lastIndex = piece.index;
      const [formula, inner] = INLINE.exec(text) ?? [];
      whole = inner && inner !== "|" ? (formula ?? whole) : whole;
      made = whole === "$" ? "\\$" : hidden(whole, inTable);
    }
    known += text.slice(end, piece.index) + made;
    end = piece.index + whole.length;
    pieces.lastIndex = end;
  }
  return known + text.slice(end);
}

/** A formula whose bars no table takes for borders. In a table a bar may have been escaped for the same reason. */
function hidden(formula: string, inTable: boolean): string {
  const written = inTable ? formula.replace(/(?<!\\)((?:\\\\)*)\\\|/g, "$1|") : formula;
  return inTable ? written.replaceAll("|", BAR) : written;
}

/** Whether `\[…\]` is a formula, and no bracket that was escaped to stay one: `\[1\]`, `\[sic\]`. */
function isDisplayed(inner: string, alone: boolean): boolean {
  if (/^[\d\s,;–-]+$/.test(inner)) return false;
  if (alone || TEX.test(inner)) return true;
  return !/^[\d\s.,;:–-]+$|\p{L}{2}/u.test(inner);
}

/** Whether `\(…\)` is a formula, and no words in brackets. */
function isInline(inner: string): boolean {
  return TEX.test(inner) || !/\p{L}{2,}.*\s.*\p{L}{2,}/u.test(inner);
}

/** Whether nothing else stands on its lines. */
function isAlone(text: string, at: number, whole: string): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const after = /^[^\n]*/.exec(text.slice(at + whole.length))?.[0] ?? "";
  return `${before}${after}`.trim() === "";
}

/** Tells whether a place is in a table. */
function tablesOf(text: string): (at: number) => boolean {
  const tables: [number, number][] = [];
  let at = 0;
  let head = 0;
  let inside = false;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.trimEnd();
    if (inside && bare.trim() === "") inside = false;
    if (!inside && at > 0 && bare.includes("-") && DELIMITER.test(bare)) {
      const above = text.slice(head, at);
      if (above.includes("|")) {
        inside = true;
        tables.push([head, at]);
      }
    }
    const last = tables.at(-1);
    if (inside && last) last[1] = at + line.length;
    head = at;
    at += line.length;
  }
  return (place) => tables.some(([start, end]) => place >= start && place < end);
}

interface Node {
  value?: string;
  data?: { hChildren?: { value?: string }[] };
  children?: Node[];
}

/** Brings the bars of formulas back, once tables have their cells. */
export function bars() {
  return (tree: Node): void => restore(tree);
}

function restore(node: Node): void {
  for (const each of [node, ...(node.data?.hChildren ?? [])])
    if (each.value !== undefined) each.value = each.value.replaceAll(BAR, "|");
  for (const child of node.children ?? []) restore(child);
}
