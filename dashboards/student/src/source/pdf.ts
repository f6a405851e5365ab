/** pdf.js, set up for our pages. Only this file and what it brings know it; all of it is loaded with the first source. */
import { ensureFresh } from "@medai/client";
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy, TextLayer, Util } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { passwordOf } from "./passwords.ts";
import { place } from "./place.ts";

GlobalWorkerOptions.workerSrc = worker;

/** The most pixels that a page is drawn wide: phones refuse larger canvases. */
const WIDEST = 4096;

/** A mark over a part of a page, in pixels of the page as it is shown. */
export interface Mark {
  left: number;
  top: number;
  width: number;
  height: number;
  angle: number;
}

let last: { id: string; document: Promise<PDFDocumentProxy> } | undefined;

/** A document of the student's. The last one is kept open: sources of an answer are often from one. */
export function open(id: string): Promise<PDFDocumentProxy> {
  if (last?.id === id) return last.document;
  void last?.document.then((old) => old.destroy()).catch(() => undefined);
  const document = load(id);
  last = { id, document };
  document.catch(() => {
    last = undefined;
  });
  return document;
}

/** Whether a document is protected, and no password that is known opens it. */
export const isLocked = (error: unknown): boolean =>
  error instanceof Error && error.name === "PasswordException";

async function load(id: string): Promise<PDFDocumentProxy> {
  await ensureFresh();
  const password = passwordOf(id);
  return await getDocument({
    ...(password !== undefined && { password }),
    url: `/api/documents/${id}/file`,
    cMapUrl: `${PDFJS_FILES}cmaps/`,
    standardFontDataUrl: `${PDFJS_FILES}standard_fonts/`,
    wasmUrl: `${PDFJS_FILES}wasm/`,
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
    disableAutoFetch: true,
  }).promise;
}

/** A page as it is drawn: its picture, and its text over that, unseen but there to be selected, found and read out. */
export interface Sheet {
  canvas: HTMLCanvasElement;
  text: HTMLElement;
  height: number;
  /** Whether the PDF says what is on the page; a scan does not. */
  hasText: boolean;
  /** Where the passage is; undefined where it is not on the page. */
  marks: Mark[] | undefined;
}

/** What is marked on a page: a passage, or the sentences of it that are quoted. */
export interface Sought {
  passage: string;
  quotes: readonly string[];
}

/** Draws a page as wide as it may be, and as dense as the screen or paper is. */
export async function draw(
  document: PDFDocumentProxy,
  number: number,
  width: number,
  sought: Sought | undefined,
  dense = Math.min(window.devicePixelRatio || 1, 2.5),
): Promise<Sheet> {
  const page = await document.getPage(number);
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  const density = Math.min(dense, WIDEST / width);
  const canvas = window.document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  canvas.width = Math.floor(viewport.width * density);
  canvas.height = Math.floor(viewport.height * density);
  const transform = [density, 0, 0, density, 0, 0];
  const [content] = await Promise.all([
    page.getTextContent(),
    page.render({ canvas, viewport, transform }).promise,
  ]);
  const pieces = content.items.flatMap((item) => ("str" in item ? [item] : []));
  const text = window.document.createElement("div");
  text.className = "page-text";
  text.style.setProperty("--total-scale-factor", String(viewport.scale));
  const layer = new TextLayer({ textContentSource: content, container: text, viewport });
  await layer.render();
  const hasText = pieces.some(({ str }) => str.trim() !== "");
  const strings = pieces.map(({ str }) => str);
  const spans = sought ? place(strings, sought.passage, sought.quotes) : undefined;
  // Said also to those who do not see the marks.
  for (const { piece } of spans ?? []) layer.textDivs[piece]?.setAttribute("role", "mark");
  const marks = spans?.flatMap(({ piece, from, to }): Mark[] => {
    const item = pieces[piece];
    if (!item || item.str.trim() === "") return [];
    const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = Util.transform(
      viewport.transform,
      item.transform,
    ) as number[];
    const size = Math.hypot(c, d);
    const length = item.width * viewport.scale;
    const share = (at: number) => (length * at) / item.str.length;
    const angle = Math.atan2(b, a);
    return [
      {
        left: x + Math.cos(angle) * share(from),
        top: y + Math.sin(angle) * share(from) - size,
        width: share(to) - share(from),
        height: size * 1.25,
        angle,
      },
    ];
  });
  return { canvas, text, height: viewport.height, hasText, marks };
}
