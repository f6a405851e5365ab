/** Which rows are selected, and from where a range reaches. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** The row that was selected last. */
  anchor: string | undefined;
}

export const NOTHING: Selection = { ids: new Set(), anchor: undefined };

/** Selects a row, or no more. */
export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Selects all from the last selected row to this one. Without such a row, this one. */
export function reach({ ids, anchor }: Selection, id: string, rows: readonly string[]): Selection {
  const from = anchor === undefined ? -1 : rows.indexOf(anchor);
  const to = rows.indexOf(id);
  if (to < 0) return { ids, anchor };
  if (from < 0) return { ids: new Set([...ids, id]), anchor: id };
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...ids, ...between]), anchor };
}

/** Selects all rows, or, where all are, none. */
export function toggleAll({ ids }: Selection, rows: readonly string[]): Selection {
  return rows.length > 0 && rows.every((id) => ids.has(id))
    ? NOTHING
    : { ids: new Set(rows), anchor: rows.at(-1) };
}

/** Without rows that are not there any more. */
export function kept(selection: Selection, rows: readonly string[]): Selection {
  const there = new Set(rows);
  const ids = [...selection.ids].filter((id) => there.has(id));
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) };
}

/** The row `by` rows from this one, within the list. */
export function step(rows: readonly string[], from: string | undefined, by: number): string | undefined {
  const at = from === undefined ? -1 : rows.indexOf(from);
  if (at < 0) return by > 0 ? rows[0] : rows.at(-1);
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))];
}
