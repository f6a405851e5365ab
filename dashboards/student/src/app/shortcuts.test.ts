import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { isPressed, keysOf, type Name, SHORTCUTS, type Shortcut } from "./shortcuts.ts";

vi.stubGlobal("navigator", { userAgent: "" });

const ALL = Object.entries(SHORTCUTS) as [Name, Shortcut][];
const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

test("each is pressed by its keys and by no others", () => {
  for (const [name, { key, mod, shift }] of ALL) {
    const held = { ctrlKey: mod ?? false, shiftKey: shift ?? false };
    expect(isPressed(press(key, held), name)).toBe(true);
    expect(isPressed(press(key, { ...held, altKey: true }), name)).toBe(false);
    expect(isPressed(press(key, { ...held, ctrlKey: !mod }), name)).toBe(false);
    expect(isPressed(press("F7", held), name)).toBe(false);
  }
  expect(isPressed(press("K", { metaKey: true }), "palette")).toBe(true);
  expect(isPressed(press("K", { ctrlKey: true, shiftKey: true }), "palette")).toBe(false);
  // On many keyboards these are found with the shift key.
  expect(isPressed(press("?", { shiftKey: true }), "help")).toBe(true);
  expect(isPressed(press("/", { shiftKey: true }), "compose")).toBe(true);
  expect(isPressed(press("Enter", { shiftKey: true }), "send")).toBe(false);
});

test("no two mean the same keys at the same place", () => {
  const seen = ALL.map(([, shortcut]) => `${shortcut.where} ${keysOf(shortcut).join("+")}`);
  expect(new Set(seen).size).toBe(seen.length);
});

/** All of the app that is no test. */
const files = readdirSync(new URL("..", import.meta.url), { recursive: true, encoding: "utf8" }).filter(
  (path) => /\.tsx?$/.test(path) && !path.includes(".test."),
);
const source = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("what the table says is done, and nothing but the table says what is listened to", () => {
  const code = files.map(source).join("\n");
  // Typing a slash opens the commands, and Shift+Enter is the browser's own.
  const itself: Name[] = ["commands", "newLine"];
  for (const [name] of ALL)
    if (!itself.includes(name))
      expect(code, name).toMatch(new RegExp(`(?:useShortcut|isPressed)\\((?:event, )?"${name}"`));
  // What is read beside a page closes before anything else hears of the key; any key ends a scroll by itself.
  // The keys of a quiz are a table of their own, which the help shows too.
  const quiz = "study/quizzes/use_quiz_keys.ts";
  const apart = ["app/shortcuts.ts", "app/side_panel.tsx", "chat/scroll_end.ts", quiz];
  const listening = files.filter((path) => /addEventListener\(\s*"keydown"/.test(source(path)));
  expect(listening.filter((path) => !apart.includes(path))).toEqual([]);
});
