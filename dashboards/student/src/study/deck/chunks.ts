/** Dialogs of decks and notes, fetched when one is opened. */
import { chunk } from "@medai/client/chunks";

export const NoteDialog = chunk(() => import("./note_dialog.tsx"));
export const NewDeckDialog = chunk(() => import("./new_deck_dialog.tsx"));
export const OptionsDialog = chunk(() => import("./options_dialog.tsx"));
export const ImportDialog = chunk(() => import("./import_dialog.tsx"));
