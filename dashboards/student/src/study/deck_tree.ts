/** Decks nest by `::` in their titles. A deck above may be missing: then its place is there, without a deck. */
import type { Deck, DeckCounts } from "./types.ts";

export interface DeckNode {
  /** The last part of its title. */
  name: string;
  title: string;
  deck: Deck | undefined;
  /** With those of the decks below, as the API counts them; added up where there is no deck. */
  counts: DeckCounts;
  children: DeckNode[];
}

const SEPARATOR = "::";
const NONE: DeckCounts = { new: 0, learning: 0, due: 0, suspended: 0, total: 0 };

const partsOf = (title: string): string[] => title.split(SEPARATOR).map((part) => part.trim());
/** Titles that differ in case only are one. */
const keyOf = (title: string): string => partsOf(title).join(SEPARATOR).toLowerCase();

export function treeOf(decks: readonly Deck[], compare = byName): DeckNode[] {
  const known = new Map<string, DeckNode>();
  const top: DeckNode[] = [];
  for (const deck of decks) {
    const parts = partsOf(deck.title);
    let among = top;
    for (const [at, name] of parts.entries()) {
      const title = parts.slice(0, at + 1).join(SEPARATOR);
      let node = known.get(keyOf(title));
      if (!node) {
        node = { name, title, deck: undefined, counts: NONE, children: [] };
        known.set(keyOf(title), node);
        among.push(node);
      }
      if (at === parts.length - 1) node.deck = deck;
      among = node.children;
    }
  }
  return finished(top, compare);
}

function finished(nodes: DeckNode[], compare: (a: string, b: string) => number): DeckNode[] {
  return nodes
    .map((node) => {
      const children = finished(node.children, compare);
      const counts = node.deck?.counts ?? children.map((child) => child.counts).reduce(sum, NONE);
      return { ...node, children, counts };
    })
    .sort((a, b) => compare(a.name, b.name));
}

const sum = (a: DeckCounts, b: DeckCounts): DeckCounts => ({
  new: a.new + b.new,
  learning: a.learning + b.learning,
  due: a.due + b.due,
  suspended: a.suspended + b.suspended,
  total: a.total + b.total,
});

/** `10` comes after `9`. */
function byName(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true, sensitivity: "base" });
}

/** The title of a deck without those above it. */
export const shortTitle = (title: string): string => partsOf(title).at(-1) ?? title;

/** The titles above, from the top. */
export const above = (title: string): string[] => partsOf(title).slice(0, -1);

/** Whether there is something to study now. */
export const isWaiting = ({ counts }: DeckNode): boolean => counts.new + counts.learning + counts.due > 0;
