/** What a stored message has beside its text. Messages from before there were items have none of it. */
import type { Message } from "@medai/client";
import { type EventData, type Item, itemOf } from "../../stream/event.ts";
import type { Material } from "../result_types.ts";

export function itemsOf(message: Message): Item[] {
  const { items } = message as { items?: unknown };
  return Array.isArray(items) ? items.flatMap((each) => itemOf((each ?? {}) as EventData) ?? []) : [];
}

const KINDS: readonly string[] = ["deck", "question_set", "summary", "map"] satisfies Material["kind"][];

/** Where it is kept; undefined where it is nothing that is kept, or something that is not known here. */
export function materialOf(of: object): Material | undefined {
  const { material } = of as { material?: Partial<Material> | null };
  const { kind, id } = material ?? {};
  return kind !== undefined && id !== undefined && KINDS.includes(kind) ? { kind, id } : undefined;
}
