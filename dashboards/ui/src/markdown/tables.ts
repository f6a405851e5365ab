/** The line of a table below its head. */
const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Tells whether a place is in a table. */
export function tablesOf(text: string): (at: number) => boolean {
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
