/** A map as a file of its own: all that it looks like stands in it, and it is light, as paper is. Pure. */
import { colourOf, INK, LINE, MUTED, PAPER } from "./colours.ts";
import { type Box, type Drawing, FONT, LINE_HEIGHT, type Line, SMALL } from "./layout.ts";

/** What no XML may have, whatever stands before it: controls, and halves of signs. */
const FORBIDDEN = /\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

export const escaped = (text: string): string =>
  text
    .replace(FORBIDDEN, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const FAMILY = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif";
const written = (x: number, y: number, size: number, colour: string, text: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" font-family="${FAMILY}" font-size="${size}" fill="${colour}" text-anchor="middle"${more}>${escaped(text)}</text>`;
const round = (value: number): number => Math.round(value * 10) / 10;

/** Where the first line of a box stands. */
export const firstLine = ({ y, height, node }: Box): number => y - height / 2 + (node.kind ? SMALL + 22 : 25);

function boxText(box: Box, kinds: readonly string[]): string {
  const { node, x, y, width, height, lines } = box;
  const { fill, edge } = colourOf(kinds.indexOf(node.kind ?? ""));
  const rect = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" rx="8" fill="${fill[0]}" stroke="${edge[0]}" stroke-width="1.25"/>`;
  const kind = node.kind ? written(x, y - height / 2 + SMALL + 6, SMALL, edge[0], node.kind) : "";
  const label = lines.map((line, at) =>
    written(x, firstLine(box) + at * LINE_HEIGHT, FONT, INK, line, ' font-weight="600"'),
  );
  const title = node.note ? `<title>${escaped(node.note)}</title>` : "";
  return `<g>${title}${rect}${kind}${label.join("")}</g>`;
}

function lineText({ edge, path, label }: Line): string {
  const dashes = edge.folded ? ' stroke-dasharray="4 4"' : "";
  const line = `<path d="${path}" fill="none" stroke="${LINE}" stroke-width="1.25"${dashes} marker-end="url(#tip)"/>`;
  if (!label) return line;
  const { x, y, width, text } = label;
  const plate = `<rect x="${round(x - width / 2)}" y="${round(y - 8)}" width="${width}" height="16" rx="3" fill="${PAPER}"/>`;
  return `${line}${plate}${written(x, y + 4, SMALL, MUTED, text)}`;
}

export function svgText(
  { boxes, lines, width, height }: Drawing,
  title: string,
  kinds: readonly string[],
): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${LINE}"/></marker></defs>`,
    `<rect width="${w}" height="${h}" fill="${PAPER}"/>`,
    ...lines.map(lineText),
    ...boxes.map((box) => boxText(box, kinds)),
    "</svg>",
  ].join("\n");
}
