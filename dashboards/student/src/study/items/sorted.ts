/** The items of an answer by what they are. What is none that is known here is left out: its text has it. */
import type { Item } from "../../stream/event.ts";
import type { Card, Graph, MapEdge, MapNode, Point, Question, Section, Source } from "../result_types.ts";

export interface Sorted {
  cards: Card[];
  questions: Question[];
  points: Point[];
  sections: Section[];
  graph: Graph;
}

type Fields = Item["item"];
const has = (fields: Fields, ...names: string[]): boolean =>
  names.every((name) => typeof fields[name] === "string");

const isOption = (option: unknown): boolean =>
  typeof option === "object" && option !== null && "text" in option && typeof option.text === "string";

/** What each kind cannot be shown without. */
const WHOLE: Record<string, (fields: Fields) => boolean> = {
  card: (fields) => has(fields, "front", "back"),
  question: (fields) =>
    has(fields, "stem", "lead_in") &&
    typeof fields.answer === "number" &&
    Array.isArray(fields.options) &&
    fields.options.every(isOption),
  point: (fields) => has(fields, "text"),
  section: (fields) => has(fields, "heading", "body"),
  node: (fields) => has(fields, "id", "label"),
  edge: (fields) => has(fields, "from", "to", "verb"),
};

const isWhole = ({ kind, item }: Item): boolean => WHOLE[kind]?.(item) ?? false;

/** Whether all of these can be shown as what they are. */
export const areKnown = (items: readonly Item[]): boolean => items.length > 0 && items.every(isWhole);

export function sorted(items: readonly Item[]): Sorted {
  const of = <T>(kind: string): T[] =>
    items.filter((each) => each.kind === kind && isWhole(each)).map(({ item }) => item as unknown as T);
  return {
    cards: of<Card>("card"),
    questions: of<Question>("question"),
    points: of<Point>("point"),
    sections: of<Section>("section"),
    graph: { nodes: of<MapNode>("node"), edges: of<MapEdge>("edge") },
  };
}

/** The sources that items name, in their order. */
export const sourcesOf = (items: readonly Item[]): Source[] =>
  items.flatMap(({ item }) => (isSource(item.source) ? [item.source] : []));

const isSource = (value: unknown): value is Source =>
  typeof value === "object" &&
  value !== null &&
  "document_id" in value &&
  "page" in value &&
  "quote" in value;
