/** So much is read anew with each word that comes to a long list or table. */
const LONG = 1200;

const ITEM = /^ {0,3}([-*+]|\d{1,9}[.)])[ \t]/;
const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

export interface Parts {
  of: "list" | "table";
  texts: string[];
}

/**
 * Cuts a long list between its items, and a long table between its rows, into texts that are lists and tables
 * themselves. What is before the last part never changes when text is added.
 */
export function partsOf(block: string): Parts | undefined {
  if (block.length < 2 * LONG) return undefined;
  const lines = block.split(/(?<=\n)/);
  const [first = "", second = ""] = lines;
  if (first.includes("|") && DELIMITER.test(second.trimEnd()) && second.includes("-"))
    return { of: "table", texts: cut(lines.slice(2), () => true).map((rows) => first + second + rows) };
  const kind = kindOf(first);
  if (!kind) return undefined;
  let fence = false;
  const isStart = (line: string) => {
    if (/^\s*(`{3}|~{3}|\$\$$)/.test(line.trimEnd())) fence = !fence;
    return !fence && kindOf(line) === kind;
  };
  return { of: "list", texts: cut(lines, isStart) };
}

function cut(lines: string[], isStart: (line: string) => boolean): string[] {
  const parts: string[] = [];
  let part = "";
  for (const line of lines) {
    if (isStart(line) && part.length >= LONG) {
      parts.push(part);
      part = "";
    }
    part += line;
  }
  return [...parts, part];
}

/** Lists go on only with the same mark, as far in as the first. */
function kindOf(line: string): string | undefined {
  const mark = ITEM.exec(line)?.[1];
  return mark && `${line.indexOf(mark)} ${mark.replace(/\d+/, "1")}`;
}
