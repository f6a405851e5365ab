/**
 * Moving a key in the order of use. The order is by priority, so what a move comes to is other priorities: as few as
 * possible, and never such that two keys that had an order lose it.
 */
export interface Ranked {
  id: string;
  priority: number;
}

export type PriorityChange = Ranked;

/** What priorities may be. */
const LOWEST = -1000;
const HIGHEST = 1000;
/** What is left between keys that are numbered anew, so that the next move needs but one change. */
const ROOM = 10;

/** The priorities to change so that the key `id` gets to the place `to` of a list in order of use. */
export function reorder(keys: readonly Ranked[], id: string, to: number): PriorityChange[] {
  const from = keys.findIndex((key) => key.id === id);
  const moved = keys[from];
  const others = keys.filter((key) => key.id !== id);
  const place = Math.min(others.length, Math.max(0, to));
  if (!moved || place === from) return [];
  const above = others.slice(0, place);
  const below = others.slice(place);
  const upper = above.at(-1)?.priority;
  const lower = below[0]?.priority;
  return (
    between(moved, upper, lower) ??
    pushed(moved, above, below, 1) ??
    pushed(moved, above, below, -1) ??
    anew([...above, moved, ...below])
  );
}

/** One change, where there is room between the neighbours. */
function between(moved: Ranked, upper: number | undefined, lower: number | undefined) {
  if (upper === undefined && lower === undefined) return [];
  const high = upper ?? Math.min(HIGHEST + 1, (lower ?? 0) + 2 * ROOM);
  const low = lower ?? Math.max(LOWEST - 1, (upper ?? 0) - 2 * ROOM);
  if (high - low < 2) return undefined;
  return [{ id: moved.id, priority: Math.floor((high + low) / 2) }];
}

/** Moves the fewer of those above up, or of those below down, to make room. */
function pushed(moved: Ranked, above: Ranked[], below: Ranked[], way: 1 | -1): PriorityChange[] | undefined {
  const upper = above.at(-1)?.priority;
  const lower = below[0]?.priority;
  if (upper === undefined || lower === undefined) return undefined;
  const fewerAbove = above.length <= below.length;
  const up = way === 1 ? fewerAbove : !fewerAbove;
  const need = 2 - (upper - lower);
  const shifted = (up ? above : below).map((key) => ({
    id: key.id,
    priority: key.priority + (up ? need : -need),
  }));
  if (shifted.some(({ priority }) => priority > HIGHEST || priority < LOWEST)) return undefined;
  return [...shifted, { id: moved.id, priority: up ? upper + need - 1 : lower - need + 1 }];
}

/** Numbers all of them anew, around zero. */
function anew(keys: readonly Ranked[]): PriorityChange[] {
  const room = Math.max(1, Math.min(ROOM, Math.floor((HIGHEST - LOWEST) / Math.max(1, keys.length))));
  const top = Math.min(HIGHEST, Math.ceil(keys.length / 2) * room);
  return keys
    .map((key, index) => ({ id: key.id, before: key.priority, priority: top - index * room }))
    .filter((key) => key.priority !== key.before)
    .map(({ id, priority }) => ({ id, priority }));
}
