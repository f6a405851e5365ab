/**
 * All keys of the app, in one table: what is pressed is compared with it, and the help shows it, so that neither can say
 * what the other does not. Keys that every list, menu and dialog has (arrows, Enter, Escape in them) are not ours.
 */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { isTyping } from "@medai/ui";
import { type KeyboardEvent as ReactKey, useEffect, useRef } from "react";

export type Place = "everywhere" | "conversation" | "question" | "review";

export interface Shortcut {
  /** `KeyboardEvent.key`; of letters the small one. */
  key: string;
  /** With Ctrl, or ⌘ on a Mac. */
  mod?: true;
  shift?: true;
  what: MessageDescriptor;
  where: Place;
  /** Also while something is typed. */
  typing?: true;
  /** Also in front of a dialog. */
  over?: true;
}

export const SHORTCUTS = {
  palette: {
    key: "k",
    mod: true,
    what: msg`Search, go to, commands`,
    where: "everywhere",
    typing: true,
    over: true,
  },
  help: { key: "?", what: msg`Keyboard shortcuts`, where: "everywhere" },
  closeSource: { key: "Escape", what: msg`Close the source`, where: "everywhere", typing: true },
  compose: { key: "/", what: msg`Go to the question`, where: "conversation" },
  stop: { key: "Escape", what: msg`Stop the answer`, where: "conversation", typing: true },
  send: { key: "Enter", what: msg`Send`, where: "question", typing: true },
  newLine: { key: "Enter", shift: true, what: msg`Start a new line`, where: "question", typing: true },
  commands: {
    key: "/",
    what: msg`Choose a command, at the beginning`,
    where: "question",
    typing: true,
  },
  editLast: {
    key: "ArrowUp",
    what: msg`Edit the last question, while nothing is written`,
    where: "question",
    typing: true,
  },
  cancelEdit: {
    key: "Escape",
    what: msg`Leave an edited question as it was`,
    where: "question",
    typing: true,
  },
  // As in Anki.
  flip: { key: " ", what: msg`Show the answer; then: good`, where: "review" },
  flipToo: { key: "Enter", what: msg`Show the answer; then: good`, where: "review" },
  rateAgain: { key: "1", what: msg`Again: it was forgotten`, where: "review" },
  rateHard: { key: "2", what: msg`Hard`, where: "review" },
  rateGood: { key: "3", what: msg`Good`, where: "review" },
  rateEasy: { key: "4", what: msg`Easy`, where: "review" },
  undoReview: { key: "u", what: msg`Take back the last answer`, where: "review" },
  editCard: { key: "e", what: msg`Edit the card`, where: "review" },
  buryCard: { key: "-", what: msg`Bury the card until tomorrow`, where: "review" },
  suspendCard: { key: "@", what: msg`Suspend the card`, where: "review" },
  suspendNote: { key: "!", what: msg`Suspend all cards of the note`, where: "review" },
} as const satisfies Record<string, Shortcut>;

/** Those of a quiz, which are many of a kind: `study/quizzes/use_quiz_keys.ts` does them. */
export const QUIZ_KEYS: readonly { what: MessageDescriptor; keys: readonly string[] }[] = [
  { what: msg`Answer, or 1 to 4`, keys: ["A", "B", "C", "D"] },
  { what: msg`Strike out an option`, keys: ["⇧ A", "⇧ B", "⇧ C", "⇧ D"] },
  { what: msg`Check the answer, or go on`, keys: ["Enter"] },
  { what: msg`Flag this question`, keys: ["F"] },
  { what: msg`Another question`, keys: ["←", "→"] },
];

export type Name = keyof typeof SHORTCUTS;

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Signs are found with the shift key on some keyboards, and without on others. */
const isSign = (key: string): boolean => key.length === 1 && !/[a-z0-9]/i.test(key);

/** Whether this is what a shortcut is pressed by. */
export function isPressed(event: Pressed | ReactKey, name: Name): boolean {
  const { key, mod, shift }: Shortcut = SHORTCUTS[name];
  return (
    (key.length === 1 ? event.key.toLowerCase() : event.key) === key &&
    (event.ctrlKey || event.metaKey) === (mod ?? false) &&
    (isSign(key) || event.shiftKey === (shift ?? false)) &&
    !event.altKey
  );
}

const PRESSES: ReadonlySet<string> = new Set([" ", "Enter"]);
const PRESSED = "button, a, summary, label, [role=button], input, select";

/** Does something wherever a shortcut is pressed. */
export function useShortcut(name: Name, run: () => void): void {
  const current = useRef(run);
  current.current = run;
  useEffect(() => {
    const { typing, over, key }: Shortcut = SHORTCUTS[name];
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isPressed(event, name)) return;
      if (!typing && isTyping(event.target)) return;
      if (!over && document.querySelector("[role=dialog],[role=menu]")) return;
      // What has the focus is pressed by these.
      if (PRESSES.has(key) && event.target instanceof Element && event.target.closest(PRESSED)) return;
      // What closes something must not be kept from closing more.
      if (key !== "Escape") event.preventDefault();
      current.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [name]);
}

const NAMES: Record<string, string> = { Escape: "Esc", ArrowUp: "↑" };
const isMac = (): boolean => /Mac|iP(?:hone|ad|od)/.test(navigator.userAgent);

/** The keys of a shortcut, as they are written on them. */
export function keysOf({ key, mod, shift }: Shortcut): string[] {
  const name = key === " " ? t`Space` : (NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  return [...(mod ? [isMac() ? "⌘" : t`Ctrl`] : []), ...(shift ? [t`Shift`] : []), name];
}
