/** A note before anything is written, and what is missing for it to be saved. */
import { noCloze } from "../cloze.ts";
import { pictureKey } from "../pictures.ts";
import type { Filled, NoteKind } from "../types.ts";

export function emptyNote(kind: NoteKind): Filled {
  if (kind === "cloze") return { kind, fields: { text: "", extra: "" } };
  if (kind === "image_occlusion")
    return { kind, fields: { boxes: [], mode: "hide_all", header: "", extra: "" } };
  return { kind, fields: { front: "", back: "" } };
}

/** The same in another kind: what was written stays. */
export function asKind(note: Filled, kind: NoteKind): Filled {
  const made = emptyNote(kind);
  const [first, second] = textsOf(note);
  if (made.kind === "cloze") return { ...made, fields: { text: first, extra: second } };
  if (made.kind === "image_occlusion")
    return { ...made, fields: { ...made.fields, header: first, extra: second } };
  return { ...made, fields: { front: first, back: second } };
}

function textsOf(note: Filled): [string, string] {
  if (note.kind === "cloze") return [note.fields.text, note.fields.extra];
  if (note.kind === "image_occlusion") return [note.fields.header, note.fields.extra];
  return [note.fields.front, note.fields.back];
}

export type Missing = "text" | "cloze" | "open" | "empty" | "picture" | "boxes";

/** Why it cannot be saved yet; undefined where it can. */
export function missingIn(note: Filled): Missing | undefined {
  switch (note.kind) {
    case "cloze": {
      if (note.fields.text.trim() === "") return "text";
      const why = noCloze(note.fields.text);
      return why === "nothing" ? "cloze" : why;
    }
    case "image_occlusion":
      if (pictureKey(note.fields) === undefined) return "picture";
      return note.fields.boxes.length === 0 ? "boxes" : undefined;
    default:
      return note.fields.front.trim() === "" || note.fields.back.trim() === "" ? "text" : undefined;
  }
}

export const isEmpty = (note: Filled): boolean =>
  textsOf(note).every((text) => text.trim() === "") &&
  (note.kind !== "image_occlusion" || pictureKey(note.fields) === undefined);
