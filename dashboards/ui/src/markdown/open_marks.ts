import { flanking, isUnspaced } from "./flanking.ts";
import { formulasIn } from "./formulas.ts";

/** Runs of marks that emphasise, and the tags that are shown as such. */
const MARK =
  /(?<run>\*+|_+|~~)|<(?<slash>\/?)(?<tag>b|strong|i|em|u|sub|sup|mark|kbd|small|ins|del|s|strike)>/gi;

const MOST = 8;

const isWord = (sign: string) => /[\p{L}\p{N}]/u.test(sign);
const isBlank = (sign: string) => sign === "" || /\s/.test(sign);

/** What closes all that is open at the end of a text, the innermost first. */
export function openMarks(written: string): string {
  const open: string[] = [];
  const text = lastOf(formulasIn(written).text)
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, (code) => "x".repeat(code.length))
    .replace(/\\[\s\S]/g, "xx");
  for (const { 0: whole, index, groups } of text.matchAll(MARK)) {
    const { run, slash, tag } = groups ?? {};
    const [before, after] = [text.charAt(index - 1), text.charAt(index + whole.length)];
    if (run) takeRun(open, run, before, after);
    else if (slash === "") open.push(`</${tag}>`);
    else if (open.includes(`</${tag}>`)) open.length = open.lastIndexOf(`</${tag}>`);
  }
  // Nobody writes so many: these will not be closed either.
  return open.length > MOST ? "" : open.reverse().join("");
}

function takeRun(open: string[], run: string, before: string, after: string): void {
  const mark = run.charAt(0);
  const within = isWord(before) && isWord(after);
  // As `syntax.ts` reads them: signs between letters are signs.
  const unspaced = isUnspaced(before) || isUnspaced(after);
  if (within && (mark === "_" || (run.length === 1 && !unspaced) || /\d\d/.test(before + after))) return;
  let left = run.length;
  const flanks =
    mark === "*"
      ? flanking(run.length, before, after)
      : {
          opens: !isBlank(after) && (isWord(after) || !isWord(before)),
          closes: !isBlank(before) && (isWord(before) || !isWord(after)),
        };
  while (flanks.closes && left > 0 && open.at(-1)?.startsWith(mark)) left -= open.pop()?.length ?? 0;
  // An allele, such as *2, is likelier than a dose in italics.
  const opens = flanks.opens && !(left === 1 && /\d/.test(after));
  if (!opens || left <= 0) return;
  if (mark === "~") open.push("~~");
  else if (left % 2 === 1) open.push(mark);
  if (mark !== "~" && left >= 2) open.push(mark.repeat(2));
}

/** The last item, heading or row: nothing is open beyond it. */
function lastOf(text: string): string {
  const begins = [...text.matchAll(/^[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|\|)(?=[ \t|])/gm)].at(-1);
  return begins ? text.slice(begins.index + begins[0].length) : text;
}
