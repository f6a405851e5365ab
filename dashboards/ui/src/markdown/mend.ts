/**
 * Closes what the end of a half-written text leaves open, so that `**bo` shows as bold from its first letter on and
 * not as two stars that vanish later.
 */
export function mend(text: string): string {
  const fences = text.match(/^ {0,3}(`{3,}|~{3,})/gm) ?? [];
  if (fences.length % 2 === 1) return text;
  const start = text.lastIndexOf("\n\n") + 1;
  const line = heldBack(text.slice(start));
  return text.slice(0, start) + closed(line);
}

function closed(text: string): string {
  const bare = text.replace(/`[^`\n]*`/g, "");
  if (count(bare, "`") % 2 === 1) return `${text}\``;
  let end = "";
  // A mark that nothing follows yet would be closed around nothing.
  const trimmed = text.replace(/(\*{1,3}|_{1,2}|~{2})$/, "");
  const inside = trimmed.replace(/`[^`\n]*`/g, "").replace(/^\s*\* /gm, "");
  const strong = count(inside, "**") % 2 === 1;
  if ((count(inside, "*") - 2 * count(inside, "**")) % 2 === 1) end += "*";
  if (strong) end += "**";
  if (count(inside, "~~") % 2 === 1) end += "~~";
  const spaces = end === "" ? "" : (/\s+$/.exec(trimmed)?.[0] ?? "");
  return trimmed.slice(0, trimmed.length - spaces.length) + end + spaces;
}

/** Without a last line that would look like something else until it is whole: a table's head, a heading's line. */
function heldBack(text: string): string {
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  const table = lines.findIndex((line) => line.trimStart().startsWith("|"));
  if (table >= 0 && lines.length - table <= 2) return lines.slice(0, table).join("\n");
  if (table >= 0 && last.trimStart().startsWith("|") && !last.trimEnd().endsWith("|"))
    return lines.slice(0, -1).join("\n");
  return /^(-{1,2}|={1,}|#{1,6}|[-*+]|\d+\.?)$/.test(last.trim()) ? lines.slice(0, -1).join("\n") : text;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
