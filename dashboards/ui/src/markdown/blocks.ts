/**
 * Cuts Markdown into blocks that can be rendered alone, so that of an answer which is being written only the last one
 * is rendered anew. Joined by nothing they are the text again. What is before the last block never changes when text
 * is added: that is what keeps the answer from flickering.
 */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let block = "";
  let fence: string | undefined;
  let math = false;
  const lines = text.split(/(?<=\n)/);
  for (const [at, line] of lines.entries()) {
    block += line;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    } else if (mark) {
      fence = mark;
    } else if (line.trim() === "$$") {
      math = !math;
    }
    const next = lines[at + 1];
    const ends = !fence && !math && line.trim() === "" && next !== undefined && next.trim() !== "";
    if (ends && block.trim() !== "" && !continues(next)) {
      blocks.push(block);
      block = "";
    }
  }
  if (block !== "") blocks.push(block);
  return blocks;
}

/** Whether a line after a blank one may belong to the list, quote or table before it. */
function continues(line: string): boolean {
  return /^(\s|[-*+]([ \t]|$)|\d{1,9}[.)]([ \t]|$)|\d{1,9}$|>|[-*+]$)/.test(line);
}
