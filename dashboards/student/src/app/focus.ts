/**
 * Where the focus goes after each action. This is the one place that knows; components only say what happened, and mark
 * with `data-focus` what can be gone to.
 */

/** The line in which questions are written. */
export const COMPOSER = "composer";
/** The search among conversations. */
export const SEARCH = "search";
export const EDIT = (question: string) => `edit ${question}`;
/** What leads from one of several wordings, or answers, to the one before or after it. */
export const SIBLING = (message: string, way: "previous" | "next") => `${way} of ${message}`;
/** A conversation in the list. */
export const CONVERSATION = (id: string) => `conversation ${id}`;
/** A folder in the list, and how another is made. */
export const FOLDER = (id: string) => `folder ${id}`;
export const NEW_FOLDER = "new folder";
/** How the open conversation is renamed. */
export const TITLE = "title";
/** The link to a conversation, and how one is made. */
export const LINK = "link";
export const MAKE_LINK = "make a link";
/** Where documents are chosen to be uploaded. */
export const INTAKE = "intake";
/** Where the language is chosen. */
export const LANGUAGE = "language";
/** The page itself, for what reads it from its beginning. */
const PAGE = "page";
/** The first field of a form that is all of its page. */
export const FIRST_FIELD = "first field";

/** What happened, and what is gone to: the first of these that is there. */
const AFTER = {
  /** A conversation or the start was opened: by registering, signing in, a reload, a link. */
  opened: () => [COMPOSER],
  /** A page that is one form was opened, such as to sign in. */
  formOpened: () => [FIRST_FIELD],
  /** Another page was opened. */
  turnedTo: () => [PAGE],
  asked: () => [COMPOSER],
  /** The button that was pressed is gone while the answer is written. */
  regenerated: () => [COMPOSER],
  stopped: () => [COMPOSER],
  resent: () => [COMPOSER],
  editCancelled: (question: string) => [EDIT(question), COMPOSER],
  /** Another wording brings a turn of its own along. */
  siblingChosen: (message: string, way: "previous" | "next") => [SIBLING(message, way)],
  /** What was said about a question, or went with it, was put away. */
  put: () => [COMPOSER],
  /** By the key for it, from wherever nothing is typed. */
  questionWanted: () => [COMPOSER],
  renamed: (id: string) => [CONVERSATION(id), SEARCH],
  /** It was pinned, or put elsewhere: its row may be another now. */
  moved: (id: string) => [CONVERSATION(id), SEARCH],
  titleChanged: () => [TITLE],
  /** A link was made, or ended: the button for it is gone. */
  linkMade: () => [LINK],
  linkEnded: () => [MAKE_LINK],
  folderChanged: (id: string) => [FOLDER(id), SEARCH],
  folderDeleted: () => [NEW_FOLDER, SEARCH],
  deletionUndone: (id: string) => [CONVERSATION(id), SEARCH, COMPOSER],
  /** Its undoing is over; a neighbour of what is gone. */
  deleted: (neighbour: string | undefined) =>
    neighbour ? [CONVERSATION(neighbour), SEARCH, COMPOSER] : [SEARCH, COMPOSER],
  /** All was drawn anew. */
  languageChosen: () => [LANGUAGE],
  documentDeleted: () => [INTAKE, PAGE],
} as const;

type Action = keyof typeof AFTER;

/** What is read, or what a phone shows a keyboard for, does not take the focus by itself on touch screens. */
const touch = window.matchMedia("(pointer: coarse)");
const BY_ITSELF: ReadonlySet<Action> = new Set([
  "opened",
  "formOpened",
  "stopped",
  "regenerated",
  "resent",
  "put",
]);

/** So many frames are waited for what is about to be drawn. */
const PATIENCE = 30;
let last = 0;

/** Says what happened: the focus goes where it belongs, as soon as that is there. */
export function focusAfter<A extends Action>(action: A, ...what: Parameters<(typeof AFTER)[A]>): void {
  if (touch.matches && BY_ITSELF.has(action)) return;
  const places = (AFTER[action] as (...what: unknown[]) => readonly string[])(...what);
  last += 1;
  seek(places, last, PATIENCE);
}

/** Two frames later, menus and sheets that close have given the focus back to where it was. */
function seek(places: readonly string[], call: number, patience: number): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      // Something happened since.
      if (call !== last) return;
      const found = places.map(find).find(Boolean);
      const wanted = find(places[0] ?? "");
      if (!wanted && patience > 0) return seek(places, call, patience - 1);
      if (!isBehindDialog(found)) found?.focus();
    }),
  );
}

const find = (place: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(`[data-focus="${CSS.escape(place)}"]`)].find(
    (element) => element.isConnected && !element.hasAttribute("disabled"),
  );

function isBehindDialog(element: HTMLElement | undefined): boolean {
  const dialog = document.querySelector("[role=dialog]");
  return dialog !== null && !dialog.contains(element ?? null);
}

let opener: HTMLElement | undefined;

/** Something opens beside the page: what has the focus gets it back. */
export function rememberOpener(): void {
  const active = document.activeElement;
  if (active instanceof HTMLElement && active !== document.body) opener = active;
}

/** What was opened closes. Where its opener is gone, such as in an answer that was written anew, the composer takes it. */
export function focusOpener(): void {
  last += 1;
  const call = last;
  requestAnimationFrame(() => {
    if (call !== last) return;
    if (opener?.isConnected) opener.focus();
    else (find(COMPOSER) ?? find(PAGE))?.focus();
    opener = undefined;
  });
}
