/** How formulas are written, and how they are told from money, brackets and code. */

/** Braces within braces within braces. */
const BRACES = String.raw`\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}`;

/** Environments that are formulas by themselves, without signs around them. */
export const ENVIRONMENT = String.raw`(?:equation|align|alignat|aligned|gather|gathered|cases|split|array|[pbvBV]?matrix|smallmatrix)\*?`;

/**
 * Code; formulas in dollars, `\(…\)` and `\[…\]`, in which a backslash takes the next sign along; chemistry; escapes.
 * None is endless, so that a page of openers is not read through from each of them.
 */
export const PIECE = new RegExp(
  [
    /(?<code>```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|``[^\n]*?``|`[^`\n]*`)/,
    /\$\$(?<dollars>(?:\\[\s\S]|[^\\$]|\$(?!\$)){0,4000}?)\$\$/,
    /\\\[(?<display>(?:\\[\s\S]|[^\\]){1,4000}?)\\\]/,
    /\\\((?<inline>(?:\\[^\n]|[^\\\n]){1,1000}?)\\\)/,
    new RegExp(`(?<chemistry>\\\\(?:ce|pu)${BRACES})`),
    new RegExp(
      String.raw`(?<environment>\\begin\{(?<kind>${ENVIRONMENT})\}(?:\\(?!end\{\k<kind>\})[\s\S]|[^\\]){0,4000}?\\end\{\k<kind>\})`,
    ),
    /(?<escape>\\[\s\S])/,
    /(?<dollar>\$)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** A formula in single dollars, which hug what is between them and are followed by no digit: else they are money. */
export const INLINE = /\$(?![\s$])((?:\\[^\n]|[^$\\\n]){0,1000})(?<!\s)\$(?!\d)/y;

/** What only formulas have. */
const TEX = /[\\^_={}+*/<>|≤≥±×·≈∝→]/;

/** `$5, or 5$` and `$20k and US$`: an amount, and words behind it. */
export const isMoney = (inner: string): boolean =>
  /^\d[\d.,]*(?:\s|[kKmMbB]\b|[^\w\\^={}])/.test(inner) && /\p{L}{2}/u.test(inner) && !TEX.test(inner);

/** Whether `\[…\]` is a formula, and no bracket that was escaped to stay one: `\[1\]`, `\[sic\]`. */
export function isDisplayed(inner: string, alone: boolean): boolean {
  if (/^[\d\s,;–-]+$/.test(inner)) return false;
  if (alone || TEX.test(inner)) return true;
  return !/^[\d\s.,;:–-]+$|\p{L}{2}/u.test(inner);
}

/** Whether `\(…\)` is a formula, and no words in brackets. */
export function isInline(inner: string): boolean {
  return TEX.test(inner) || !/\p{L}{2,}.*\s.*\p{L}{2,}/u.test(inner);
}

/** Whether nothing else stands on its lines. */
export function isAlone(text: string, at: number, whole: string): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const after = /^[^\n]*/.exec(text.slice(at + whole.length))?.[0] ?? "";
  return `${before}${after}`.trim() === "";
}

/** A formula as KaTeX should read it. */
export function texOf(inner: string, inTable: boolean): string {
  // In a table a bar may have been escaped, so that it is no border.
  const written = inTable ? inner.replace(/(?<!\\)((?:\\\\)*)\\\|/g, "$1|") : inner;
  return (
    written
      // A line in a quote brings the quote's mark along.
      .replace(/\n[ \t]*(?:>[ \t]?)*/g, "\n")
      // Behind a percent sign TeX reads nothing more. Models mean the sign.
      .replace(/\\[\s\S]|%/g, (sign) => (sign === "%" ? "\\%" : sign))
      .trim()
  );
}

const BEGINS = new RegExp(String.raw`^\\begin\{${ENVIRONMENT}\}`);
/** What may become the beginning of one. */
const HALF_BEGUN = /^\\b(?:e(?:g(?:i(?:n(?:\{[a-zA-Z]{0,12}\*?)?)?)?)?)?$/;

/** Whether what begins here may become a formula when more of it is there. */
export function isOpen(rest: string): boolean {
  if (rest.startsWith("$$") || rest.startsWith("\\[") || BEGINS.test(rest)) return true;
  const [line = ""] = rest.split("\n");
  if (line.length < rest.length) return false;
  if (rest === "$" || rest.startsWith("\\(")) return true;
  // Money is an amount with words behind it, and no sign of TeX.
  if (/^\$\d/.test(rest)) return /[\\^_={}]/.test(rest) || !/\p{L}{2}/u.test(rest);
  if (rest.startsWith("$")) return !/^\$\s/.test(rest);
  return /^\\(?:[cp]|ce|pu|(?:ce|pu)\{.*)$/.test(rest) || HALF_BEGUN.test(rest);
}
