const CODE = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/;

/** Whether there may be a formula in it, and KaTeX is worth fetching. */
export function hasFormula(text: string): boolean {
  return /\$|\\\(|\\\[/.test(text);
}

/**
 * Formulas as `remark-math` knows them: models also write `\(…\)` and `\[…\]`, and dollars may be money. Of those, only
 * pairs count that hug what is between them and are followed by no digit.
 */
export function formulas(text: string): string {
  return text
    .split(CODE)
    .map((part, at) => (at % 2 === 1 ? part : plain(part)))
    .join("");
}

function plain(text: string): string {
  const dollars = text
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, inner: string) =>
      `\n$$\n${inner.trim()}\n$$\n`.replaceAll("$$", "$$$$"),
    )
    .replace(/\\\((.+?)\\\)/g, (_, inner: string) => `$${inner.trim()}$`);
  return dollars.replace(/\$\$[\s\S]*?\$\$|\\?\$(?!\$)([^$\n]*)\$(?!\d)|\$/g, (whole, inner?: string) => {
    if (whole.startsWith("$$") || whole.startsWith("\\")) return whole;
    if (inner !== undefined && inner !== "" && inner.trim() === inner) return whole;
    return whole.replaceAll("$", "\\$");
  });
}
