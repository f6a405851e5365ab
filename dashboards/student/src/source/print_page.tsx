import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { printOnly } from "../chat/print.ts";
import { Marks } from "./marks.tsx";
import { draw, open, type Sought } from "./pdf.ts";

/** What fits between the margins of A4 and of Letter, in CSS pixels. */
const WIDTH = 672;
/** About 240 dots an inch. */
const DENSE = 2.5;

/** Prints a page of a document alone, as sharp as paper is, with the passage marked. */
export async function printPage(id: string, number: number, sought: Sought | undefined): Promise<void> {
  const sheet = await draw(await open(id), number, WIDTH, sought, DENSE);
  const host = document.createElement("div");
  host.className = "hidden print:block";
  const paper = document.createElement("div");
  paper.className = "relative *:first:size-full break-inside-avoid";
  paper.style.width = `${WIDTH}px`;
  paper.style.height = `${sheet.height}px`;
  const marks = document.createElement("div");
  paper.append(sheet.canvas, marks, sheet.text);
  host.append(paper);
  document.body.append(host);
  const root = createRoot(marks);
  flushSync(() => root.render(<Marks marks={sheet.marks ?? []} />));
  window.addEventListener(
    "afterprint",
    () => {
      // Not while it is being left by what it is in.
      setTimeout(() => root.unmount());
      host.remove();
    },
    { once: true },
  );
  printOnly(host);
}
