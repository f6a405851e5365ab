/** What the palette offers for what is typed: pure, so that it can be told what is found and in which order. */
import { go } from "fuzzysort";

export type Group = "Do" | "Go to" | "Commands" | "Conversations" | "Documents";

export interface Entry {
  id: string;
  group: Group;
  label: string;
  /** Other words that it is found by. */
  also?: string;
  /** Said behind it. */
  hint?: string;
  run: () => void;
}

/** So many of a group are shown. */
const MOST: Record<Group, number> = { Do: 4, "Go to": 5, Commands: 5, Conversations: 8, Documents: 6 };
/** Before anything is typed. */
const AT_FIRST: Record<Group, number> = { Do: 6, "Go to": 5, Commands: 5, Conversations: 5, Documents: 0 };

/** What fits less is noise. */
const LEAST = 0.2;

/** The groups in the order of their best, each with its best first; those without any are left out. */
export function matching(entries: readonly Entry[], typed: string): [Group, Entry[]][] {
  const query = typed.trim();
  if (query === "") return grouped(entries, AT_FIRST);
  const found = go(query, entries, {
    keys: [(entry) => entry.label, (entry) => entry.also ?? ""],
    limit: 60,
    threshold: LEAST,
  });
  return grouped(
    found.map(({ obj }) => obj),
    MOST,
  );
}

function grouped(entries: readonly Entry[], most: Record<Group, number>): [Group, Entry[]][] {
  const groups = new Map<Group, Entry[]>();
  for (const entry of entries) {
    const known = groups.get(entry.group) ?? [];
    if (known.length < most[entry.group]) groups.set(entry.group, [...known, entry]);
  }
  return [...groups];
}

/** What a command would be sent as, where one is typed: `/mcq heart` is more than its name. */
export const commandText = (name: string, typed: string): string => {
  const [, topic] = /^\s*\/\w+\s+(\S[\s\S]*)$/.exec(typed) ?? [];
  return `/${name} ${topic?.trim() ?? ""}`;
};

/** What is looked for by: of a command that is typed, only its name. */
export const queryOf = (typed: string): string => /^\s*(\/\w*)/.exec(typed)?.[1] ?? typed;
