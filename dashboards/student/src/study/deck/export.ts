/** A deck as a file. */
import { Problem, withSession } from "@medai/client";
import { saveFile } from "@medai/ui";
import { exportAddress } from "../api.ts";
import type { Deck } from "../types.ts";

/** What a file system does not take in a name. */
const UNFIT = /[\\/:*?"<>|\p{Cc}]+/gu;

export const fileName = (title: string, format: string): string =>
  `${title.replaceAll("::", " - ").replace(UNFIT, " ").trim().slice(0, 100) || "deck"}.${format}`;

export async function saveDeck(deck: Deck, format: "apkg" | "csv", scheduling: boolean): Promise<void> {
  const address = new URL(exportAddress(deck.id, format, scheduling), location.origin);
  const response = await withSession(new Request(address)).catch((cause: unknown) => {
    throw Problem.wrap(cause);
  });
  if (!response.ok) throw await Problem.of(response);
  saveFile(await response.blob(), fileName(deck.title, format));
}
