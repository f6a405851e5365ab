/** A map as a file. */
import { t } from "@lingui/core/macro";
import { saveFile } from "@medai/ui";
import { nameOfFile } from "../file_name.ts";
import { exported } from "../results_api.ts";
import type { Drawing } from "./layout.ts";
import { svgText } from "./svg_text.ts";

/** So many points of a picture for each of the drawing; fewer where browsers would give up. */
const SHARP = 2;
const MOST_POINTS = 8_000;

export function saveSvg(drawing: Drawing, title: string, kinds: readonly string[]): void {
  const file = new Blob([svgText(drawing, title, kinds)], { type: "image/svg+xml" });
  saveFile(file, nameOfFile(title, t`Map`, "svg"));
}

export async function savePng(drawing: Drawing, title: string, kinds: readonly string[]): Promise<void> {
  const svg = new Blob([svgText(drawing, title, kinds)], { type: "image/svg+xml" });
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const sharp = Math.min(SHARP, MOST_POINTS / Math.max(drawing.width, drawing.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(drawing.width * sharp);
    canvas.height = Math.ceil(drawing.height * sharp);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!file) throw new Error("no picture was made");
    saveFile(file, nameOfFile(title, t`Map`, "png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

export async function saveMermaid(id: string, title: string): Promise<void> {
  const text = await exported(`maps/${id}/export?format=mermaid`);
  saveFile(new Blob([text], { type: "text/plain" }), nameOfFile(title, t`Map`, "mmd"));
}
